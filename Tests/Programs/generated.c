// What a generated module needs of Julia's run-time library, and a main that prints what the
// module's entry returns for each argument.
//
// ENTRY: the entry's symbol, in quotes.

#include <dlfcn.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef int64_t (*thunk)(int64_t);

int64_t entry(int64_t) __asm__(ENTRY);

// Guards of a generated module never fail, and what is behind them is never reached.
static void unreached(const char *name) {
  fprintf(stderr, "%s was called\n", name);
  exit(3);
}

void ijl_undefined_var_error(int64_t *symbol) {
  (void)symbol;
  unreached(__func__);
}

void ijl_bounds_error_int(int64_t *array, int64_t index) {
  (void)array;
  (void)index;
  unreached(__func__);
}

void ijl_gc_queue_root(int64_t *object) {
  (void)object;
  unreached(__func__);
}

int64_t *ijl_gc_pool_alloc_instrumented(int64_t *ptls, int32_t pool, int32_t size, int64_t *type) {
  (void)ptls;
  (void)pool;
  (void)size;
  (void)type;
  unreached(__func__);
  return NULL;
}

int64_t *ijl_invoke(int64_t *function, int64_t **arguments, int32_t count, int64_t *method) {
  (void)function;
  (void)arguments;
  (void)count;
  (void)method;
  unreached(__func__);
  return NULL;
}

int64_t *ijl_box_int64(int64_t number) {
  int64_t *box = malloc(sizeof *box);
  *box = number;
  return box;
}

// Every shard of an image wraps these (aotcompile.cpp, injectCRTAlias); no number is of half a
// width.
void julia__gnu_h2f_ieee(void) { unreached(__func__); }
void julia__gnu_f2h_ieee(void) { unreached(__func__); }
void julia__truncdfhf2(void) { unreached(__func__); }
void julia__truncsfbf2(void) { unreached(__func__); }
void julia__truncdfbf2(void) { unreached(__func__); }

thunk ijl_load_and_lookup(const char *library, const char *name, thunk *cache) {
  (void)library;
  (void)cache;
  // POSIX lets a pointer to an object be one to a function.
  union {
    void *object;
    thunk function;
  } found = {dlsym(RTLD_DEFAULT, name)};
  if (!found.object) {
    fprintf(stderr, "no C function %s\n", name);
    exit(4);
  }
  return found.function;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i)
    printf("%" PRId64 "\n", entry(strtoll(argv[i], NULL, 10)));
}
