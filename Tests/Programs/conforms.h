// Blocks with contents that can be checked, and random operations on them (`conforms.c`).
#ifndef PARMAT_CONFORMS_H
#define PARMAT_CONFORMS_H

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic int failures;

/// What is expected, as a sentence about the allocator.
#define EXPECT(condition, ...)                                                                     \
  do                                                                                               \
    if (!(condition) && failures++ < 20) {                                                         \
      printf(__VA_ARGS__);                                                                         \
      printf(" (line %d)\n", __LINE__);                                                            \
    }                                                                                              \
  while (0)

// No compiler may know what these do, or it leaves the calls out.
static void *(*volatile allocate)(size_t) = malloc;
static void *(*volatile allocateZeroed)(size_t, size_t) = calloc;
static void *(*volatile reallocate)(void *, size_t) = realloc;
static void *(*volatile allocateAligned)(size_t, size_t) = aligned_alloc;
static void (*volatile release)(void *) = free;

// Contents: each byte follows from the block's number and its place.

static unsigned char patternAt(unsigned number, size_t i) {
  return (unsigned char)(number * 31 + i * 7 + (i >> 8) * 13);
}

static void fill(unsigned char *block, size_t size, unsigned number) {
  for (size_t i = 0; i < size; ++i)
    block[i] = patternAt(number, i);
}

static int isFilled(const unsigned char *block, size_t size, unsigned number) {
  for (size_t i = 0; i < size; ++i)
    if (block[i] != patternAt(number, i))
      return 0;
  return 1;
}

static int isZero(const unsigned char *block, size_t size) {
  for (size_t i = 0; i < size; ++i)
    if (block[i])
      return 0;
  return 1;
}

// Random operations: every block keeps its pattern as long as it lives.

static uint64_t seed;

static uint64_t nextRandom(uint64_t *state) { // SplitMix64
  uint64_t mixed = *state += 0x9e3779b97f4a7c15ull;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
  return mixed ^ mixed >> 31;
}

/// Mostly small, sometimes large.
static size_t randomSize(uint64_t *state) {
  uint64_t kind = nextRandom(state) % 100;
  return nextRandom(state) % (kind < 80 ? 300 : kind < 97 ? 5000 : kind < 99 ? 70000 : 400000);
}

struct block {
  unsigned char *bytes;
  size_t size;
  unsigned number;
};

enum { slotCount = 500, operationCount = 40000 };

/// Where threads leave blocks for others to check and free.
static struct block shared[64];
static pthread_mutex_t sharedLock = PTHREAD_MUTEX_INITIALIZER;

static void check(const struct block *block, const char *when) {
  EXPECT(!block->bytes || isFilled(block->bytes, block->size, block->number),
         "a block of %zu bytes is not what was written, %s; seed %llu", block->size, when,
         (unsigned long long)seed);
}

static void renew(struct block *block, uint64_t *state) {
  size_t size = randomSize(state);
  block->number = (unsigned)nextRandom(state);
  switch (nextRandom(state) % 4) {
  case 0:
    block->bytes = allocateZeroed(1, size);
    EXPECT(block->bytes && isZero(block->bytes, size), "calloc(1, %zu) is not zero; seed %llu",
           size, (unsigned long long)seed);
    break;
  case 1:
    block->bytes = memalign((size_t)16 << nextRandom(state) % 6, size);
    break;
  default:
    block->bytes = allocate(size);
  }
  EXPECT(block->bytes, "no memory for %zu bytes", size);
  block->size = block->bytes ? size : 0;
  fill(block->bytes, block->size, block->number);
}

static void resize(struct block *block, uint64_t *state) {
  size_t size = randomSize(state) + 1, kept = size < block->size ? size : block->size;
  block->bytes = reallocate(block->bytes, size);
  EXPECT(block->bytes && isFilled(block->bytes, kept, block->number),
         "realloc to %zu changes contents; seed %llu", size, (unsigned long long)seed);
  block->size = size;
  fill(block->bytes, size, block->number);
}

static void *operate(void *argument) {
  uint64_t state = seed + (uint64_t)(uintptr_t)argument;
  struct block *blocks = allocateZeroed(slotCount, sizeof *blocks);
  for (int i = 0; i < operationCount && failures < 20; ++i) {
    struct block *block = &blocks[nextRandom(&state) % slotCount];
    check(block, "before its next use");
    uint64_t kind = nextRandom(&state) % 8;
    if (kind == 0) {
      struct block *place = &shared[nextRandom(&state) % 64];
      pthread_mutex_lock(&sharedLock);
      struct block other = *place;
      *place = *block;
      *block = other;
      pthread_mutex_unlock(&sharedLock);
      check(block, "from another thread");
    } else if (kind < 3 && block->bytes) {
      resize(block, &state);
    } else {
      release(block->bytes);
      renew(block, &state);
    }
  }
  for (int i = 0; i < slotCount; ++i) {
    check(&blocks[i], "at the end");
    release(blocks[i].bytes);
  }
  release(blocks);
  return NULL;
}

static void releaseShared(void) {
  for (int i = 0; i < 64; ++i) {
    check(&shared[i], "when all threads have ended");
    release(shared[i].bytes);
    shared[i].bytes = NULL;
  }
}

#endif
