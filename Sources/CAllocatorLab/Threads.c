// Which heap is whose.
//
// Heaps are never freed, only owned or not. All of them are in a list that only grows, so that a
// thread finds a free one without a lock. In a child of a fork those of the parent's other threads
// stay owned: they may be half changed.

#define _GNU_SOURCE
#include "Heap.h"
#include "Kernel.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

_Thread_local struct heap *threadHeap;

/// The last destructor has run: whatever allocates now does so once or twice more, and then the
/// thread is gone.
static _Thread_local int hasEnded;

static _Atomic(struct heap *) heaps;

enum {
  /// A list that holds this much becomes a batch.
  batchBytes = 128 * 1024,
  longestBatch = 1024,
  shortestBatch = 4,
};

static unsigned batchCapacity(size_t chunk) {
  size_t count = batchBytes / chunk;
  return (unsigned)(count > longestBatch    ? longestBatch
                    : count < shortestBatch ? shortestBatch
                                            : count);
}

static struct heap *makeHeap(void) {
  long result = kernelCall(__NR_mmap, 0, sizeof(struct heap), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (result < 0)
    return NULL;
  struct heap *heap = (struct heap *)result;
  for (unsigned class = 0; class < classCount; ++class) {
    size_t chunk = chunkBytes(class);
    heap->lists[class].chunk = chunk;
    heap->lists[class].capacity = batchCapacity(chunk);
  }
  atomic_init(&heap->isOwned, 1);
  heap->next = atomic_load(&heaps);
  while (!atomic_compare_exchange_weak(&heaps, &heap->next, heap)) {
  }
  return heap;
}

static struct heap *findHeap(void) {
  for (struct heap *heap = atomic_load(&heaps); heap; heap = heap->next) {
    int isFree = 0;
    if (atomic_compare_exchange_strong(&heap->isOwned, &isFree, 1))
      return heap;
  }
  return makeHeap();
}

void returnHeap(struct heap *heap) { atomic_store(&heap->isOwned, 0); }

// The end of a thread.

static pthread_key_t ending;
static int hasEnding;

/// What the thread has freed is for those that run, its arena for the next that starts.
static void leaveHeap(struct heap *heap) {
  for (unsigned class = 0; class < classCount; ++class) {
    struct freeList *list = &heap->lists[class];
    if (list->first)
      giveBatch(class, list->first, list->count);
    list->first = NULL;
    list->count = 0;
    while (heap->batches[class]) {
      struct freeBlock *batch = heap->batches[class];
      heap->batches[class] = batch->nextBatch;
      giveBatch(class, batch, batch->count);
    }
  }
  returnHeap(heap);
}

/// Other destructors of thread-specific data may come later, and free: wait for the last round.
static void endThread(void *round) {
  if ((long)round < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(ending, (void *)((long)round + 1));
    return;
  }
  struct heap *heap = threadHeap;
  hasEnded = 1;
  threadHeap = NULL;
  if (heap)
    leaveHeap(heap);
}

struct heap *takeHeap(int *isLent) {
  *isLent = hasEnded;
  struct heap *heap = findHeap();
  if (!heap || hasEnded)
    return heap;
  // The first to come is the loader, alone.
  if (!hasEnding)
    hasEnding = pthread_key_create(&ending, endThread) == 0;
  // From here on this may be entered again: glibc allocates for a key of 32 or more.
  threadHeap = heap;
  if (hasEnding)
    pthread_setspecific(ending, (void *)1);
  return heap;
}
