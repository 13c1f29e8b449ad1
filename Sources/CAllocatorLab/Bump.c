// `bump`: memory is writable from the start; no page is ever made so.
//
// Are page growths needed? A crash that glibc brings about and `bump` does not, on the same blocks
// at the same density, needs the growing, not the amount of memory. It is the fast one as well:
// fresh blocks cost a comparison and two stores.

#include "Heap.h"

#include <sys/mman.h>

static int extend(struct arena *arena, size_t bytes) {
  (void)bytes; // less than a region
  uintptr_t region = reserveRegion(PROT_READ | PROT_WRITE);
  if (!region)
    return 0;
  beginRegion(arena, region, regionBytes);
  return 1;
}

const struct labAllocator bumpAllocator = {
    .name = "bump",
    .question = "are page growths needed?",
    .functions = &heapFunctions,
    .extend = extend,
};
