internal import LLVMBitcode

/// Julia's four tables in the text module: which function or variable has which number in the image
/// (`jl_fvars`, `jl_gvars` and their identity index tables).
enum ImageTables {
  static let names = ["jl_fvars", "jl_gvars", "jl_fvar_idxs", "jl_gvar_idxs"]

  /// Reads the tables and erases them (`get_fvars_gvars`): as constants they would tie everything
  /// that they list into one partition. Nil where the module has neither `jl_fvars` nor `jl_gvars`.
  static func take(from module: borrowing Module) throws(MaterializationError) -> ImageIndices? {
    let lists = try names.prefix(2).map { name throws(MaterializationError) -> [GlobalValue]? in
      guard let table = module.named(name, .variable), !table.isDeclaration else { return nil }
      guard let globals = module.listedGlobals(of: table) else {
        throw .unusable("its table \(name) does not list functions or variables only")
      }
      var seen: Set<GlobalValue> = []
      for global in globals where !seen.insert(global).inserted {
        throw .unusable("its table \(name) lists '\(global.name)' twice")
      }
      return globals
    }
    guard lists[0] != nil || lists[1] != nil else { return nil }
    let indices = ImageIndices(fvars: index(lists[0]), gvars: index(lists[1]))
    for name in names {
      guard let table = module.named(name, .variable) else { continue }
      guard !table.isUsed else {
        throw .unusable("its table \(name) is used by something else of the module")
      }
      table.erase()
    }
    return indices
  }

  /// Whether the module has tables, without taking them.
  static func exist(in module: borrowing Module) -> Bool {
    names.prefix(2).contains { module.named($0, .variable).map { !$0.isDeclaration } ?? false }
  }

  private static func index(_ list: [GlobalValue]?) -> [GlobalValue: UInt32] {
    Dictionary(uniqueKeysWithValues: (list ?? []).enumerated().map { ($1, UInt32($0)) })
  }
}

/// Global value -> its number in the image.
struct ImageIndices {
  let fvars: [GlobalValue: UInt32]
  let gvars: [GlobalValue: UInt32]
}
