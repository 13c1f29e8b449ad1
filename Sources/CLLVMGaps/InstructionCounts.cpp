// Blocks and instructions of many functions at once.

#include "CLLVMGaps.h"

#include <llvm/IR/BasicBlock.h>
#include <llvm/IR/Function.h>

#include <array>

using namespace llvm;

namespace {

/// A walk through one function's instructions, a step at a time.
struct Walk {
  Function::const_iterator block, end;
  BasicBlock::const_iterator instruction;
  uint64_t *blocks = nullptr, *instructions = nullptr;

  void start(const Function &function, uint64_t *blockCount, uint64_t *instructionCount) {
    block = function.begin();
    end = function.end();
    blocks = blockCount;
    instructions = instructionCount;
    *blocks = *instructions = 0;
    if (block != end)
      instruction = block->begin();
  }

  /// Counts one instruction, or the end of a block; false once all are counted.
  bool step() {
    if (block == end)
      return false;
    if (instruction != block->end()) {
      ++*instructions;
      ++instruction;
      return true;
    }
    ++*blocks;
    if (++block != end)
      instruction = block->begin();
    return true;
  }
};

} // namespace

// An instruction's successor is known only once it has come from memory, so that one walk is mostly
// waiting: eight walks wait side by side, and take a third of the time.
void parmat_Function_getInstructionCounts(const LLVMValueRef *functions, size_t count,
                                          uint64_t *blocks, uint64_t *instructions) {
  std::array<Walk, 8> walks;
  size_t running = 0, next = 0;
  auto startNext = [&](Walk &walk) {
    walk.start(*unwrap<Function>(functions[next]), blocks + next, instructions + next);
    ++next;
  };
  while (running < walks.size() && next < count)
    startNext(walks[running++]);
  while (running > 0) {
    for (size_t i = 0; i < running;) {
      if (walks[i].step()) {
        ++i;
      } else if (next < count) {
        startNext(walks[i]);
      } else {
        walks[i] = walks[--running];
      }
    }
  }
}
