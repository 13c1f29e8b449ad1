// One exhaustion, or one other crash: what is tried, and the record of it, in the order that
// root-cause analysis needs. Until the reserve is released, nothing but the handler's own pages is
// touched.

#define _GNU_SOURCE
#include "Line.h"

EARLY_DATA static const char wordNull[] = "null";
EARLY_DATA static const char wordNo[] = "\"no\"";
EARLY_DATA static const char wordRetry[] = "\"retry\"";
EARLY_DATA static const char wordRelief[] = "\"relief\"";

enum {
  retryCount = 8,
  retryPause = 12, // ms; a mapping that is merely late has 96 ms to come
  /// A store that was found to go through and faults again is no cure.
  healLimit = 5,
  patience = 1000, // ms to wait for other threads' retries
  /// After a fault the host side counts the mappings once more (65,000 lines take it 33 ms).
  holdTime = 300,
};

/// Tries the access that faulted again. Where the processor said what it was, that is tried; gVisor
/// does not pass that on: there it was a store if the page can be written, or if a page that can be
/// read was refused (code 2); else a load.
EARLY static int tryAgain(const struct faultFinding *finding) {
  const char *allowed = finding->maps.hasAddress ? finding->maps.address.permissions : 0;
  if (finding->access == 'x' || finding->address == finding->pc)
    return allowed && allowed[2] == 'x' && probe(finding->address, 0);
  if (finding->access)
    return probe(finding->address, finding->access == 'w');
  int isStore =
      !allowed || allowed[1] == 'w' || (allowed[0] == 'r' && finding->code == SEGV_ACCERR);
  return probe(finding->address, isStore);
}

EARLY static void retry(struct faultFinding *finding) {
  struct state *state = witnessState;
  if (state->onFault == PARMAT_ON_FAULT_RECORD)
    return;
  finding->healed = wordNo;
  while (finding->retries < retryCount) {
    kernelPause(retryPause);
    ++finding->retries;
    if (tryAgain(finding)) {
      finding->healed = wordRetry;
      return;
    }
  }
}

/// Once for the process, when all retries have ended.
EARLY static void release(void) {
  struct state *state = witnessState;
  for (int waited = 0; waited < patience && atomic_load(&state->retrying) > 0; waited += 5) {
    if (atomic_load(&state->release) != 0)
      break;
    kernelPause(5);
  }
  int untouched = 0;
  if (atomic_compare_exchange_strong(&state->release, &untouched, 1)) {
    releaseMappings(state->reserve > 0);
    atomic_store(&state->holdUntil, state->token[0] ? kernelMilliseconds() + holdTime : 0);
    atomic_store(&state->release, 2);
  }
  for (int waited = 0; waited < patience && atomic_load(&state->release) != 2; waited += 5)
    kernelPause(5);
}

/// malloc writes the new top chunk's size when it has cut the request from the old one, whose own
/// size field stands already: a register that points to the chunk gives the size. (malloc.c:
/// sysmalloc and _int_malloc, `set_head (remainder, ...)`; malloc_chunk's size has three flag
/// bits.)
struct requestReading {
  const ucontext_t *context;
  uintptr_t address;
  long request;
};

static void readRequest(void *argument) {
  struct requestReading *reading = argument;
  uintptr_t remainder = reading->address - 8;
  for (int i = 0; i < NGREG; ++i) {
    uintptr_t chunk = (uintptr_t)reading->context->uc_mcontext.gregs[i];
    if (chunk % 16 || chunk >= remainder || remainder - chunk > 1ul << 26)
      continue;
    uintptr_t size = *(const uintptr_t *)(chunk + 8) & ~(uintptr_t)7;
    if (chunk + size == remainder && size >= 32)
      reading->request = (long)size - 8;
  }
}

/// Where the compiler stores the remainder's size first, the old chunk and the size of the new one
/// may be in two registers.
static void guessRequest(struct requestReading *reading) {
  const greg_t *registers = reading->context->uc_mcontext.gregs;
  uintptr_t remainder = reading->address - 8;
  for (int i = 0; i < REG_RIP; ++i)
    for (int k = 0; k < REG_RIP; ++k) {
      uintptr_t size = (uintptr_t)registers[k];
      if (size >= 32 && size < 1ul << 26 && size % 16 == 0 &&
          (uintptr_t)registers[i] + size == remainder)
        reading->request = (long)size - 8;
    }
}

void completeRecord(struct slot *slot, struct faultFinding *finding) {
  struct state *state = witnessState;
  int isFree = 0;
  int isFirst = atomic_compare_exchange_strong(&state->capturing, &isFree, 1);
  if (isFirst) {
    captureOthers();
    findObjects(slot);
    writeMapsLines(slot);
  }
  if (!finding->maps.isRead)
    readMaps(&finding->maps, finding->address, slot->buffer, 0);
  finding->writableEnd = heapWritableEnd(&finding->maps, finding->address, &slot->recovery);
  char name[16] = {0};
  kernelCall2(__NR_prctl, 16 /* PR_GET_NAME */, name);
  int count = unwindFrom(finding->pc, finding->sp, slot->frames, &slot->recovery);
  writeFramesLine(slot, finding->record, kernelThreadID(), name, slot->phase, slot->shard,
                  slot->frames, count);
  if (isFirst)
    writeCaptures(slot, finding->record, kernelThreadID());
  while (kernelMilliseconds() < atomic_load(&state->holdUntil))
    kernelPause(5);
  writeHealedLine(slot, finding);
  if (!isFirst)
    return;
  // Others at work on records of their own end them while nobody takes their pages.
  for (int waited = 0; waited < 2 * patience && atomic_load(&state->handling) > 1; waited += 5)
    kernelPause(5);
  releaseOthers();
  atomic_store(&state->capturing, 0);
}

EARLY int recordFault(struct slot *slot, ucontext_t *context) {
  struct state *state = witnessState;
  struct faultFinding *finding = &slot->finding;
  atomic_store(&slot->isHandling, 1);
  atomic_fetch_add(&state->handling, 1);
  atomic_fetch_add(&state->retrying, 1);

  finding->record = writeFaultLine(slot, context, slot->line, 1);
  readMaps(&finding->maps, finding->address, slot->buffer, 0);
  int isSame = slot->healedPC == finding->pc && slot->healedAddress == finding->address;
  int isLoop = isSame && slot->healedCount >= healLimit;
  if (isLoop)
    finding->healed = wordNo;
  else
    retry(finding);
  atomic_fetch_sub(&state->retrying, 1);

  int isRetried = finding->healed == wordRetry;
  if (!isRetried && !isLoop) {
    release();
    if (state->onFault == PARMAT_ON_FAULT_RELIEVE && tryAgain(finding))
      finding->healed = wordRelief;
  }
  if (state->reserve > 0 || isRetried) {
    struct requestReading reading;
    reading.context = context;
    reading.address = finding->address;
    reading.request = 0;
    attempt(readRequest, &reading, &slot->recovery);
    if (reading.request == 0)
      guessRequest(&reading);
    finding->request = reading.request;
    completeRecord(slot, finding);
  } else {
    writeHealedLine(slot, finding); // the sham treatment: nothing that needs new pages
  }

  int isHealed = isRetried || finding->healed == wordRelief;
  if (isHealed) {
    slot->healedCount = isSame ? slot->healedCount + 1 : 1;
    slot->healedPC = finding->pc;
    slot->healedAddress = finding->address;
  }
  atomic_fetch_sub(&state->handling, 1);
  // The end of the process must not cut off another thread's record.
  for (int waited = 0; !isHealed && waited < 3 * patience && atomic_load(&state->handling) > 0;
       waited += 5)
    kernelPause(5);
  atomic_store(&slot->isHandling, 0);
  return isHealed;
}

EARLY void recordSignal(struct slot *slot, ucontext_t *context) {
  struct state *state = witnessState;
  atomic_store(&slot->isHandling, 1);
  atomic_fetch_add(&state->handling, 1);
  slot->finding.record = writeFaultLine(slot, context, slot->line, 1);
  slot->finding.healed = wordNull;
  if (state->reserve > 0) {
    // An abort may be the consequence of an exhaustion; the process ends anyway.
    release();
    completeRecord(slot, &slot->finding);
  } else {
    writeHealedLine(slot, &slot->finding);
  }
  atomic_fetch_sub(&state->handling, 1);
  atomic_store(&slot->isHandling, 0);
}

void recordStacks(struct slot *slot, const ucontext_t *context) {
  struct state *state = witnessState;
  int isFree = 0;
  if (!atomic_compare_exchange_strong(&state->capturing, &isFree, 1))
    return;
  captureOthers();
  findObjects(slot);
  writeMapsLines(slot);
  char name[16] = {0};
  kernelCall2(__NR_prctl, 16 /* PR_GET_NAME */, name);
  int count =
      unwindFrom((uintptr_t)context->uc_mcontext.gregs[REG_RIP],
                 (uintptr_t)context->uc_mcontext.gregs[REG_RSP], slot->frames, &slot->recovery);
  writeFramesLine(slot, 0, kernelThreadID(), name, slot->phase, slot->shard, slot->frames, count);
  writeCaptures(slot, 0, kernelThreadID());
  releaseOthers();
  atomic_store(&state->capturing, 0);
}
