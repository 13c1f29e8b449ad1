// Blocks that are mappings of their own: from 128 KiB on, for all allocators. No arena grows for
// them, so that they are no part of any question; in glibc they are mappings at first, too.

#define _GNU_SOURCE
#include "Heap.h"
#include "Kernel.h"

#include <sys/mman.h>

static size_t mappingBytes(size_t size) {
  return (size + mappedFrontBytes + pageSize - 1) & ~(size_t)(pageSize - 1);
}

static void *makeBlock(long begin, size_t bytes) {
  void *block = (char *)begin + mappedFrontBytes;
  *headerOf(block) = bytes | kindMapped;
  return block;
}

void *allocateMapped(size_t size) {
  size_t bytes = mappingBytes(size);
  long begin = kernelCall(__NR_mmap, 0, (long)bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return begin < 0 ? NULL : makeBlock(begin, bytes);
}

void *resizeMapped(void *block, size_t size) {
  size_t bytes = mappingBytes(size);
  long begin = kernelCall4(__NR_mremap, (char *)block - mappedFrontBytes,
                           mappedBytes(*headerOf(block)), bytes, MREMAP_MAYMOVE);
  return begin < 0 ? NULL : makeBlock(begin, bytes);
}

void releaseMapped(void *block) {
  kernelCall2(__NR_munmap, (char *)block - mappedFrontBytes, mappedBytes(*headerOf(block)));
}
