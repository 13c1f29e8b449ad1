// System calls without glibc.
//
// At the limit of host mappings every first touch of a page faults, code pages of other libraries
// included; glibc's own wrappers are cancellation points whose helpers may lie on such a page. So
// the handler calls the kernel by itself.
#ifndef PARMAT_KERNEL_H
#define PARMAT_KERNEL_H

#if !defined(__x86_64__) || !defined(__linux__)
#error "the witness reads registers and makes system calls of Linux on x86-64 only"
#endif

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/// One system call; the result is negative errno where it failed.
static inline long kernelCall(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

#define kernelCall0(n) kernelCall(n, 0, 0, 0, 0, 0, 0)
#define kernelCall1(n, a) kernelCall(n, (long)(a), 0, 0, 0, 0, 0)
#define kernelCall2(n, a, b) kernelCall(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define kernelCall3(n, a, b, c) kernelCall(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define kernelCall4(n, a, b, c, d) kernelCall(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

static inline int kernelThreadID(void) { return (int)kernelCall0(__NR_gettid); }
static inline int kernelProcessID(void) { return (int)kernelCall0(__NR_getpid); }

/// Sleeps; a signal may cut it short.
static inline void kernelPause(long milliseconds) {
  struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  kernelCall2(__NR_nanosleep, &time, 0);
}

/// Monotonic milliseconds, by the system call: the vDSO is another library.
static inline int64_t kernelMilliseconds(void) {
  struct timespec time;
  kernelCall2(__NR_clock_gettime, CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// The kernel's own struct sigaction, and its call. `mask` has bit n - 1 for signal n.
struct kernelAction {
  void *handler;
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

#define kernelRestorerFlag 0x04000000ul

static inline uint64_t kernelSignalBit(int signal) { return 1ull << (signal - 1); }

/// What a probe, or anything else that is tried, may bring.
#define faultSignals (kernelSignalBit(SIGSEGV) | kernelSignalBit(SIGBUS))

static inline long kernelSetAction(int signal, const struct kernelAction *action,
                                   struct kernelAction *previous) {
  return kernelCall4(__NR_rt_sigaction, signal, action, previous, 8);
}

/// `how` is SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK.
static inline void kernelSetMask(int how, uint64_t mask, uint64_t *previous) {
  kernelCall4(__NR_rt_sigprocmask, how, &mask, previous, 8);
}

#endif
