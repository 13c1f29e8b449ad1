internal import CLLVM
internal import CLLVMGaps

/// A function, variable, alias or ifunc of a module: a reference, valid as long as its module and
/// until it is erased.
public struct GlobalValue: Hashable {
  /// What kind of `llvm::GlobalValue` it is.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case function, variable, alias, ifunc
  }

  let ref: LLVMValueRef
  public let kind: Kind

  init(_ ref: LLVMValueRef, _ kind: Kind) {
    self.ref = ref
    self.kind = kind
  }

  /// The value as a global value; nil if it is something else.
  init?(anyKind ref: LLVMValueRef) {
    switch LLVMGetValueKind(ref) {
    case LLVMFunctionValueKind: self.init(ref, .function)
    case LLVMGlobalVariableValueKind: self.init(ref, .variable)
    case LLVMGlobalAliasValueKind: self.init(ref, .alias)
    case LLVMGlobalIFuncValueKind: self.init(ref, .ifunc)
    default: return nil
    }
  }

  public static func == (a: GlobalValue, b: GlobalValue) -> Bool { a.ref == b.ref }
  public func hash(into hasher: inout Hasher) { hasher.combine(ref) }

  /// The name; may be empty. Wraps `LLVMGetValueName2` / `LLVMSetValueName2`.
  public var name: String {
    get { withNameBytes { String(decoding: $0, as: UTF8.self) } }
    nonmutating set {
      var newValue = newValue
      newValue.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { LLVMSetValueName2(ref, $0.baseAddress, $0.count) }
      }
    }
  }

  /// The name's bytes without a copy: names need not be UTF-8.
  public func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var length = 0
    let start = LLVMGetValueName2(ref, &length)
    return body(UnsafeRawBufferPointer(start: start, count: length))
  }

  /// No body and no initializer; a function whose body is still on disk is a definition.
  public var isDeclaration: Bool { LLVMIsDeclaration(ref) != 0 }

  /// A definition whose body was not read yet. Only functions are read lazily.
  public var isLazy: Bool {
    kind == .function && !isDeclaration && LLVMGetFirstBasicBlock(ref) == nil
  }

  /// Something of the module refers to it. Wraps `LLVMGetFirstUse`.
  public var isUsed: Bool { LLVMGetFirstUse(ref) != nil }

  public var linkage: Linkage {
    get { Linkage(LLVMGetLinkage(ref)) }
    nonmutating set { LLVMSetLinkage(ref, newValue.ref) }
  }

  public var visibility: Visibility {
    get { Visibility(rawValue: LLVMGetVisibility(ref).rawValue) ?? .default }
    nonmutating set { LLVMSetVisibility(ref, LLVMVisibility(rawValue: newValue.rawValue)) }
  }

  /// Imported from, or exported to, another Windows image.
  public var hasDLLStorageClass: Bool { LLVMGetDLLStorageClass(ref) != LLVMDefaultStorageClass }

  /// The section's name; empty where none is set.
  public var section: String { LLVMGetSection(ref).map { String(cString: $0) } ?? "" }

  // MARK: Functions

  /// Whether the function carries the attribute. Wraps `LLVMGetEnumAttributeAtIndex`.
  public func hasAttribute(_ attribute: FunctionAttribute) -> Bool {
    LLVMGetEnumAttributeAtIndex(ref, functionIndex, attribute.kind) != nil
  }

  /// The value of a string attribute such as `julia.mv.clones`; nil where it is not set.
  public func stringAttribute(_ key: StaticString) -> String? {
    let attribute = key.withUTF8Buffer { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        LLVMGetStringAttributeAtIndex(ref, functionIndex, $0.baseAddress, UInt32($0.count))
      }
    }
    guard let attribute else { return nil }
    var length: UInt32 = 0
    let start = LLVMGetStringAttributeValue(attribute, &length)
    return String(
      decoding: UnsafeRawBufferPointer(start: start, count: Int(length)), as: UTF8.self)
  }

  private var functionIndex: LLVMAttributeIndex {
    LLVMAttributeIndex(bitPattern: Int32(LLVMAttributeFunctionIndex))
  }

  /// The global that this one must be linked together with (`!associated`, which sanitizers and
  /// coverage make); nil if there is none.
  public var associated: GlobalValue? {
    switch kind {
    case .function, .variable:
      parmat_GlobalObject_getAssociated(ref).flatMap { GlobalValue(anyKind: $0) }
    case .alias, .ifunc: nil
    }
  }

  // MARK: Comdats

  /// Tells comdat groups of one module apart; nil for a value in none.
  public var comdat: ComdatIdentity? {
    switch kind {
    case .function, .variable: LLVMGetComdat(ref).map { ComdatIdentity(ref: $0) }
    case .alias, .ifunc: nil  // theirs is that of the object they stand for
    }
  }
}

/// One comdat group of a module.
public struct ComdatIdentity: Hashable {
  let ref: LLVMComdatRef
}

/// An enum attribute of functions, looked up by name once.
public struct FunctionAttribute: Sendable {
  let kind: UInt32

  /// Wraps `LLVMGetEnumAttributeKindForName`.
  init(_ name: String) {
    kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
  }

  public static let alwaysInline = FunctionAttribute("alwaysinline")
  public static let inlineHint = FunctionAttribute("inlinehint")
}

/// `llvm::GlobalValue::VisibilityTypes`.
public enum Visibility: UInt32, Sendable {
  case `default` = 0
  case hidden = 1
  case protected = 2
}
