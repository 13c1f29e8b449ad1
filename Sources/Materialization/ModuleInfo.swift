internal import LLVMBitcode

/// What a module's definitions amount to (`compute_module_info`). Declarations count nowhere, nor do
/// Julia's own tables, which it adds after counting.
public struct ModuleInfo: Sendable, Codable, Equatable {
  /// Definitions of every kind.
  public private(set) var globals = 0
  public private(set) var functions = 0
  public private(set) var basicBlocks = 0
  /// Instructions, debug intrinsics included where LLVM has them.
  public private(set) var instructions = 0
  /// Copies that multiversioning will make, the originals included.
  public private(set) var clones = 0
  /// Sum of all weights; a function's is (1 + instructions + blocks) x clones, any other's 1.
  public private(set) var weight = 0

  public init() {}

  /// Numbers by hand: for thread counts of modules that LLVM never saw.
  public init(globals: Int, weight: Int) {
    self.globals = globals
    self.weight = weight
  }

  /// Adds a function and returns its weight (`getFunctionWeight`).
  mutating func add(
    _ function: GlobalValue, basicBlocks: UInt64, instructions: UInt64
  ) -> UInt64 {
    let clones = function.stringAttribute("julia.mv.clones").map { countClones($0) + 1 } ?? 1
    let weight = (1 + Int(instructions) + Int(basicBlocks)) * clones
    globals += 1
    functions += 1
    self.basicBlocks += Int(basicBlocks)
    self.instructions += Int(instructions)
    self.clones += clones
    self.weight += weight
    return UInt64(weight)
  }

  /// Adds a variable, alias or ifunc and returns its weight.
  mutating func addOther() -> UInt64 {
    globals += 1
    weight += 1
    return 1
  }
}

/// Bits set in a hexadecimal number of any length: the targets that a function is cloned for.
func countClones(_ hexadecimal: String) -> Int {
  hexadecimal.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
}
