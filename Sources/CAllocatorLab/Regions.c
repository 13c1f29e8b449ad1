// Address space for arenas, as glibc's new_heap takes it.

#define _GNU_SOURCE
#include "Heap.h"
#include "Kernel.h"

#include <sys/mman.h>

/// What the kernel gives first may lie at a multiple already; else twice as much is taken, and what
/// is too much goes back.
uintptr_t reserveRegion(int protection) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  long result = kernelCall(__NR_mmap, 0, 2l * regionBytes, protection, flags, -1, 0);
  if (result < 0)
    return 0;
  uintptr_t begin = (uintptr_t)result;
  uintptr_t region = (begin + regionBytes - 1) & ~(uintptr_t)(regionBytes - 1);
  uintptr_t above = region + regionBytes;
  if (region > begin)
    kernelCall2(__NR_munmap, begin, region - begin);
  kernelCall2(__NR_munmap, above, begin + 2ul * regionBytes - above);
  return region;
}

void beginRegion(struct arena *arena, uintptr_t region, size_t usable) {
  arena->next = region + headerBytes;
  arena->limit = region + usable;
  arena->end = region + regionBytes;
}

size_t missingBytes(const struct arena *arena, size_t bytes) {
  size_t present = arena->limit > arena->next ? arena->limit - arena->next : 0;
  if (present >= bytes)
    return 0;
  return (arena->next + bytes - arena->limit + pageSize - 1) & ~(size_t)(pageSize - 1);
}
