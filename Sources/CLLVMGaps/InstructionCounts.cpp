// Blocks and instructions of every function, counted as each body is read.

#include "CLLVMGaps.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/Error.h>

#include <chrono>
#include <cstring>
#include <string>

using namespace llvm;
using Clock = std::chrono::steady_clock;

// A million bodies do not fit a cache: walked once all are read, each instruction comes from memory
// again, which takes five times as long.
char *parmat_Module_materializeAllAndCount(LLVMModuleRef ref, uint64_t *blocks,
                                           uint64_t *instructions, double *seconds) {
  Module &module = *unwrap(ref);
  Clock::duration counting{};
  for (Function &function : module) {
    if (Error error = function.materialize())
      return strdup(toString(std::move(error)).c_str());
    auto start = Clock::now();
    *blocks++ = function.size();
    *instructions++ = function.getInstructionCount();
    counting += Clock::now() - start;
  }
  *seconds = std::chrono::duration<double>(counting).count();
  return parmat_Module_materializeAll(ref);
}
