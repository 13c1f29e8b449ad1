// Threads that poll a page which another thread protects and unprotects under them, as Julia's
// safepoints do: the handler waits until the page is there again. Ends after 10,000 faults.

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char *page;
static _Atomic int isProtected, faults, isOver;
enum { wanted = 10000, threads = 4 };

static void handle(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  if ((char *)info->si_addr < page || (char *)info->si_addr >= page + 4096)
    _exit(3);
  ++faults;
  while (isProtected && !isOver)
    usleep(1);
}

static void *poll(void *argument) {
  volatile char *at = page;
  while (!isOver)
    (void)*at;
  return argument;
}

int main(void) {
  page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  pthread_t workers[threads];
  for (int i = 0; i < threads; ++i)
    pthread_create(&workers[i], NULL, poll, NULL);
  while (faults < wanted) {
    isProtected = 1;
    mprotect(page, 4096, PROT_NONE);
    usleep(20);
    mprotect(page, 4096, PROT_READ);
    isProtected = 0;
    usleep(5);
  }
  isOver = 1;
  for (int i = 0; i < threads; ++i)
    pthread_join(workers[i], NULL);
  puts("10000 faults");
  return 0;
}
