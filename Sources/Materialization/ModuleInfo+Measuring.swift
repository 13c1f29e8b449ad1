internal import LLVMBitcode

/// A module's size and each definition's weight, in the order of `global_values()`.
struct Weights {
  private(set) var info = ModuleInfo()
  private(set) var each: [UInt64] = []

  /// Weighs every definition but Julia's four tables, which Julia makes only later. O(definitions).
  init(of module: borrowing Module, _ sizes: FunctionSizes) {
    let tables = ImageTables.names.compactMap { module.named($0, .variable) }
    for (index, function) in module.functions.enumerated() where !function.isDeclaration {
      each.append(
        info.add(
          function, basicBlocks: sizes.basicBlocks[index], instructions: sizes.instructions[index]))
    }
    module.forEachGlobalValue { value in
      guard value.kind != .function, !value.isDeclaration, !tables.contains(value) else { return }
      each.append(info.addOther())
    }
  }
}
