// The crash witness: a signal handler that brings evidence out of a dying process, finds out
// whether the failed store goes through again, and whether it does once mappings are released.
//
// Linux on x86-64. One witness a process: linked in, or by libparmat-witness.so.
#ifndef PARMAT_WITNESS_H
#define PARMAT_WITNESS_H

#include <stdint.h>
#include <ucontext.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What is done about a fault.
enum parmat_on_fault {
  /// No witness.
  PARMAT_ON_FAULT_NONE,
  /// The full record, then the signal's default action.
  PARMAT_ON_FAULT_RECORD,
  /// Retries, then the record.
  PARMAT_ON_FAULT_RETRY,
  /// Retries, then relief: the reserve is released, and a store that goes through then may run on.
  PARMAT_ON_FAULT_RELIEVE,
};

struct parmat_witness_options {
  enum parmat_on_fault on_fault;
  /// Single-page mappings that are held to be released at a fault; 0 is the sham treatment.
  int reserve;
  /// Mappings occupied beyond the reserve, released with it.
  int ballast;
  /// Names the trial in each record line; NULL for none. Letters, digits and hyphens.
  const char *token;
};

/// Starts the witness for this process and announces the calling thread. Handles SIGSEGV, SIGBUS,
/// SIGABRT, SIGILL, SIGFPE, and SIGQUIT (all threads' stacks). Lines go to standard error:
/// `\nparmat-record N {json}\n`, 4,096 bytes at most, one write each.
///
/// Returns 0; or an errno, with `made` the number of mappings that could be had (ENOMEM: the kernel
/// allows no more). Then there is no witness.
int parmat_witness_start(const struct parmat_witness_options *options, int *made);

/// Whether a witness stands in this process.
int parmat_witness_stands(void);

/// Writes a `maps` line: the program, its objects with build-ids and bases.
void parmat_witness_tell_objects(void);

/// Gives the calling thread a handler stack and drills it. Call at a thread's start; without a
/// witness it does nothing. About 5 us.
void parmat_witness_begin_thread(void);

/// Takes the calling thread's handler stack back.
void parmat_witness_end_thread(void);

/// Notes what the calling thread is doing: a shard (-1: none) and a phase of at most 15 bytes.
void parmat_witness_mark(int shard, const char *phase);

/// A program's own action for a signal, as the preload library learns it.
struct programAction {
  /// SIG_DFL, SIG_IGN or a function.
  void *handler;
  unsigned long flags;
  uint64_t mask;
};

/// Exchanges the program's action for a signal that the witness handles. `action` or `previous` may
/// be NULL. Returns 0 where the witness does not handle `signal`.
int parmat_witness_program_action(int signal, const struct programAction *action,
                                  struct programAction *previous);

/// Exchanges the alternate stack that the program wants for the calling thread; the witness's own
/// stays with the kernel. Returns 0 where the thread has none of the witness's, else 1, or the
/// negative errno that the kernel would give.
int parmat_witness_program_stack(const stack_t *stack, stack_t *previous);

/// To be called before the process ends by `_exit`: a fault of the program's that is kept is told
/// if this thread is still inside the program's handler for it.
void parmat_witness_will_exit(void);

#ifdef __cplusplus
}
#endif
#endif
