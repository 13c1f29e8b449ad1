internal import CLLVM
internal import CLLVMGaps

// What construct_vars and the multiversioning pass build: constant tables, hidden and external.
extension Module {
  /// The globals that a variable's initializer lists, position by position, pointer casts stripped
  /// (`jl_fvars`, `jl_gvars`, `llvm.used`). Nil where an element is no global value. An array of
  /// length zero, an all-null array and a missing initializer are an empty list: Julia's own cast
  /// to ConstantArray fails on the first two.
  public func listedGlobals(of variable: GlobalValue) -> [GlobalValue]? {
    guard let list = LLVMGetInitializer(variable.ref), LLVMIsNull(list) == 0 else { return [] }
    guard LLVMIsAConstantArray(list) != nil else { return nil }
    var globals: [GlobalValue] = []
    for index in 0..<UInt32(LLVMGetNumOperands(list)) {
      guard let global = strippingCasts(LLVMGetOperand(list, index)) else { return nil }
      globals.append(global)
    }
    return globals
  }

  private func strippingCasts(_ value: LLVMValueRef?) -> GlobalValue? {
    var value = value
    while let current = value {
      if let global = GlobalValue(anyKind: current) { return global }
      guard LLVMIsAConstantExpr(current) != nil else { return nil }
      switch LLVMGetConstOpcode(current) {
      case LLVMBitCast, LLVMAddrSpaceCast, LLVMGetElementPtr: value = LLVMGetOperand(current, 0)
      default: return nil
      }
    }
    return nil
  }

  /// Adds a table of 32-bit numbers.
  @discardableResult
  public func addTable(_ name: String, of numbers: [UInt32]) -> GlobalValue {
    let type = LLVMInt32TypeInContext(context.ref)
    return addTable(name, of: numbers.map { LLVMConstInt(type, UInt64($0), 0) }, type: type)
  }

  /// Adds a table of pointers to `globals`.
  @discardableResult
  public func addPointerTable(_ name: String, to globals: [GlobalValue]) -> GlobalValue {
    let type = LLVMPointerType(LLVMInt8TypeInContext(context.ref), 0)
    return addTable(name, of: globals.map { converted($0.ref, to: type) }, type: type)
  }

  /// Adds one number of the width of `size_t`.
  @discardableResult
  public func addSize(_ name: String, _ value: UInt64) -> GlobalValue {
    addTable(name, initializer: LLVMConstInt(sizeType, value, 0))
  }

  /// Adds a table of 32-bit numbers: the count, then each global's distance from the table itself,
  /// truncated.
  @discardableResult
  public func addOffsetTable(_ name: String, to globals: [GlobalValue]) -> GlobalValue {
    let type: LLVMTypeRef = LLVMInt32TypeInContext(context.ref)
    let table: LLVMValueRef = LLVMAddGlobal(
      ref, LLVMArrayType(type, UInt32(globals.count + 1)), name)
    let base = LLVMConstPtrToInt(table, sizeType)
    var entries: [LLVMValueRef?] = [LLVMConstInt(type, UInt64(globals.count), 0)]
    entries += globals.map {
      LLVMConstTrunc(LLVMConstSub(LLVMConstPtrToInt($0.ref, sizeType), base), type)
    }
    return finishTable(table, LLVMConstArray(type, &entries, UInt32(entries.count)))
  }

  /// Julia 1.10's form: `base` is an alias of the first global (a hidden null where there is none),
  /// `offsets` the count and each global's distance from it.
  public func addBasedOffsets(base: String, offsets: String, to globals: [GlobalValue]) {
    let type: LLVMTypeRef = LLVMInt32TypeInContext(context.ref)
    var entries: [LLVMValueRef?] = [LLVMConstInt(type, UInt64(globals.count), 0)]
    if let first = globals.first {
      let pointer = converted(first.ref, to: LLVMPointerType(sizeType, 0))
      LLVMAddAlias2(ref, sizeType, 0, pointer, base)
      entries += globals.map {
        LLVMConstTrunc(
          LLVMConstSub(
            LLVMConstPtrToInt($0.ref, sizeType), LLVMConstPtrToInt(first.ref, sizeType)), type)
      }
    } else {
      _ = addTable(base, initializer: LLVMConstInt(sizeType, 0, 0))
    }
    addTable(offsets, of: entries, type: type)
  }

  @discardableResult
  private func addTable(_ name: String, of elements: [LLVMValueRef?], type: LLVMTypeRef?)
    -> GlobalValue
  {
    var elements = elements
    return addTable(name, initializer: LLVMConstArray(type, &elements, UInt32(elements.count)))
  }

  private func addTable(_ name: String, initializer: LLVMValueRef?) -> GlobalValue {
    finishTable(LLVMAddGlobal(ref, LLVMTypeOf(initializer), name), initializer)
  }

  /// External + Hidden (which implies dso_local) + constant, as Julia makes them.
  private func finishTable(_ table: LLVMValueRef, _ initializer: LLVMValueRef?) -> GlobalValue {
    LLVMSetInitializer(table, initializer)
    LLVMSetGlobalConstant(table, 1)
    LLVMSetVisibility(table, LLVMHiddenVisibility)
    return GlobalValue(table, .variable)
  }

  private var sizeType: LLVMTypeRef {
    LLVMIntPtrTypeInContext(context.ref, LLVMGetModuleDataLayout(ref))
  }

  /// Replaces a list such as `llvm.used` by one of the same name, type, linkage and section that
  /// holds `globals` only; none is left where `globals` is empty.
  public func replaceList(_ list: GlobalValue, with globals: [GlobalValue]) {
    let name = list.name
    let section = list.section
    let element = LLVMGetElementType(LLVMGlobalGetValueType(list.ref))
    list.erase()
    guard !globals.isEmpty else { return }
    addKeepList(name, of: globals, element: element, section: section)
  }

  func addKeepList(
    _ name: String, of globals: [GlobalValue], element: LLVMTypeRef?, section: String
  ) {
    var elements: [LLVMValueRef?] = globals.map { converted($0.ref, to: element) }
    let array = LLVMConstArray(element, &elements, UInt32(elements.count))
    let variable: LLVMValueRef = LLVMAddGlobal(ref, LLVMTypeOf(array), name)
    LLVMSetInitializer(variable, array)
    LLVMSetLinkage(variable, LLVMAppendingLinkage)
    LLVMSetSection(variable, section)
  }
}
