internal import CLLVM
internal import CLLVMGaps

/// Writes instructions at the end of a block. Wraps `llvm::IRBuilder<>`, whose folder makes a
/// constant, not an instruction, of an operation on constants alone.
///
/// One builder serves all functions of a module, one after the other; it must not outlive it.
public struct InstructionBuilder: ~Copyable {
  let ref: LLVMBuilderRef
  let context: LLVMContextRef

  /// Wraps `LLVMCreateBuilderInContext`.
  public init(for module: borrowing ModuleBuilder) {
    context = module.context
    ref = LLVMCreateBuilderInContext(context)
  }

  deinit { LLVMDisposeBuilder(ref) }

  // MARK: Blocks

  /// Appends a block to a function. Wraps `LLVMAppendBasicBlockInContext`.
  public func appendBlock(to function: GlobalValue, _ name: ValueName = .none) -> IRBlock {
    IRBlock(ref: LLVMAppendBasicBlockInContext(context, function.ref, name.start))
  }

  /// The same, named at run time.
  public func appendBlock(to function: GlobalValue, named name: String) -> IRBlock {
    IRBlock(ref: LLVMAppendBasicBlockInContext(context, function.ref, name))
  }

  /// Wraps `LLVMPositionBuilderAtEnd`.
  public func position(atEndOf block: IRBlock) { LLVMPositionBuilderAtEnd(ref, block.ref) }

  /// Wraps `LLVMGetInsertBlock`.
  public var block: IRBlock { IRBlock(ref: LLVMGetInsertBlock(ref)) }

  // MARK: Arithmetic

  /// Wraps `LLVMBuildBinOp`.
  public func binary(
    _ operation: BinaryOperation, _ a: IRValue, _ b: IRValue, _ name: ValueName = .none
  ) -> IRValue {
    IRValue(ref: LLVMBuildBinOp(ref, operation.opcode, a.ref, b.ref, name.start))
  }

  /// Wraps `LLVMBuildICmp`.
  public func compare(
    _ predicate: Comparison, _ a: IRValue, _ b: IRValue, _ name: ValueName = .none
  ) -> IRValue {
    IRValue(ref: LLVMBuildICmp(ref, predicate.predicate, a.ref, b.ref, name.start))
  }

  /// Wraps `LLVMBuildSelect`.
  public func select(
    _ condition: IRValue, _ a: IRValue, _ b: IRValue, _ name: ValueName = .none
  ) -> IRValue {
    IRValue(ref: LLVMBuildSelect(ref, condition.ref, a.ref, b.ref, name.start))
  }

  /// Wraps `LLVMBuildTrunc`.
  public func truncate(_ value: IRValue, to type: IRType, _ name: ValueName = .none) -> IRValue {
    IRValue(ref: LLVMBuildTrunc(ref, value.ref, type.ref, name.start))
  }

  /// Wraps `LLVMBuildSExt`.
  public func signExtend(_ value: IRValue, to type: IRType, _ name: ValueName = .none) -> IRValue {
    IRValue(ref: LLVMBuildSExt(ref, value.ref, type.ref, name.start))
  }

  /// Wraps `LLVMBuildExtractValue`.
  public func extract(_ index: Int, of value: IRValue, _ name: ValueName = .none) -> IRValue {
    IRValue(ref: LLVMBuildExtractValue(ref, value.ref, UInt32(index), name.start))
  }

  // MARK: Memory

  /// Room for `count` elements on the stack, as a pointer to the first. Wraps
  /// `LLVMBuildArrayAlloca`.
  public func stackSlots(
    _ type: IRType, count: IRValue, alignment: Int, _ name: ValueName = .none
  ) -> IRValue {
    let slots: LLVMValueRef = LLVMBuildArrayAlloca(ref, type.ref, count.ref, name.start)
    LLVMSetAlignment(slots, UInt32(alignment))
    return IRValue(ref: slots)
  }

  /// The address `index` elements of `type` further. Wraps `LLVMBuildInBoundsGEP2`.
  public func offset(
    _ pointer: IRValue, _ index: IRValue, _ type: IRType, _ name: ValueName = .none
  ) -> IRValue {
    var index: LLVMValueRef? = index.ref
    return IRValue(ref: LLVMBuildInBoundsGEP2(ref, type.ref, pointer.ref, &index, 1, name.start))
  }

  /// Wraps `LLVMBuildLoad2`; all that is read here is aligned to 8 bytes.
  public func load(
    _ type: IRType, _ address: IRValue, tags: Attachments = .none, _ name: ValueName = .none
  ) -> IRValue {
    let load: LLVMValueRef = LLVMBuildLoad2(ref, type.ref, address.ref, name.start)
    LLVMSetAlignment(load, 8)
    tags.attach(to: load)
    return IRValue(ref: load)
  }

  /// Wraps `LLVMBuildStore`.
  public func store(_ value: IRValue, _ address: IRValue, tags: Attachments = .none) {
    let store: LLVMValueRef = LLVMBuildStore(ref, value.ref, address.ref)
    LLVMSetAlignment(store, 8)
    tags.attach(to: store)
  }

  /// An unordered atomic load. Wraps `LLVMSetOrdering`.
  public func loadUnordered(
    _ type: IRType, _ address: IRValue, tags: Attachments = .none
  ) -> IRValue {
    let value = load(type, address, tags: tags)
    LLVMSetOrdering(value.ref, LLVMAtomicOrderingUnordered)
    return value
  }

  /// An atomic store with release ordering. Wraps `LLVMSetOrdering`.
  public func storeReleasing(_ value: IRValue, _ address: IRValue) {
    let store: LLVMValueRef = LLVMBuildStore(ref, value.ref, address.ref)
    LLVMSetAlignment(store, 8)
    LLVMSetOrdering(store, LLVMAtomicOrderingRelease)
  }

  /// Fills `bytes` bytes with zeros. `memset` is `llvm.memset` for the address's own type:
  /// `LLVMBuildMemSet` would cast a typed pointer.
  public func clear(
    _ address: IRValue, bytes: IRValue, by memset: IRFunction, tags: Attachments = .none
  ) {
    let zero = IRValue(ref: LLVMConstInt(LLVMInt8TypeInContext(context), 0, 0))
    let isVolatile = IRValue(ref: LLVMConstInt(LLVMInt1TypeInContext(context), 0, 0))
    tags.attach(to: call(memset, address, zero, bytes, isVolatile).ref)
  }

  // MARK: Calls and ends

  /// Wraps `LLVMBuildCall2`. At most eight arguments.
  @discardableResult
  public func call(
    _ function: IRFunction, _ arguments: IRValue..., name: ValueName = .none
  ) -> IRValue {
    call(function, arguments, name: name)
  }

  /// Wraps `LLVMBuildCall2`.
  @discardableResult
  public func call(
    _ function: IRFunction, _ arguments: [IRValue], name: ValueName = .none
  ) -> IRValue {
    withUnsafeTemporaryAllocation(of: LLVMValueRef?.self, capacity: arguments.count) { values in
      for (index, argument) in arguments.enumerated() { values[index] = argument.ref }
      return IRValue(
        ref: LLVMBuildCall2(
          ref, function.type, function.ref, values.baseAddress, UInt32(arguments.count),
          name.start))
    }
  }

  /// A call that takes the frame of its caller over. Wraps
  /// `llvm::CallInst::setTailCallKind(TCK_MustTail)`.
  public func mustTailCall(_ function: IRFunction, _ arguments: [IRValue]) -> IRValue {
    let call = call(function, arguments)
    parmat_CallInst_setMustTail(call.ref)
    return call
  }

  /// A phi with its incoming values still to be added. Wraps `LLVMBuildPhi`.
  public func phi(_ type: IRType, _ name: ValueName = .none) -> IRValue {
    IRValue(ref: LLVMBuildPhi(ref, type.ref, name.start))
  }

  /// Wraps `LLVMAddIncoming`.
  public func addIncoming(_ value: IRValue, from block: IRBlock, to phi: IRValue) {
    var value: LLVMValueRef? = value.ref
    var block: LLVMBasicBlockRef? = block.ref
    LLVMAddIncoming(phi.ref, &value, &block, 1)
  }

  /// Wraps `LLVMBuildBr`.
  public func jump(_ block: IRBlock) { LLVMBuildBr(ref, block.ref) }

  /// Wraps `LLVMBuildCondBr`.
  public func branch(_ condition: IRValue, _ then: IRBlock, else other: IRBlock) {
    LLVMBuildCondBr(ref, condition.ref, then.ref, other.ref)
  }

  /// Wraps `LLVMBuildRet`.
  public func `return`(_ value: IRValue) { LLVMBuildRet(ref, value.ref) }

  /// Wraps `LLVMBuildUnreachable`.
  public func unreachable() { LLVMBuildUnreachable(ref) }

  /// The location of what is written from now on; nil for none. Wraps
  /// `LLVMSetCurrentDebugLocation2`.
  public func setLocation(_ location: IRMetadata?) {
    LLVMSetCurrentDebugLocation2(ref, location?.ref)
  }
}

/// What an instruction or a block is called, numbered by LLVM where the name is taken.
public struct ValueName: Sendable {
  private let text: StaticString

  public init(_ text: StaticString) { self.text = text }
  public static let none = ValueName("")

  /// A static string ends in NUL.
  var start: UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

/// Operations on two integers.
public enum BinaryOperation: UInt8, Sendable, CaseIterable {
  case add, subtract, multiply, and, or, xor, shiftLeft, shiftRight, shiftRightSigned

  var opcode: LLVMOpcode {
    switch self {
    case .add: LLVMAdd
    case .subtract: LLVMSub
    case .multiply: LLVMMul
    case .and: LLVMAnd
    case .or: LLVMOr
    case .xor: LLVMXor
    case .shiftLeft: LLVMShl
    case .shiftRight: LLVMLShr
    case .shiftRightSigned: LLVMAShr
    }
  }
}

/// How two integers are compared.
public enum Comparison: UInt8, Sendable, CaseIterable {
  case equal, notEqual, less, lessUnsigned, greaterOrEqualUnsigned

  var predicate: LLVMIntPredicate {
    switch self {
    case .equal: LLVMIntEQ
    case .notEqual: LLVMIntNE
    case .less: LLVMIntSLT
    case .lessUnsigned: LLVMIntULT
    case .greaterOrEqualUnsigned: LLVMIntUGE
    }
  }
}
