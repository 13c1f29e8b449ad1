internal import LLVMBitcode

/// What bitcode has that Julia never makes (aotcompile.md, section 9.1), and what becomes of it
/// before the module is split. Nothing here touches a module of Julia's.
enum ForeignBitcode {
  /// Lists of what the compiler must keep: neither placed nor tied, but cut to its own members in
  /// each shard. As ordinary variables they would pull all of these into one shard.
  static let keepLists = ["llvm.used", "llvm.compiler.used"]

  /// Appending variables that LLVM's code generator knows, or passes over (section `llvm.metadata`). It
  /// ends the process at any other of that prefix.
  private static let knownAppending = keepLists + ["llvm.global_ctors", "llvm.global_dtors"]

  /// Why the module cannot be split or emitted; nil if it can. While the parser's guard stands:
  /// LLVM's assembler writes to stderr.
  static func refusal(of module: borrowing Module) -> String? {
    for variable in module.variables where variable.linkage == .appending {
      let name = variable.name
      guard knownAppending.contains(name) || variable.section == "llvm.metadata" else {
        return "the variable '\(name)' has appending linkage, which no object file can express"
      }
    }
    return hasReadableAssembly(module)
      ? nil
      : "its module-level assembly is none that LLVM's assembler for '\(module.triple)' can read"
  }

  /// LLVM reports bad assembly to stderr only, and then tells no symbol at all: a label added at the
  /// end has to be among those that it tells.
  private static func hasReadableAssembly(_ module: borrowing Module) -> Bool {
    let assembly = module.inlineAssembly
    if assembly.isEmpty { return true }
    TargetMachine.initializeTargets()
    let label = "parmat_end_of_assembly"
    module.inlineAssembly = assembly + "\n\(label):\n"
    defer { module.inlineAssembly = assembly }
    return module.assemblySymbols.contains { $0.name == label }
  }

  /// What the linker may drop as unused in its owner's shard is needed by others: linkonce becomes
  /// weak.
  static func keepLinkOnce(_ value: GlobalValue) {
    switch value.linkage {
    case .linkOnceAny: value.linkage = .weakAny
    case .linkOnceODR: value.linkage = .weakODR
    default: break
    }
  }

  /// Whether the partitioner places the definition.
  static func isNode(_ value: GlobalValue, linkage: Linkage, julia: JuliaVersion) -> Bool {
    // Never an owned body: it may be in every shard, and no object defines it.
    if linkage == .availableExternally { return false }
    switch value.kind {
    case .function:
      // Julia's are all local. A foreign one that is not must have an owner.
      return julia.partitionsAlwaysInline || !linkage.isLocal
        || !value.hasAttribute(.alwaysInline)
    case .variable:
      return linkage != .appending || !keepLists.contains(value.name)
    case .alias, .ifunc:
      return true
    }
  }

  /// The assembler keeps `.L` names to its object: no other shard would find it.
  static func isAssemblerLocal(_ name: UnsafeRawBufferPointer) -> Bool {
    var name = name[...]
    if name.first == 1 { name.removeFirst() }  // '\01' only says: do not mangle
    return name.starts(with: ".L".utf8)
  }

  /// The definitions whose names are words of the module-level assembly.
  static func mentionedInAssembly(of module: borrowing Module) -> Set<GlobalValue> {
    let assembly = module.inlineAssembly
    if assembly.isEmpty { return [] }
    let words = assembly.split { !($0.isLetter || $0.isNumber || "_.$".contains($0)) }
    var mentioned: Set<GlobalValue> = []
    for word in Set(words) {
      for kind in GlobalValue.Kind.allCases {
        guard let value = module.named(String(word), kind), !value.isDeclaration else { continue }
        mentioned.insert(value)
      }
    }
    return mentioned
  }

  /// Symbols that module-level assembly defines for its own object only, but that IR declares:
  /// made global and hidden, because the assembly will be in one shard and its users in others.
  static func promoteAssemblySymbols(of module: borrowing Module) {
    guard !module.inlineAssembly.isEmpty else { return }
    var directives = ""
    for symbol in module.assemblySymbols where symbol.isDefined && !symbol.isGlobal {
      let declared = GlobalValue.Kind.allCases.contains { module.named(symbol.name, $0) != nil }
      if declared { directives += "\n.globl \(symbol.name)\n.hidden \(symbol.name)" }
    }
    if !directives.isEmpty { module.inlineAssembly += directives }
  }
}
