// Blocks and instructions of every function, counted as each body is read.

#include "CLLVMGaps.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/Error.h>

#include <chrono>
#include <cstring>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace llvm;
using Clock = std::chrono::steady_clock;

// A million bodies do not fit a cache: walked once all are read, each instruction comes from memory
// again, which takes five times as long.
char *parmat_Module_materializeAllAndCount(LLVMModuleRef ref, uint64_t *blocks,
                                           uint64_t *instructions, double *seconds) {
  Module &module = *unwrap(ref);
  Clock::duration counting{};
  const size_t capacity = module.size();
  std::vector<std::pair<uint64_t, uint64_t>> sizes;
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    if (Error error = function.materialize())
      return strdup(toString(std::move(error)).c_str());
    auto start = Clock::now();
    sizes.emplace_back(function.size(), function.getInstructionCount());
    counting += Clock::now() - start;
  }
  *seconds = std::chrono::duration<double>(counting).count();
  if (char *message = parmat_Module_materializeAll(ref))
    return message;
  // Intrinsics that an older LLVM named or typed otherwise are declared anew at the module's end,
  // and the old declarations go with the last body: definitions keep their order, not their places.
  auto next = sizes.begin();
  size_t place = 0;
  for (Function &function : module) {
    if (place == capacity)
      break;
    if (!function.isDeclaration())
      std::tie(blocks[place], instructions[place]) = *next++;
    ++place;
  }
  return nullptr;
}
