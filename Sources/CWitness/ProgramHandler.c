// Faults that are the program's own business: it has a handler, and lives by them.

#define _GNU_SOURCE
#include "Line.h"

EARLY_DATA static const char null[] = "null";

enum { errorWrite = 2, errorFetch = 16 };

EARLY char accessOf(const ucontext_t *context) {
  unsigned long error = (unsigned long)context->uc_mcontext.gregs[REG_ERR];
  if (!error)
    return 0;
  return error & errorWrite ? 'w' : error & errorFetch ? 'x' : 'r';
}

enum {
  /// Looks at a page that another thread may be protecting and unprotecting. A fault is ours only
  /// if
  /// at each of them the maps allowed what failed before and after.
  lookCount = 8,
  lookPause = 1, // ms
};

enum whose { ours, programs, nobodys };

/// One look. `needed` is the permission that the access wants; 0 where nobody says.
EARLY static enum whose lookAt(struct slot *slot, char needed) {
  struct faultFinding *finding = &slot->finding;
  int isKnown = needed != 0;
  if (isKnown && needed != 'x' && probe(finding->address, needed == 'w'))
    return nobodys; // another thread has mended it meanwhile
  readMaps(&finding->maps, finding->address, slot->buffer, 0);
  if (!finding->maps.hasAddress)
    return programs;
  const char *allowed = finding->maps.address.permissions;
  int isNone = allowed[0] == '-' && allowed[1] == '-' && allowed[2] == '-';
  if (!isKnown) {
    if (isNone || finding->code == SEGV_ACCERR)
      return allowed[1] == 'w' && probe(finding->address, 1) ? nobodys : programs;
    needed = allowed[1] == 'w' ? 'w' : 'r';
  }
  if (allowed[0] != needed && allowed[1] != needed && allowed[2] != needed)
    return programs;
  return needed != 'x' && probe(finding->address, needed == 'w') ? nobodys : ours;
}

EARLY int isProgramsFault(struct slot *slot, const ucontext_t *context) {
  struct faultFinding *finding = &slot->finding;
  if (finding->signal != SIGSEGV)
    return 1; // SIGBUS: a file that became shorter, a bad memory; no mapping limit
  if (finding->code != SEGV_MAPERR && finding->code != SEGV_ACCERR)
    return 1; // a wild address (SI_KERNEL), a protection key
  char needed = accessOf(context);
  for (int look = 0; look < lookCount; ++look) {
    enum whose whose = lookAt(slot, needed);
    if (whose == nobodys)
      return 2;
    if (whose == programs)
      return 1;
    kernelPause(lookPause);
  }
  return 0;
}

// Which of the handler stacks a call is made from, and whether the call still runs.

EARLY static int stackIndexOf(const struct slot *slot, uintptr_t sp) {
  for (int i = 0; i < handlerStackCount; ++i)
    if (sp <= handlerStackTop(slot, i) && sp > handlerStackTop(slot, i + 1))
      return i;
  return -1;
}

EARLY static int isOnAlternateStack(const struct slot *slot, uintptr_t sp) {
  uintptr_t begin = (uintptr_t)slot->alternateStack.ss_sp;
  return slot->hasAlternateStack && sp >= begin && sp < begin + slot->alternateStack.ss_size;
}

/// A program may leave its handler by a long jump. Then the stack above `sp` is another's, and the
/// mark in the frame is overwritten sooner or later.
EARLY static int isRunning(const struct slot *slot, int index, uintptr_t sp) {
  const struct handlerCall *call = &slot->calls[index];
  if (call->frame == 0 || sp >= call->frame)
    return 0;
  if (isOnAlternateStack(slot, sp) != isOnAlternateStack(slot, call->frame))
    return 0;
  if (!probe(call->frame, 0))
    return 0;
  for (int i = 0; i < 8; ++i)
    if (((const volatile uint64_t *)call->frame)[i] != call->mark)
      return 0;
  return 1;
}

EARLY static int isInsideHandler(const struct slot *slot, uintptr_t sp) {
  for (int i = 0; i < handlerStackCount; ++i)
    if (isRunning(slot, i, sp))
      return 1;
  return 0;
}

EARLY void keepRecord(struct slot *slot, const ucontext_t *context) {
  if (slot->keptLength && isInsideHandler(slot, slot->finding.sp))
    return; // the first is the cause
  slot->finding.record = writeFaultLine(slot, context, slot->kept, 0);
  volatile char *to = (volatile char *)&slot->keptFinding;
  const char *from = (const char *)&slot->finding;
  for (int i = 0; i < (int)sizeof slot->keptFinding; ++i)
    to[i] = from[i];
}

/// A call of the program's handler, on the program's stack.
struct programCall {
  struct slot *slot;
  void (*handler)(int, siginfo_t *, void *);
  int signal;
  siginfo_t *info;
  ucontext_t *context;
  uint64_t mask;
  uintptr_t handlerStack; // for the next fault; 0 where the kernel has none of ours
  uintptr_t ownStack;
};

EARLY static void setHandlerStack(uintptr_t top) {
  stack_t stack;
  stack.ss_sp = (void *)(top - handlerStackSize);
  stack.ss_flags = 0;
  stack.ss_size = handlerStackSize;
  kernelCall2(__NR_sigaltstack, &stack, 0);
}

EARLY static void callHandler(void *argument) {
  struct programCall *call = argument;
  uint64_t ours;
  if (call->handlerStack)
    setHandlerStack(call->handlerStack);
  kernelSetMask(SIG_SETMASK, call->mask, &ours);
  call->handler(call->signal, call->info, call->context);
  kernelSetMask(SIG_SETMASK, ours, 0);
  if (call->handlerStack)
    setHandlerStack(call->ownStack);
}

EARLY int callProgramHandler(struct slot *slot, int signal, siginfo_t *info, ucontext_t *context) {
  struct state *state = witnessState;
  struct programAction *program = &state->actions[signal];
  struct programCall call;
  call.slot = slot;
  call.handler = (void (*)(int, siginfo_t *, void *))program->handler;
  call.signal = signal;
  call.info = info;
  call.context = context;
  uint64_t interrupted = *(const uint64_t *)&context->uc_sigmask;
  call.mask = interrupted | program->mask;
  if (!(program->flags & SA_NODEFER))
    call.mask |= kernelSignalBit(signal);
  if (program->flags & SA_RESETHAND)
    program->handler = (void *)SIG_DFL;
  call.handlerStack = call.ownStack = 0;

  if (slot == witnessPointers.emergency) {
    // The thread was not announced: this is its own stack already.
    leaveEmergencySlot(slot);
    callHandler(&call);
    return 1;
  }
  uintptr_t sp = slot->finding.sp;
  int index = stackIndexOf(slot, (uintptr_t)__builtin_frame_address(0));
  int next = -1;
  for (int i = 0; i < handlerStackCount; ++i)
    if (i != index && !isRunning(slot, i, sp))
      next = i;
  if (index < 0 || next < 0)
    return 0;
  call.handlerStack = handlerStackTop(slot, next);
  call.ownStack = handlerStackTop(slot, index);

  // Below the red zone of the interrupted function, or where the program wants it.
  uintptr_t stack = sp - 128;
  if ((program->flags & SA_ONSTACK) && slot->hasAlternateStack && !isOnAlternateStack(slot, sp))
    stack = (uintptr_t)slot->alternateStack.ss_sp + slot->alternateStack.ss_size;
  stack = (stack & ~(uintptr_t)63) - 64;
  if (!probe(stack, 1) || !probe(stack - pageSize / 2, 1))
    return 0; // no room: the kernel would end the program as well
  uint64_t mark = (atomic_fetch_add(&state->handlerCalls, 1) + 1) * 0x9e3779b97f4a7c15ull;
  for (int i = 0; i < 8; ++i)
    ((volatile uint64_t *)stack)[i] = mark;
  slot->calls[index].frame = stack;
  slot->calls[index].mark = mark;
  callOnStack(stack, callHandler, &call);
  slot->calls[index].frame = 0;
  slot->keptLength = 0; // the program has recovered
  return 1;
}

EARLY int tellKept(struct slot *slot, uintptr_t sp) {
  if (!slot->keptLength)
    return 0;
  int isInside = isInsideHandler(slot, sp);
  int length = slot->keptLength;
  slot->keptLength = 0;
  // A stack that was left by a long jump may still look as it did: what counts is who has called.
  if (!isInside || !isCalledBy(callHandler, &slot->recovery))
    return 0;
  writeLine(slot->kept, length);
  slot->keptFinding.healed = null;
  completeRecord(slot, &slot->keptFinding);
  return 1;
}

void parmat_witness_will_exit(void) {
  struct slot *slot = slotOfThisThread();
  if (slot)
    tellKept(slot, (uintptr_t)__builtin_frame_address(0));
}
