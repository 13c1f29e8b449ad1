// A guard that turns the death of LLVM's bitcode reader into one sentence and an exit status.
#ifndef PARMAT_PARSERGUARD_H
#define PARMAT_PARSERGUARD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// From here to parmat_guard_end, whatever ends the reading of `path` is the input's fault: a
/// signal (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT), a fatal error of LLVM (parmat_guard_fail),
/// no end within `seconds`, or more than `memory` further bytes of address space (allocation then
/// fails, and LLVM aborts). Then one sentence goes to stderr and the process ends by
/// _exit(`status`).
///
/// LLVM's reader does crash on broken files; it prints on its way down (a stack trace, `terminate
/// called ...`), so standard error leads to /dev/null for as long as the guard stands.
///
/// One guard at a time, on a process with one thread. Returns 0, or the errno of the call that
/// failed; then no guard stands.
int parmat_guard_begin(const char *path, double seconds, uint64_t memory, int status);

/// Ends the guard: signal actions, timer, memory limit and standard error are as they were.
void parmat_guard_end(void);

/// Ends the process as the guard does, with a reason of the caller's (LLVM's fatal error). Only
/// while a guard stands.
void parmat_guard_fail(const char *reason) __attribute__((noreturn));

/// 1 while a guard stands, else 0.
int parmat_guard_stands(void);

#ifdef __cplusplus
}
#endif
#endif
