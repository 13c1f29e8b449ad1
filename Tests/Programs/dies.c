// A program that dies in one of many ways.
//
// usage: dies HOW

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int sink;

__attribute__((noinline)) static void store(volatile int *address) {
  *address = 1;
  sink = 1; // no tail call: the caller is to be seen
}

static void *storeOnThread(void *argument) {
  store(argument);
  return NULL;
}

__attribute__((noinline)) static int recurse(volatile int depth) {
  volatile char room[1024];
  room[0] = (char)depth;
  if (depth < 0)
    return 0;
  return recurse(depth + 1) + room[0];
}

static void *overflow(void *argument) {
  sink = recurse(0);
  return argument;
}

static void aborts(int signal) {
  (void)signal;
  abort();
}

static void exits(int signal) {
  (void)signal;
  _exit(3);
}

static void exitsByLibrary(int signal) {
  (void)signal;
  exit(4);
}

static void returnsAfterReset(int number) { signal(number, SIG_DFL); }

static void raisesAgain(int number) {
  signal(number, SIG_DFL);
  raise(number);
}

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

static void *lockSecondFirst(void *argument) {
  pthread_mutex_lock(&second);
  usleep(20000);
  pthread_mutex_lock(&first);
  return argument;
}

/// Writes past a block, into the head of the next one; free finds it.
static void *overrun(void *argument) {
  char *block = malloc(2000), *next = malloc(2000); // too large for the cache, which asks little
  for (int i = 0; i < 2000 + 24; ++i)
    ((volatile char *)block)[i] = 0x41;
  free(next);
  free(block);
  return argument;
}

/// Writes past a block until there is no more memory to write to.
static void *overrunFar(void *argument) {
  volatile char *block = malloc(100);
  for (size_t i = 0; i < 64ul << 20; ++i)
    block[i] = 1;
  return argument;
}

static void *newThread(void *(*function)(void *), void *argument) {
  pthread_t thread;
  pthread_create(&thread, NULL, function, argument);
  pthread_join(thread, NULL);
  return NULL;
}

int main(int count, char **arguments) {
  const char *how = count > 1 ? arguments[1] : "store";
  int *nothing = NULL;
  if (!strcmp(how, "store")) {
    newThread(storeOnThread, nothing);
  } else if (!strcmp(how, "bus")) {
    FILE *file = tmpfile();
    int *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    store(memory);
  } else if (!strcmp(how, "abort")) {
    abort();
  } else if (!strcmp(how, "illegal")) {
    __asm__ volatile("ud2");
  } else if (!strcmp(how, "division")) {
    volatile int zero = 0;
    sink = 7 / zero;
  } else if (!strcmp(how, "jump")) {
    void (*volatile wild)(void) = (void (*)(void))0x1234;
    wild();
    sink = 1;
  } else if (!strcmp(how, "overflow")) {
    newThread(overflow, NULL);
  } else if (!strcmp(how, "protected")) {
    store(mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  } else if (!strcmp(how, "read-only")) {
    static const int constant = 3;
    store((volatile int *)(unsigned long)&constant);
  } else if (!strcmp(how, "handler-aborts")) {
    signal(SIGSEGV, aborts);
    store(nothing);
  } else if (!strcmp(how, "handler-exits")) {
    signal(SIGSEGV, exits);
    store(nothing);
  } else if (!strcmp(how, "handler-calls-exit")) {
    signal(SIGSEGV, exitsByLibrary);
    store(nothing);
  } else if (!strcmp(how, "handler-resets")) {
    signal(SIGSEGV, returnsAfterReset);
    store(nothing);
  } else if (!strcmp(how, "handler-raises")) {
    signal(SIGSEGV, raisesAgain);
    store(nothing);
  } else if (!strcmp(how, "killed")) {
    kill(getpid(), SIGKILL);
  } else if (!strcmp(how, "terminated")) {
    kill(getpid(), SIGTERM);
  } else if (!strcmp(how, "sent")) {
    raise(SIGSEGV);
  } else if (!strcmp(how, "child")) {
    pid_t child = fork();
    if (child == 0)
      store(nothing);
    int status;
    waitpid(child, &status, 0);
    puts(WIFSIGNALED(status) ? "child died" : "child lives");
  } else if (!strcmp(how, "memory")) {
    // 64 MiB at a time until there is no more.
    for (;;)
      memset(malloc(64 << 20), 1, 64 << 20);
  } else if (!strcmp(how, "gigabyte")) {
    // Does not ask whether malloc had it.
    for (int i = 0; i < 64; ++i)
      *(volatile char *)malloc(16 << 20) = 1;
  } else if (!strcmp(how, "overrun")) {
    newThread(overrun, NULL);
  } else if (!strcmp(how, "overrun-far")) {
    newThread(overrunFar, NULL);
  } else if (!strcmp(how, "sometimes")) {
    // In about three of ten processes.
    if ((unsigned)getpid() * 2654435761u % 10 < 3)
      store(nothing);
  } else if (!strcmp(how, "deadlock")) {
    pthread_t thread;
    pthread_create(&thread, NULL, lockSecondFirst, NULL);
    pthread_mutex_lock(&first);
    usleep(20000);
    pthread_mutex_lock(&second);
  } else if (!strcmp(how, "stubborn")) {
    signal(SIGTERM, SIG_IGN);
    if (fork() == 0) {
      setsid(); // a group of its own
      for (;;)
        pause();
    }
    for (;;)
      pause();
  } else if (!strcmp(how, "leaves-child")) {
    if (fork() == 0) {
      setsid();
      for (;;)
        pause();
    }
  } else if (!strcmp(how, "not")) {
    puts("alive");
  } else {
    return atoi(how);
  }
  return 0;
}
