internal import CGlibcGaps
internal import LLVMBitcode

/// Drops from a lazily loaded module what the partition does not own, and reads the rest
/// (`materializePreserved`, aotcompile.md section 4). The steps stand in Julia's order.
@inline(never)
func materializePreserved(
  _ lazy: borrowing LazyModule, _ partition: Partition, of summary: ModuleSummary,
  _ emission: Emission
) throws(LLVMError) {
  let preserved = try preserveSet(of: partition, summary, in: lazy.module)
  let surgery = Surgery(
    preserved: preserved, hasAssembly: partition.hasAssembly, emission: emission)

  let bodiless = surgery.dropFunctions(of: lazy.module)
  surgery.dropVariables(of: lazy.module)
  let dummies = surgery.redirectAliases(of: lazy.module)
  surgery.replaceIFuncs(of: lazy.module)
  surgery.keepOwnLists(of: lazy.module)
  surgery.keepOwnAssembly(of: lazy.module)

  switch emission.materializer {
  case .module: try lazy.materializeAll()
  case .functions:
    if emission.marksProgress {
      lazy.materializeFunctions { parmat_mark_progress() }
    } else {
      lazy.materializeFunctions()
    }
  }

  replaceAliases(dummies)
  for function in bodiless { surgery.dropBody(of: function) }
}

/// 4.1: every name of the partition, looked up.
private func preserveSet(
  of partition: Partition, _ summary: ModuleSummary, in module: borrowing Module
) throws(LLVMError) -> Set<GlobalValue> {
  var preserved = Set<GlobalValue>(minimumCapacity: partition.globals.count)
  for global in partition.globals {
    let kind = summary.definitions[global].kind
    let value = summary.names.withCString(global) { module.named($0, kind) }
    guard let value, !value.isDeclaration, !value.linkage.isLocal else {
      throw LLVMError("'\(summary.names[global])' is no definition that other shards could see")
    }
    preserved.insert(value)
  }
  return preserved
}

/// An alias that this shard does not own, and what it stands for until its uses are read.
private struct Dummy {
  let alias: GlobalValue
  let value: GlobalValue
  /// Uses of the alias use what it stood for.
  let isReplaced: Bool
}

private struct Surgery {
  let preserved: Set<GlobalValue>
  let hasAssembly: Bool
  let emission: Emission

  private func isForeign(_ value: GlobalValue) -> Bool {
    !value.isDeclaration && !value.linkage.isLocal && !preserved.contains(value)
  }

  /// 4.2. Returns the functions whose bodies can only go once all is read: a constant holds the
  /// address of one of their blocks, and the reader insists on finding it.
  func dropFunctions(of module: borrowing Module) -> [GlobalValue] {
    var later: [GlobalValue] = []
    for function in module.functions where isForeign(function) {
      if function.linkage == .availableExternally {
        continue  // everybody's already
      }
      if !canPartition(function) && !function.linkage.isInterposable {
        hide(function)
        function.leaveComdat()
        function.linkage = .availableExternally
      } else if function.hasBlockAddress {
        later.append(function)
      } else {
        dropBody(of: function)
      }
    }
    return later
  }

  /// Whether foreign shards do without the body (`canPartition`; before Julia 1.12 they always do).
  private func canPartition(_ function: GlobalValue) -> Bool {
    guard emission.julia.partitionsAlwaysInline else { return true }
    if function.hasAttribute(.alwaysInline) { return false }
    return !(emission.julia.keepsInlineHint && function.hasAttribute(.inlineHint))
  }

  func dropBody(of function: GlobalValue) {
    hide(function)
    function.deleteBody()
  }

  /// 4.3.
  func dropVariables(of module: borrowing Module) {
    for variable in module.variables where isForeign(variable) {
      switch variable.linkage {
      case .availableExternally:
        continue
      case .appending where ForeignBitcode.keepLists.contains(variable.name):
        continue  // cut to size by keepOwnLists
      case .appending:
        // llvm.global_ctors and the like: a declaration would be an undefined symbol of that name.
        variable.erase()
      default:
        hide(variable)
        variable.deleteInitializer()
      }
    }
  }

  /// External + Hidden, which implies dso_local. What the input itself exports stays visible: one
  /// hidden reference would hide the symbol in the linked library. All of Julia's definitions but
  /// its C-callable aliases were local, and are hidden since the partitioner promoted them.
  private func hide(_ value: GlobalValue) {
    let visibility = value.visibility
    value.linkage = .external
    if visibility == .hidden { value.visibility = .hidden }
  }

  /// 4.4: an alias may not point at a declaration, and cannot go before its uses are read: until
  /// then it stands for a dummy. Julia redirects function aliases only; a variable's would abort.
  /// Uses of a variable's alias will use the variable: as two declarations LLVM would take them for
  /// two variables, and their addresses for different.
  func redirectAliases(of module: borrowing Module) -> [Dummy] {
    var dummies: [Dummy] = []
    for alias in module.aliases where isForeign(alias) {
      let value =
        alias.aliasesFunction
        ? module.addFunction(like: alias, defined: true) : module.addVariable(like: alias)
      let isReplaced = !alias.aliasesFunction && !alias.linkage.isInterposable
      // Now, not when all is read: what it stands for may be another alias that goes as well. The
      // reader's own list of values follows, so that bodies will use what it stood for.
      if isReplaced { alias.replaceAllUses(with: alias.aliasee) }
      alias.setAliasee(value)
      dummies.append(Dummy(alias: alias, value: value, isReplaced: isReplaced))
    }
    return dummies
  }

  /// Julia has no ifuncs. A foreign one becomes the function that it resolves to.
  func replaceIFuncs(of module: borrowing Module) {
    for ifunc in module.ifuncs where isForeign(ifunc) {
      let function = module.addFunction(like: ifunc, defined: false)
      function.visibility = ifunc.visibility
      ifunc.replaceAllUses(with: function)
      ifunc.giveName(to: function)
      ifunc.erase()
    }
  }

  /// Cuts `llvm.used` and `llvm.compiler.used` to what this shard defines.
  func keepOwnLists(of module: borrowing Module) {
    for name in ForeignBitcode.keepLists {
      guard let list = module.named(name, .variable), !list.isDeclaration else { continue }
      let members = module.listedGlobals(of: list) ?? []
      module.replaceList(
        list, with: members.filter { preserved.contains($0) || $0.linkage.isLocal })
    }
  }

  /// Module-level assembly defines symbols: one shard may have it.
  func keepOwnAssembly(of module: borrowing Module) {
    if !hasAssembly && !module.inlineAssembly.isEmpty { module.inlineAssembly = "" }
  }
}

/// 4.6: each alias gives its name and uses to its dummy, which becomes a declaration. That of a
/// variable has given its uses to the variable.
private func replaceAliases(_ dummies: [Dummy]) {
  for dummy in dummies {
    if dummy.isReplaced {
      dummy.alias.erase()
      dummy.value.erase()
      continue
    }
    dummy.alias.giveName(to: dummy.value)
    dummy.alias.replaceAllUses(with: dummy.value)
    dummy.alias.erase()
    switch dummy.value.kind {
    case .function: dummy.value.deleteBody()
    default: dummy.value.deleteInitializer()
    }
  }
}
