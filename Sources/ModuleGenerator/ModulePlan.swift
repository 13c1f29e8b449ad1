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
