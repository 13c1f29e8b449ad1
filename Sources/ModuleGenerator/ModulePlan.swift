/// A module on paper: every function and variable with its kind, name and size, and, from their
/// seeds, what each function does. Knows nothing of LLVM; the same options give the same plan on
/// every machine.
public struct ModulePlan: Sendable {
  public let options: GeneratorOptions
  let shape: ModuleShape
  /// In module order.
  public let functions: [FunctionPlan]
  let variables: VariableCounts
  /// Numbers of `julia_*` functions, by layer.
  let callable: [[Int]]
  /// Numbers of functions that are always inlined.
  let inlined: [Int]
  /// Numbers of the thunks.
  let thunks: [Int]
  /// `_j_const*` tables.
  let tableCount: Int
  /// Which function is the entry: the last one.
  public let entry: Int

  /// Plans a module. Throws what is wrong with the options, an unreachable tail among it.
  /// O(functions log functions).
  public init(_ options: GeneratorOptions) throws(GeneratorError) {
    try options.validate()
    let shape = options.profile.shape
    self.options = options
    self.shape = shape
    let counts = shape.functions.scaled(to: options.functions)
    variables = shape.variables.scaled(to: options.globals, gots: counts.jlplt)
    // Three of five are tables, the others strings; at least one of each.
    tableCount = max(variables.constants * 3 / 5, 1)
    var planner = FunctionPlanner(counts, shape, seed: options.seed)
    try planner.size(options)
    functions = planner.functions
    entry = planner.functions.count - 1

    var callable = [[Int]](repeating: [], count: FunctionPlan.layers)
    for (index, function) in functions.enumerated() where function.isCallable {
      callable[function.layer].append(index)
    }
    self.callable = callable
    inlined = functions.indices.filter { [functions] in functions[$0].kind == .inlined }
    thunks = functions.indices.filter { [functions] in functions[$0].kind == .jlplt }
  }

  /// What a function does. Made anew at each call, from the function's seed. O(instructions).
  public func body(of index: Int) -> FunctionBody {
    var planner = BodyPlanner(self, index)
    return planner.makeBody()
  }

  /// The share of all instructions that the largest 1 % of the functions hold.
  public var tail: Double {
    let sizes = functions.map(\.instructions).sorted()
    let all = sizes.reduce(0, +)
    return Double(sizes.suffix(max(sizes.count / 100, 1)).reduce(0, +)) / Double(max(all, 1))
  }

  /// Functions that the entry calls, directly or by their wrappers, spread over all callable ones.
  var entryTargets: [Int] {
    Self.entryTargets(of: functions, atMost: shape.entryCalls)
  }

  static func entryTargets(of functions: [FunctionPlan], atMost most: Int) -> [Int] {
    let targets = functions.indices.filter {
      [.julia, .jfptr, .japi1].contains(functions[$0].kind)
    }
    let count = min(most, targets.count)
    return (0..<count).map { targets[$0 * targets.count / count] }
  }

  /// Functions that are in Julia's table, in its order: all but thunks, stubs and the inlined.
  var tabled: [Int] {
    functions.indices.filter { [.julia, .jfptr, .japi1].contains(functions[$0].kind) }
  }
}

/// Lays out the functions of a module and gives each its size.
private struct FunctionPlanner {
  var functions: [FunctionPlan] = []
  private let shape: ModuleShape
  private var random: SeededGenerator
  private var number = 0

  init(_ counts: FunctionCounts, _ shape: ModuleShape, seed: UInt64) {
    self.shape = shape
    random = SeededGenerator(seed: seed)
    functions.reserveCapacity(counts.total)
    // As modules of single methods are linked: a method, its wrapper, now and then one of the others.
    var japi1 = 0
    for pair in 0..<counts.pairs {
      let word = random.below(MethodNames.all.count)
      append(.julia, word, 1)
      append(.jfptr, word, 1, partner: functions.count - 1)
      while japi1 * counts.pairs < (pair + 1) * counts.japi1 {
        append(.japi1, random.below(MethodNames.all.count), 1)
        japi1 += 1
      }
    }
    while japi1 < counts.japi1 {
      append(.japi1, random.below(MethodNames.all.count), 1)
      japi1 += 1
    }
    for _ in 0..<counts.inlined { append(.inlined, random.below(MethodNames.all.count), 1) }
    for thunk in 0..<counts.jlplt {
      append(.jlplt, thunk % CFunction.allCases.count, 1, partner: thunk)
    }
    for _ in 0..<(counts.other - 1) { append(.tojlinvoke, 0, 0) }
    append(.entry, 0, 1)
  }

  private mutating func append(
    _ kind: FunctionKind, _ word: Int, _ arity: Int, partner: Int = 0
  ) {
    number += 1
    functions.append(
      FunctionPlan(
        kind: kind, word: word, number: number, instructions: 0, blocks: 1, arity: arity,
        seed: random.next(), partner: partner))
  }

  /// Gives every function its instructions and blocks.
  mutating func size(_ options: GeneratorOptions) throws(GeneratorError) {
    let wrappers = sizeWrappers(mean: options.meanInstructions)
    let bodies = functions.indices.filter { [.julia, .japi1].contains(functions[$0].kind) }
    let perWeight = 1 / (1 + 1 / shape.instructionsPerBlock)
    func draw(_ kind: FunctionKind, _ quantiles: Quantiles) -> [(size: Double, kind: FunctionKind)]
    {
      let count = bodies.count { functions[$0].kind == kind }
      return (0..<count).map {
        (max(quantiles.size(at: (Double($0) + 0.5) / Double(count)) - 1, 1) * perWeight, kind)
      }
    }
    let drawn = (draw(.julia, shape.bodySizes) + draw(.japi1, shape.japi1Sizes))
      .sorted { $0.size < $1.size }
    let fitted = try SizeDistribution(
      raw: drawn.map(\.size), least: BodyPlanner.leastInstructions, others: wrappers.sorted(),
      total: options.meanInstructions * Double(functions.count), tail: options.tail ?? shape.tail,
      isAsked: options.tail != nil)

    // Which function gets which of its kind's sizes is chance.
    for kind in [FunctionKind.julia, .japi1] {
      var sizes = zip(drawn, fitted.sizes).filter { $0.0.kind == kind }.map(\.1)
      sizes.shuffle(using: &random)
      for (index, size) in zip(bodies.filter { functions[$0].kind == kind }, sizes) {
        functions[index].instructions = size
        functions[index].blocks = blocks(of: size)
      }
    }
    markClones(bodies)
  }

  /// Blocks of a body, within what its instructions allow: each block has an end, and a guard of two
  /// blocks takes seven instructions.
  private mutating func blocks(of instructions: Int) -> Int {
    let noise = 0.75 + 0.5 * random.unit()
    let wanted = Double(instructions) / shape.instructionsPerBlock * noise
    let most = 1 + max(instructions - BodyPlanner.overhead, 0) / 5
    return min(max(Int(wanted.rounded()), 1), most)
  }

  private mutating func markClones(_ bodies: [Int]) {
    let weights = bodies.map { functions[$0].instructions }.sorted()
    guard !weights.isEmpty else { return }
    let median = weights[weights.count / 2]
    // Small bodies only, so that the module weighs hardly more.
    for index in bodies
    where functions[index].instructions <= median && random.chance(2 * shape.clonedShare) {
      functions[index].clones = 1 + random.below(2)
    }
  }

  private mutating func sizeWrappers(mean: Double) -> [Int] {
    let wrappers = functions.indices.filter { functions[$0].kind == .jfptr }
    var weights = wrappers.indices.map {
      shape.jfptrSizes.size(at: (Double($0) + 0.5) / Double(wrappers.count))
    }
    weights.shuffle(using: &random)
    var sizes: [Int] = []
    for (index, weight) in zip(wrappers, weights) {
      // One block. Where the mean is to be small, wrappers are not larger than it.
      let size = max(min(Int(weight.rounded()) - 2, Int(mean)), WrapperSizes.least(arity: 1))
      functions[index].instructions = size
      // As many arguments as a wrapper of this size can unbox, seldom fewer.
      let most = min((size - WrapperSizes.least(arity: 0)) / 3, 3)
      let arity = random.chance(0.8) ? most : 1 + random.below(most)
      functions[index].arity = arity
      functions[functions[index].partner].arity = arity
      sizes.append(functions[index].instructions)
    }
    for index in functions.indices {
      switch functions[index].kind {
      case .inlined: functions[index].instructions = WrapperSizes.inlined
      case .jlplt: (functions[index].instructions, functions[index].blocks) = WrapperSizes.thunk
      case .tojlinvoke: functions[index].instructions = 4 + random.below(25)
      case .entry: functions[index].instructions = entrySize
      case .julia, .jfptr, .japi1: continue
      }
      sizes.append(functions[index].instructions)
    }
    return sizes
  }

  /// What the entry has to write for each of the functions that it calls.
  private var entrySize: Int {
    ModulePlan.entryTargets(of: functions, atMost: shape.entryCalls).reduce(
      WrapperSizes.entryFrame
    ) {
      $0
        + (functions[$1].kind == .julia
          ? WrapperSizes.entryCall : WrapperSizes.entryBoxedCall)
    }
  }
}

/// Instructions of functions that have a fixed form.
enum WrapperSizes {
  /// Two loads for the first argument, three for each further one; a call, a box and a return.
  static func least(arity: Int) -> Int { 3 * arity + 2 }
  /// Two operations and a return.
  static let inlined = 3
  /// A box, three slots that point at it, and a return.
  static let entryFrame = 9
  /// A call, and two operations that mix its result in.
  static let entryCall = 3
  /// The argument goes into the box, the result comes out of one.
  static let entryBoxedCall = 5
  /// As `jlplt_*` weigh 14: three blocks.
  static let thunk = (instructions: 10, blocks: 3)
}

/// C functions of one number and one result, which every C library has.
enum CFunction: String, CaseIterable { case labs, llabs, imaxabs }
