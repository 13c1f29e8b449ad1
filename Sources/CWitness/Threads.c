// The life of a thread with the witness, and of a process that forks.

#define _GNU_SOURCE
#include "State.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

extern const char __start_parmat_early[] __attribute__((visibility("hidden")));
extern const char __stop_parmat_early[] __attribute__((visibility("hidden")));
extern const char __start_parmat_early_data[] __attribute__((visibility("hidden")));
extern const char __stop_parmat_early_data[] __attribute__((visibility("hidden")));

static _Thread_local struct slot *mine;

struct slot *slotOfThisThread(void) { return mine; }

void touchCode(void) {
  for (const char *at = __start_parmat_early; at < __stop_parmat_early; at += pageSize)
    (void)*(const volatile char *)at;
  (void)*(const volatile char *)(__stop_parmat_early - 1);
  for (const char *at = __start_parmat_early_data; at < __stop_parmat_early_data; at += pageSize)
    (void)*(const volatile char *)at;
  (void)*(const volatile char *)(__stop_parmat_early_data - 1);
}

static void setKernelStack(uintptr_t top, size_t size, int flags, stack_t *previous) {
  stack_t stack = {.ss_sp = (void *)(top - size), .ss_size = size, .ss_flags = flags};
  kernelCall2(__NR_sigaltstack, &stack, previous);
}

/// The bounds of this thread's own stack.
static void findStack(struct slot *slot) {
  slot->stackLow = slot->stackHigh = 0;
  if (kernelThreadID() == kernelProcessID()) {
    // pthread_getattr_np reads all of /proc/self/maps with a stream of its own for this one.
    struct mapsFinding finding;
    readMaps(&finding, (uintptr_t)__builtin_frame_address(0), slot->buffer, 0);
    struct rlimit limit;
    if (!finding.hasAddress || getrlimit(RLIMIT_STACK, &limit))
      return;
    slot->stackHigh = finding.address.end;
    slot->stackLow = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > slot->stackHigh
                         ? finding.address.begin
                         : slot->stackHigh - limit.rlim_cur;
    return;
  }
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes))
    return;
  void *low;
  size_t size;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    slot->stackLow = (uintptr_t)low;
    slot->stackHigh = (uintptr_t)low + size;
  }
  pthread_attr_destroy(&attributes);
}

/// The whole way of a fault, without its effects.
static void drill(struct slot *slot) {
  // A handler that was installed past us (a raw system call) would be given a fault of ours.
  struct kernelAction action = {0};
  kernelSetAction(SIGSEGV, NULL, &action);
  if (action.handler != (void *)handleSignal)
    return;
  // Threads are started with all signals blocked: a fault then ends the process.
  uint64_t before;
  kernelSetMask(SIG_UNBLOCK, faultSignals, &before);
  slot->isDrill = 1;
  drillFault();
  slot->isDrill = 0;
  kernelSetMask(SIG_SETMASK, before, NULL);
}

void parmat_witness_begin_thread(void) {
  if (!witnessState || mine)
    return;
  int error = errno;
  struct slot *slot = takeSlot();
  if (slot) {
    findStack(slot);
    stack_t previous;
    setKernelStack(handlerStackTop(slot, 0), handlerStackSize, 0, &previous);
    slot->hasAlternateStack = !(previous.ss_flags & SS_DISABLE);
    slot->alternateStack = previous;
    mine = slot;
    drill(slot);
  }
  errno = error;
}

void parmat_witness_end_thread(void) {
  struct slot *slot = mine;
  if (!slot)
    return;
  mine = NULL;
  stack_t stack = slot->alternateStack;
  if (!slot->hasAlternateStack)
    stack = (stack_t){.ss_flags = SS_DISABLE};
  kernelCall2(__NR_sigaltstack, &stack, NULL);
  atomic_store(&slot->owner, 0);
}

void parmat_witness_mark(int shard, const char *phase) {
  struct slot *slot = mine;
  if (!slot)
    return;
  slot->shard = shard;
  strncpy(slot->phase, phase, sizeof slot->phase - 1);
}

/// The kernel's MINSIGSTKSZ; glibc's macro of the same name is another, larger number.
static const size_t leastStackSize = 2048;

int parmat_witness_program_stack(const stack_t *stack, stack_t *previous) {
  struct slot *slot = mine;
  if (!slot)
    return 0;
  stack_t old = slot->alternateStack;
  if (!slot->hasAlternateStack)
    old = (stack_t){.ss_flags = SS_DISABLE};
  uintptr_t here = (uintptr_t)__builtin_frame_address(0), begin = (uintptr_t)old.ss_sp;
  int isOnIt = slot->hasAlternateStack && here >= begin && here < begin + old.ss_size;
  if (stack) {
    if (isOnIt)
      return -EPERM;
    // As the kernel checks it: SS_ONSTACK, SS_DISABLE, SS_AUTODISARM, and its own least size.
    if (stack->ss_flags & ~(SS_ONSTACK | SS_DISABLE | (int)(1u << 31)))
      return -EINVAL;
    if (!(stack->ss_flags & SS_DISABLE) && stack->ss_size < leastStackSize)
      return -ENOMEM;
    slot->hasAlternateStack = !(stack->ss_flags & SS_DISABLE);
    slot->alternateStack = *stack;
  }
  if (previous) {
    *previous = old;
    if (isOnIt)
      previous->ss_flags |= SS_ONSTACK;
  }
  return 1;
}

// Forking.

/// In a sandbox a fork unmaps what the parent had touched.
static void touchAgain(void) {
  if (!witnessState || !mine)
    return;
  touch(&witnessPointers);
  touchSlots();
  touchMappings();
  touchCode();
  drill(mine);
}

/// The child shares the parent's state and slots: it makes its own.
static void begin_child(void) {
  struct state *old = witnessState;
  if (!old)
    return;
  struct state *state =
      mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  struct witnessPointers before = {0};
  memcpy(&before, &witnessPointers, sizeof before);
  struct slot *slot = NULL;
  if (state != MAP_FAILED) {
    memcpy(state, old, sizeof *state);
    state->process = kernelProcessID();
    atomic_store(&state->records, 0);
    atomic_store(&state->retrying, 0);
    atomic_store(&state->handling, 0);
    atomic_store(&state->capturing, 0);
    atomic_store(&state->findingObjects, 0);
    for (int i = 0; i < state->objectCount; ++i)
      state->objects[i].isTold = 0;
    atomic_store(&witnessPointers.regionCount, 0);
    if (addRegion() == 0)
      slot = takeSlot();
  }
  if (!slot) {
    // Without memory for that, the child goes without a witness: the parent's is not touched.
    for (int i = 0; witnessSignals[i]; ++i)
      setDefaultAction(witnessSignals[i]);
    setKernelStack(0, 0, SS_DISABLE, NULL);
    witnessState = NULL;
    mine = NULL;
    return;
  }
  struct slot *former = mine;
  if (former) {
    slot->hasAlternateStack = former->hasAlternateStack;
    slot->alternateStack = former->alternateStack;
    slot->stackLow = former->stackLow;
    slot->stackHigh = former->stackHigh;
    slot->shard = former->shard;
    memcpy(slot->phase, former->phase, sizeof slot->phase);
  }
  witnessState = state;
  mine = slot;
  setKernelStack(handlerStackTop(slot, 0), handlerStackSize, 0, NULL);
  for (int i = 0; i < before.regionCount; ++i)
    munmap((void *)before.regions[i], (size_t)slotsPerRegion * slotSize);
  munmap(old, sizeof *old);
  touchAgain();
}

// Starting.

int parmat_witness_stands(void) { return witnessState != NULL; }

static void copyToken(struct state *state, const char *token) {
  size_t length = token ? strlen(token) : 0;
  if (length > sizeof state->token - 1)
    length = sizeof state->token - 1;
  memcpy(state->token, token ? token : "", length);
}

/// A high number, out of the way of programs that count on the lowest.
static void keepOutput(struct state *state) {
  static const int numbers[] = {700, 200, 10};
  state->output = -1;
  for (int i = 0; i < 3 && state->output < 0; ++i)
    state->output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, numbers[i]);
  struct stat status;
  if (state->output >= 0 && fstat(state->output, &status) == 0) {
    state->outputDevice = status.st_dev;
    state->outputNode = status.st_ino;
  }
}

static void findMalloc(struct state *state) {
  void *address = dlsym(RTLD_DEFAULT, "malloc");
  Dl_info info;
  if (address && dladdr(address, &info) && info.dli_fname)
    strncpy(state->malloc, info.dli_fname, sizeof state->malloc - 1);
}

/// An allocator of the lab may live by faults: it has handled SIGSEGV so far, and is asked from now
/// on.
static void meetLab(struct state *state) {
  void *(*handOver)(void *, void *) =
      (void *(*)(void *, void *))dlsym(RTLD_DEFAULT, "parmat_lab_hand_over");
  int (*pager)(uintptr_t) = (int (*)(uintptr_t))dlsym(RTLD_DEFAULT, "parmat_lab_pager");
  if (!handOver || !pager)
    return;
  struct programAction *program = &state->actions[SIGSEGV];
  program->handler = handOver((void *)handleSignal, program->handler);
  state->pager = pager;
}

int parmat_witness_start(const struct parmat_witness_options *options, int *made) {
  *made = 0;
  if (options->on_fault == PARMAT_ON_FAULT_NONE || witnessState)
    return 0;
  struct state *state =
      mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (state == MAP_FAILED)
    return errno;
  int error = addRegion();
  state->process = kernelProcessID();
  state->onFault = options->on_fault;
  state->reserve = options->reserve;
  state->ballast = options->ballast;
  copyToken(state, options->token);
  findMalloc(state);
  keepOutput(state);
  int reserved = 0, ballasted = 0;
  if (!error)
    error = makeMappings(options->reserve, &state->reserveBegin, &state->reserveBytes, &reserved);
  if (!error)
    error = makeMappings(options->ballast, &state->ballastBegin, &state->ballastBytes, &ballasted);
  *made = reserved + ballasted;
  if (error) {
    if (state->reserveBytes)
      munmap((void *)state->reserveBegin, state->reserveBytes);
    munmap(state, sizeof *state);
    return error;
  }
  witnessState = state;
  touchCode();
  touchSlots();
  for (int i = 0; witnessSignals[i]; ++i)
    takeSignal(witnessSignals[i]);
  meetLab(state);
  parmat_witness_begin_thread();
  if (mine)
    findObjects(mine);
  static int isRegistered;
  if (!isRegistered)
    pthread_atfork(NULL, touchAgain, begin_child);
  isRegistered = 1;
  return 0;
}

void parmat_witness_tell_objects(void) {
  if (witnessState && mine)
    writeMapsLines(mine);
}
