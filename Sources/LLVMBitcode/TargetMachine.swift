internal import CLLVM
internal import CLLVMGaps

/// An `llvm::TargetMachine`: one a worker, never shared.
public struct TargetMachine: ~Copyable {
  public enum CodeModel: Sendable { case small, medium }

  /// What a code generator is asked for.
  public enum Output: String, Sendable, Codable, CaseIterable { case obj, asm }

  private let ref: LLVMTargetMachineRef

  /// Registers every target of this LLVM with its assembler and printer. Once, before any thread is
  /// made. Wraps `LLVMInitializeAllTargets` and its siblings.
  public static func initializeTargets() {
    LLVMInitializeAllTargetInfos()
    LLVMInitializeAllTargets()
    LLVMInitializeAllTargetMCs()
    LLVMInitializeAllAsmParsers()
    LLVMInitializeAllAsmPrinters()
  }

  /// The triple of the machine that LLVM was built for. Wraps `LLVMGetDefaultTargetTriple`.
  public static var defaultTriple: String { takeMessage(LLVMGetDefaultTargetTriple()) }

  /// Code level Aggressive, position-independent, as Julia's (`jl_dump_native`). The CPU is the
  /// target's generic one; functions may ask for another by attribute. Static constructors, which
  /// Julia has none of, go to `.init_array`.
  public init(triple: String, codeModel: CodeModel) throws(LLVMError) {
    var target: LLVMTargetRef?
    var message: UnsafeMutablePointer<CChar>?
    if LLVMGetTargetFromTriple(triple, &target, &message) != 0 {
      throw LLVMError("no code generator for '\(triple)' (\(takeMessage(message)))")
    }
    let model = codeModel == .medium ? LLVMCodeModelMedium : LLVMCodeModelSmall
    guard
      let ref = LLVMCreateTargetMachine(
        target, triple, "", "", LLVMCodeGenLevelAggressive, LLVMRelocPIC, model)
    else { throw LLVMError("LLVM has no target machine for '\(triple)'") }
    parmat_TargetOptions_setUseInitArray(ref, 1)
    self.ref = ref
  }

  deinit { LLVMDisposeTargetMachine(ref) }

  /// Runs the passes (the new pass manager's textual form) over the module. Wraps `LLVMRunPasses`.
  public func run(_ passes: String, on module: borrowing Module) throws(LLVMError) {
    let options = LLVMCreatePassBuilderOptions()
    defer { LLVMDisposePassBuilderOptions(options) }
    guard let error = LLVMRunPasses(module.ref, passes, ref, options) else { return }
    let message = LLVMGetErrorMessage(error)
    defer { LLVMDisposeErrorMessage(message) }
    throw LLVMError(message.map { String(cString: $0) } ?? "a pass failed")
  }

  /// Generates code, and sets the module's data layout to the target's on the way. Wraps
  /// `LLVMTargetMachineEmitToMemoryBuffer`.
  public func emit(_ output: Output, of module: borrowing Module) throws(LLVMError) -> SharedBytes {
    let type = output == .obj ? LLVMObjectFile : LLVMAssemblyFile
    var message: UnsafeMutablePointer<CChar>?
    var buffer: LLVMMemoryBufferRef?
    let failed =
      LLVMTargetMachineEmitToMemoryBuffer(ref, module.ref, type, &message, &buffer) != 0
    let text = takeMessage(message)
    guard !failed, let buffer else { throw module.context.error(otherwise: text) }
    let bytes = SharedBytes(taking: buffer)
    // The assembler reports a bad inline assembly line through the context and goes on.
    guard module.context.errors.isEmpty else { throw module.context.error(otherwise: "") }
    return bytes
  }
}
