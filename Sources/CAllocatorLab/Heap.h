// The heap that most allocators of the lab are made of; they differ in how its arenas grow.
//
// Each thread has a heap of its own: an arena, of which chunks are cut from low addresses to high,
// and a free list for each size class. A block goes to the free list of the thread that frees it;
// when that is long, a batch of blocks goes on to the other threads (`Batches.c`). A thread that
// ends leaves its heap to the next that starts (`Threads.c`). Small memory is never returned to the
// system. There is no lock: nothing has to be taken before a fork, and in a child only what other
// threads had in their heaps is lost.
#ifndef PARMAT_LAB_HEAP_H
#define PARMAT_LAB_HEAP_H

#include "Blocks.h"
#include "Lab.h"

#pragma GCC visibility push(hidden)

enum {
  pageSize = 4096,
  /// What glibc reserves for a heap, and the multiple that it lies at (arena.c, HEAP_MAX_SIZE).
  regionBytes = 64 << 20,
  /// The rest of an arena has a header of its own, as glibc's top chunk, and room for it
  /// (malloc.c, MINSIZE).
  smallestTop = 32,
};

/// Where a thread's chunks are cut from.
struct arena {
  /// The next chunk's header; 8 less than a multiple of 16.
  uintptr_t next;
  /// The end of what may be touched.
  uintptr_t limit;
  /// The end of what is reserved.
  uintptr_t end;
};

struct freeList {
  struct freeBlock *first;
  unsigned count, capacity;
  size_t chunk;
};

struct heap {
  struct arena arena;
  struct freeList lists[classCount];
  /// Batches that are this thread's to use.
  struct freeBlock *batches[classCount];
  struct heap *next;
  _Atomic int isOwned;
};

// Heap.c
extern const struct labFunctions heapFunctions;
/// A fresh chunk's block; NULL where there is no memory.
void *carve(struct heap *heap, unsigned class);
/// Heap's own for small blocks; the rest of malloc's kin for an allocator that has others.
void *heapAllocate(size_t size);
void heapRelease(void *block);
/// `heapAllocate` and `heapRelease`, or what stands for them, do the rest.
void *allocateZeroedBy(void *(*allocate)(size_t), size_t size);
void *allocateAlignedBy(void *(*allocate)(size_t), size_t alignment, size_t size);
void *reallocateBy(const struct labFunctions *functions, void *block, size_t size);
size_t heapUsableSize(void *block);
/// The block that was allocated where `block` was made of it for its alignment.
void *wholeBlock(void *block);

// Threads.c
/// NULL before a thread's first allocation, and after its end.
extern _Thread_local struct heap *threadHeap;
/// A heap for the calling thread: its own from now on; where the thread is at its very end, lent,
/// to be given back by `returnHeap`. NULL where there is no memory.
struct heap *takeHeap(int *isLent);
void returnHeap(struct heap *heap);

// Batches.c
/// Leaves the list's blocks to whoever needs them.
void giveBatch(unsigned class, struct freeBlock *first, size_t count);
/// Blocks that others left, as a chain of batches; NULL where there are none.
struct freeBlock *takeBatches(unsigned class);

// Regions.c
/// `regionBytes` of address space at a multiple of them, with `protection`; 0 where there are none.
uintptr_t reserveRegion(int protection);
/// Begins the arena anew in a region, the first `usable` bytes of which may be touched.
void beginRegion(struct arena *arena, uintptr_t region, size_t usable);
/// What is missing of `bytes` between `next` and `limit`, in whole pages.
size_t missingBytes(const struct arena *arena, size_t bytes);

// Mapped.c
void *allocateMapped(size_t size);
/// Moves the mapping where it has to; NULL where the system refuses.
void *resizeMapped(void *block, size_t size);
void releaseMapped(void *block);

#pragma GCC visibility pop
#endif
