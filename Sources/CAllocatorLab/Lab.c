// libparmat-lab.so: malloc and its kin for a whole program, by LD_PRELOAD, from the allocator that
// PARMAT_LAB names.

#define _GNU_SOURCE
#include "Lab.h"

#include "Kernel.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/// What the program and other libraries see of this one.
#define INTERPOSED __attribute__((visibility("default")))

enum {
  /// What malloc gives without being asked (malloc.c, MALLOC_ALIGNMENT).
  ordinaryAlignment = 16,
  pageBytes = 4096,
  /// sysexits' EX_UNAVAILABLE, as everywhere in parmat.
  statusUnavailable = 69,
};

const struct labAllocator *chosenAllocator;

static const struct labAllocator *const allocators[] = {
    &bumpAllocator,  &contiguousAllocator, &lockedAllocator,
    &memfdAllocator, &pagewiseAllocator,   &racyAllocator,
};
enum { allocatorCount = sizeof allocators / sizeof *allocators };

// Choosing, without a block of memory.

/// glibc's copy of the pointer is set by its own constructor, which may run after the loader's
/// first allocation; the vector itself lies above the arguments from the start (System V
/// ABI, 3.4.1).
extern void *__libc_stack_end;

static char **environment(void) {
  if (environ)
    return environ;
  long count = *(const long *)__libc_stack_end;
  return (char **)__libc_stack_end + 1 + count + 1;
}

static const char *chosenName(void) {
  static const char variable[] = "PARMAT_LAB=";
  for (char **entry = environment(); *entry; ++entry)
    if (strncmp(*entry, variable, sizeof variable - 1) == 0)
      return *entry + sizeof variable - 1;
  return "";
}

static void say(const char *text) { kernelCall3(__NR_write, STDERR_FILENO, text, strlen(text)); }

__attribute__((noreturn)) static void giveUp(void) {
  for (;;)
    kernelCall1(__NR_exit_group, statusUnavailable);
}

static const struct labAllocator *findAllocator(void) {
  const char *name = chosenName();
  for (int i = 0; i < allocatorCount; ++i)
    if (strcmp(allocators[i]->name, name) == 0)
      return allocators[i];
  say("libparmat-lab: PARMAT_LAB");
  say(*name ? " names no allocator of the lab ('" : " is not set");
  say(name);
  say(*name ? "'); known are" : "; it names an allocator of the lab:");
  for (int i = 0; i < allocatorCount; ++i) {
    say(i ? ", " : " ");
    say(allocators[i]->name);
  }
  say("\n");
  giveUp();
}

/// The loader asks for the first block while it is the only thread.
__attribute__((noinline)) static void choose(void) {
  const struct labAllocator *allocator = findAllocator();
  if (allocator->begin && allocator->begin()) {
    say("libparmat-lab: the allocator '");
    say(allocator->name);
    say("' cannot begin: the system refuses it memory\n");
    giveUp();
  }
  chosenAllocator = allocator;
  // The first to register is the first to be called in the child. glibc keeps the first 48 handlers
  // in static memory (register-atfork.c).
  if (allocator->beginChild)
    pthread_atfork(NULL, NULL, allocator->beginChild);
}

static inline const struct labFunctions *functions(void) {
  if (__builtin_expect(!chosenAllocator, 0))
    choose();
  return chosenAllocator->functions;
}

// The rules of the C library that are the same for all.

/// As glibc: no object is larger than a pointer difference can tell.
static inline int isTooLarge(size_t size) { return size > PTRDIFF_MAX; }

__attribute__((noinline)) static void *fail(void) {
  errno = ENOMEM;
  return NULL;
}

INTERPOSED void *malloc(size_t size) {
  if (__builtin_expect(isTooLarge(size), 0))
    return fail();
  void *block = functions()->allocate(size);
  return __builtin_expect(block != NULL, 1) ? block : fail();
}

INTERPOSED void free(void *block) {
  if (block)
    functions()->release(block);
}

INTERPOSED void *calloc(size_t count, size_t each) {
  size_t size;
  if (__builtin_mul_overflow(count, each, &size) || isTooLarge(size))
    return fail();
  void *block = functions()->allocateZeroed(size);
  return block ? block : fail();
}

/// A size of 0 releases the block, as with glibc.
INTERPOSED void *realloc(void *block, size_t size) {
  if (!block)
    return malloc(size);
  if (size == 0) {
    free(block);
    return NULL;
  }
  if (isTooLarge(size))
    return fail();
  void *moved = functions()->reallocate(block, size);
  return moved ? moved : fail();
}

static void *allocateAligned(size_t alignment, size_t size) {
  if (isTooLarge(size) || alignment > PTRDIFF_MAX - size)
    return NULL;
  if (alignment <= ordinaryAlignment)
    return functions()->allocate(size);
  return functions()->allocateAligned(alignment, size);
}

static int isPowerOfTwo(size_t number) { return number && !(number & (number - 1)); }

/// An alignment that is no power of two becomes the next, as with glibc 2.36 (_mid_memalign).
INTERPOSED void *memalign(size_t alignment, size_t size) {
  if (alignment > SIZE_MAX / 2 + 1) {
    errno = EINVAL;
    return NULL;
  }
  size_t power = ordinaryAlignment;
  while (power < alignment)
    power *= 2;
  void *block = allocateAligned(power, size);
  return block ? block : fail();
}

INTERPOSED void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

INTERPOSED int posix_memalign(void **result, size_t alignment, size_t size) {
  if (!isPowerOfTwo(alignment) || alignment % sizeof(void *))
    return EINVAL;
  void *block = allocateAligned(alignment, size);
  if (!block)
    return ENOMEM;
  *result = block;
  return 0;
}

INTERPOSED void *valloc(size_t size) { return memalign(pageBytes, size); }

INTERPOSED void *pvalloc(size_t size) {
  if (isTooLarge(size))
    return fail();
  return memalign(pageBytes, (size + pageBytes - 1) & ~(size_t)(pageBytes - 1));
}

INTERPOSED size_t malloc_usable_size(void *block) {
  return block ? functions()->usableSize(block) : 0;
}
