// `contiguous`: one reserve for all threads. It grows page by page like glibc's arenas, as many
// times and with a store to each page, but behind a lock and a MiB at a time for one thread: the
// pages come into being in the order of their addresses.
//
// Is the interleaving of several growing arenas needed? A crash under `pagewise` that `contiguous`
// does not bring back needs it: the number of growths is the same.

#include "Heap.h"
#include "Kernel.h"

#include <pthread.h>
#include <sys/mman.h>

/// What one thread gets: more than any chunk, few enough to lose the rest of. Regions are a
/// multiple.
enum { runBytes = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena shared;

static int growByPage(void) {
  if (kernelCall3(__NR_mprotect, shared.limit, pageSize, PROT_READ | PROT_WRITE) < 0)
    return 0;
  *(volatile char *)shared.limit = 0;
  shared.limit += pageSize;
  return 1;
}

/// The next run's begin; 0 where there is none.
static uintptr_t growByRun(void) {
  if (shared.end == shared.limit) {
    uintptr_t region = reserveRegion(PROT_NONE);
    if (!region)
      return 0;
    beginRegion(&shared, region, 0);
  }
  uintptr_t run = shared.limit;
  while (shared.limit < run + runBytes)
    if (!growByPage()) {
      // The pages that are there belong to the next run, which starts over.
      shared.limit = run;
      return 0;
    }
  return run;
}

static int extend(struct arena *arena, size_t bytes) {
  (void)bytes; // less than a run
  pthread_mutex_lock(&lock);
  uintptr_t run = growByRun();
  pthread_mutex_unlock(&lock);
  if (!run)
    return 0;
  if (run != arena->limit)
    arena->next = run + headerBytes;
  arena->limit = arena->end = run + runBytes;
  return 1;
}

/// Another thread may have been growing the reserve: the child begins one of its own.
static void beginChild(void) {
  pthread_mutex_init(&lock, NULL);
  shared = (struct arena){0};
}

const struct labAllocator contiguousAllocator = {
    .name = "contiguous",
    .question = "is interleaving of several growing arenas needed?",
    .functions = &heapFunctions,
    .extend = extend,
    .beginChild = beginChild,
};
