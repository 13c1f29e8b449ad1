public import LLVMBitcode

/// A module's size and each definition's weight, in the order of `global_values()`.
struct Weights {
  private(set) var info = ModuleInfo()
  private(set) var each: [UInt64] = []

  /// Walks every definition but Julia's four tables, which Julia makes only later. O(instructions).
  init(of module: borrowing Module) {
    let tables = ImageTables.names.compactMap { module.named($0, .variable) }
    let sizes = FunctionSizes(of: module)
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

extension ModuleInfo {
  /// Counts a module's definitions. O(instructions).
  public init(of module: borrowing Module) {
    self = Weights(of: module).info
  }
}
