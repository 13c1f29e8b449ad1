// The GNU calls that Swift's Glibc module lacks (it is built without _GNU_SOURCE).

#define _GNU_SOURCE
#include "CGlibcGaps.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

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

const char *parmat_glibc_version(void) { return gnu_get_libc_version(); }

int parmat_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) ? errno : 0; }

int parmat_memory_file(const char *name) {
  int file = memfd_create(name, MFD_CLOEXEC);
  return file < 0 ? -errno : file;
}

void parmat_mark_progress(void) { mprotect(NULL, 0, PROT_READ | PROT_WRITE); }
