// The handler: whose signal it is, and what becomes of it.

#define _GNU_SOURCE
#include "State.h"

EARLY_DATA static const char null[] = "null";

EARLY_DATA const int witnessSignals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGQUIT, 0};

EARLY int isWitnessSignal(int signal) {
  for (int i = 0; witnessSignals[i]; ++i)
    if (witnessSignals[i] == signal)
      return 1;
  return 0;
}

EARLY static int hasHandler(const struct programAction *action) {
  return action->handler != (void *)SIG_DFL && action->handler != (void *)SIG_IGN;
}

/// Has the kernel call the witness. Whether system calls go on afterwards is the program's choice.
EARLY static void installHandler(int signal, int restarts) {
  struct kernelAction action;
  action.handler = (void *)handleSignal;
  // A fault of the handler's own (a probe) comes at once; everything else waits.
  action.flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | kernelRestorerFlag;
  if (restarts)
    action.flags |= SA_RESTART;
  action.restorer = frameRestorer;
  action.mask = ~faultSignals;
  kernelSetAction(signal, &action, 0);
}

/// Installs the handler; what was there becomes the program's action. What was to be ignored stays
/// ignored, so that a program that is started from this one inherits it.
EARLY void takeSignal(int signal) {
  struct kernelAction previous;
  previous.handler = (void *)SIG_DFL;
  previous.flags = previous.mask = 0;
  kernelSetAction(signal, 0, &previous);
  struct programAction *program = &witnessState->actions[signal];
  program->handler = previous.handler;
  program->flags = previous.flags;
  program->mask = previous.mask;
  if (previous.handler != (void *)SIG_IGN)
    installHandler(signal, signal == SIGQUIT || (previous.flags & SA_RESTART));
}

EARLY void setDefaultAction(int signal) {
  struct kernelAction action;
  action.handler = (void *)SIG_DFL;
  action.flags = 0;
  action.restorer = 0;
  action.mask = 0;
  kernelSetAction(signal, &action, 0);
}

int parmat_witness_program_action(int signal, const struct programAction *action,
                                  struct programAction *previous) {
  struct state *state = witnessState;
  if (!state || !isWitnessSignal(signal))
    return 0;
  struct programAction old = state->actions[signal];
  if (action) {
    state->actions[signal] = *action;
    if (action->handler == (void *)SIG_IGN) {
      struct kernelAction ignore = {(void *)SIG_IGN, 0, 0, 0};
      kernelSetAction(signal, &ignore, 0);
    } else {
      int isDefault = action->handler == (void *)SIG_DFL;
      installHandler(signal, isDefault ? signal == SIGQUIT : (action->flags & SA_RESTART) != 0);
    }
  }
  if (previous)
    *previous = old;
  return 1;
}

/// The program ends as it would have without a witness: a fault happens again when the handler
/// returns, a signal that was sent is sent once more.
EARLY static void endByDefault(int signal, int wasSent) {
  setDefaultAction(signal);
  if (!wasSent)
    return;
  kernelSetMask(SIG_UNBLOCK, kernelSignalBit(signal), 0);
  kernelCall3(__NR_tgkill, kernelProcessID(), kernelThreadID(), signal);
  // A process that is number 1 of its container is spared what it sends to itself.
  kernelCall1(__NR_exit_group, 128 + signal);
}

/// What the drill has to touch: the same functions, without their effects.
EARLY static void rehearse(struct slot *slot, const ucontext_t *context) {
  struct faultFinding *finding = &slot->finding;
  finding->record = 0;
  finding->healed = null;
  writeFaultLine(slot, context, slot->line, 0);
  readMaps(&finding->maps, finding->sp, slot->buffer, 1);
  probe(finding->address, 1);
  probe(finding->address, 0);
  releaseMappings(0);
  isHandling(0);
  writeHealedLine(slot, finding);
}

EARLY static void handle(struct slot *slot, int signal, siginfo_t *info, ucontext_t *context) {
  struct state *state = witnessState;
  const struct programAction *program = &state->actions[signal];
  int isHardware = info->si_code > 0;
  // A wild address that is none (SI_KERNEL) comes without the address: nothing can be tried.
  int isMapping = isHardware && info->si_code != 128 && (signal == SIGSEGV || signal == SIGBUS);

  if (signal == SIGQUIT) {
    recordStacks(slot, context);
    if (hasHandler(program))
      callProgramHandler(slot, signal, info, context);
    else
      endByDefault(signal, 1);
    return;
  }
  if (hasHandler(program)) {
    int whose = isMapping ? isProgramsFault(slot, context) : 1;
    if (whose == 2)
      return; // another thread has mended it meanwhile
    if (whose == 1) {
      // Told only if the program does not recover.
      if (isHardware || signal == SIGABRT)
        keepRecord(slot, context);
      if (callProgramHandler(slot, signal, info, context))
        return;
    }
  }
  // Inside the program's handler for another: that one is the cause.
  if (tellKept(slot, slot->finding.sp)) {
    endByDefault(signal, !isHardware);
    return;
  }
  if (isMapping) {
    if (!recordFault(slot, context))
      endByDefault(signal, 0);
  } else {
    recordSignal(slot, context);
    endByDefault(signal, !isHardware);
  }
}

EARLY void handleSignal(int signal, siginfo_t *info, void *argument) {
  ucontext_t *context = argument;
  // Before all else, and for the witness's own probes too: a pager's fault is how its memory comes.
  if (signal == SIGSEGV && info->si_code > 0 && witnessState && witnessState->pager &&
      witnessState->pager((uintptr_t)info->si_addr))
    return;
  // The interrupted thread may have them blocked; the return from the handler brings that back.
  kernelSetMask(SIG_UNBLOCK, faultSignals, 0);
  struct slot *slot = slotOf((uintptr_t)__builtin_frame_address(0));
  int stepped = signal == SIGSEGV || signal == SIGBUS ? stepOver(slot, context) : 0;
  if (stepped == 1)
    return;
  if (!slot || !witnessState || witnessState->process != kernelProcessID()) {
    // A process that was forked behind glibc's back must not write to its parent's state; its own
    // handler it may call.
    if (witnessState && hasHandler(&witnessState->actions[signal])) {
      ((void (*)(int, siginfo_t *, void *))witnessState->actions[signal].handler)(signal, info,
                                                                                  context);
      return;
    }
    endByDefault(signal, info->si_code <= 0);
    return;
  }
  struct faultFinding *finding = &slot->finding;
  finding->signal = signal;
  finding->code = info->si_code;
  finding->address = info->si_code > 0 ? (uintptr_t)info->si_addr : 0;
  finding->pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
  finding->sp = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
  finding->access = signal == SIGSEGV ? accessOf(context) : 0;
  finding->retries = 0;
  finding->healed = null;
  finding->request = 0;
  finding->writableEnd = 0;
  finding->maps.isRead = finding->maps.hasAddress = 0;
  if (stepped == 2)
    rehearse(slot, context);
  else
    handle(slot, signal, info, context);
  leaveEmergencySlot(slot);
}
