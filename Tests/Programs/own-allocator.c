// A small, complete allocator: blocks are powers of two, each power has a slice of one region.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { classes = 34 };
static const size_t slice = 1ul << classes; // an address in a slice tells the block's size
static char *slices;
static size_t used[classes]; // bytes of each slice
static void *freed[classes]; // lists, linked by the blocks' first words
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void beginChild(void) { pthread_mutex_init(&lock, NULL); } // its owner may be no more

static void begin(void) { // the loader's first malloc: no other thread yet, no constructor has run
  char *region = mmap(NULL, (classes + 1) * slice, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED)
    __builtin_trap();
  slices = (char *)(((uintptr_t)region + slice - 1) & -slice);
  pthread_atfork(NULL, NULL, beginChild);
}

static size_t classOf(void *block) { return (size_t)((char *)block - slices) / slice; }

void *memalign(size_t alignment, size_t size) { // a block is aligned to its size
  size_t class = 4;
  while (class < classes && (1ul << class < size || 1ul << class < alignment))
    ++class;
  void *block = NULL;
  pthread_mutex_lock(&lock);
  if (!slices)
    begin();
  if (class < classes && (block = freed[class])) {
    freed[class] = *(void **)block;
  } else if (class < classes && used[class] < slice) {
    block = slices + class * slice + used[class];
    used[class] += 1ul << class;
  }
  pthread_mutex_unlock(&lock);
  return block ? block : (errno = ENOMEM, NULL);
}

void free(void *block) {
  if (!block)
    return;
  pthread_mutex_lock(&lock);
  *(void **)block = freed[classOf(block)];
  freed[classOf(block)] = block;
  pthread_mutex_unlock(&lock);
}

size_t malloc_usable_size(void *block) { return block ? 1ul << classOf(block) : 0; }
void *malloc(size_t size) { return memalign(16, size); }

void *calloc(size_t count, size_t each) {
  size_t size;
  if (__builtin_mul_overflow(count, each, &size))
    size = SIZE_MAX;
  void *block = malloc(size);
  return block ? memset(block, 0, size) : NULL;
}

void *realloc(void *block, size_t size) {
  size_t present = malloc_usable_size(block);
  if (block && size && size <= present)
    return block;
  void *moved = block && !size ? NULL : malloc(size);
  if (block && moved)
    memcpy(moved, block, present);
  if (moved || !size)
    free(block);
  return moved;
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
void *valloc(size_t size) { return memalign(4096, size); }
void *pvalloc(size_t size) { return memalign(4096, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)))
    return EINVAL;
  void *block = memalign(alignment, size);
  return block ? (*result = block, 0) : ENOMEM;
}
