extension ModulePlan {
  /// The symbol of a function.
  public func name(of index: Int) -> String {
    let function = functions[index]
    var word = MethodNames.all[function.word % MethodNames.all.count]
    // Most are closures or take keywords: `#name##n`, whose signs linkers do not take.
    if function.number % 4 < 3 { word = "YY.\(word)YY.\(10_000 + function.number)" }
    return switch function.kind {
    case .julia, .inlined: "julia_\(word)_\(function.number)"
    case .jfptr: "jfptr_\(word)_\(function.number)"
    case .japi1: "japi1_\(word)_\(function.number)"
    case .jlplt: "jlplt_\(cFunction(of: index).rawValue)_\(function.number)"
    case .tojlinvoke: "tojlinvoke\(function.number)"
    case .entry: "julia_parmat_entry_\(function.number)"
    }
  }

  /// The C function that a thunk looks up.
  func cFunction(of index: Int) -> CFunction {
    CFunction.allCases[functions[index].word]
  }

  /// The exported name by which C calls the entry; nil where the profile has no aliases.
  public var entryAlias: String? { shape.hasAliases ? "parmat_entry" : nil }
}
