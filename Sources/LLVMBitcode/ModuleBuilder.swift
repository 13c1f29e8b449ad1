internal import CLLVM

/// A module that is being made, in a context of its own: types, variables, functions, and what
/// stands at module level. Bodies are written by an ``InstructionBuilder``.
///
/// Pointers are typed where LLVM's are (14): who gives each pointer the type of what it points at
/// needs no casts, and gets the same instructions from every LLVM.
public struct ModuleBuilder: ~Copyable {
  let module: Module
  var ref: LLVMModuleRef { module.ref }
  var context: LLVMContextRef { module.context.ref }

  /// An empty module. Wraps `LLVMModuleCreateWithNameInContext`.
  public init(named name: String, triple: String, dataLayout: String) {
    let context = Context()
    let ref: LLVMModuleRef = LLVMModuleCreateWithNameInContext(name, context.ref)
    LLVMSetTarget(ref, triple)
    LLVMSetDataLayout(ref, dataLayout)
    module = Module(taking: ref, in: context)
  }

  /// The module as it stands.
  public consuming func finish() -> Module { module }

  /// As it stands, as bitcode (`Module.serialize`).
  public func serialize() -> SharedBytes { module.serialize() }

  /// What the verifier finds (`Module.verify`).
  public func verify() -> String? { module.verify() }

  // MARK: Types

  public var void: IRType { IRType(ref: LLVMVoidTypeInContext(context)) }

  /// Wraps `LLVMIntTypeInContext`.
  public func integer(_ bits: Int) -> IRType {
    IRType(ref: LLVMIntTypeInContext(context, UInt32(bits)))
  }

  /// Wraps `LLVMPointerType`.
  public func pointer(to type: IRType) -> IRType { IRType(ref: LLVMPointerType(type.ref, 0)) }

  /// Wraps `LLVMFunctionType`.
  public func function(_ parameters: [IRType], returning result: IRType) -> IRType {
    var types: [LLVMTypeRef?] = parameters.map(\.ref)
    return IRType(ref: LLVMFunctionType(result.ref, &types, UInt32(types.count), 0))
  }

  // MARK: Constants

  /// Wraps `LLVMConstInt`.
  public func constant(_ value: UInt64, _ type: IRType) -> IRValue {
    IRValue(ref: LLVMConstInt(type.ref, value, 0))
  }

  /// Wraps `LLVMConstNull`.
  public func null(_ type: IRType) -> IRValue { IRValue(ref: LLVMConstNull(type.ref)) }

  /// An array of 64-bit numbers. Wraps `LLVMConstArray`.
  public func numbers(_ values: [UInt64]) -> IRValue {
    let type = integer(64)
    var elements: [LLVMValueRef?] = values.map { LLVMConstInt(type.ref, $0, 0) }
    return IRValue(ref: LLVMConstArray(type.ref, &elements, UInt32(elements.count)))
  }

  /// Bytes and a NUL. Wraps `LLVMConstStringInContext`.
  public func string(_ text: String) -> IRValue {
    IRValue(ref: LLVMConstStringInContext(context, text, UInt32(text.utf8.count), 0))
  }

  /// The address of an array variable's first element, as a pointer to that: the variable itself
  /// where pointers have no types.
  public func firstElement(of variable: GlobalValue) -> IRValue {
    guard LLVMLibrary.major < 15 else { return IRValue(variable) }
    let zero = LLVMConstInt(LLVMInt64TypeInContext(context), 0, 0)
    var indices: [LLVMValueRef?] = [zero, zero]
    return IRValue(
      ref: LLVMConstInBoundsGEP2(LLVMGlobalGetValueType(variable.ref), variable.ref, &indices, 2))
  }

  // MARK: Globals

  /// Adds a variable. Wraps `LLVMAddGlobal`, `LLVMSetInitializer`.
  public func addVariable(
    _ name: String, initializer: IRValue, linkage: Linkage = .internal, isConstant: Bool = false,
    alignment: Int, isAddressInsignificant: Bool = false
  ) -> GlobalValue {
    let variable: LLVMValueRef = LLVMAddGlobal(ref, LLVMTypeOf(initializer.ref), name)
    LLVMSetInitializer(variable, initializer.ref)
    LLVMSetLinkage(variable, linkage.ref)
    LLVMSetAlignment(variable, UInt32(alignment))
    if isAddressInsignificant { LLVMSetUnnamedAddress(variable, LLVMLocalUnnamedAddr) }
    if isConstant {
      LLVMSetGlobalConstant(variable, 1)
      LLVMSetUnnamedAddress(variable, LLVMGlobalUnnamedAddr)
    }
    return GlobalValue(variable, .variable)
  }

  /// Adds a function without a body. Wraps `LLVMAddFunction`.
  public func addFunction(
    _ name: String, _ type: IRType, linkage: Linkage = .external
  ) -> GlobalValue {
    let function: LLVMValueRef = LLVMAddFunction(ref, name, type.ref)
    LLVMSetLinkage(function, linkage.ref)
    return GlobalValue(function, .function)
  }

  /// Declares one of LLVM's own functions. Wraps `LLVMGetIntrinsicDeclaration`.
  public func intrinsic(_ name: String, overloads: [IRType] = []) -> IRFunction {
    let number = LLVMLookupIntrinsicID(name, name.utf8.count)
    var types: [LLVMTypeRef?] = overloads.map(\.ref)
    return IRFunction(
      ref: LLVMGetIntrinsicDeclaration(ref, number, &types, types.count),
      type: LLVMIntrinsicGetType(context, number, &types, types.count))
  }

  /// Adds an external alias of a function. Wraps `LLVMAddAlias2`.
  @discardableResult
  public func addAlias(_ name: String, of function: GlobalValue) -> GlobalValue {
    let type = LLVMGlobalGetValueType(function.ref)
    return GlobalValue(LLVMAddAlias2(ref, type, 0, function.ref, name), .alias)
  }

  // MARK: Attributes

  /// A string attribute. Wraps `LLVMCreateStringAttribute`.
  public func attribute(_ key: String, _ value: String = "") -> IRAttribute {
    IRAttribute(
      ref: LLVMCreateStringAttribute(
        context, key, UInt32(key.utf8.count), value, UInt32(value.utf8.count)))
  }

  /// An attribute that LLVM knows by name. Wraps `LLVMCreateEnumAttribute`.
  public func attribute(enum name: String) -> IRAttribute {
    let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
    return IRAttribute(ref: LLVMCreateEnumAttribute(context, kind, 0))
  }

  /// Adds a table that lists globals by pointer, external and hidden as Julia's are.
  @discardableResult
  public func addPointerTable(_ name: String, to globals: [GlobalValue]) -> GlobalValue {
    module.addPointerTable(name, to: globals)
  }

  /// Adds a table of 32-bit numbers, external and hidden.
  @discardableResult
  public func addTable(_ name: String, of numbers: [UInt32]) -> GlobalValue {
    module.addTable(name, of: numbers)
  }
}

/// A type of a module's context.
public struct IRType { let ref: LLVMTypeRef }

/// A value of a module: a constant, an argument, what an instruction results in, or a global.
public struct IRValue {
  let ref: LLVMValueRef

  init(ref: LLVMValueRef) { self.ref = ref }

  public init(_ global: GlobalValue) { ref = global.ref }
}

/// A function and its type, ready to be called.
public struct IRFunction {
  let ref: LLVMValueRef
  let type: LLVMTypeRef

  init(ref: LLVMValueRef, type: LLVMTypeRef) {
    self.ref = ref
    self.type = type
  }

  public init(_ function: GlobalValue) {
    ref = function.ref
    type = LLVMGlobalGetValueType(function.ref)
  }

  /// What `address` points at, called as a function of the type of `like`.
  public init(at address: IRValue, like function: IRFunction) {
    ref = address.ref
    type = function.type
  }

  /// The function's address.
  public var value: IRValue { IRValue(ref: ref) }
}

/// A basic block.
public struct IRBlock { let ref: LLVMBasicBlockRef }

/// An attribute of functions.
public struct IRAttribute { let ref: LLVMAttributeRef }

extension GlobalValue {
  /// Adds an attribute to a function. Wraps `LLVMAddAttributeAtIndex`.
  public func add(_ attribute: IRAttribute) {
    let index = LLVMAttributeIndex(bitPattern: Int32(LLVMAttributeFunctionIndex))
    LLVMAddAttributeAtIndex(ref, index, attribute.ref)
  }

  /// The argument at a position. Wraps `LLVMGetParam`.
  public func parameter(_ position: Int) -> IRValue {
    IRValue(ref: LLVMGetParam(ref, UInt32(position)))
  }
}
