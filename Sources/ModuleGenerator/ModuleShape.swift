/// Everything that a profile fixes: counts, sizes, and how often what occurs.
struct ModuleShape: Sendable {
  var functions: FunctionCounts
  var variables: VariableCounts
  var meanInstructions: Double
  /// The share of all instructions in the largest 1 % of the functions.
  var tail: Double

  /// Instructions of `julia_*`, by share of the functions that have no more.
  var bodySizes: Quantiles
  var japi1Sizes: Quantiles
  var jfptrSizes: Quantiles
  /// Instructions of a body for each of its blocks.
  var instructionsPerBlock: Double

  /// Instructions with a location.
  var locationShare: Double
  /// Instructions of all functions for each that may have a location.
  var bodyLocations: Double
  /// Instructions for each place that a function was inlined at.
  var instructionsPerInlining: Double
  /// Of these places: where the function has a subprogram of its own, not one that another place of
  /// the same body has already.
  var newInlineeShare: Double
  /// Instructions for each change of the line.
  var instructionsPerLine: Double
  /// Loads with an alias tag, alias scopes and what is known of the value: five nodes each.
  var loadTagShare: Double
  /// Stores with an alias tag and alias scopes: three nodes.
  var storeTagShare: Double
  /// Instructions that have a name, of those that may.
  var nameShare: Double
  /// Of the blocks.
  var blockNameShare: Double

  /// Bodies with the attribute `julia.mv.clones`; each is weighed as often as it says.
  var clonedShare: Double
  /// Exported aliases of functions that C calls.
  var hasAliases: Bool
  /// Functions that the entry calls, at most.
  var entryCalls: Int

  /// How often which operation stands in a body.
  var mix: OperationMix

  /// A got for each thunk, one of each other kind, three tables and three strings.
  func leastVariables(functions count: Int) -> Int {
    functions.scaled(to: count).jlplt + 10
  }
}

/// A distribution by its quantiles; between two of them the logarithm is linear.
struct Quantiles: Sendable {
  /// (share, size), both rising, from share 0 to share 1.
  let points: [(share: Double, size: Double)]

  /// The size that a share of the functions does not exceed.
  func size(at share: Double) -> Double {
    let upper = points.firstIndex { $0.share >= share } ?? points.count - 1
    guard upper > 0 else { return points[0].size }
    let (low, high) = (points[upper - 1], points[upper])
    let position = (share - low.share) / (high.share - low.share)
    return low.size * power(high.size / low.size, position)
  }
}

/// How often which operation stands in a body, in shares of the places where one may stand.
struct OperationMix: Sendable {
  var arithmetic: Double
  var intrinsic: Double
  var overflow: Double
  var select: Double
  var narrow: Double
  var tableLoad: Double
  var stackStore: Double
  var stackLoad: Double
  /// Loads an object; stores one into the frame; loads one from there.
  var rootLoad: Double
  var rootStore: Double
  var rootRead: Double
  var thunkCall: Double
  var inlinedCall: Double
  /// Calls in blocks that are never reached: of functions of the module, of the run-time library.
  var coldCall: Double
  var runtimeCall: Double
  var allocation: Double

  /// Control flow, in shares of the blocks' ends.
  var jump: Double
  var undefinedGuard: Double
  var boundsGuard: Double
  var conditional: Double
  var cold: Double
  var diamond: Double
  var loop: Double
}
