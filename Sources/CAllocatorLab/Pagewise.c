// `pagewise`: an arena for each thread, a PROT_NONE reserve of which one page after the other is
// made writable, as glibc's grow_heap does it (arena.c), followed by the first store to that page.
//
// Is glibc needed? A crash that comes under `pagewise` as well is no defect of glibc's code: what
// it takes is arenas that grow like this.

#include "Heap.h"
#include "Kernel.h"

#include <sys/mman.h>

static int extend(struct arena *arena, size_t bytes) {
  if (arena->end - arena->limit < missingBytes(arena, bytes)) {
    uintptr_t region = reserveRegion(PROT_NONE);
    if (!region)
      return 0;
    beginRegion(arena, region, 0);
  }
  size_t missing = missingBytes(arena, bytes);
  if (kernelCall3(__NR_mprotect, arena->limit, missing, PROT_READ | PROT_WRITE) < 0)
    return 0;
  arena->limit += missing;
  return 1;
}

const struct labAllocator pagewiseAllocator = {
    .name = "pagewise",
    .question = "is glibc needed?",
    .functions = &heapFunctions,
    .extend = extend,
};
