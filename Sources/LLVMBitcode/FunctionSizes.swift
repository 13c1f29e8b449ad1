internal import CLLVM
internal import CLLVMGaps

/// Blocks and instructions of a module's functions, in module order; zeros for a declaration.
public struct FunctionSizes: Sendable {
  public let basicBlocks: [UInt64]
  public let instructions: [UInt64]

  /// Wraps `llvm::Function::size` and `llvm::Function::getInstructionCount`, for all functions at
  /// once: one at a time most of the time is waiting for memory. O(instructions).
  public init(of module: borrowing Module) {
    let functions: [LLVMValueRef?] = module.functions.map(\.ref)
    var basicBlocks = [UInt64](repeating: 0, count: functions.count)
    var instructions = basicBlocks
    parmat_Function_getInstructionCounts(
      functions, functions.count, &basicBlocks, &instructions)
    self.basicBlocks = basicBlocks
    self.instructions = instructions
  }
}
