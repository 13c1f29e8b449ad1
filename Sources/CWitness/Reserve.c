// Mappings that the kernel cannot merge, held to be released.
//
// One page of one memory file, mapped again and again in a row: neighbours whose offsets do not
// follow each other are mappings of their own for Linux, and for gVisor, which maps each fragment
// of its own memory file on the host (20,000 of them made 20,021 host mappings in both).

#define _GNU_SOURCE
#include "State.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/// Two threads that fault while one of these is filled need no care: the witness does not stand
/// yet.
int makeMappings(int count, uintptr_t *begin, uintptr_t *bytes, int *made) {
  *begin = *bytes = 0;
  *made = 0;
  if (count == 0)
    return 0;
  int error = 0;
  int file = memfd_create("parmat-reserve", MFD_CLOEXEC);
  if (file < 0)
    return errno;
  size_t size = (size_t)count * pageSize;
  char *region = MAP_FAILED;
  if (ftruncate(file, pageSize) == 0)
    region = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) {
    error = errno;
    close(file);
    return error;
  }
  for (int i = 0; i < count; ++i) {
    void *page = mmap(region + (size_t)i * pageSize, pageSize, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_FIXED | MAP_POPULATE, file, 0);
    if (page == MAP_FAILED) {
      error = errno;
      break;
    }
    ++*made;
  }
  close(file);
  if (error) {
    munmap(region, size);
    return error;
  }
  *begin = (uintptr_t)region;
  *bytes = size;
  return 0;
}

EARLY void releaseMappings(int really) {
  struct state *state = witnessState;
  if (!really)
    return;
  if (state->reserveBytes)
    kernelCall2(__NR_munmap, state->reserveBegin, state->reserveBytes);
  if (state->ballastBytes)
    kernelCall2(__NR_munmap, state->ballastBegin, state->ballastBytes);
  state->reserveBytes = state->ballastBytes = 0;
}

void touchMappings(void) {
  struct state *state = witnessState;
  for (uintptr_t offset = 0; offset < state->reserveBytes; offset += pageSize)
    (void)*(volatile char *)(state->reserveBegin + offset);
}
