extension ModuleShape {
  /// A module that is made, split, emitted and linked in a second: every kind of function and
  /// variable, bodies from one line to some hundred instructions.
  static let tiny: ModuleShape = {
    var shape = juliaSysimage
    shape.functions = FunctionCounts(pairs: 24, japi1: 5, jlplt: 4, other: 4, inlined: 3)
    shape.variables = VariableCounts(
      constants: 24, bindings: 14, objects: 10, symbols: 5, caches: 5, gots: 4)
    shape.meanInstructions = 40
    shape.tail = 0.15
    // Half of the bodies in clones, which the real image has none of.
    shape.clonedShare = 0.5
    shape.hasAliases = true
    shape.entryCalls = 64
    return shape
  }()
}
