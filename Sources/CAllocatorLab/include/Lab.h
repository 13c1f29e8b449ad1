// An allocator of the lab: a treatment with one question.
//
// Each is a correct general allocator apart from the one property that its question is about, so
// that a crash which stays or goes away under it says something about that property. One is chosen
// for the life of a process, by PARMAT_LAB=NAME, when the loader asks for its first block.
#ifndef PARMAT_LAB_H
#define PARMAT_LAB_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/// What malloc and its kin come down to. A size is at most PTRDIFF_MAX and may be 0; a block is
/// never NULL. Blocks are aligned to 16 bytes. NULL is returned where there is no memory; errno is
/// the caller's business and must not be touched by `release`.
struct labFunctions {
  void *(*allocate)(size_t size);
  void *(*allocateZeroed)(size_t size);
  /// `alignment` is a power of two above 16.
  void *(*allocateAligned)(size_t alignment, size_t size);
  /// As realloc with a block and a size that is not 0: where it fails, the block stays.
  void *(*reallocate)(void *block, size_t size);
  void (*release)(void *block);
  size_t (*usableSize)(void *block);
};

struct labAllocator {
  const char *name;
  const char *question;
  const struct labFunctions *functions;

  /// Gives an arena of the heap (`Heap.h`) at least `bytes` between `next` and `limit`: moves the
  /// limit, or begins elsewhere. Returns 0 where it cannot. NULL where the heap is not used.
  int (*extend)(struct arena *arena, size_t bytes);

  /// Called once, before the first allocation, by the process's only thread; returns 0 or an errno.
  /// Must not allocate. May be NULL.
  int (*begin)(void);

  /// Called in the child after a fork, before anything of the program's: locks may be in the hands
  /// of threads that are no more, what they protect half changed. The parent takes no lock of the
  /// lab's to fork: glibc takes those of its streams afterwards, and their owners may be waiting in
  /// malloc. May be NULL.
  void (*beginChild)(void);
};

#pragma GCC visibility push(hidden)

extern const struct labAllocator bumpAllocator, contiguousAllocator, lockedAllocator,
    memfdAllocator, pagewiseAllocator, racyAllocator;

/// The one that was chosen; NULL until the first allocation.
extern const struct labAllocator *chosenAllocator;

#pragma GCC visibility pop

// Between `memfd` and the witness, whoever comes first.
//
// `memfd` is asked for pages by faults. It handles SIGSEGV from the process's first allocation on.
// A witness that starts later takes the signal over: it looks the two functions up
// (dlsym(RTLD_DEFAULT, ...): the lab is preloaded, and may not be there), calls
// parmat_lab_hand_over once with what the kernel told it of the previous action, and from then on
// asks parmat_lab_pager before all else, at every SIGSEGV with si_code > 0, its own nested probes
// included: that is how a store heals when the reserve has been released. A 1 means: return from
// the handler, the store runs again. A lab that begins later than the witness passes on to it what
// is not the lab's.
//
// Nothing here relies on the signal alone. A program may block SIGSEGV, or replace the handler when
// no witness guards it (LLVM's tools do): `memfd` looks before it touches a page, and maps the page
// beforehand where a fault would go astray.

/// Maps the page of `address` if the calling thread is about to touch it for the first time.
/// Returns 1; 0 where the page is not such a one, or the kernel allows no more mappings.
/// Async-signal-safe: raw system calls, no memory but the library's data and the thread's static
/// TLS. Returns 0 under every allocator but `memfd`.
__attribute__((visibility("default"))) int parmat_lab_pager(uintptr_t address);

/// From now on `handler` is the kernel's for SIGSEGV and asks parmat_lab_pager. `previous` is the
/// function that stood before; returns the one that the program had: the same, or what `memfd`
/// found when it began (SIG_DFL, as a rule) if `previous` is its own.
__attribute__((visibility("default"))) void *parmat_lab_hand_over(void *handler, void *previous);

#endif
