internal import LLVMBitcode

extension ModuleSummary {
  /// Prepares a module for splitting, in Julia's order (`add_output`, then `partitionModule`): names
  /// anonymous definitions, takes the tables out, promotes local linkage, and notes weights and
  /// ties. The module is then ready to be serialized.
  ///
  /// Complexity: O(definitions + uses of definitions).
  init(
    preparing module: borrowing Module, weights: Weights, julia: JuliaVersion
  ) throws(MaterializationError) {
    nameAnonymousDefinitions(of: module)
    let indices = try ImageTables.take(from: module)
    ForeignBitcode.promoteAssemblySymbols(of: module)

    info = weights.info
    tableSizes = indices.map { TableSizes(fvars: $0.fvars.count, gvars: $0.gvars.count) }
    definitions.reserveCapacity(weights.each.count)
    var nameWithNUL: Int?
    var values: [GlobalValue] = []
    values.reserveCapacity(weights.each.count)
    module.forEachGlobalValue { value in
      guard !value.isDeclaration else { return }
      let definition = Self.prepare(
        value, weight: weights.each[definitions.count], indices: indices, julia: julia)
      definitions.append(definition)
      let isWhole = value.withNameBytes { bytes in
        names.append(bytes)
        return !bytes.contains(0)
      }
      if !isWhole { nameWithNUL = nameWithNUL ?? definitions.count - 1 }
      values.append(value)
    }
    if let nameWithNUL {
      throw .unusable(
        "the name of a definition ('\(names[nameWithNUL])') has a zero byte, which ends a name in "
          + "an object file")
    }
    noteTies(of: values)
    noteAssembly(of: module, values)
  }

  /// Makes a node of a definition, if it becomes one: local linkage becomes External + Hidden.
  private static func prepare(
    _ value: GlobalValue, weight: UInt64, indices: ImageIndices?, julia: JuliaVersion
  ) -> Definition {
    let linkage = value.linkage
    let isNode = ForeignBitcode.isNode(value, linkage: linkage, julia: julia)
    if isNode {
      if linkage.isLocal {
        value.linkage = .external
        value.visibility = .hidden
      } else {
        ForeignBitcode.keepLinkOnce(value)
      }
    }
    return Definition(
      kind: value.kind, linkage: linkage, weight: weight, isNode: isNode,
      fvar: indices?.fvars[value], gvar: indices?.gvars[value])
  }

  /// Ties together what module-level assembly mentions: a `.symver` has to stand in the object that
  /// defines its symbol, and only one object may have the assembly.
  private mutating func noteAssembly(of module: borrowing Module, _ values: [GlobalValue]) {
    let mentioned = ForeignBitcode.mentionedInAssembly(of: module)
    guard !mentioned.isEmpty else { return }
    for (index, value) in values.enumerated()
    where definitions[index].isNode && mentioned.contains(value) {
      if let anchor = assemblyAnchor {
        ties.append(Tie(target: anchor, user: UInt32(index), reason: .assembly))
      } else {
        assemblyAnchor = UInt32(index)
      }
    }
  }

  /// Walks the constant uses of every node; what ties foreign bitcode only comes last.
  private mutating func noteTies(of values: [GlobalValue]) {
    // Most definitions are used by instructions only: the index of values is made when first needed.
    var index: [GlobalValue: UInt32] = [:]
    var comdats: [ComdatIdentity: UInt32] = [:]
    var foreignTies: [Tie] = []
    func position(_ value: GlobalValue) -> UInt32? {
      if index.isEmpty {
        index.reserveCapacity(values.count)
        for (position, value) in values.enumerated() { index[value] = UInt32(position) }
      }
      return index[value].flatMap { definitions[Int($0)].isNode ? $0 : nil }
    }
    for (target, value) in values.enumerated() where definitions[target].isNode {
      value.forEachConstantUser { user in
        guard let user = position(user) else { return }
        ties.append(Tie(target: UInt32(target), user: user, reason: .constant))
      }
      if let other = value.associated.flatMap(position) {
        foreignTies.append(Tie(target: other, user: UInt32(target), reason: .associated))
      }
      guard let comdat = value.comdat else { continue }
      if let first = comdats[comdat] {
        foreignTies.append(Tie(target: first, user: UInt32(target), reason: .comdat))
      } else {
        comdats[comdat] = UInt32(target)
      }
    }
    ties += foreignTies
  }
}

/// Gives each nameless definition the name `jl_ext_<n>`; in foreign bitcode also those whose name
/// the assembler would keep to one object.
private func nameAnonymousDefinitions(of module: borrowing Module) {
  var counter = 0
  module.forEachGlobalValue { value in
    guard !value.isDeclaration else { return }
    let needsName = value.withNameBytes {
      $0.isEmpty || (ForeignBitcode.isAssemblerLocal($0) && value.linkage.isLocal)
    }
    guard needsName else { return }
    value.name = "jl_ext_\(counter)"
    counter += 1
  }
}
