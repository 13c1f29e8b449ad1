// Preload library that counts what workers ask of malloc before and during
// llvm::Module::materializeAll. `allocation-picture` builds and uses it; any program that
// materializes in threads of its own will do, as long as it calls materializeAll of a shared
// libLLVM.
//
//   PARMAT_ALLOCATIONS=FILE LD_PRELOAD=count-allocations.so parmat run MODULE.bc --threads 8
//
// Each worker appends one line of JSON to FILE as its materializeAll returns. A block carries its
// size and its phase in front of it, so that bytes are the requested ones and what is freed is
// known to be of the same phase. That makes blocks larger: arenas and `mprotect` calls are measured
// without this library.

#include "count-allocations.h"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

thread_local ThreadCounts own __attribute__((tls_model("initial-exec")));
/// Usable bytes of blocks that threads other than the main one requested, up to the end of their
/// materializeAll, and their maximum so far.
std::atomic<long> live, peakLive;

bool isMainThread() {
  if (own.role == Role::unknown)
    own.role = getpid() == gettid() ? Role::main : Role::worker;
  return own.role == Role::main;
}

} // namespace

void countRequest(Header &header, size_t size) {
  header.size = size;
  header.phase = isMainThread() ? Phase::outside : own.phase;
  if (header.phase == Phase::outside)
    return;
  PhaseCounts &counts = own.phases[static_cast<int>(header.phase)];
  counts.requests.add(size);
  counts.classes[sizeClass(size)].add(size);
  long usable = static_cast<long>(usableSize(size));
  long now = live.fetch_add(usable, std::memory_order_relaxed) + usable;
  long before = peakLive.load(std::memory_order_relaxed);
  while (before < now && !peakLive.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
  }
}

void countRelease(const Header &header) {
  if (header.phase == Phase::outside)
    return;
  live.fetch_sub(static_cast<long>(usableSize(header.size)), std::memory_order_relaxed);
  if (!isMainThread() && own.phase != Phase::outside)
    own.phases[static_cast<int>(own.phase)].releases.add(header.size);
}

// MARK: the call that is watched, and the weight of what it read

namespace llvm {

/// As LLVM declares it, by its mangled name: returned through memory, since it has a destructor.
class Error {
public:
  ~Error();
  void *payload;
};
// libLLVM's own destructor is inline; this one only makes the class what the ABI passes in memory.
Error::~Error() {}

class Module {
public:
  Error materializeAll();
};

} // namespace llvm

namespace {

/// The next definition of a symbol after this library's; ends the process where there is none.
template <typename Call> Call next(const char *name) {
  void *symbol = dlsym(RTLD_NEXT, name);
  if (!symbol) {
    fprintf(stderr, "count-allocations: no object of this program defines %s\n", name);
    _exit(69);
  }
  Call call;
  static_assert(sizeof(call) == sizeof(symbol));
  __builtin_memcpy(&call, &symbol, sizeof(call));
  return call;
}

using Step = void *(*)(void *);

/// 1 + instructions + blocks over all functions that have a body, by LLVM-C, which allocates
/// nothing for it.
long weight(void *module) {
  static Step firstFunction = next<Step>("LLVMGetFirstFunction"),
              nextFunction = next<Step>("LLVMGetNextFunction"),
              firstBlock = next<Step>("LLVMGetFirstBasicBlock"),
              nextBlock = next<Step>("LLVMGetNextBasicBlock"),
              firstInstruction = next<Step>("LLVMGetFirstInstruction"),
              nextInstruction = next<Step>("LLVMGetNextInstruction");
  long sum = 0;
  for (void *function = firstFunction(module); function; function = nextFunction(function)) {
    void *block = firstBlock(function);
    if (!block)
      continue;
    ++sum;
    for (; block; block = nextBlock(block)) {
      ++sum;
      for (void *step = firstInstruction(block); step; step = nextInstruction(step))
        ++sum;
    }
  }
  return sum;
}

/// Text of one line, grown without malloc.
struct Line {
  char text[4096];
  int length = 0;

  __attribute__((format(printf, 2, 3))) void print(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    length += vsnprintf(text + length, sizeof(text) - length, format, arguments);
    va_end(arguments);
  }

  void print(const char *name, const Count &count) {
    print("\"%s\": {\"blocks\": %ld, \"bytes\": %ld, \"usable\": %ld}", name, count.blocks,
          count.bytes, count.usable);
  }

  void print(const char *name, const PhaseCounts &counts) {
    print("\"%s\": {", name);
    print("requests", counts.requests);
    print(", ");
    print("releases", counts.releases);
    print(", \"classes\": [");
    for (const Count &count : counts.classes)
      print("%s[%ld, %ld]", &count == counts.classes ? "" : ", ", count.blocks, count.bytes);
    print("]}");
  }
};

void report(void *module) {
  const char *path = getenv("PARMAT_ALLOCATIONS");
  if (!path)
    return;
  Line line;
  line.print("{\"weight\": %ld, \"peakLive\": %ld, ", weight(module), peakLive.load());
  line.print("load", own.phases[static_cast<int>(Phase::load)]);
  line.print(", ");
  line.print("materialize", own.phases[static_cast<int>(Phase::materialize)]);
  line.print("}\n");
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0 || write(file, line.text, line.length) != line.length) {
    fprintf(stderr, "count-allocations: cannot write '%s' (%m)\n", path);
    _exit(73);
  }
  close(file);
}

} // namespace

namespace llvm {

__attribute__((visibility("default"))) Error Module::materializeAll() {
  using Call = Error (*)(Module *);
  static Call original = next<Call>("_ZN4llvm6Module14materializeAllEv");
  if (isMainThread())
    return original(this);
  own.phase = Phase::materialize;
  Error result = original(this);
  own.phase = Phase::outside;
  report(this);
  return result;
}

} // namespace llvm
