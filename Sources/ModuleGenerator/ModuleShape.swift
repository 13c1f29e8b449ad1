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

  /// Instructions of bodies with a location.
  var locationShare: Double
  /// Instructions for each function that was inlined: every such has its own subprogram.
  var instructionsPerInlining: Double
  /// Instructions for each change of the line.
  var instructionsPerLine: Double
  /// Memory accesses with alias tags.
  var tagShare: Double
  /// Of these: with alias scopes too.
  var scopeShare: Double
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
  var rootStore: Double
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
