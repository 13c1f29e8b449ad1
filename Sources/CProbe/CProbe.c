// What the place that this process runs in does with memory mappings and faults.

#define _GNU_SOURCE
#include "CProbe.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { page = 4096 };

/// What the child tells: shared memory survives it.
struct report {
  _Atomic uint64_t growths;
  _Atomic int error;
};

/// The child: never returns. The default action of the fault ends it.
static void grow(uint64_t cap, struct report *report) {
  // A handler of the program's own must not see this fault.
  signal(SIGSEGV, SIG_DFL);
  signal(SIGBUS, SIG_DFL);
  size_t size = (cap / 2 + 1) * page;
  char *regions[2];
  for (int i = 0; i < 2; ++i) {
    regions[i] = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (regions[i] == MAP_FAILED) {
      report->error = errno;
      _exit(0);
    }
  }
  for (uint64_t i = 0; i < cap; ++i) {
    char *next = regions[i & 1] + (i / 2) * page;
    // As glibc's grow_heap: one page made writable, then the first store to it.
    if (mprotect(next, page, PROT_READ | PROT_WRITE)) {
      report->error = errno;
      _exit(0);
    }
    *(volatile char *)next = 1;
    ++report->growths;
  }
  _exit(0);
}

int parmat_probe_map_limit(uint64_t cap, struct parmat_map_limit *limit) {
  struct report *report =
      mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (report == MAP_FAILED)
    return errno;
  memset(limit, 0, sizeof *limit);
  pid_t child = fork();
  if (child < 0) {
    int error = errno;
    munmap(report, sizeof *report);
    return error;
  }
  if (child == 0)
    grow(cap, report);
  int status = 0, error = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      error = errno;
      break;
    }
  }
  limit->growths = report->growths;
  limit->error = report->error;
  limit->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  munmap(report, sizeof *report);
  return error;
}

static sigjmp_buf afterFault;
static volatile sig_atomic_t faultCode;

static void noteFault(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)context;
  faultCode = info->si_code;
  siglongjmp(afterFault, 1);
}

int parmat_probe_si_code(void) {
  char *none = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (none == MAP_FAILED)
    return -errno;
  struct sigaction action = {.sa_sigaction = noteFault, .sa_flags = SA_SIGINFO}, previous;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, &previous);
  if (sigsetjmp(afterFault, 1) == 0)
    *(volatile char *)none = 1;
  sigaction(SIGSEGV, &previous, NULL);
  munmap(none, page);
  return faultCode;
}

int parmat_probe_is_gvisor(void) {
  static char log[64 * 1024];
  int length = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof log - 1);
  if (length > 0) {
    log[length] = 0;
    if (strstr(log, "Starting gVisor"))
      return 1;
  }
  // What gVisor's uname says in all releases (pkg/sentry/syscalls/linux/linux64.go).
  struct utsname name;
  return uname(&name) == 0 && strstr(name.version, "Sun Jan 10 15:06:54 PST 2016") != NULL;
}

uint64_t parmat_probe_max_map_count(void) {
  unsigned long long count = 0;
  FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
  if (!file)
    return 0;
  if (fscanf(file, "%llu", &count) != 1)
    count = 0;
  fclose(file);
  return count;
}
