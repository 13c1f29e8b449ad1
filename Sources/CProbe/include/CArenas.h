// A workload without LLVM: small mallocs on threads, nothing freed.
#ifndef PARMAT_CARENAS_H
#define PARMAT_CARENAS_H

#ifdef __cplusplus
extern "C" {
#endif

/// What a thread calls as it starts and before it ends; either may be NULL.
struct parmat_arenas_hooks {
  void (*begin)(int index);
  void (*end)(void);
};

/// How a run ended.
struct parmat_arenas {
  /// errno of the thread that did not start; else 0.
  int error;
  /// The thread that did not start, or whose malloc returned NULL; -1 where none.
  int thread;
  /// MiB that this thread had by then.
  int mebibytes;
};

/// Starts `threads` threads; each allocates `mebibytes` MiB in blocks of 100 bytes (112 with
/// malloc's own), writes to each, and keeps them all: an arena each, that grows page by page.
/// Returns 0 where all came to their end, else -1 with the reason in `result`.
int parmat_arenas_run(int threads, int mebibytes, const struct parmat_arenas_hooks *hooks,
                      struct parmat_arenas *result);

#ifdef __cplusplus
}
#endif
#endif
