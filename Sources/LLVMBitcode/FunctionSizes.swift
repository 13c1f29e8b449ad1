/// Blocks and instructions of a module's functions, in module order; zeros for a declaration.
public struct FunctionSizes: Sendable {
  public internal(set) var basicBlocks: [UInt64]
  public internal(set) var instructions: [UInt64]
  /// What counting took.
  public internal(set) var seconds = 0.0
}
