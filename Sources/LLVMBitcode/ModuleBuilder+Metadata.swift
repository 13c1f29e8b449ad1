internal import CLLVM

/// A metadata node or string of a module's context.
public struct IRMetadata { let ref: LLVMMetadataRef }

// Metadata that describes memory accesses: type-based alias tags, and alias scopes.
extension ModuleBuilder {
  /// Wraps `LLVMMDStringInContext2`.
  public func metadata(_ text: String) -> IRMetadata {
    IRMetadata(ref: LLVMMDStringInContext2(context, text, text.utf8.count))
  }

  /// A number as metadata. Wraps `LLVMValueAsMetadata`.
  public func metadata(_ number: UInt64, _ type: IRType) -> IRMetadata {
    IRMetadata(ref: LLVMValueAsMetadata(LLVMConstInt(type.ref, number, 0)))
  }

  /// A uniqued node. Wraps `LLVMMDNodeInContext2`.
  public func metadata(_ operands: [IRMetadata]) -> IRMetadata {
    var refs: [LLVMMetadataRef?] = operands.map(\.ref)
    return IRMetadata(ref: LLVMMDNodeInContext2(context, &refs, refs.count))
  }

  /// A type of the alias tree and the tag for an access to it (`MDBuilder::createTBAAScalarTypeNode`
  /// and `createTBAAStructTagNode`).
  public func aliasType(
    _ name: String, in parent: IRMetadata, isConstant: Bool = false
  ) -> (type: IRMetadata, tag: IRMetadata) {
    let zero = metadata(0, integer(64))
    let type = metadata([metadata(name), parent, zero])
    let constant = isConstant ? [metadata(1, integer(64))] : []
    return (type, metadata([type, type, zero] + constant))
  }

  /// What accesses carry: the tag, and the scopes they are in and apart from; nil for none.
  public func accessTags(
    alias tag: IRMetadata?, scope: IRMetadata? = nil, apart: IRMetadata? = nil,
    isInvariant: Bool = false, empty: IRMetadata? = nil
  ) -> AccessTags {
    func value(_ metadata: IRMetadata?) -> LLVMValueRef? {
      metadata.flatMap { LLVMMetadataAsValue(context, $0.ref) }
    }
    return AccessTags(
      alias: value(tag), scope: value(scope), apart: value(apart),
      invariant: isInvariant ? value(empty ?? metadata([])) : nil)
  }

  /// Attaches a node to a variable. Wraps `LLVMGlobalSetMetadata`.
  public func attach(_ node: IRMetadata, kind: String, to variable: GlobalValue) {
    let number = LLVMGetMDKindIDInContext(context, kind, UInt32(kind.utf8.count))
    LLVMGlobalSetMetadata(variable.ref, number, node.ref)
  }

  /// Adds a numeric module flag. Wraps `LLVMAddModuleFlag`.
  public func addFlag(_ key: String, _ value: UInt64, behavior: FlagBehavior) {
    LLVMAddModuleFlag(
      ref, behavior.ref, key, key.utf8.count, metadata(value, integer(32)).ref)
  }

  /// Adds a text module flag, or replaces it.
  public func setFlag(_ key: String, to value: String) {
    module.setFlag(key, to: value, behavior: .error)
  }

  /// How a flag meets the same one of another module.
  public enum FlagBehavior: Sendable {
    case error, warning

    var ref: LLVMModuleFlagBehavior {
      switch self {
      case .error: LLVMModuleFlagBehaviorError
      case .warning: LLVMModuleFlagBehaviorWarning
      }
    }
  }
}

/// What a memory access carries.
public struct AccessTags {
  let alias: LLVMValueRef?
  let scope: LLVMValueRef?
  let apart: LLVMValueRef?
  let invariant: LLVMValueRef?

  public static var none: AccessTags {
    AccessTags(alias: nil, scope: nil, apart: nil, invariant: nil)
  }

  /// `llvm::LLVMContext`'s numbers, the same in every context.
  private static let kinds = (
    alias: kind("tbaa"), scope: kind("alias.scope"), apart: kind("noalias"),
    invariant: kind("invariant.load")
  )

  private static func kind(_ name: String) -> UInt32 {
    LLVMGetMDKindID(name, UInt32(name.utf8.count))
  }

  /// Wraps `LLVMSetMetadata`.
  func attach(to instruction: LLVMValueRef) {
    if let alias { LLVMSetMetadata(instruction, Self.kinds.alias, alias) }
    if let scope { LLVMSetMetadata(instruction, Self.kinds.scope, scope) }
    if let apart { LLVMSetMetadata(instruction, Self.kinds.apart, apart) }
    if let invariant { LLVMSetMetadata(instruction, Self.kinds.invariant, invariant) }
  }
}
