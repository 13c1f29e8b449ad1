// `memfd`: what gVisor does with a guest's memory, without a sandbox. Arenas lie in a PROT_NONE
// reserve; at the first touch of a page the next offset of one memory file is mapped there, a page
// of the file left out each time, as if another arena always grew in between: no two mappings
// merge.
//
// Is it host mappings that run out? The positive control: natively a program dies here at
// vm.max_map_count mappings, 256 MiB by default, and lives below. One thread dies as well, by
// construction. Blocks from 128 KiB on are ordinary mappings.

#define _GNU_SOURCE
#include "Heap.h"
#include "Kernel.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>

// The file.

/// As far as the file may be mapped; its pages come into being when they are written.
enum { sparsePages = 1 << 28 };

/// Programs close what they do not know, and get the number for a file of their own: it is looked
/// at each time. High numbers are out of the way of those who count on the lowest.
enum { lowestDescriptor = 512 };

static struct {
  _Atomic int descriptor;
  _Atomic(dev_t) device;
  _Atomic(ino_t) node;
  _Atomic long nextPage;
} file = {.descriptor = -1};

static int isFile(int descriptor) {
  struct stat status;
  if (descriptor < 0 || kernelCall2(__NR_fstat, descriptor, &status) < 0)
    return 0;
  return status.st_ino == atomic_load(&file.node) && status.st_dev == atomic_load(&file.device);
}

/// A new file goes on at the next offset: two files' pages do not merge either. Where several
/// threads need one at once, each of theirs will do. Returns a negative errno where there is none.
static long openFile(void) {
  long descriptor = kernelCall2(__NR_memfd_create, "parmat-lab", MFD_CLOEXEC);
  if (descriptor < 0)
    return descriptor;
  long high = kernelCall3(__NR_fcntl, descriptor, 1030 /* F_DUPFD_CLOEXEC */, lowestDescriptor);
  if (high >= 0) {
    kernelCall1(__NR_close, descriptor);
    descriptor = high;
  }
  struct stat status;
  long error = kernelCall2(__NR_ftruncate, descriptor, (long)sparsePages * pageSize);
  if (error >= 0)
    error = kernelCall2(__NR_fstat, descriptor, &status);
  if (error < 0)
    return error;
  atomic_store(&file.device, status.st_dev);
  atomic_store(&file.node, status.st_ino);
  atomic_store(&file.descriptor, (int)descriptor);
  return descriptor;
}

static int mapNextPage(uintptr_t page) {
  int descriptor = atomic_load(&file.descriptor);
  if (!isFile(descriptor)) {
    descriptor = (int)openFile();
    if (descriptor < 0)
      return 0;
  }
  long offset = atomic_fetch_add(&file.nextPage, 2) * pageSize;
  return kernelCall(__NR_mmap, (long)page, pageSize, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_FIXED, descriptor, offset) >= 0;
}

// The pager.

/// The page that this thread is about to touch for the first time; 0 where there is none. Faults
/// elsewhere are not ours: a program may protect pages of its blocks.
static _Thread_local uintptr_t freshPage;

int parmat_lab_pager(uintptr_t address) {
  uintptr_t page = freshPage;
  return page && address - page < pageSize && mapNextPage(page);
}

// The signal.

static struct kernelAction previousAction;
static void *_Atomic handedOver;

/// The return from a signal frame (System V ABI; glibc's __restore_rt). Debuggers and unwinders
/// know it by these bytes and by the absence of other information at the byte before.
__asm__(".pushsection .text\n"
        ".type parmatLabRestoreFrame,@function\n"
        "  nop\n"
        "parmatLabRestoreFrame:\n"
        "  movq $15, %rax\n"
        "  syscall\n"
        ".popsection\n");
__attribute__((visibility("hidden"))) extern void parmatLabRestoreFrame(void);

static void passOn(int number, siginfo_t *info, void *context) {
  void *handler = previousAction.handler;
  if (handler != (void *)SIG_DFL && handler != (void *)SIG_IGN) {
    ((void (*)(int, siginfo_t *, void *))handler)(number, info, context);
    return;
  }
  // The fault comes again when the handler returns; a signal that was sent is sent once more.
  struct kernelAction action = {.handler = (void *)SIG_DFL};
  kernelSetAction(number, &action, 0);
  if (info->si_code <= 0)
    kernelCall3(__NR_tgkill, kernelProcessID(), kernelThreadID(), number);
}

static void handleFault(int number, siginfo_t *info, void *context) {
  if (info->si_code <= 0 || !parmat_lab_pager((uintptr_t)info->si_addr))
    passOn(number, info, context);
}

void *parmat_lab_hand_over(void *handler, void *previous) {
  atomic_store(&handedOver, handler);
  return previous == (void *)handleFault ? previousAction.handler : previous;
}

/// Whether a fault of this thread's leads to the pager now.
static int isPagerAsked(void) {
  uint64_t blocked = 0;
  kernelCall4(__NR_rt_sigprocmask, SIG_BLOCK, 0, &blocked, 8);
  if (blocked & kernelSignalBit(SIGSEGV))
    return 0;
  struct kernelAction action = {0};
  kernelSetAction(SIGSEGV, 0, &action);
  return action.handler == (void *)handleFault ||
         (action.handler && action.handler == atomic_load(&handedOver));
}

static int begin(void) {
  long result = openFile();
  if (result < 0)
    return (int)-result;
  struct kernelAction action = {
      .handler = (void *)handleFault,
      // On a thread's alternate stack if it has one: its own may be what has run out.
      .flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | kernelRestorerFlag,
      .restorer = parmatLabRestoreFrame,
  };
  return (int)-kernelSetAction(SIGSEGV, &action, &previousAction);
}

// The arena.

/// Every page is touched before its block is handed out: a system call that is given memory which
/// is not there ends with EFAULT, without a signal. Where the pager cannot be asked the page is
/// mapped now; if that fails, the store is the fault that a program dies of.
static void touchFreshPage(uintptr_t page) {
  freshPage = page;
  atomic_signal_fence(memory_order_seq_cst);
  if (!isPagerAsked())
    mapNextPage(page);
  *(volatile char *)page = 0;
  atomic_signal_fence(memory_order_seq_cst);
  freshPage = 0;
}

static int extend(struct arena *arena, size_t bytes) {
  if (arena->end - arena->limit < missingBytes(arena, bytes)) {
    uintptr_t region = reserveRegion(PROT_NONE);
    if (!region)
      return 0;
    beginRegion(arena, region, 0);
  }
  for (size_t missing = missingBytes(arena, bytes); missing; missing -= pageSize) {
    touchFreshPage(arena->limit);
    arena->limit += pageSize;
  }
  return 1;
}

const struct labAllocator memfdAllocator = {
    .name = "memfd",
    .question = "is it host mappings that run out?",
    .functions = &heapFunctions,
    .extend = extend,
    .begin = begin,
};
