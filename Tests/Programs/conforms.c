// What a program may expect of malloc and its kin, of whatever allocator serves them. Prints
// "conforms" and ends with 0, or a sentence for each failure and ends with 1. `conforms single`
// leaves out what needs threads; `conforms SEED` begins the random part with that seed.

#define _GNU_SOURCE
#include "conforms.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const size_t sizes[] = {0,    1,     7,     8,      16,     24,      25,
                               100,  1000,  1016,  1017,   2040,   4080,    4096,
                               5000, 65000, 99999, 131064, 131065, 1000000, 5000000};
enum { sizeCount = sizeof sizes / sizeof *sizes };

static int isAligned(const void *block, size_t alignment) {
  return (uintptr_t)block % alignment == 0;
}

// One thread.

static void testSizes(void) {
  unsigned char *blocks[sizeCount];
  for (int i = 0; i < sizeCount; ++i) {
    blocks[i] = allocate(sizes[i]);
    EXPECT(blocks[i], "malloc(%zu) fails", sizes[i]);
    EXPECT(isAligned(blocks[i], 16), "malloc(%zu) is not aligned to 16", sizes[i]);
    size_t usable = malloc_usable_size(blocks[i]);
    EXPECT(usable >= sizes[i], "malloc_usable_size says %zu of malloc(%zu)", usable, sizes[i]);
    fill(blocks[i], usable, (unsigned)i);
  }
  for (int i = 0; i < sizeCount; ++i) {
    EXPECT(isFilled(blocks[i], malloc_usable_size(blocks[i]), (unsigned)i),
           "the usable part of malloc(%zu) overlaps another block", sizes[i]);
    release(blocks[i]);
  }
  EXPECT(malloc_usable_size(NULL) == 0, "malloc_usable_size(NULL) is not 0");
  release(NULL);
  void *one = allocate(0), *other = allocate(0);
  EXPECT(one && other && one != other, "malloc(0) gives no block of its own");
  release(one);
  release(other);
}

static void testCalloc(void) {
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < sizeCount; ++i) {
      unsigned char *used = allocate(sizes[i]);
      fill(used, sizes[i], 1);
      release(used); // for calloc to find
      unsigned char *block = allocateZeroed(1, sizes[i]);
      EXPECT(block && isZero(block, sizes[i]), "calloc(1, %zu) is not zero", sizes[i]);
      fill(block, sizes[i], 2);
      release(block);
    }
  unsigned char *block = allocateZeroed(1000, 300);
  EXPECT(block && isZero(block, 300000), "calloc(1000, 300) is not zero");
  release(block);
}

static void testRealloc(void) {
  for (int from = 0; from < sizeCount; ++from)
    for (int to = 0; to < sizeCount; ++to) {
      if (sizes[to] == 0)
        continue;
      size_t both = sizes[from] < sizes[to] ? sizes[from] : sizes[to];
      unsigned char *block = reallocate(NULL, sizes[from]);
      EXPECT(block, "realloc(NULL, %zu) fails", sizes[from]);
      fill(block, sizes[from], 3);
      block = reallocate(block, sizes[to]);
      EXPECT(block && isAligned(block, 16), "realloc to %zu fails", sizes[to]);
      EXPECT(isFilled(block, both, 3), "realloc from %zu to %zu changes contents", sizes[from],
             sizes[to]);
      fill(block, sizes[to], 4);
      EXPECT(malloc_usable_size(block) >= sizes[to], "realloc to %zu is too small", sizes[to]);
      release(block);
    }
  EXPECT(reallocate(allocate(100), 0) == NULL, "realloc(block, 0) gives a block");
  // A buffer that grows, as most are used.
  unsigned char *buffer = NULL;
  for (size_t old = 0, size = 1; size < 3000000; old = size, size += size / 3 + 1) {
    buffer = reallocate(buffer, size);
    EXPECT(buffer && isFilled(buffer, old, 5), "growing to %zu changes contents", size);
    fill(buffer, size, 5);
  }
  release(buffer);
}

static void testAlignment(void) {
  for (size_t alignment = 8; alignment <= 1 << 22; alignment *= 2)
    for (int i = 0; i < sizeCount; ++i) {
      void *blocks[3] = {memalign(alignment, sizes[i]), allocateAligned(alignment, sizes[i]), NULL};
      int error = posix_memalign(&blocks[2], alignment, sizes[i]);
      EXPECT(error == 0, "posix_memalign(%zu, %zu) fails", alignment, sizes[i]);
      for (int k = 0; k < 3; ++k) {
        EXPECT(blocks[k] && isAligned(blocks[k], alignment), "a block of %zu is not aligned to %zu",
               sizes[i], alignment);
        EXPECT(malloc_usable_size(blocks[k]) >= sizes[i], "%zu aligned to %zu are not usable",
               sizes[i], alignment);
        fill(blocks[k], malloc_usable_size(blocks[k]), (unsigned)k);
      }
      for (int k = 0; k < 3; ++k) {
        EXPECT(isFilled(blocks[k], malloc_usable_size(blocks[k]), (unsigned)k),
               "%zu aligned to %zu overlap another block", sizes[i], alignment);
        if (k == 1) {
          blocks[k] = reallocate(blocks[k], sizes[i] * 2 + 1);
          EXPECT(isFilled(blocks[k], sizes[i], 1), "realloc of an aligned block changes contents");
        }
        release(blocks[k]);
      }
    }
  void *untouched = &failures, *block = untouched;
  EXPECT(posix_memalign(&block, 24, 10) == EINVAL && block == untouched,
         "posix_memalign accepts an alignment of 24");
  EXPECT(posix_memalign(&block, 4, 10) == EINVAL, "posix_memalign accepts an alignment of 4");
  block = valloc(100);
  EXPECT(block && isAligned(block, 4096), "valloc is not aligned to a page");
  release(block);
  block = pvalloc(4097);
  EXPECT(block && isAligned(block, 4096) && malloc_usable_size(block) >= 8192,
         "pvalloc gives no whole pages");
  release(block);
}

static void expectNoMemory(void *block, const char *what) {
  EXPECT(!block && errno == ENOMEM, "%s: no NULL with ENOMEM", what);
  errno = 0;
}

static void testNoMemory(void) {
  volatile size_t huge = PTRDIFF_MAX, half = SIZE_MAX / 2 + 1, all = SIZE_MAX;
  errno = 0;
  expectNoMemory(allocate(huge), "malloc(PTRDIFF_MAX)");
  expectNoMemory(allocate(huge - 100), "malloc(PTRDIFF_MAX - 100)");
  expectNoMemory(allocate(all), "malloc(SIZE_MAX)");
  expectNoMemory(allocateZeroed(half, 2), "calloc that overflows to 0");
  expectNoMemory(allocateZeroed(half, 3), "calloc that overflows");
  expectNoMemory(allocateZeroed(1, huge), "calloc(1, PTRDIFF_MAX)");
  expectNoMemory(reallocarray(NULL, half, 2), "reallocarray that overflows");
  expectNoMemory(memalign(64, all - 10), "memalign(64, SIZE_MAX - 10)");
  expectNoMemory(allocateAligned(half / 2, huge), "aligned_alloc of 2^62");
  expectNoMemory(pvalloc(all), "pvalloc(SIZE_MAX)");
  expectNoMemory(valloc(all), "valloc(SIZE_MAX)");
  void *result;
  EXPECT(posix_memalign(&result, 64, huge) == ENOMEM, "posix_memalign(PTRDIFF_MAX): no ENOMEM");
  unsigned char *block = allocate(1000);
  fill(block, 1000, 6);
  expectNoMemory(reallocate(block, huge), "realloc(PTRDIFF_MAX)");
  EXPECT(isFilled(block, 1000, 6), "a realloc that fails spoils the block");
  release(block);
}

static void testErrno(void) {
  for (int i = 0; i < sizeCount; ++i) {
    void *block = allocate(sizes[i]);
    errno = 77;
    release(block);
    EXPECT(errno == 77, "free of %zu changes errno", sizes[i]);
  }
}

static void testBigBlocks(void) {
  enum { mebibyte = 1 << 20 };
  unsigned char *big = allocate(300 * (size_t)mebibyte);
  EXPECT(big, "malloc(300 MiB) fails");
  for (size_t at = 0; big && at < 300 * (size_t)mebibyte; at += mebibyte)
    big[at] = (unsigned char)(at >> 20);
  big = reallocate(big, 310 * (size_t)mebibyte);
  for (size_t at = 0; big && at < 300 * (size_t)mebibyte; at += mebibyte)
    EXPECT(big[at] == (unsigned char)(at >> 20), "realloc to 310 MiB changes contents");
  big = reallocate(big, 1000);
  EXPECT(big && big[0] == 0, "realloc from 310 MiB to 1000 bytes changes contents");
  release(big);
  big = allocateZeroed(300, mebibyte);
  for (size_t at = 0; big && at < 300 * (size_t)mebibyte; at += 4096)
    EXPECT(big[at] == 0, "calloc(300 MiB) is not zero");
  EXPECT(big, "calloc(300 MiB) fails");
  release(big);
}

// Several threads.

static void start(pthread_t *thread, void *(*function)(void *), void *argument) {
  if (pthread_create(thread, NULL, function, argument)) {
    printf("no thread can be started\n");
    exit(1);
  }
}

static void testThreads(void) {
  pthread_t threads[6];
  for (long i = 0; i < 6; ++i)
    start(&threads[i], operate, (void *)(i + 1));
  for (int i = 0; i < 6; ++i)
    pthread_join(threads[i], NULL);
  releaseShared();
}

/// The destructor of a thread's own data frees and allocates when the allocator's may have run.
static void endLate(void *block) {
  release(block);
  release(allocate(200));
}

static pthread_key_t lateKey;

static void *comeAndGo(void *argument) {
  unsigned char *block = allocate(1000);
  fill(block, 1000, 8);
  release(argument); // from the thread that started this one
  pthread_setspecific(lateKey, allocate(50));
  return block;
}

static void testShortThreads(void) {
  pthread_key_create(&lateKey, endLate);
  for (int i = 0; i < 1000; ++i) {
    pthread_t thread;
    void *block;
    start(&thread, comeAndGo, allocate((size_t)i));
    pthread_join(thread, &block);
    EXPECT(block && isFilled(block, 1000, 8), "a block does not outlive its thread");
    release(block);
  }
}

/// One thread allocates, another frees: what was freed has to come back to the first.
static void *freeAll(void *argument) {
  void **blocks = argument;
  for (int i = 0; i < 10000; ++i)
    release(blocks[i]);
  return NULL;
}

static size_t residentBytes(void) {
  long pages = 0, all;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file && fscanf(file, "%ld %ld", &all, &pages) != 2)
    pages = 0;
  if (file)
    fclose(file);
  return (size_t)pages * 4096;
}

static void testFreeElsewhere(void) {
  void **blocks = allocate(10000 * sizeof *blocks);
  size_t before = residentBytes();
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 10000; ++i) {
      blocks[i] = allocate(1000);
      memset(blocks[i], round, 1000);
    }
    pthread_t thread;
    start(&thread, freeAll, blocks);
    pthread_join(thread, NULL);
  }
  size_t after = residentBytes();
  EXPECT(after < before + (100 << 20), "10 MB that another thread frees grow to %zu MiB",
         (after - before) >> 20);
  release(blocks);
}

static _Atomic int isOver;

static void *allocateUntilOver(void *argument) {
  uint64_t state = (uint64_t)(uintptr_t)argument;
  void *blocks[50] = {0};
  while (!isOver) {
    void **block = &blocks[nextRandom(&state) % 50];
    release(*block);
    *block = allocate(randomSize(&state));
  }
  for (int i = 0; i < 50; ++i)
    release(blocks[i]);
  return NULL;
}

static void liveOn(void *given) {
  pthread_t thread;
  release(given);
  start(&thread, operate, (void *)99);
  operate((void *)98);
  pthread_join(thread, NULL);
  exit(failures ? 1 : 0);
}

/// The other threads are in the middle of malloc and free when the process forks.
static void testFork(void) {
  pthread_t threads[4];
  for (long i = 0; i < 4; ++i)
    start(&threads[i], allocateUntilOver, (void *)(i + 1));
  for (int i = 0; i < 40; ++i) {
    void *given = allocate(500);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      alarm(120); // a deadlock ends it
      failures = 0;
      if (i % 20 == 0)
        liveOn(given);
      for (int k = 0; k < 3000; ++k)
        release(allocate((size_t)k));
      release(given);
      exit(failures ? 1 : 0);
    }
    int status;
    waitpid(child, &status, 0);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a forked child ends with status %#x",
           (unsigned)status);
    release(given);
  }
  isOver = 1;
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
}

int main(int count, char **arguments) {
  int isSingle = count > 1 && strcmp(arguments[1], "single") == 0;
  seed = count > 1 && !isSingle ? strtoull(arguments[1], NULL, 0)
                                : (uint64_t)time(NULL) * 1000003 + (uint64_t)getpid();
  testSizes();
  testCalloc();
  testRealloc();
  testAlignment();
  testNoMemory();
  testErrno();
  testBigBlocks();
  operate(0);
  releaseShared();
  if (!isSingle) {
    testShortThreads();
    testFreeElsewhere();
    testThreads();
    testFork();
  }
  if (failures)
    return 1;
  puts("conforms");
  return 0;
}
