// Small mallocs on eight threads, more than a host's default limit of mappings allows in gVisor.
//
// usage: exhausts plain|fork|handler
// fork: after a fork, in the parent; handler: in a program with a SIGSEGV handler of its own.

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { threads = 8, mebibytes = 100 };

static void *allocate(void *argument) {
  void **volatile last = NULL;
  for (long i = 0; i < (long)mebibytes << 20; i += 112) {
    void **block = malloc(100);
    *block = last;
    last = block;
  }
  return argument;
}

static void handle(int signal) {
  (void)signal;
  static const char text[] = "the program's own handler ran\n";
  (void)!write(2, text, sizeof text - 1);
  _exit(9);
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "plain";
  if (!strcmp(mode, "handler"))
    signal(SIGSEGV, handle);
  pthread_t workers[threads];
  if (!strcmp(mode, "fork")) {
    // Writable pages of the parent become copy-on-write.
    pid_t child = fork();
    if (child == 0)
      _exit(0);
    waitpid(child, NULL, 0);
  }
  for (int i = 0; i < threads; ++i)
    pthread_create(&workers[i], NULL, allocate, NULL);
  if (!strcmp(mode, "fork")) {
    // Once more, while they run.
    usleep(300000);
    pid_t child = fork();
    if (child == 0)
      _exit(0);
    waitpid(child, NULL, 0);
  }
  for (int i = 0; i < threads; ++i)
    pthread_join(workers[i], NULL);
  puts("done");
  return 0;
}
