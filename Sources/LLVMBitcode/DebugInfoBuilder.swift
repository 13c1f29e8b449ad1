internal import CLLVM

/// The debug information of one compile unit. Wraps `llvm::DIBuilder`.
///
/// A subprogram that only one function's locations lead to is written into that function's block of
/// the bitcode; what several lead to, the compile unit and its file stand at module level.
public struct DebugInfoBuilder: ~Copyable {
  private let ref: LLVMDIBuilderRef
  private let context: LLVMContextRef
  private let voidFunction: LLVMMetadataRef
  /// The file that the unit was made of.
  public let file: IRMetadata

  /// A unit in Julia, fully described, as `jl_emit_...` makes one for each function. Wraps
  /// `LLVMDIBuilderCreateCompileUnit`.
  public init(in module: borrowing ModuleBuilder, file name: String) {
    context = module.context
    let ref: LLVMDIBuilderRef = LLVMCreateDIBuilder(module.ref)
    let file: LLVMMetadataRef = LLVMDIBuilderCreateFile(ref, name, name.utf8.count, ".", 1)
    let producer = "julia"
    LLVMDIBuilderCreateCompileUnit(
      ref, LLVMDWARFSourceLanguageJulia, file, producer, producer.utf8.count, 1, "", 0, 0, "", 0,
      LLVMDWARFEmissionFull, 0, 0, 0, "", 0, "", 0)
    voidFunction = LLVMDIBuilderCreateSubroutineType(ref, file, nil, 0, LLVMDIFlagZero)
    self.ref = ref
    self.file = IRMetadata(ref: file)
  }

  deinit { LLVMDisposeDIBuilder(ref) }

  /// A function, written or inlined. Wraps `LLVMDIBuilderCreateFunction`.
  public func subprogram(
    _ name: String, linkageName: String, file: IRMetadata, line: Int
  ) -> IRMetadata {
    IRMetadata(
      ref: LLVMDIBuilderCreateFunction(
        ref, file.ref, name, name.utf8.count, linkageName, linkageName.utf8.count, file.ref,
        UInt32(line), voidFunction, 0, 1, UInt32(line), LLVMDIFlagZero, 1))
  }

  /// A place in a function, perhaps inlined at another place; column 0, as Julia's are. Wraps
  /// `LLVMDIBuilderCreateDebugLocation`.
  public func location(line: Int, in scope: IRMetadata, inlinedAt: IRMetadata?) -> IRMetadata {
    IRMetadata(
      ref: LLVMDIBuilderCreateDebugLocation(
        context, UInt32(line), 0, scope.ref, inlinedAt?.ref))
  }

  /// Says which subprogram a function is. Wraps `LLVMSetSubprogram`.
  public func set(_ subprogram: IRMetadata, of function: GlobalValue) {
    LLVMSetSubprogram(function.ref, subprogram.ref)
  }

  /// Closes the unit: nothing of it is temporary any more. Wraps `LLVMDIBuilderFinalize`.
  public func finish() { LLVMDIBuilderFinalize(ref) }
}
