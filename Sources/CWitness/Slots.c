// Slots: one for each thread, in shared mappings, found by the stack pointer.

#define _GNU_SOURCE
#include "State.h"

#include <errno.h>
#include <sys/mman.h>

struct witnessPointers witnessPointers __attribute__((aligned(256)));

int addRegion(void) {
  int count = atomic_load(&witnessPointers.regionCount);
  if (count == regionCapacity)
    return EAGAIN;
  void *region = mmap(NULL, (size_t)slotsPerRegion * slotSize, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED)
    return errno;
  witnessPointers.regions[count] = (uintptr_t)region;
  if (count == 0)
    witnessPointers.emergency = slotAt((uintptr_t)region, 0);
  atomic_store(&witnessPointers.regionCount, count + 1);
  return 0;
}

static void touchSlot(struct slot *slot) {
  for (uintptr_t offset = 0; offset < slotSize; offset += pageSize)
    touch((char *)slot + offset);
}

struct slot *takeSlot(void) {
  int thread = kernelThreadID();
  for (;;) {
    int count = atomic_load(&witnessPointers.regionCount);
    for (int region = 0; region < count; ++region) {
      // The first of all is kept for threads that were not announced.
      for (int index = region == 0; index < slotsPerRegion; ++index) {
        struct slot *slot = slotAt(witnessPointers.regions[region], index);
        int free = 0;
        if (atomic_load(&slot->owner) != 0 ||
            !atomic_compare_exchange_strong(&slot->owner, &free, thread))
          continue;
        touchSlot(slot);
        slot->shard = -1;
        slot->phase[0] = 0;
        slot->healedCount = slot->keptLength = 0;
        slot->recovery.armed = 0;
        for (int i = 0; i < handlerStackCount; ++i)
          slot->calls[i].frame = 0;
        return slot;
      }
    }
    // Two threads that add a region at once lose one of them, or wait: a lock of two instructions.
    static _Atomic int adding;
    if (atomic_exchange(&adding, 1) == 0) {
      int error = atomic_load(&witnessPointers.regionCount) == count ? addRegion() : 0;
      atomic_store(&adding, 0);
      if (error)
        return NULL;
    } else {
      kernelPause(1);
    }
  }
}

void touchSlots(void) {
  touchSlot(witnessPointers.emergency);
  int count = atomic_load(&witnessPointers.regionCount);
  for (int region = 0; region < count; ++region)
    for (int index = 0; index < slotsPerRegion; ++index) {
      struct slot *slot = slotAt(witnessPointers.regions[region], index);
      if (atomic_load(&slot->owner) != 0)
        touchSlot(slot);
    }
  char *state = (char *)witnessState;
  for (size_t offset = 0; offset < sizeof(struct state); offset += pageSize)
    touch(state + offset);
}

EARLY struct slot *slotOf(uintptr_t sp) {
  int count = atomic_load(&witnessPointers.regionCount);
  for (int region = 0; region < count; ++region) {
    uintptr_t begin = witnessPointers.regions[region];
    if (sp >= begin && sp < begin + (uintptr_t)slotsPerRegion * slotSize)
      return slotAt(begin, (int)((sp - begin) / slotSize));
  }
  struct slot *emergency = witnessPointers.emergency;
  if (!emergency)
    return NULL;
  int thread = kernelThreadID();
  for (int waited = 0; waited < 2000; waited += 5) {
    int owner = 0;
    if (atomic_compare_exchange_strong(&emergency->owner, &owner, thread)) {
      emergency->shard = -1;
      emergency->phase[0] = 0;
      emergency->stackLow = emergency->stackHigh = 0;
      return emergency;
    }
    if (owner == thread)
      return emergency; // a nested fault
    kernelPause(5);
  }
  return NULL;
}

EARLY void leaveEmergencySlot(struct slot *slot) {
  if (slot == witnessPointers.emergency)
    atomic_store(&slot->owner, 0);
}

EARLY int isHandling(int thread) {
  int count = atomic_load(&witnessPointers.regionCount);
  for (int region = 0; region < count; ++region)
    for (int index = 0; index < slotsPerRegion; ++index) {
      struct slot *slot = slotAt(witnessPointers.regions[region], index);
      if (atomic_load(&slot->owner) == thread)
        return atomic_load(&slot->isHandling);
    }
  return 0;
}
