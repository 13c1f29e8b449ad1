// The functions of glibc that stand behind the interposed ones.
#ifndef PARMAT_INTERPOSED_H
#define PARMAT_INTERPOSED_H

#include "Witness.h"

#include <pthread.h>
#include <signal.h>

#pragma GCC visibility push(hidden)

struct originals {
  int (*sigaction)(int, const struct sigaction *, struct sigaction *);
  int (*sigaltstack)(const stack_t *, stack_t *);
  int (*pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  void (*_exit)(int) __attribute__((noreturn));
};

extern struct originals originals;
/// What each thread's stack has at least; 0 leaves it to the program.
extern size_t leastStackSize;

/// Looks them up; other constructors may call an interposed function before ours runs.
void findOriginals(void);

#pragma GCC visibility pop

/// What the program and other libraries see of this one.
#define INTERPOSED __attribute__((visibility("default")))

#endif
