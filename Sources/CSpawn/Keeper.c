// The keeper: what is left when a supervisor is killed by a signal that it cannot handle.

#define _GNU_SOURCE
#include "CSpawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/// Whether a process has the token in its environment.
static int hasToken(const char *process, const char *token) {
  char path[64], text[65536];
  snprintf(path, sizeof path, "/proc/%.20s/environ", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  // Longer environments have it too: the trial's own variables come first.
  ssize_t length = read(file, text, sizeof text);
  close(file);
  char wanted[128];
  int size = snprintf(wanted, sizeof wanted, "PARMAT_TOKEN=%s", token);
  return length > 0 && memmem(text, (size_t)length, wanted, (size_t)size) != NULL;
}

static int killByToken(const char *token) {
  int count = 0;
  DIR *folder = opendir("/proc");
  struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    pid_t process = atoi(entry->d_name);
    if (process > 0 && process != getpid() && hasToken(entry->d_name, token))
      count += kill(process, SIGKILL) == 0;
  }
  if (folder)
    closedir(folder);
  return count;
}

static void keep(int input, const char *token) {
  prctl(PR_SET_NAME, "parmat-keeper");
  for (int signal = 1; signal < NSIG; ++signal)
    if (signal != SIGCHLD)
      sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
  setpgid(0, 0);
  int32_t group = 0, told;
  ssize_t length;
  while ((length = read(input, &told, sizeof told)) == sizeof told ||
         (length < 0 && errno == EINTR))
    if (length == sizeof told)
      group = told;
  if (group > 0) {
    kill(-group, SIGKILL);
    // What starts while it is looked for is found in the next round.
    for (int round = 0; round < 10 && killByToken(token) > 0; ++round)
      usleep(20000);
  }
  _exit(0);
}

int parmat_keeper_start(const char *token, pid_t *keeper, int *descriptor) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC))
    return errno;
  pid_t pid = fork();
  if (pid < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return error;
  }
  if (pid == 0) {
    // Whoever waits for the end of this program's output must not wait for the keeper.
    int input = fcntl(ends[0], F_DUPFD, 10);
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; ++i)
      dup2(null, i);
    close_range(3, (unsigned)input - 1, 0);
    close_range((unsigned)input + 1, ~0u, 0);
    keep(input, token);
  }
  close(ends[0]);
  *keeper = pid;
  *descriptor = ends[1];
  return 0;
}
