// Starting a program so that it cannot outlive the one that supervises it.
//
// C, because between fork and exec, and in a child that never executes anything else, Swift must
// not run.
#ifndef PARMAT_CSPAWN_H
#define PARMAT_CSPAWN_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Starts `arguments[0]` (found by PATH) in a process group of its own, with default signal
/// actions, an empty signal mask, and standard input, output and error as given. Should the calling
/// thread end first, the program is killed (PR_SET_PDEATHSIG). Returns 0 and its number, or the
/// errno of what failed, execvpe included.
int parmat_spawn(char *const *arguments, char *const *environment, int input, int output,
                 int errors, pid_t *child);

/// Starts the keeper: a process that waits for this one to end, by whatever signal, and then kills
/// the process group it was told of last and every process whose environment has
/// PARMAT_TOKEN=`token`... . Returns 0 with its number and the descriptor to tell it groups by
/// (32-bit numbers; 0: none), or an errno. Call while there is one thread.
int parmat_keeper_start(const char *token, pid_t *keeper, int *descriptor);

/// wait4, which Swift's Glibc module shows with another type of option.
pid_t parmat_wait(pid_t child, int *status, int block, struct rusage *usage);

/// Whether a child has ended; it stays a zombie, and its number and group are still its own.
int parmat_has_ended(pid_t child);

/// Reaps whatever child has ended, but for `except`; its number, 0 if none has, -1 if there is
/// none.
pid_t parmat_reap_other(pid_t except);

/// Blocks SIGINT, SIGTERM, SIGHUP and SIGCHLD and returns a descriptor that can be polled for them
/// (signalfd), or -errno.
int parmat_signal_descriptor(void);

/// The next signal that waits there, 0 if none.
int parmat_next_signal(int descriptor);

/// Adopts the orphans of this process's descendants (PR_SET_CHILD_SUBREAPER).
void parmat_adopt_orphans(void);

#ifdef __cplusplus
}
#endif
#endif
