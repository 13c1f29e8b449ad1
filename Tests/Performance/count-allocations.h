// What count-allocations counts, and what it keeps in front of each block.
#ifndef COUNT_ALLOCATIONS_H
#define COUNT_ALLOCATIONS_H

#include <cstddef>
#include <cstdint>

/// Where a thread stands. A worker starts in `load` (its context, the lazy module, the choice of
/// what is kept), and is `outside` again once materializeAll returns. The main thread is always
/// outside.
enum class Phase : uint8_t { load, materialize, outside };

enum class Role : uint8_t { unknown, main, worker };

/// Upper ends in bytes of the classes that requests are sorted into; what is larger makes the last.
constexpr size_t classEnds[] = {48, 96, 128, 160, 512, 4096, 131072};
constexpr int classCount = sizeof(classEnds) / sizeof(classEnds[0]) + 1;

constexpr int sizeClass(size_t size) {
  int index = 0;
  while (index < classCount - 1 && size > classEnds[index])
    ++index;
  return index;
}

/// What glibc's block for a request can hold: chunks are multiples of 16 bytes, 32 at least, of
/// which 8 are glibc's own (malloc.c: request2size, chunksize). As malloc_usable_size, were there
/// no header.
constexpr size_t usableSize(size_t size) {
  size_t chunk = (size + 8 + 15) & ~size_t(15);
  return (chunk < 32 ? 32 : chunk) - 8;
}

struct Count {
  long blocks;
  /// As requested.
  long bytes;
  /// As glibc's blocks hold.
  long usable;

  void add(size_t size) {
    ++blocks;
    bytes += static_cast<long>(size);
    usable += static_cast<long>(usableSize(size));
  }
};

struct PhaseCounts {
  Count requests;
  /// By this thread while in this phase, of blocks that a worker requested in any phase: with the
  /// last body LLVM's reader goes, and what it had made while it loaded.
  Count releases;
  Count classes[classCount];
};

struct ThreadCounts {
  PhaseCounts phases[2];
  Phase phase;
  Role role;
};

/// In front of every block, so that 16 bytes are kept aligned.
struct alignas(16) Header {
  /// Requested bytes.
  size_t size;
  /// From the block that glibc gave to the one that the program got.
  uint32_t offset;
  Phase phase;
};

void countRequest(Header &header, size_t size);
void countRelease(const Header &header);

#endif
