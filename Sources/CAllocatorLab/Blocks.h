// What stands before a block, and in a block that is free.
#ifndef PARMAT_LAB_BLOCKS_H
#define PARMAT_LAB_BLOCKS_H

#include "SizeClasses.h"

#include <stdint.h>

/// The word before a block: two bits say what the rest means.
enum blockKind {
  /// The size class.
  kindSmall = 1,
  /// Bytes of the mapping, a multiple of a page.
  kindMapped = 2,
  /// Bytes back to the block that this one lies in, for its alignment.
  kindShifted = 3,
};

/// From a mapping's begin to the block in it.
enum { mappedFrontBytes = alignmentBytes };

static inline uintptr_t *headerOf(void *block) { return (uintptr_t *)block - 1; }

static inline enum blockKind kindOf(uintptr_t header) { return (enum blockKind)(header & 3); }
static inline uintptr_t restOf(uintptr_t header) { return header >> 2; }
static inline size_t mappedBytes(uintptr_t header) { return header & ~(uintptr_t)3; }
static inline uintptr_t makeHeader(enum blockKind kind, uintptr_t rest) {
  return rest << 2 | (uintptr_t)kind;
}

/// A free block. What of it is valid depends on the list; the smallest block has room for all.
struct freeBlock {
  uintptr_t link;
  /// Of a batch's first block.
  struct freeBlock *nextBatch;
  size_t count;
};

/// Links are mixed with their own address, as in glibc (malloc.c, PROTECT_PTR): who writes to a
/// block after it was freed gets a fault at a wild address soon, not a plausible block.
static inline struct freeBlock *nextOf(const struct freeBlock *block) {
  return (struct freeBlock *)(block->link ^ (uintptr_t)block >> 12);
}

static inline void setNext(struct freeBlock *block, const struct freeBlock *next) {
  block->link = (uintptr_t)next ^ (uintptr_t)block >> 12;
}

#endif
