// The kinds of records, and what stands in each.

#define _GNU_SOURCE
#include "Line.h"

#include <sys/resource.h>

EARLY_DATA static const char kindFault[] = "fault";
EARLY_DATA static const char kindHealed[] = "healed";
EARLY_DATA static const char null[] = "null";

EARLY_DATA static const struct {
  char name[8];
  int number;
} registerNames[] = {
    {"rip", REG_RIP}, {"rsp", REG_RSP}, {"rbp", REG_RBP}, {"rax", REG_RAX}, {"rbx", REG_RBX},
    {"rcx", REG_RCX}, {"rdx", REG_RDX}, {"rsi", REG_RSI}, {"rdi", REG_RDI}, {"r8", REG_R8},
    {"r9", REG_R9},   {"r10", REG_R10}, {"r11", REG_R11}, {"r12", REG_R12}, {"r13", REG_R13},
    {"r14", REG_R14}, {"r15", REG_R15}, {"efl", REG_EFL}, {"err", REG_ERR}, {"trapno", REG_TRAPNO},
};

EARLY static void putThread(struct line *line, int thread, const char *name, const char *phase,
                            int shard) {
  put(line, ",\"tid\":");
  putNumber(line, thread);
  put(line, ",\"name\":");
  putString(line, name, 16);
  put(line, ",\"shard\":");
  if (shard >= 0)
    putNumber(line, shard);
  else
    putText(line, null);
  put(line, ",\"phase\":");
  if (phase[0])
    putString(line, phase, 16);
  else
    putText(line, null);
}

EARLY static void putBuildID(struct line *line, const struct object *object) {
  char text[41];
  int length = 0;
  for (int i = 0; i < object->buildIDLength; ++i) {
    for (int shift = 4; shift >= 0; shift -= 4) {
      unsigned digit = object->buildID[i] >> shift & 15;
      text[length++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
  }
  text[length] = 0;
  putString(line, text, sizeof text);
}

EARLY static void putInstruction(struct line *line, uintptr_t pc) {
  struct state *state = witnessState;
  put(line, ",\"pc\":");
  putHex(line, pc);
  for (int i = 0; i < state->objectCount; ++i) {
    const struct object *object = &state->objects[i];
    if (pc < object->begin || pc >= object->end)
      continue;
    put(line, ",\"object\":");
    putString(line, object->path, sizeof object->path);
    put(line, ",\"buildID\":");
    putBuildID(line, object);
    put(line, ",\"offset\":");
    putNumber(line, (int64_t)(pc - object->bias));
    return;
  }
}

EARLY int writeFaultLine(struct slot *slot, const ucontext_t *context, char *buffer, int really) {
  const struct faultFinding *finding = &slot->finding;
  char name[16];
  name[0] = 0;
  kernelCall2(__NR_prctl, 16 /* PR_GET_NAME */, name);
  struct line line;
  int number = beginRecord(&line, buffer, kindFault, slot->isDrill);
  putThread(&line, kernelThreadID(), name, slot->phase, slot->shard);
  put(&line, ",\"signal\":");
  putNumber(&line, finding->signal);
  put(&line, ",\"code\":");
  putNumber(&line, finding->code);
  put(&line, ",\"address\":");
  putHex(&line, finding->address);
  putInstruction(&line, finding->pc);
  put(&line, ",\"stackLow\":");
  putHex(&line, slot->stackLow);
  put(&line, ",\"stackHigh\":");
  putHex(&line, slot->stackHigh);
  put(&line, ",\"reserve\":");
  putNumber(&line, witnessState->reserve);
  put(&line, ",\"ballast\":");
  putNumber(&line, witnessState->ballast);
  put(&line, ",\"registers\":{");
  for (int i = 0; i < (int)(sizeof registerNames / sizeof *registerNames); ++i) {
    if (i > 0)
      put(&line, ",");
    putString(&line, registerNames[i].name, sizeof registerNames[i].name);
    put(&line, ":");
    putHex(&line, (uint64_t)context->uc_mcontext.gregs[registerNames[i].number]);
  }
  put(&line, "}");
  endRecord(&line, really);
  if (buffer == slot->kept)
    slot->keptLength = line.length;
  return number;
}

EARLY void writeHealedLine(struct slot *slot, const struct faultFinding *finding) {
  struct line line;
  beginRecord(&line, slot->line, kindHealed, slot->isDrill);
  put(&line, ",\"tid\":");
  putNumber(&line, kernelThreadID());
  put(&line, ",\"of\":");
  putNumber(&line, finding->record);
  put(&line, ",\"retries\":");
  putNumber(&line, finding->retries);
  put(&line, ",\"healed\":");
  putText(&line, finding->healed);
  put(&line, ",\"request\":");
  if (finding->request > 0)
    putNumber(&line, finding->request);
  else
    putText(&line, null);
  const struct mapsFinding *maps = &finding->maps;
  put(&line, ",\"mapping\":");
  if (maps->hasAddress)
    putString(&line, maps->address.text, sizeof maps->address.text);
  else
    putText(&line, null);
  put(&line, ",\"arenaBytes\":");
  if (maps->isRead)
    putNumber(&line, (int64_t)maps->arenaBytes);
  else
    putText(&line, null);
  put(&line, ",\"guestMappings\":");
  if (maps->isRead)
    putNumber(&line, maps->count);
  else
    putText(&line, null);
  put(&line, ",\"writableEnd\":");
  if (finding->writableEnd)
    putHex(&line, finding->writableEnd);
  else
    putText(&line, null);
  endRecord(&line, !slot->isDrill);
}

void writeFramesLine(struct slot *slot, int record, int thread, const char *name, const char *phase,
                     int shard, const uintptr_t *frames, int count) {
  struct line line;
  beginRecord(&line, slot->line, "frames", 0);
  putThread(&line, thread, name, phase, shard);
  put(&line, ",\"of\":");
  putNumber(&line, record);
  put(&line, ",\"pcs\":[");
  for (int i = 0; i < count && roomIn(&line) > 64; ++i) {
    if (i > 0)
      put(&line, ",");
    putHex(&line, frames[i]);
  }
  put(&line, "]");
  endRecord(&line, 1);
}

void writeCaptures(struct slot *slot, int record, int except) {
  struct state *state = witnessState;
  int count = atomic_load(&state->captureCount);
  for (int i = 0; i < count; ++i) {
    struct capture *capture = &state->captures[i];
    int thread = atomic_load(&capture->thread), frames = atomic_load(&capture->count);
    if (thread == except || isHandling(thread))
      continue; // tells of itself
    writeFramesLine(slot, record, thread, capture->name, capture->phase, capture->shard,
                    capture->frames, frames > 0 ? frames : 0);
  }
}

/// The program's path is that of its first object in most cases, but not under a loader.
static void putProgram(struct line *line) {
  char path[256];
  long length =
      kernelCall4(__NR_readlinkat, -100 /* AT_FDCWD */, "/proc/self/exe", path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  put(line, ",\"program\":");
  putString(line, path, sizeof path);
  put(line, ",\"malloc\":");
  putString(line, witnessState->malloc, sizeof witnessState->malloc);
  struct rlimit64 limit;
  put(line, ",\"addressSpaceLimit\":");
  if (kernelCall4(__NR_prlimit64, 0, RLIMIT_AS, 0, &limit) == 0 &&
      limit.rlim_cur != RLIM64_INFINITY)
    putNumber(line, (int64_t)limit.rlim_cur);
  else
    putText(line, null);
}

void writeMapsLines(struct slot *slot) {
  struct state *state = witnessState;
  int next = 0;
  for (;;) {
    while (next < state->objectCount && state->objects[next].isTold)
      ++next;
    if (next == state->objectCount)
      return;
    struct line line;
    beginRecord(&line, slot->line, "maps", 0);
    putProgram(&line);
    put(&line, ",\"objects\":[");
    int isFirst = 1;
    for (; next < state->objectCount; ++next) {
      struct object *object = &state->objects[next];
      if (object->isTold)
        continue;
      // An object's entry at its longest: every byte of its path escaped.
      if (!isFirst && roomIn(&line) < 2 * (int)sizeof object->path + 160)
        break;
      if (!isFirst)
        put(&line, ",");
      isFirst = 0;
      put(&line, "{\"begin\":");
      putHex(&line, object->begin);
      put(&line, ",\"end\":");
      putHex(&line, object->end);
      put(&line, ",\"bias\":");
      putHex(&line, object->bias);
      put(&line, ",\"buildID\":");
      putBuildID(&line, object);
      put(&line, ",\"path\":");
      putString(&line, object->path, sizeof object->path);
      put(&line, "}");
      object->isTold = 1;
    }
    put(&line, "]");
    endRecord(&line, 1);
  }
}
