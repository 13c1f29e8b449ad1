// Threads that come and go, end in different ways, and are many at once.

#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { inTurn = 5000, atOnce = 700 };
static sem_t gate;
static int sum;

static void *comesAndGoes(void *argument) {
  free(malloc(100));
  if ((long)argument % 3 == 0)
    pthread_exit(argument);
  return argument;
}

static void *waits(void *argument) {
  sem_wait(&gate);
  __atomic_add_fetch(&sum, 1, __ATOMIC_RELAXED);
  return argument;
}

static void *isCancelled(void *argument) {
  for (;;)
    pause();
  return argument;
}

int main(void) {
  for (long i = 0; i < inTurn; ++i) {
    pthread_t thread;
    void *result;
    if (pthread_create(&thread, NULL, comesAndGoes, (void *)i) || pthread_join(thread, &result) ||
        result != (void *)i)
      return 3;
  }
  static pthread_t threads[atOnce];
  sem_init(&gate, 0, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  for (int i = 0; i < atOnce; ++i)
    if (pthread_create(&threads[i], &attributes, waits, NULL))
      return 4;
  for (int i = 0; i < atOnce; ++i)
    sem_post(&gate);
  for (int i = 0; i < atOnce; ++i)
    pthread_join(threads[i], NULL);
  pthread_t thread;
  void *result;
  pthread_create(&thread, NULL, isCancelled, NULL);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  printf("%d threads\n", sum + (result == PTHREAD_CANCELED));
  return 0;
}
