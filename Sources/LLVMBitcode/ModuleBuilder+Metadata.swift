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

  /// What instructions carry, by the names of the kinds.
  public func attachments(_ nodes: [(kind: String, node: IRMetadata)]) -> Attachments {
    Attachments(
      nodes: nodes.compactMap { kind, node in
        let number = LLVMGetMDKindIDInContext(context, kind, UInt32(kind.utf8.count))
        return LLVMMetadataAsValue(context, node.ref).map { (number, $0) }
      })
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

/// Metadata that instructions carry: alias tags, alias scopes, what is known of a loaded value.
public struct Attachments {
  let nodes: [(kind: UInt32, node: LLVMValueRef)]

  public static var none: Attachments { Attachments(nodes: []) }

  /// Wraps `LLVMSetMetadata`.
  func attach(to instruction: LLVMValueRef) {
    for (kind, node) in nodes { LLVMSetMetadata(instruction, kind, node) }
  }
}
