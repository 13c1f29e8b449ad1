// `racy`: broken on purpose. Free blocks of all threads are in one list for each size class, and
// nobody locks it. All else is right: a program with one thread never notices.
//
// Does a crash look like the allocator's fault? Two threads get the same block, one writes to it
// what the other takes for a link: faults at wild addresses, in malloc or in the program, natively
// too, at another place each time.

#include "Heap.h"

/// Fresh blocks go through the list, so that a program that frees nothing races as well.
enum { freshBlocks = 32 };

static struct freeBlock *lists[classCount];

static void push(unsigned class, struct freeBlock *block) {
  setNext(block, lists[class]);
  lists[class] = block;
}

static int addFreshBlocks(unsigned class) {
  int isLent = 0;
  struct heap *heap = threadHeap;
  if (!heap && !(heap = takeHeap(&isLent)))
    return 0;
  int count = 0;
  for (size_t bytes = 0; count < freshBlocks && bytes < largestChunk; ++count) {
    struct freeBlock *block = carve(heap, class);
    if (!block)
      break;
    push(class, block);
    bytes += heap->lists[class].chunk;
  }
  if (isLent)
    returnHeap(heap);
  return count > 0;
}

static void *allocate(size_t size) {
  if (size > largestSmallBlock)
    return allocateMapped(size);
  unsigned class = classOf(size);
  struct freeBlock *block;
  // The race: between these two lines others take the same block.
  while (!(block = lists[class]))
    if (!addFreshBlocks(class))
      return NULL;
  lists[class] = nextOf(block);
  return block;
}

static void release(void *block) {
  block = wholeBlock(block);
  uintptr_t header = *headerOf(block);
  if (kindOf(header) == kindMapped)
    releaseMapped(block);
  else
    push((unsigned)restOf(header), block);
}

static int extend(struct arena *arena, size_t bytes) { return bumpAllocator.extend(arena, bytes); }

static const struct labFunctions functions;

static void *allocateZeroed(size_t size) { return allocateZeroedBy(allocate, size); }

static void *allocateAligned(size_t alignment, size_t size) {
  return allocateAlignedBy(allocate, alignment, size);
}

static void *reallocate(void *block, size_t size) { return reallocateBy(&functions, block, size); }

static const struct labFunctions functions = {
    .allocate = allocate,
    .allocateZeroed = allocateZeroed,
    .allocateAligned = allocateAligned,
    .reallocate = reallocate,
    .release = release,
    .usableSize = heapUsableSize,
};

const struct labAllocator racyAllocator = {
    .name = "racy",
    .question = "does the crash look like an allocator's own fault?",
    .functions = &functions,
    .extend = extend,
};
