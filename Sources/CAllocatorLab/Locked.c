// `locked`: glibc's own malloc, one thread at a time.
//
// Are concurrent calls needed? Here is a trap. The lock is unfair, as most are: the thread that
// lets it go takes it again before those that sleep have woken, and so grows its arena by a long
// run of pages in a row. Runs of pages that follow each other are one mapping for the host. So a
// crash that goes away under `locked` is no evidence of a race in malloc: what is gone may be the
// interleaving of pages. `contiguous` asks for that without taking the concurrency of the rest
// away.

#define _GNU_SOURCE
#include "Lab.h"

#include <pthread.h>
#include <stdint.h>

// glibc's functions by the names that the interposed ones do not hide (malloc/Versions,
// GLIBC_2.2.5).
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/// glibc takes its arenas' locks round a fork by itself; ours may be another thread's.
static void beginChild(void) { pthread_mutex_init(&lock, NULL); }

static void *allocate(size_t size) {
  pthread_mutex_lock(&lock);
  void *block = __libc_malloc(size);
  pthread_mutex_unlock(&lock);
  return block;
}

static void *allocateZeroed(size_t size) {
  pthread_mutex_lock(&lock);
  void *block = __libc_calloc(1, size);
  pthread_mutex_unlock(&lock);
  return block;
}

static void *allocateAligned(size_t alignment, size_t size) {
  pthread_mutex_lock(&lock);
  void *block = __libc_memalign(alignment, size);
  pthread_mutex_unlock(&lock);
  return block;
}

static void *reallocate(void *block, size_t size) {
  pthread_mutex_lock(&lock);
  void *moved = __libc_realloc(block, size);
  pthread_mutex_unlock(&lock);
  return moved;
}

static void release(void *block) {
  pthread_mutex_lock(&lock);
  __libc_free(block);
  pthread_mutex_unlock(&lock);
}

/// As malloc.c's musable: the size stands before the block, with three flag bits; a chunk that is a
/// mapping (IS_MMAPPED, 2) cannot use the next one's first word.
static size_t usableSize(void *block) {
  size_t size = ((const size_t *)block)[-1];
  return (size & ~(size_t)7) - (size & 2 ? 2 : 1) * sizeof(size_t);
}

static const struct labFunctions functions = {
    .allocate = allocate,
    .allocateZeroed = allocateZeroed,
    .allocateAligned = allocateAligned,
    .reallocate = reallocate,
    .release = release,
    .usableSize = usableSize,
};

const struct labAllocator lockedAllocator = {
    .name = "locked",
    .question = "are concurrent calls of malloc needed?",
    .functions = &functions,
    .beginChild = beginChild,
};
