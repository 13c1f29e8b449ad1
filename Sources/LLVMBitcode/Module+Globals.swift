internal import CLLVM
internal import Glibc

extension Module {
  /// Functions in module order.
  public var functions: GlobalValues { GlobalValues(ref, .function) }
  /// Variables in module order.
  public var variables: GlobalValues { GlobalValues(ref, .variable) }
  /// Aliases in module order.
  public var aliases: GlobalValues { GlobalValues(ref, .alias) }
  /// Ifuncs in module order.
  public var ifuncs: GlobalValues { GlobalValues(ref, .ifunc) }

  /// Every global value in the order of `llvm::Module::global_values()`: functions, variables,
  /// aliases, ifuncs.
  public func forEachGlobalValue(_ body: (GlobalValue) throws -> Void) rethrows {
    for values in [functions, variables, aliases, ifuncs] {
      for value in values { try body(value) }
    }
  }

  /// The variable, function, alias or ifunc of that name. Wraps `LLVMGetNamedGlobal` and its
  /// siblings. O(1).
  public func named(_ name: String, _ kind: GlobalValue.Kind) -> GlobalValue? {
    name.withCString { named($0, kind) }
  }

  /// The same for a name that ends in NUL, without a copy.
  public func named(_ name: UnsafePointer<CChar>, _ kind: GlobalValue.Kind) -> GlobalValue? {
    let found =
      switch kind {
      case .function: LLVMGetNamedFunction(ref, name)
      case .variable: LLVMGetNamedGlobal(ref, name)
      case .alias: LLVMGetNamedGlobalAlias(ref, name, strlen(name))
      case .ifunc: LLVMGetNamedGlobalIFunc(ref, name, strlen(name))
      }
    return found.map { GlobalValue($0, kind) }
  }
}

/// The global values of one kind. The next one is looked up before a value is handed out, so that
/// the loop's body may erase it.
public struct GlobalValues: Sequence, IteratorProtocol {
  private let kind: GlobalValue.Kind
  private var upcoming: LLVMValueRef?

  init(_ module: LLVMModuleRef, _ kind: GlobalValue.Kind) {
    self.kind = kind
    upcoming =
      switch kind {
      case .function: LLVMGetFirstFunction(module)
      case .variable: LLVMGetFirstGlobal(module)
      case .alias: LLVMGetFirstGlobalAlias(module)
      case .ifunc: LLVMGetFirstGlobalIFunc(module)
      }
  }

  public mutating func next() -> GlobalValue? {
    guard let current = upcoming else { return nil }
    upcoming =
      switch kind {
      case .function: LLVMGetNextFunction(current)
      case .variable: LLVMGetNextGlobal(current)
      case .alias: LLVMGetNextGlobalAlias(current)
      case .ifunc: LLVMGetNextGlobalIFunc(current)
      }
    return GlobalValue(current, kind)
  }
}
