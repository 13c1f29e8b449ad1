// Habits of healthy programs that are hard on whoever shares their signals. Each mode ends with 0
// and prints one line.
//
// usage: habits masked-thread|masked-exec|small-stack|left-handler|raw-handler|raw-fork|restart

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf place;
static volatile int handled;

static void *nothing(void *argument) { return argument; }

static void jump(int signal) {
  (void)signal;
  ++handled;
  siglongjmp(place, 1);
}

static void note(int signal) {
  (void)signal;
  ++handled;
}

static void failAt(const char *what) {
  printf("%s fails\n", what);
  exit(1);
}

/// A frame that is large and not written to: what lay there before stays.
__attribute__((noinline)) static void leaveQuietly(void) {
  volatile char room[64 * 1024];
  __asm__ volatile("" : : "r"(room) : "memory");
  exit(0);
}

/// The kernel's own call, past the library's.
static void rawAction(int signal, void (*handler)(int)) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action = {(void *)handler, 0, NULL, 0};
  syscall(SYS_rt_sigaction, signal, &action, NULL, 8);
}

static void exitWrongly(int signal) {
  (void)signal;
  _exit(7);
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "";
  setvbuf(stdout, NULL, _IONBF, 0);
  if (!strcmp(mode, "masked-thread") || !strcmp(mode, "masked-exec")) {
    // As Node.js starts its threads.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    if (!strcmp(mode, "masked-exec"))
      execl(arguments[0], arguments[0], "none", NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
    if (fork() == 0)
      _exit(0);
    wait(NULL);
  } else if (!strcmp(mode, "small-stack")) {
    // As Rust's runtime asks for it.
    static char room[8192];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room}, wrong = stack;
    if (sigaltstack(&stack, NULL))
      failAt("sigaltstack");
    wrong.ss_flags = 77;
    if (sigaltstack(&wrong, NULL) == 0 || errno != EINVAL)
      failAt("a wrong flag");
    wrong = stack;
    wrong.ss_size = 100;
    if (sigaltstack(&wrong, NULL) == 0 || errno != ENOMEM)
      failAt("a tiny stack");
  } else if (!strcmp(mode, "left-handler")) {
    signal(SIGSEGV, jump);
    if (sigsetjmp(place, 1) == 0)
      *(volatile int *)8 = 1;
    puts("left-handler");
    leaveQuietly();
  } else if (!strcmp(mode, "raw-handler")) {
    rawAction(SIGSEGV, exitWrongly);
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
    if (fork() == 0)
      _exit(0);
    wait(NULL);
  } else if (!strcmp(mode, "raw-fork")) {
    signal(SIGSEGV, jump);
    pid_t child = (pid_t)syscall(SYS_fork);
    if (child == 0) {
      if (sigsetjmp(place, 1) == 0)
        *(volatile int *)8 = 1;
      _exit(handled == 1 ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    if (status)
      failAt("the child");
  } else if (!strcmp(mode, "restart")) {
    int ends[2];
    char byte;
    struct sigaction action = {.sa_handler = note};
    sigaction(SIGQUIT, &action, NULL);
    if (pipe(ends))
      return 2;
    if (fork() == 0) {
      usleep(200000);
      kill(getppid(), SIGQUIT);
      usleep(200000);
      _exit(write(ends[1], "x", 1) != 1);
    }
    if (read(ends[0], &byte, 1) >= 0 || errno != EINTR)
      failAt("an interrupted read");
    wait(NULL);
  } else if (strcmp(mode, "none")) {
    return 2;
  }
  puts(mode);
  return 0;
}
