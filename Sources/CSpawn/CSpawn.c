// Starting a program so that it cannot outlive the one that supervises it.

#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void resetSignals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; ++signal)
    sigaction(signal, &action, NULL); // those that cannot be changed say so, and are as they should
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int parmat_spawn(char *const *arguments, char *const *environment, int input, int output,
                 int errors, pid_t *child) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  // Shared with the child until it executes: no page table is copied, and its errno is seen here.
  volatile int failure = 0;
  pid_t pid = vfork();
  if (pid == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before that.
    if (getppid() != parent)
      _exit(127);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) {
      failure = errno;
      _exit(127);
    }
    resetSignals();
    execvpe(arguments[0], arguments, environment);
    failure = errno;
    _exit(127);
  }
  int error = pid < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error)
    return error;
  if (failure) {
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return failure;
  }
  *child = pid;
  return 0;
}

pid_t parmat_wait(pid_t child, int *status, int block, struct rusage *usage) {
  pid_t ended;
  do
    ended = wait4(child, status, block ? 0 : WNOHANG, usage);
  while (ended < 0 && errno == EINTR);
  return ended;
}

int parmat_has_ended(pid_t child) {
  siginfo_t info = {0};
  return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == child;
}

pid_t parmat_reap_other(pid_t except) {
  siginfo_t info = {0};
  if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
    return -1;
  if (info.si_pid == 0 || info.si_pid == except)
    return 0;
  return waitpid(info.si_pid, NULL, WNOHANG);
}

int parmat_signal_descriptor(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGCHLD);
  if (sigprocmask(SIG_BLOCK, &signals, NULL))
    return -errno;
  int descriptor = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int parmat_next_signal(int descriptor) {
  struct signalfd_siginfo info;
  return read(descriptor, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void parmat_adopt_orphans(void) { prctl(PR_SET_CHILD_SUBREAPER, 1); }
