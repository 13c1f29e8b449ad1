// The malloc family of count-allocations: glibc's own under a header that says what was asked for.

#include "count-allocations.h"

#include <cerrno>
#include <cstring>

#define EXPORTED extern "C" __attribute__((visibility("default")))

// glibc's allocator by the names that no preload library takes.
extern "C" void *__libc_malloc(size_t size);
extern "C" void *__libc_calloc(size_t count, size_t size);
extern "C" void *__libc_memalign(size_t alignment, size_t size);
extern "C" void __libc_free(void *block);

namespace {

constexpr size_t pageSize = 4096;

Header *headerOf(void *block) { return static_cast<Header *>(block) - 1; }

void *place(void *raw, size_t offset, size_t size) {
  if (!raw)
    return nullptr;
  void *block = static_cast<char *>(raw) + offset;
  Header *header = headerOf(block);
  header->offset = static_cast<uint32_t>(offset);
  countRequest(*header, size);
  return block;
}

/// `alignment` is a power of two.
void *allocateAligned(size_t alignment, size_t size) {
  size_t offset = alignment > sizeof(Header) ? alignment : sizeof(Header), whole;
  if (__builtin_add_overflow(size, offset, &whole) || offset > UINT32_MAX) {
    errno = ENOMEM;
    return nullptr;
  }
  return place(__libc_memalign(alignment, whole), offset, size);
}

bool isPowerOfTwo(size_t value) { return value && !(value & (value - 1)); }

} // namespace

EXPORTED void *malloc(size_t size) {
  size_t whole;
  if (__builtin_add_overflow(size, sizeof(Header), &whole)) {
    errno = ENOMEM;
    return nullptr;
  }
  return place(__libc_malloc(whole), sizeof(Header), size);
}

EXPORTED void *calloc(size_t count, size_t size) {
  size_t wanted, whole;
  if (__builtin_mul_overflow(count, size, &wanted) ||
      __builtin_add_overflow(wanted, sizeof(Header), &whole)) {
    errno = ENOMEM;
    return nullptr;
  }
  return place(__libc_calloc(1, whole), sizeof(Header), wanted);
}

EXPORTED void free(void *block) {
  if (!block)
    return;
  int error = errno;
  Header *header = headerOf(block);
  countRelease(*header);
  __libc_free(static_cast<char *>(block) - header->offset);
  errno = error;
}

/// One request of the new size and one release of the old, whether or not the block could have
/// grown where it is.
EXPORTED void *realloc(void *block, size_t size) {
  if (!block)
    return malloc(size);
  if (!size) {
    free(block);
    return nullptr;
  }
  void *grown = malloc(size);
  if (!grown)
    return nullptr;
  size_t old = headerOf(block)->size;
  memcpy(grown, block, old < size ? old : size);
  free(block);
  return grown;
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
  size_t wanted;
  if (__builtin_mul_overflow(count, size, &wanted)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, wanted);
}

EXPORTED void *memalign(size_t alignment, size_t size) {
  // As glibc does: anything is rounded up to a power of two.
  size_t rounded = sizeof(Header);
  while (rounded < alignment)
    rounded <<= 1;
  return allocateAligned(rounded, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

EXPORTED int posix_memalign(void **result, size_t alignment, size_t size) {
  if (!isPowerOfTwo(alignment) || alignment % sizeof(void *))
    return EINVAL;
  int error = errno;
  void *block = allocateAligned(alignment, size);
  errno = error;
  if (!block)
    return ENOMEM;
  *result = block;
  return 0;
}

EXPORTED void *valloc(size_t size) { return allocateAligned(pageSize, size); }

EXPORTED void *pvalloc(size_t size) {
  return allocateAligned(pageSize, (size + pageSize - 1) & ~(pageSize - 1));
}

EXPORTED size_t malloc_usable_size(void *block) { return block ? headerOf(block)->size : 0; }
