// Whose call is whose: the stacks of the faulting thread and of all others.

#define _GNU_SOURCE
#include "State.h"

#include <dirent.h>
#include <fcntl.h>
#include <unwind.h>

/// A signal that programs hardly use; taken only while frames are collected, and given back.
static const int captureSignal = 60;

struct unwinding {
  uintptr_t pc, sp;
  uintptr_t *frames;
  int count;
  int isFound;
};

static _Unwind_Reason_Code noteFrame(struct _Unwind_Context *context, void *argument) {
  struct unwinding *unwinding = argument;
  uintptr_t pc = _Unwind_GetIP(context);
  // Our own frames and the signal's come first.
  if (!unwinding->isFound && pc != unwinding->pc)
    return _URC_NO_REASON;
  unwinding->isFound = 1;
  if (pc == 0 || unwinding->count == frameCapacity)
    return _URC_END_OF_STACK;
  unwinding->frames[unwinding->count++] = pc;
  return _URC_NO_REASON;
}

static void unwind(void *argument) { _Unwind_Backtrace(noteFrame, argument); }

/// After a jump to a wild address there is nothing to unwind by, but the caller's address lies on
/// top of the stack.
static void readTop(void *argument) {
  struct unwinding *unwinding = argument;
  unwinding->frames[1] = *(const uintptr_t *)unwinding->sp;
  unwinding->count = 2;
}

int unwindFrom(uintptr_t pc, uintptr_t sp, uintptr_t *frames, struct recovery *recovery) {
  struct unwinding unwinding = {.pc = pc, .sp = sp, .frames = frames};
  attempt(unwind, &unwinding, recovery);
  if (unwinding.count > 0)
    return unwinding.count;
  frames[0] = pc;
  unwinding.count = 1;
  attempt(readTop, &unwinding, recovery);
  return unwinding.count;
}

struct search {
  void *function;
  int isFound;
};

static _Unwind_Reason_Code compareFrame(struct _Unwind_Context *context, void *argument) {
  struct search *search = argument;
  void *at = (void *)(_Unwind_GetIP(context) - 1);
  search->isFound |= _Unwind_FindEnclosingFunction(at) == search->function;
  return search->isFound ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static void searchCallers(void *argument) { _Unwind_Backtrace(compareFrame, argument); }

int isCalledBy(void (*function)(void *), struct recovery *recovery) {
  struct search search = {(void *)function, 0};
  attempt(searchCallers, &search, recovery);
  return search.isFound;
}

/// In each thread that is asked.
static void answer(int signal, siginfo_t *info, void *argument) {
  (void)signal;
  (void)info;
  struct state *state = witnessState;
  const ucontext_t *context = argument;
  int thread = kernelThreadID();
  int count = atomic_load(&state->captureCount), epoch = atomic_load(&state->captureEpoch);
  for (int i = 0; i < count; ++i) {
    struct capture *capture = &state->captures[i];
    if (atomic_load(&capture->thread) != thread)
      continue;
    kernelCall2(__NR_prctl, 16 /* PR_GET_NAME */, capture->name);
    struct slot *slot = slotOf((uintptr_t)__builtin_frame_address(0));
    struct recovery unarmed = {0};
    if (slot) {
      capture->shard = slot->shard;
      for (int k = 0; k < (int)sizeof capture->phase; ++k)
        capture->phase[k] = slot->phase[k];
    }
    int frames = unwindFrom((uintptr_t)context->uc_mcontext.gregs[REG_RIP],
                            (uintptr_t)context->uc_mcontext.gregs[REG_RSP], capture->frames,
                            slot ? &slot->recovery : &unarmed);
    atomic_store(&capture->count, frames);
    if (slot)
      leaveEmergencySlot(slot);
    break;
  }
  // The next collection may begin before this thread notices that the last has ended: then it is
  // asked anew as soon as it returns.
  for (int waited = 0; waited < 5000 && !atomic_load(&state->captureRelease) &&
                       atomic_load(&state->captureEpoch) == epoch;
       waited += 5)
    kernelPause(5);
}

/// Lists the process's other threads by /proc/self/task.
static int listThreads(void) {
  struct state *state = witnessState;
  char buffer[2048];
  int count = 0, self = kernelThreadID();
  long folder =
      kernelCall4(__NR_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (folder < 0)
    return 0;
  long size;
  while ((size = kernelCall3(__NR_getdents64, folder, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < size;) {
      // struct linux_dirent64: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name
      const char *entry = buffer + at;
      unsigned length = *(const unsigned short *)(entry + 16);
      const char *name = entry + 19;
      int thread = 0;
      for (; *name >= '0' && *name <= '9'; ++name)
        thread = thread * 10 + (*name - '0');
      if (thread > 0 && thread != self && count < captureCapacity) {
        struct capture *capture = &state->captures[count++];
        capture->name[0] = capture->phase[0] = 0;
        capture->shard = -1;
        atomic_store(&capture->count, -1);
        atomic_store(&capture->thread, thread);
      }
      at += length;
    }
  }
  kernelCall1(__NR_close, folder);
  return count;
}

void captureOthers(void) {
  struct state *state = witnessState;
  atomic_store(&state->captureRelease, 0);
  atomic_fetch_add(&state->captureEpoch, 1);
  int count = listThreads();
  atomic_store(&state->captureCount, count);
  struct kernelAction action = {(void *)answer,
                                SA_SIGINFO | SA_ONSTACK | SA_RESTART | kernelRestorerFlag,
                                frameRestorer, ~faultSignals};
  kernelSetAction(captureSignal, &action, &state->captureAction);
  for (int i = 0; i < count; ++i)
    kernelCall3(__NR_tgkill, state->process, atomic_load(&state->captures[i].thread),
                captureSignal);
  // Threads that are in the witness themselves, or have blocked the signal, do not answer.
  for (int waited = 0; waited < 1000; waited += 5) {
    int awaited = 0;
    for (int i = 0; i < count; ++i) {
      int thread = atomic_load(&state->captures[i].thread);
      awaited += atomic_load(&state->captures[i].count) < 0 && !isHandling(thread);
    }
    if (awaited == 0)
      break;
    kernelPause(5);
  }
}

void releaseOthers(void) {
  struct state *state = witnessState;
  atomic_store(&state->captureRelease, 1);
  // Whoever has not taken the signal yet must not meet its default action, which ends the process.
  // So the program's action comes back only where it is harmless; programs do not use this signal.
  if (state->captureAction.handler != (void *)SIG_DFL)
    kernelSetAction(captureSignal, &state->captureAction, NULL);
}
