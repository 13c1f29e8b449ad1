// Blocks from a thread's own heap.

#define _GNU_SOURCE
#include "Heap.h"

#include <string.h>

/// Cuts a chunk off the arena. The last store is the remainder's header: where the arena has just
/// grown, that is the first store to the fresh page, as in glibc (end of sysmalloc; _int_malloc,
/// use_top).
void *carve(struct heap *heap, unsigned class) {
  struct arena *arena = &heap->arena;
  size_t bytes = heap->lists[class].chunk;
  if (arena->next + bytes + smallestTop > arena->limit &&
      !chosenAllocator->extend(arena, bytes + smallestTop))
    return NULL;
  uintptr_t *chunk = (uintptr_t *)arena->next;
  arena->next += bytes;
  *chunk = makeHeader(kindSmall, class);
  *(volatile uintptr_t *)arena->next = arena->limit - arena->next;
  return chunk + 1;
}

/// Takes over a batch that this thread or another left.
static void *allocateFromBatch(struct heap *heap, unsigned class) {
  struct freeBlock *batch = heap->batches[class];
  if (!batch && !(batch = takeBatches(class)))
    return carve(heap, class);
  heap->batches[class] = batch->nextBatch;
  struct freeList *list = &heap->lists[class];
  list->first = nextOf(batch);
  list->count = (unsigned)batch->count - 1;
  return batch;
}

static inline void *allocateSmall(struct heap *heap, unsigned class) {
  struct freeList *list = &heap->lists[class];
  struct freeBlock *block = list->first;
  if (!block)
    return allocateFromBatch(heap, class);
  list->first = nextOf(block);
  --list->count;
  return block;
}

__attribute__((noinline)) static void *allocateWithoutHeap(unsigned class) {
  int isLent;
  struct heap *heap = takeHeap(&isLent);
  if (!heap)
    return NULL;
  void *block = allocateSmall(heap, class);
  if (isLent)
    returnHeap(heap);
  return block;
}

void *heapAllocate(size_t size) {
  if (__builtin_expect(size > largestSmallBlock, 0))
    return allocateMapped(size);
  unsigned class = classOf(size);
  struct heap *heap = threadHeap;
  if (__builtin_expect(!heap, 0))
    return allocateWithoutHeap(class);
  return allocateSmall(heap, class);
}

/// A full list becomes a batch. One is kept, so that a thread which takes and frees in turn does
/// not trade with the others each time.
__attribute__((noinline)) static void makeBatch(struct heap *heap, unsigned class) {
  struct freeList *list = &heap->lists[class];
  struct freeBlock *old = heap->batches[class], *batch = list->first;
  if (old) {
    heap->batches[class] = old->nextBatch;
    giveBatch(class, old, old->count);
  }
  batch->count = list->count;
  batch->nextBatch = heap->batches[class];
  heap->batches[class] = batch;
  list->first = NULL;
  list->count = 0;
}

static void releaseSmall(struct freeBlock *block, unsigned class) {
  struct heap *heap = threadHeap;
  if (__builtin_expect(!heap, 0)) {
    setNext(block, NULL);
    giveBatch(class, block, 1);
    return;
  }
  struct freeList *list = &heap->lists[class];
  setNext(block, list->first);
  list->first = block;
  if (__builtin_expect(++list->count >= list->capacity, 0))
    makeBatch(heap, class);
}

void *wholeBlock(void *block) {
  uintptr_t header = *headerOf(block);
  return kindOf(header) == kindShifted ? (char *)block - restOf(header) : block;
}

void heapRelease(void *block) {
  uintptr_t header = *headerOf(block);
  if (__builtin_expect(kindOf(header) != kindSmall, 0)) {
    block = wholeBlock(block);
    header = *headerOf(block);
  }
  if (__builtin_expect(kindOf(header) == kindMapped, 0))
    releaseMapped(block);
  else
    releaseSmall(block, (unsigned)restOf(header));
}

size_t heapUsableSize(void *block) {
  char *whole = wholeBlock(block);
  uintptr_t header = *headerOf(whole);
  size_t size = kindOf(header) == kindMapped ? mappedBytes(header) - mappedFrontBytes
                                             : chunkBytes((unsigned)restOf(header)) - headerBytes;
  return size - (size_t)((char *)block - whole);
}

void *allocateZeroedBy(void *(*allocate)(size_t), size_t size) {
  void *block = allocate(size);
  if (block && kindOf(*headerOf(block)) != kindMapped)
    memset(block, 0, size);
  return block;
}

/// A block that is large enough has an aligned one in it.
void *allocateAlignedBy(void *(*allocate)(size_t), size_t alignment, size_t size) {
  char *whole = allocate(size + alignment);
  if (!whole)
    return NULL;
  char *block = (char *)(((uintptr_t)whole + alignment - 1) & ~(alignment - 1));
  if (block != whole)
    *headerOf(block) = makeHeader(kindShifted, (uintptr_t)(block - whole));
  return block;
}

void *reallocateBy(const struct labFunctions *functions, void *block, size_t size) {
  size_t old = heapUsableSize(block);
  // A block that would be more than half empty moves to a smaller one.
  if (size <= old && size >= old / 2)
    return block;
  if (kindOf(*headerOf(block)) == kindMapped && size > largestSmallBlock)
    return resizeMapped(block, size);
  void *moved = functions->allocate(size);
  if (!moved)
    return NULL;
  memcpy(moved, block, size < old ? size : old);
  functions->release(block);
  return moved;
}

static void *allocateZeroed(size_t size) { return allocateZeroedBy(heapAllocate, size); }

static void *allocateAligned(size_t alignment, size_t size) {
  return allocateAlignedBy(heapAllocate, alignment, size);
}

static void *reallocate(void *block, size_t size) {
  return reallocateBy(&heapFunctions, block, size);
}

const struct labFunctions heapFunctions = {
    .allocate = heapAllocate,
    .allocateZeroed = allocateZeroed,
    .allocateAligned = allocateAligned,
    .reallocate = reallocate,
    .release = heapRelease,
    .usableSize = heapUsableSize,
};
