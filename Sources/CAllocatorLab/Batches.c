// Free blocks that go from thread to thread, a batch at a time.
//
// A stack for each size class. Who needs one takes the whole stack in a single exchange and keeps
// what it does not need at once: with no pop of a single batch there is no ABA, and no lock that a
// fork could find taken. A batch in another thread's hands at a fork is lost to the child.

#include "Heap.h"

#include <stdatomic.h>

static _Atomic(struct freeBlock *) stacks[classCount];

void giveBatch(unsigned class, struct freeBlock *first, size_t count) {
  first->count = count;
  struct freeBlock *top = atomic_load_explicit(&stacks[class], memory_order_relaxed);
  do
    first->nextBatch = top;
  while (!atomic_compare_exchange_weak_explicit(&stacks[class], &top, first, memory_order_release,
                                                memory_order_relaxed));
}

struct freeBlock *takeBatches(unsigned class) {
  if (!atomic_load_explicit(&stacks[class], memory_order_relaxed))
    return NULL;
  return atomic_exchange_explicit(&stacks[class], NULL, memory_order_acquire);
}
