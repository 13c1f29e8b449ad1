// A guard that turns the death of LLVM's bitcode reader into one sentence and an exit status.

#define _GNU_SOURCE
#include "ParserGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

static const int guardedSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
enum { signalCount = sizeof guardedSignals / sizeof *guardedSignals };

static struct {
  volatile sig_atomic_t stands;
  int status;
  int standardError; // where stderr led before, close-on-exec
  double seconds;
  char path[PATH_MAX];
  struct sigaction previous[signalCount];
  struct itimerval previousTimer;
  sigset_t previousMask;
  stack_t previousStack;
  struct rlimit previousLimit;
} guard;

// The reader recurses over what the file says, so that a crash may well be the stack's end: the
// handler has a stack of its own. 64 KiB is eight times what snprintf has been seen to take.
static char handlerStack[64 * 1024];

static void fail(const char *reason) __attribute__((noreturn));
static void fail(const char *reason) {
  // snprintf with %s and %d alone allocates nothing; the heap may be broken here.
  char sentence[PATH_MAX + 512];
  int length =
      snprintf(sentence, sizeof sentence, "Error: cannot read '%s': %s\n", guard.path, reason);
  if (length > (int)sizeof sentence - 1)
    length = sizeof sentence - 1;
  if (write(guard.standardError, sentence, (size_t)length) < 0) {
    // Nobody is left to tell; the status still says it.
  }
  _exit(guard.status);
}

static void handle(int signal) {
  if (signal == SIGALRM) {
    char reason[160];
    snprintf(reason, sizeof reason,
             "LLVM's bitcode reader came to no end within %.3g seconds; the file is damaged, or "
             "needs a longer --parse-limit",
             guard.seconds);
    fail(reason);
  }
  char reason[160];
  snprintf(reason, sizeof reason,
           "LLVM's bitcode reader died of it (SIG%s); the file is damaged, or was written by "
           "another LLVM",
           sigabbrev_np(signal));
  fail(reason);
}

/// Bytes of address space in use, 0 where /proc does not tell.
static uint64_t addressSpace(void) {
  unsigned long long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file)
    return 0;
  if (fscanf(file, "%llu", &pages) != 1)
    pages = 0;
  fclose(file);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// Lowers RLIMIT_AS to `memory` bytes more than are in use; never raises it.
static void limitMemory(uint64_t memory) {
  getrlimit(RLIMIT_AS, &guard.previousLimit);
  uint64_t used = addressSpace();
  struct rlimit limit = guard.previousLimit;
  if (used == 0 || limit.rlim_cur <= used + memory)
    return;
  limit.rlim_cur = used + memory;
  setrlimit(RLIMIT_AS, &limit);
}

int parmat_guard_begin(const char *path, double seconds, uint64_t memory, int status) {
  guard.status = status;
  guard.seconds = seconds;
  snprintf(guard.path, sizeof guard.path, "%s", path);

  guard.standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (guard.standardError < 0)
    return errno;
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null < 0 || dup2(null, STDERR_FILENO) < 0) {
    int error = errno;
    close(guard.standardError);
    if (null >= 0)
      close(null);
    return error;
  }
  close(null);

  stack_t stack = {.ss_sp = handlerStack, .ss_size = sizeof handlerStack};
  sigaltstack(&stack, &guard.previousStack);
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  // A parent may have left them blocked: then SIGALRM would never come.
  sigset_t guarded;
  sigemptyset(&guarded);
  for (int i = 0; i < signalCount; ++i) {
    sigaction(guardedSignals[i], &action, &guard.previous[i]);
    sigaddset(&guarded, guardedSignals[i]);
  }
  sigprocmask(SIG_UNBLOCK, &guarded, &guard.previousMask);

  struct itimerval timer = {
      .it_value = {.tv_sec = (time_t)seconds,
                   .tv_usec = (suseconds_t)((seconds - (time_t)seconds) * 1e6)}};
  setitimer(ITIMER_REAL, &timer, &guard.previousTimer);
  limitMemory(memory);
  guard.stands = 1;
  return 0;
}

void parmat_guard_end(void) {
  if (!guard.stands)
    return;
  guard.stands = 0;
  setitimer(ITIMER_REAL, &guard.previousTimer, NULL);
  setrlimit(RLIMIT_AS, &guard.previousLimit);
  sigprocmask(SIG_SETMASK, &guard.previousMask, NULL);
  for (int i = 0; i < signalCount; ++i)
    sigaction(guardedSignals[i], &guard.previous[i], NULL);
  sigaltstack(&guard.previousStack, NULL);
  dup2(guard.standardError, STDERR_FILENO);
  close(guard.standardError);
}

void parmat_guard_fail(const char *reason) { fail(reason); }

int parmat_guard_stands(void) { return guard.stands; }
