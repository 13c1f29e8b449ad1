internal import CLLVM
internal import CLLVMGaps

extension GlobalValue {
  /// Makes an external declaration of a function, read or not; its body is never read. Wraps
  /// `llvm::Function::deleteBody`. A declaration may not be in a comdat (the verifier, run by
  /// `materializeAll`, aborts), and deleteBody keeps it: it is cleared here.
  public func deleteBody() {
    parmat_Function_deleteBody(ref)
    LLVMSetComdat(ref, nil)
  }

  /// Makes an external declaration of a variable. Wraps `LLVMSetInitializer(variable, NULL)`; the
  /// comdat goes as in `deleteBody`, and so does `!associated`.
  public func deleteInitializer() {
    LLVMSetInitializer(ref, nil)
    LLVMSetComdat(ref, nil)
    LLVMGlobalEraseMetadata(ref, Self.associatedKind)
    linkage = .external
  }

  /// `llvm::LLVMContext::MD_associated`, a number that is the same in every context.
  private static let associatedKind = LLVMGetMDKindID("associated", 10)

  /// Takes a function out of its comdat group.
  public func leaveComdat() { LLVMSetComdat(ref, nil) }

  /// Removes the value from its module; nothing may use it any more. Wraps `LLVMDeleteFunction`,
  /// `LLVMDeleteGlobal`, `llvm::GlobalAlias::eraseFromParent`, `LLVMEraseGlobalIFunc`.
  public func erase() {
    switch kind {
    case .function: LLVMDeleteFunction(ref)
    case .variable: LLVMDeleteGlobal(ref)
    case .alias: parmat_GlobalAlias_eraseFromParent(ref)
    case .ifunc: LLVMEraseGlobalIFunc(ref)
    }
  }

  /// Wraps `LLVMReplaceAllUsesWith`. The lazy reader's own list of values follows.
  public func replaceAllUses(with other: GlobalValue) {
    LLVMReplaceAllUsesWith(ref, converted(other.ref, to: LLVMTypeOf(ref)))
  }

  /// Gives this value's name to `other` (`llvm::Value::takeName`).
  public func giveName(to other: GlobalValue) {
    let name = self.name
    self.name = ""
    other.name = name
  }

  /// The function or object that an alias stands for, past casts, offsets and further aliases; nil
  /// where there is none (an absolute address).
  public var aliasedObject: GlobalValue? {
    var value = LLVMAliasGetAliasee(ref)
    while let current = value {
      guard let global = GlobalValue(anyKind: current) else {
        // A cast, or an address within an object: operand 0 leads there.
        value = LLVMGetNumOperands(current) > 0 ? LLVMGetOperand(current, 0) : nil
        continue
      }
      guard global.kind == .alias else { return global }
      value = LLVMAliasGetAliasee(global.ref)
    }
    return nil
  }

  /// An alias of something callable.
  public var aliasesFunction: Bool {
    LLVMGetTypeKind(LLVMGlobalGetValueType(ref)) == LLVMFunctionTypeKind
  }

  /// What an alias stands for, offsets and casts included. Wraps `LLVMAliasGetAliasee`.
  public var aliasee: Constant {
    Constant(ref: LLVMAliasGetAliasee(ref))
  }

  /// Wraps `LLVMReplaceAllUsesWith`.
  public func replaceAllUses(with constant: Constant) {
    LLVMReplaceAllUsesWith(ref, converted(constant.ref, to: LLVMTypeOf(ref)))
  }

  /// Lets an alias stand for `other`. Wraps `LLVMAliasSetAliasee`.
  public func setAliasee(_ other: GlobalValue) {
    LLVMAliasSetAliasee(ref, converted(other.ref, to: LLVMTypeOf(ref)))
  }
}

/// A constant of a module, such as an address within a variable: a reference like `GlobalValue`.
public struct Constant {
  let ref: LLVMValueRef
}

extension Module {
  /// An unnamed external function of the alias's (or ifunc's) type, with one block that holds
  /// `unreachable` if `defined`.
  public func addFunction(like value: GlobalValue, defined: Bool) -> GlobalValue {
    let function: LLVMValueRef = LLVMAddFunction(ref, "", LLVMGlobalGetValueType(value.ref))
    if defined {
      let builder = LLVMCreateBuilderInContext(context.ref)
      defer { LLVMDisposeBuilder(builder) }
      LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context.ref, function, ""))
      LLVMBuildUnreachable(builder)
    }
    return GlobalValue(function, .function)
  }

  /// An unnamed external variable of the alias's type, null-initialized, thread-local if what the
  /// alias stands for is.
  public func addVariable(like alias: GlobalValue) -> GlobalValue {
    let type = LLVMGlobalGetValueType(alias.ref)
    let space = LLVMGetPointerAddressSpace(LLVMTypeOf(alias.ref))
    let variable: LLVMValueRef = LLVMAddGlobalInAddressSpace(ref, type, "", space)
    LLVMSetInitializer(variable, LLVMConstNull(type))
    if let object = alias.aliasedObject, object.kind == .variable {
      LLVMSetThreadLocalMode(variable, LLVMGetThreadLocalMode(object.ref))
    }
    return GlobalValue(variable, .variable)
  }
}

/// The constant as a constant of the pointer type: typed pointers (LLVM 14, 15) need the cast,
/// opaque ones only between address spaces.
func converted(_ constant: LLVMValueRef, to type: LLVMTypeRef?) -> LLVMValueRef {
  LLVMTypeOf(constant) == type ? constant : LLVMConstPointerCast(constant, type)
}
