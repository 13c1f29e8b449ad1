public import LLVMBitcode

/// A module that was made from a plan.
public struct GeneratedModule: ~Copyable {
  private let emitter: ModuleEmitter

  /// Writes the plan as a module of the LLVM that this program was built against. O(instructions).
  public init(_ plan: ModulePlan) {
    emitter = ModuleEmitter(plan)
    emitter.emit()
  }

  /// The module as bitcode, with its symbol and string tables.
  public func serialize() -> SharedBytes { emitter.module.serialize() }

  /// What LLVM's verifier finds, nil if nothing.
  public func verify() -> String? { emitter.module.verify() }
}
