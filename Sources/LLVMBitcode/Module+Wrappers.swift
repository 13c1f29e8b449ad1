internal import CLLVM

extension Module {
  /// The floating-point types that compilers' run-time routines convert between.
  public enum FloatType: Sendable { case half, bfloat, float, double }

  /// Adds an internal function `name` that takes one number and passes it on to the external
  /// function `target`, and returns the wrapper.
  public func addWrapper(
    _ name: String, calling target: String, from source: FloatType, to result: FloatType
  ) -> GlobalValue {
    var parameter: LLVMTypeRef? = type(source)
    let functionType: LLVMTypeRef = LLVMFunctionType(type(result), &parameter, 1, 0)
    let callee: LLVMValueRef =
      LLVMGetNamedFunction(ref, target) ?? LLVMAddFunction(ref, target, functionType)
    let wrapper: LLVMValueRef = LLVMAddFunction(ref, name, functionType)
    LLVMSetLinkage(wrapper, LLVMInternalLinkage)

    let builder = LLVMCreateBuilderInContext(context.ref)
    defer { LLVMDisposeBuilder(builder) }
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context.ref, wrapper, "top"))
    var argument: LLVMValueRef? = LLVMGetParam(wrapper, 0)
    LLVMBuildRet(builder, LLVMBuildCall2(builder, functionType, callee, &argument, 1, ""))
    return GlobalValue(wrapper, .function)
  }

  /// Adds globals to `llvm.compiler.used`, so that no pass drops them (`appendToCompilerUsed`).
  public func keepForCompiler(_ globals: [GlobalValue]) {
    let name = "llvm.compiler.used"
    var members: [GlobalValue] = []
    if let list = named(name, .variable) {
      members = listedGlobals(of: list) ?? []
      list.erase()
    }
    let element = LLVMPointerType(LLVMInt8TypeInContext(context.ref), 0)
    addKeepList(name, of: members + globals, element: element, section: "llvm.metadata")
  }

  private func type(_ type: FloatType) -> LLVMTypeRef {
    switch type {
    case .half: LLVMHalfTypeInContext(context.ref)
    case .bfloat: LLVMBFloatTypeInContext(context.ref)
    case .float: LLVMFloatTypeInContext(context.ref)
    case .double: LLVMDoubleTypeInContext(context.ref)
    }
  }
}
