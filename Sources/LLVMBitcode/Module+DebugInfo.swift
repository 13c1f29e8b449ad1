internal import CLLVM
internal import CLLVMGaps

extension Module {
  /// Names the source file of every compile unit. Wraps `llvm::MDNode::replaceOperandWith(0, file)`
  /// over the operands of `llvm.dbg.cu`. `skippingNoDebug` passes over units without debug info, as
  /// `Module::debug_compile_units()` does.
  public func setCompileUnitFiles(
    name: String, directory: String, skippingNoDebug: Bool
  ) {
    let count = Int(LLVMGetNamedMetadataNumOperands(ref, "llvm.dbg.cu"))
    guard count > 0 else { return }
    var units = [LLVMValueRef?](repeating: nil, count: count)
    LLVMGetNamedMetadataOperands(ref, "llvm.dbg.cu", &units)

    let builder = LLVMCreateDIBuilder(ref)
    defer { LLVMDisposeDIBuilder(builder) }
    let file = LLVMDIBuilderCreateFile(
      builder, name, name.utf8.count, directory, directory.utf8.count)

    for unit in units {
      let node = LLVMValueAsMetadata(unit)
      if skippingNoDebug && parmat_DICompileUnit_getEmissionKind(node) == 0 { continue }
      parmat_MDNode_replaceOperandWith(node, 0, file)
    }
  }
}
