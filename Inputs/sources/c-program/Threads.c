// Thread-local variables, a static one and a shared one: each thread counts for itself.

#include "Program.h"

#include <pthread.h>
#include <stdio.h>

_Thread_local int turns = 7;
static _Thread_local long total;

__attribute__((noinline)) static void turn(long by) {
  ++turns;
  total += by;
}

static void *count(void *argument) {
  long *result = argument;
  for (long i = *result; i > 0; --i)
    turn(i);
  *result = turns * 1000 + total;
  return NULL;
}

void showThreads(void) {
  long results[3] = {2, 4, 8};
  pthread_t threads[3];
  turn(5);
  for (int i = 0; i < 3; ++i)
    if (pthread_create(&threads[i], NULL, count, &results[i]) != 0)
      results[i] = -1;
  for (int i = 0; i < 3; ++i) {
    if (results[i] != -1)
      pthread_join(threads[i], NULL);
    printf("threads: %ld\n", results[i]);
  }
  printf("threads: main %d %ld\n", turns, total);
}
