// A workload without LLVM: small mallocs on threads, nothing freed.

#define _GNU_SOURCE
#include "CArenas.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/// The middle of what LLVM asks for while it reads bodies (97 to 128 bytes with malloc's own).
enum { blockSize = 100, chunkSize = 112 };

struct worker {
  pthread_t thread;
  int index, mebibytes;
  const struct parmat_arenas_hooks *hooks;
  int failedAt; // MiB; -1 where malloc never failed
};

static void *allocate(void *argument) {
  struct worker *worker = argument;
  char name[16];
  snprintf(name, sizeof name, "arena-%d", worker->index);
  pthread_setname_np(pthread_self(), name);
  if (worker->hooks->begin)
    worker->hooks->begin(worker->index);
  // A list of all blocks: no compiler may leave out what is linked.
  void *volatile last = NULL;
  long count = (long)worker->mebibytes * (1 << 20) / chunkSize;
  for (long i = 0; i < count; ++i) {
    void **block = malloc(blockSize);
    if (!block) {
      worker->failedAt = (int)(i * chunkSize >> 20);
      break;
    }
    *block = last;
    last = block;
  }
  if (worker->hooks->end)
    worker->hooks->end();
  return NULL;
}

int parmat_arenas_run(int threads, int mebibytes, const struct parmat_arenas_hooks *hooks,
                      struct parmat_arenas *result) {
  *result = (struct parmat_arenas){.thread = -1};
  struct worker *workers = calloc((size_t)threads, sizeof *workers);
  int started = 0;
  for (; workers && started < threads; ++started) {
    struct worker *worker = &workers[started];
    *worker =
        (struct worker){.index = started, .mebibytes = mebibytes, .hooks = hooks, .failedAt = -1};
    result->error = pthread_create(&worker->thread, NULL, allocate, worker);
    if (result->error) {
      result->thread = started;
      break;
    }
  }
  for (int i = 0; i < started; ++i) {
    pthread_join(workers[i].thread, NULL);
    if (workers[i].failedAt >= 0 && result->thread < 0) {
      result->thread = i;
      result->mebibytes = workers[i].failedAt;
    }
  }
  free(workers);
  return !workers || result->thread >= 0 ? -1 : 0;
}
