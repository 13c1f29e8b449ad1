// What the witness keeps, and where.
//
// Everything that the handler reads or writes lies in mappings that are shared (MAP_SHARED):
// private writable pages become copy-on-write when the program forks, and a sandbox then unmaps
// them from the parent too, whose next touch would fault inside the handler. A thread finds its own
// part by its stack pointer, not by a thread-local variable, for the same reason.
#ifndef PARMAT_STATE_H
#define PARMAT_STATE_H

#include "Kernel.h"
#include "Witness.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#pragma GCC visibility push(hidden)

/// Functions that run before the reserve is released. Their pages are touched when the witness
/// starts.
#define EARLY __attribute__((section("parmat_early"), noinline))
/// Constants that they read.
#define EARLY_DATA __attribute__((section("parmat_early_data")))

enum {
  pageSize = 4096,
  lineCapacity = 4096,
  frameCapacity = 96,
  /// Handler stacks and all that belongs to one thread.
  slotSize = 128 * 1024,
  /// A signal frame takes up to 11 KiB (AMX); two nest on one stack (a fault and a probe, or a
  /// fault while unwinding), and the unwinder takes 5 KiB.
  handlerStackSize = 36 * 1024,
  /// While a handler of the program's runs, on the program's own stack, the next fault needs
  /// another: the first one's frame is still in use.
  handlerStackCount = 3,
  slotsPerRegion = 256,
  regionCapacity = 16,
  objectCapacity = 192,
  signalCount = 65,
};

/// Where to go on when something faults that was tried at one's own risk (`Steps.c`).
struct recovery {
  uintptr_t rbx, rbp, r12, r13, r14, r15, rsp;
  uintptr_t armed;
};

/// A run of one object's mappings.
struct object {
  uintptr_t begin, end;
  /// What to take from an address to have the file's own: 0 in a program that is linked to a place.
  uintptr_t bias;
  unsigned char buildID[20];
  int buildIDLength;
  char path[224];
  /// A `maps` line has told the supervisor of it.
  int isTold;
};

/// What is known of a line of /proc/self/maps.
struct mapping {
  uintptr_t begin, end;
  char permissions[5];
  /// The line itself, cut where it is longer.
  char text[256];
};

/// What one look at /proc/self/maps brings.
struct mapsFinding {
  int isRead;
  int hasAddress;
  struct mapping address;
  int count;
  uint64_t arenaBytes;
  /// The arena heap that the address may lie in is mapped where glibc would have its head.
  int hasHeap;
};

/// What a signal's record is made of.
struct faultFinding {
  int signal, code;
  uintptr_t address, pc, sp;
  char access; // 'r', 'w' or 'x', by the page-fault error code; 0 where it says nothing
  int retries;
  const char *healed; // a word in JSON's notation
  int record;         // its fault line's number
  struct mapsFinding maps;
  long request;
  /// Where glibc believes that the arena heap around the address stops being writable; 0 for none.
  uintptr_t writableEnd;
};

/// A call of the program's handler: its frame's place on the program's stack, and the mark that
/// stands there for as long as the frame does.
struct handlerCall {
  uintptr_t frame; // 0 where there is none
  uint64_t mark;
};

/// One thread's part. Its handler stack fills the rest of the slot.
struct slot {
  /// 0 is free; else the owner's thread number.
  _Atomic int owner;
  /// The thread is at work on a record of its own.
  _Atomic int isHandling;
  int shard;
  char phase[16];
  uintptr_t stackLow, stackHigh;
  struct recovery recovery;
  /// The fault healed last, and how often in a row.
  uintptr_t healedPC, healedAddress;
  int healedCount;
  int isDrill;
  struct faultFinding finding;
  uintptr_t frames[frameCapacity];
  char line[lineCapacity];
  char buffer[lineCapacity];

  // Of the preload library: what the program wants.
  stack_t alternateStack;
  int hasAlternateStack;
  /// A fault of the program's, told only if the program does not recover from it.
  char kept[lineCapacity];
  int keptLength; // 0 where there is none
  struct faultFinding keptFinding;
  /// The program's handlers that run, one for each handler stack that is in use.
  struct handlerCall calls[handlerStackCount];
};

/// The upper end of a handler stack; the first is the highest.
static inline uintptr_t handlerStackTop(const struct slot *slot, int index) {
  return (uintptr_t)slot + slotSize - (uintptr_t)index * handlerStackSize;
}

/// A place for the frames of a thread that is asked for them.
struct capture {
  _Atomic int thread; // who is asked
  _Atomic int count;  // frames found; -1 while the answer is awaited
  char name[16];
  char phase[16];
  int shard;
  uintptr_t frames[frameCapacity];
};

enum { captureCapacity = 256 };

/// What the process keeps.
struct state {
  int process;
  enum parmat_on_fault onFault;
  int reserve, ballast;
  char token[65];
  /// The object that serves malloc, as the loader found it at the start.
  char malloc[224];
  /// The lab's pager (Lab.h), where one of its allocators is preloaded: it gets pages by faults.
  int (*pager)(uintptr_t address);
  /// A descriptor of our own for standard error, and which file it is; -1 where there is none.
  int output;
  uint64_t outputDevice, outputNode;
  _Atomic int records;
  _Atomic uint64_t handlerCalls;

  /// Mappings to let go.
  uintptr_t reserveBegin, reserveBytes;
  uintptr_t ballastBegin, ballastBytes;

  // One exhaustion.
  _Atomic int retrying; // threads whose retries have not ended
  _Atomic int handling; // threads whose record is not complete
  _Atomic int release;  // 0 not yet, 1 under way, 2 done
  _Atomic int64_t holdUntil;
  _Atomic int capturing; // a thread that collects the others' frames
  _Atomic int captureCount;
  _Atomic int captureRelease;
  _Atomic int captureEpoch; // which collection it is
  struct capture captures[captureCapacity];
  struct kernelAction captureAction; // the program's, for the signal that asks

  _Atomic int findingObjects;
  int objectCount;
  struct object objects[objectCapacity];
  struct programAction actions[signalCount];
};

/// The pointers to it all, on one page: the page has to be touched again after a fork.
extern struct witnessPointers {
  struct state *state;
  struct slot *emergency;
  uintptr_t regions[regionCapacity];
  _Atomic int regionCount;
} witnessPointers;

#define witnessState (witnessPointers.state)

/// The slot whose handler stack holds `sp`; the emergency slot where none does (a thread that was
/// not announced); NULL where even that is taken.
EARLY struct slot *slotOf(uintptr_t sp);
EARLY void leaveEmergencySlot(struct slot *slot);

// Steps.c
/// Whether a store to `address` goes through that changes nothing (a load where `write` is 0).
EARLY int probe(uintptr_t address, int write);
/// Calls `body` and returns 0; 1 where it faulted on the way.
EARLY int attempt(void (*body)(void *), void *argument, struct recovery *recovery);
/// A harmless fault, stepped over by the handler.
EARLY void drillFault(void);
/// If a nested fault belongs to one of the three: mends `context` and returns 1. 2 for the drill.
EARLY int stepOver(struct slot *slot, ucontext_t *context);
/// Calls `body` on another stack.
EARLY void callOnStack(uintptr_t stack, void (*body)(void *), void *argument);
/// The signal frame's return.
extern void (*const frameRestorer)(void);

// Mappings.c
/// Reads /proc/self/maps once, through a buffer of one page. `limit` is the number of reads, 0 for
/// all of it.
EARLY void readMaps(struct mapsFinding *finding, uintptr_t address, char *buffer, int limit);
/// Where glibc's own books say that the arena heap around `address` stops being writable
/// (heap_info.mprotect_size); 0 where there is no such heap. Reads the heap's first page.
uintptr_t heapWritableEnd(const struct mapsFinding *finding, uintptr_t address,
                          struct recovery *recovery);
/// Adds objects that are not listed yet, with their build-ids. Reads pages of theirs.
void findObjects(struct slot *slot);

// Reserve.c
/// Maps one page `count` times in a row, each a mapping that no kernel merges; 0 or errno. `made`
/// receives how many there are.
int makeMappings(int count, uintptr_t *begin, uintptr_t *bytes, int *made);
EARLY void releaseMappings(int really);
/// Touches them, as after a fork.
void touchMappings(void);

// Frames.c
/// The calling thread's frames, from the one at `pc` outward, into `frames`; returns how many.
/// Unwinds with the compiler's own runtime, which reads pages that nobody has touched: only after
/// the release.
/// Whether `function` is among the calling thread's callers.
int isCalledBy(void (*function)(void *), struct recovery *recovery);
int unwindFrom(uintptr_t pc, uintptr_t sp, uintptr_t *frames, struct recovery *recovery);
/// Asks every other thread for its frames and waits for them, at most two seconds; the threads are
/// held until `releaseOthers`.
void captureOthers(void);
void releaseOthers(void);

// Records.c
EARLY int writeFaultLine(struct slot *slot, const ucontext_t *context, char *line, int really);
EARLY void writeHealedLine(struct slot *slot, const struct faultFinding *finding);
void writeFramesLine(struct slot *slot, int record, int thread, const char *name, const char *phase,
                     int shard, const uintptr_t *frames, int count);
void writeCaptures(struct slot *slot, int record, int except);
/// Tells of objects that were not told of.
void writeMapsLines(struct slot *slot);

// Handler.c
EARLY void handleSignal(int signal, siginfo_t *info, void *context);
/// Has the kernel call the witness, or do what it does by default.
EARLY void takeSignal(int signal);
EARLY void setDefaultAction(int signal);
/// The signals that the witness handles, 0-terminated.
extern const int witnessSignals[];
EARLY int isWitnessSignal(int signal);

// Episode.c
/// The record of a fault, from the first line to the last. Returns 1 where the program may run on.
EARLY int recordFault(struct slot *slot, ucontext_t *context);
/// What needs new pages: mapping, stacks, threads, and the `healed` line.
void completeRecord(struct slot *slot, struct faultFinding *finding);
/// A record without retries: of a signal that no mapping could heal.
EARLY void recordSignal(struct slot *slot, ucontext_t *context);
/// All threads' stacks.
void recordStacks(struct slot *slot, const ucontext_t *context);

// ProgramHandler.c
/// What the page-fault error code says (Linux, arch/x86/include/asm/trap_pf.h); gVisor leaves it 0.
EARLY char accessOf(const ucontext_t *context);
/// Whether the program's fault at hand is the program's own business: it has a handler, and the
/// guest's maps say that the access is not allowed.
EARLY int isProgramsFault(struct slot *slot, const ucontext_t *context);
/// Keeps the record of a fault of the program's.
EARLY void keepRecord(struct slot *slot, const ucontext_t *context);
/// Calls the program's handler for `signal` where and how the kernel would; 0 where it cannot.
EARLY int callProgramHandler(struct slot *slot, int signal, siginfo_t *info, ucontext_t *context);
/// Writes the record that is kept for this thread if, at `sp`, it is still inside the program's
/// handler; else forgets it. Returns 1 where it was written.
EARLY int tellKept(struct slot *slot, uintptr_t sp);

// Slots.c
/// Whether a thread is at work on a record of its own.
EARLY int isHandling(int thread);
/// A free slot, touched, that is now the calling thread's; NULL where there is none.
struct slot *takeSlot(void);
/// A region for slots; 0 or errno.
int addRegion(void);
/// Touches every page that the handler needs, in all slots that are taken.
void touchSlots(void);

// Threads.c
struct slot *slotOfThisThread(void);
/// Reads every page of the handler's code and constants.
void touchCode(void);

/// Writes a byte without changing it, so that its page is there. In assembly: a compiler makes
/// nothing of an atomic operation that changes nothing and whose result nobody uses.
static inline void touch(void *address) {
  __asm__ volatile("lock orb $0, (%0)" : : "r"(address) : "memory", "cc");
}

static inline struct slot *slotAt(uintptr_t region, int index) {
  return (struct slot *)(region + (uintptr_t)index * slotSize);
}

#pragma GCC visibility pop
#endif
