// The program's own signal actions and alternate stacks: noted, answered for, and heeded by the
// witness, whose own stay with the kernel.

#define _GNU_SOURCE
#include "Interposed.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

struct originals originals;

void findOriginals(void) {
  if (originals.sigaction)
    return;
  originals.sigaltstack = dlsym(RTLD_NEXT, "sigaltstack");
  originals.pthread_create = dlsym(RTLD_NEXT, "pthread_create");
  originals._exit = dlsym(RTLD_NEXT, "_exit");
  originals.sigaction = dlsym(RTLD_NEXT, "sigaction");
}

/// The kernel's set has one word where glibc's has sixteen.
static uint64_t wordOf(const sigset_t *set) {
  uint64_t word;
  memcpy(&word, set, sizeof word);
  return word;
}

INTERPOSED int sigaction(int signal, const struct sigaction *restrict action,
                         struct sigaction *restrict previous) {
  findOriginals();
  struct programAction wanted, old;
  if (action) {
    wanted.handler = (void *)action->sa_sigaction;
    // glibc sets SA_RESTORER, and programs that ask see it.
    wanted.flags = (unsigned long)action->sa_flags | 0x04000000;
    wanted.mask = wordOf(&action->sa_mask);
  }
  if (!parmat_witness_program_action(signal, action ? &wanted : NULL, &old))
    return originals.sigaction(signal, action, previous);
  if (previous) {
    memset(previous, 0, sizeof *previous);
    previous->sa_sigaction = (void (*)(int, siginfo_t *, void *))old.handler;
    previous->sa_flags = (int)old.flags;
    memcpy(&previous->sa_mask, &old.mask, sizeof old.mask);
  }
  return 0;
}

static sighandler_t setHandler(int number, sighandler_t handler, int flags) {
  if (handler == SIG_ERR || number < 1 || number >= NSIG) {
    errno = EINVAL;
    return SIG_ERR;
  }
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, previous;
  sigemptyset(&action.sa_mask);
  if (!(flags & SA_NODEFER))
    sigaddset(&action.sa_mask, number);
  return sigaction(number, &action, &previous) ? SIG_ERR : previous.sa_handler;
}

INTERPOSED sighandler_t signal(int number, sighandler_t handler) {
  return setHandler(number, handler, SA_RESTART);
}

INTERPOSED sighandler_t bsd_signal(int number, sighandler_t handler) {
  return setHandler(number, handler, SA_RESTART);
}

INTERPOSED sighandler_t ssignal(int number, sighandler_t handler) {
  return setHandler(number, handler, SA_RESTART);
}

/// What System V's signal does: one signal, not deferred, system calls cut short.
INTERPOSED sighandler_t __sysv_signal(int number, sighandler_t handler) {
  return setHandler(number, handler, SA_RESETHAND | SA_NODEFER);
}

INTERPOSED sighandler_t sysv_signal(int number, sighandler_t handler) {
  return setHandler(number, handler, SA_RESETHAND | SA_NODEFER);
}

INTERPOSED int sigaltstack(const stack_t *restrict stack, stack_t *restrict previous) {
  findOriginals();
  int result = parmat_witness_program_stack(stack, previous);
  if (result == 0)
    return originals.sigaltstack(stack, previous);
  if (result == 1)
    return 0;
  errno = -result;
  return -1;
}
