// A program that lives by its own SIGSEGV handler: it recovers by a long jump, on its own alternate
// stack or not, and by unprotecting the page.
//
// usage: recovers jump|altstack|unprotect|nested

#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static sigjmp_buf place;
static char *page;
static volatile int handled;
static const char *mode;
static char ownStack[64 * 1024];

static void handle(int signal, siginfo_t *info, void *context) {
  (void)context;
  if (signal != SIGSEGV || (char *)info->si_addr < page || (char *)info->si_addr >= page + 4096)
    _Exit(3);
  ++handled;
  char here;
  if (!strcmp(mode, "altstack") && (&here < ownStack || &here >= ownStack + sizeof ownStack))
    _Exit(4); // not on the stack that was asked for
  if (!strcmp(mode, "unprotect")) {
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    return;
  }
  if (!strcmp(mode, "nested") && handled % 2) {
    *page = 1; // a fault within the handler, for which SA_NODEFER stands
    return;
  }
  siglongjmp(place, 1);
}

int main(int count, char **arguments) {
  mode = count > 1 ? arguments[1] : "jump";
  page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO}, asked;
  if (!strcmp(mode, "altstack")) {
    stack_t stack = {.ss_sp = ownStack, .ss_size = sizeof ownStack}, found;
    sigaltstack(&stack, NULL);
    sigaltstack(NULL, &found);
    if (found.ss_sp != ownStack || found.ss_size != sizeof ownStack)
      return 5;
    action.sa_flags |= SA_ONSTACK;
  }
  if (!strcmp(mode, "nested"))
    action.sa_flags |= SA_NODEFER;
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGSEGV, NULL, &asked);
  if (asked.sa_sigaction != handle || (asked.sa_flags ^ action.sa_flags) & ~0x04000000)
    return 6;
  for (volatile int i = 0; i < 1000; ++i) {
    if (sigsetjmp(place, 1) == 0)
      *page = 1;
    if (!strcmp(mode, "unprotect"))
      mprotect(page, 4096, PROT_NONE);
  }
  printf("handled %d\n", handled);
  return 0;
}
