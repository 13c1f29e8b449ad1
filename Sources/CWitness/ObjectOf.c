// Which loaded object serves a symbol. In C, because Swift's Glibc module lacks dladdr.

#define _GNU_SOURCE
#include "ObjectOf.h"

#include <dlfcn.h>
#include <stddef.h>

const char *parmat_object_of(const char *name) {
  void *address = dlsym(RTLD_DEFAULT, name);
  Dl_info info;
  return address && dladdr(address, &info) ? info.dli_fname : NULL;
}
