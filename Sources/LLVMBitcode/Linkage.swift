internal import CLLVM

/// `llvm::GlobalValue::LinkageTypes`, spelled as in text IR.
public enum Linkage: String, Sendable, Codable, CaseIterable {
  case external
  case availableExternally = "available_externally"
  case linkOnceAny = "linkonce"
  case linkOnceODR = "linkonce_odr"
  case weakAny = "weak"
  case weakODR = "weak_odr"
  case appending
  case `internal`
  case `private`
  case externalWeak = "extern_weak"
  case common

  /// Seen by no other object.
  public var isLocal: Bool { self == .internal || self == .private }

  /// The linker may put another body in this one's place, so that it must not be inlined
  /// (`llvm::GlobalValue::isInterposableLinkage`).
  public var isInterposable: Bool {
    switch self {
    case .weakAny, .linkOnceAny, .common, .externalWeak: true
    default: false
    }
  }

  init(_ ref: LLVMLinkage) {
    switch ref {
    case LLVMAvailableExternallyLinkage: self = .availableExternally
    case LLVMLinkOnceAnyLinkage: self = .linkOnceAny
    case LLVMLinkOnceODRLinkage: self = .linkOnceODR
    case LLVMWeakAnyLinkage: self = .weakAny
    case LLVMWeakODRLinkage: self = .weakODR
    case LLVMAppendingLinkage: self = .appending
    case LLVMInternalLinkage: self = .internal
    case LLVMPrivateLinkage: self = .private
    case LLVMExternalWeakLinkage: self = .externalWeak
    case LLVMCommonLinkage: self = .common
    default: self = .external
    }
  }

  var ref: LLVMLinkage {
    switch self {
    case .external: LLVMExternalLinkage
    case .availableExternally: LLVMAvailableExternallyLinkage
    case .linkOnceAny: LLVMLinkOnceAnyLinkage
    case .linkOnceODR: LLVMLinkOnceODRLinkage
    case .weakAny: LLVMWeakAnyLinkage
    case .weakODR: LLVMWeakODRLinkage
    case .appending: LLVMAppendingLinkage
    case .internal: LLVMInternalLinkage
    case .private: LLVMPrivateLinkage
    case .externalWeak: LLVMExternalWeakLinkage
    case .common: LLVMCommonLinkage
    }
  }
}
