/// Lays out the functions of a module and gives each its size.
struct FunctionPlanner {
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
