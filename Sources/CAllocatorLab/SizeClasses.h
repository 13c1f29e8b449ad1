// Which sizes of blocks there are.
//
// A chunk is a header of 8 bytes and the block after it, its size a multiple of 16 and at least 32,
// as in glibc: malloc(100) takes 112 bytes here and there, so that a program needs about as many
// pages. Up to 1 KiB every multiple of 16 is a class; above, eight to a doubling, which wastes an
// eighth at most. Larger blocks than the last class are mappings of their own, from 128 KiB on as
// in glibc (DEFAULT_MMAP_THRESHOLD).
#ifndef PARMAT_LAB_SIZECLASSES_H
#define PARMAT_LAB_SIZECLASSES_H

#include <stddef.h>

enum {
  headerBytes = 8,
  alignmentBytes = 16,
  smallestChunk = 32,
  finestChunk = 1024,
  finestCount = (finestChunk - smallestChunk) / alignmentBytes + 1,
  stepsADoubling = 8,
  doublings = 7,
  largestChunk = finestChunk << doublings,
  largestSmallBlock = largestChunk - headerBytes,
  classCount = finestCount + doublings * stepsADoubling,
};

/// For a block of at most `largestSmallBlock` bytes.
static inline unsigned classOf(size_t size) {
  size_t chunk = (size + headerBytes + alignmentBytes - 1) & ~(size_t)(alignmentBytes - 1);
  if (chunk <= smallestChunk)
    return 0;
  if (chunk <= finestChunk)
    return (unsigned)((chunk - smallestChunk) / alignmentBytes);
  unsigned power = 63 - (unsigned)__builtin_clzl(chunk - 1); // 2^power < chunk <= 2^(power + 1)
  return finestCount + (power - 10) * stepsADoubling +
         (unsigned)((chunk - 1) >> (power - 3) & (stepsADoubling - 1));
}

static inline size_t chunkBytes(unsigned class) {
  if (class < finestCount)
    return smallestChunk + (size_t) class * alignmentBytes;
  unsigned step = class - finestCount;
  return (size_t)(stepsADoubling + step % stepsADoubling + 1) << (step / stepsADoubling + 7);
}

#endif
