// Each thread that the program starts is announced to the witness before the program's function
// runs.

#define _GNU_SOURCE
#include "Interposed.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct start {
  void *(*function)(void *);
  void *argument;
};

static pthread_key_t ending;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Threads also end by pthread_exit and by cancellation. Other destructors of thread-specific data
/// may come later: wait for the last round.
static void endThread(void *round) {
  if ((long)round < PTHREAD_DESTRUCTOR_ITERATIONS)
    pthread_setspecific(ending, (void *)((long)round + 1));
  else
    parmat_witness_end_thread();
}

static void makeKey(void) { pthread_key_create(&ending, endThread); }

static void *startThread(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  parmat_witness_begin_thread();
  pthread_setspecific(ending, (void *)1);
  return start.function(start.argument);
}

size_t leastStackSize = 0;

/// The program's attributes with a stack that is large enough, made in `own`; the program's where
/// they say so already, or where it brings a stack of its own.
static const pthread_attr_t *withLargerStack(const pthread_attr_t *attributes, pthread_attr_t *own,
                                             int *isOwn) {
  *isOwn = 0;
  if (!leastStackSize)
    return attributes;
  if (!attributes) {
    if (pthread_attr_init(own) || pthread_attr_setstacksize(own, leastStackSize))
      return NULL;
    *isOwn = 1;
    return own;
  }
  void *stack = NULL;
  size_t size = 0;
  pthread_attr_getstack(attributes, &stack, &size);
  // glibc keeps the upper end, which is NULL where none was given.
  if ((char *)stack + size != NULL || size >= leastStackSize)
    return attributes;
  // A copy shares what the program's has beyond itself; it is only read.
  *own = *attributes;
  return pthread_attr_setstacksize(own, leastStackSize) ? attributes : own;
}

INTERPOSED int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                              void *(*function)(void *), void *restrict argument) {
  findOriginals();
  if (!parmat_witness_stands())
    return originals.pthread_create(thread, attributes, function, argument);
  pthread_once(&once, makeKey);
  struct start *start = malloc(sizeof *start);
  if (!start)
    return EAGAIN;
  start->function = function;
  start->argument = argument;
  pthread_attr_t own;
  int isOwn;
  const pthread_attr_t *used = withLargerStack(attributes, &own, &isOwn);
  int error = originals.pthread_create(thread, used, startThread, start);
  if (isOwn)
    pthread_attr_destroy(&own);
  if (error)
    free(start);
  return error;
}

INTERPOSED void _exit(int status) {
  findOriginals();
  parmat_witness_will_exit();
  originals._exit(status);
}

INTERPOSED void _Exit(int status) { _exit(status); }
