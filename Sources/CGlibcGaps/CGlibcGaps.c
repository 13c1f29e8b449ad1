// The GNU calls that Swift's Glibc module lacks (it is built without _GNU_SOURCE).

#define _GNU_SOURCE
#include "CGlibcGaps.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>

const char *parmat_object_of(const char *name) {
  void *address = dlsym(RTLD_DEFAULT, name);
  Dl_info info;
  return address && dladdr(address, &info) ? info.dli_fname : NULL;
}

int parmat_allowed_cpus(void) {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
}

void parmat_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

char *parmat_malloc_info(void) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (!stream)
    return NULL;
  malloc_info(0, stream);
  fclose(stream);
  return text;
}
