/// Makes the body of a function: exactly as many instructions and blocks as the function's plan says.
///
/// A body is a row of control structures, none within another, and of straight lines of operations
/// before, within and after them. Which values an operation takes follows one rule: what was computed
/// lately, and never in an arm that may not have been gone through.
struct BodyPlanner {
  /// Two loads, an operation, a box and a return (`japi1_*`).
  static let leastInstructions = 5
  /// What a body may take besides its operations: stack slots, frame, arguments, result.
  static let overhead = 8
  /// Calls of other bodies that are reached.
  static let mostCalls = 2

  let plan: ModulePlan
  let function: FunctionPlan
  var random: SeededGenerator
  var body: FunctionBody
  /// Values that may be taken, the latest last.
  var pool: [Int32]
  /// Constants that this body uses: few, so that its constant block stays small.
  let constants: [UInt64]
  var callsLeft = BodyPlanner.mostCalls
  /// Instructions of straight lines that are still to be spent, and on how many lines.
  private var straight = 0
  private var lines = 0

  init(_ plan: ModulePlan, _ index: Int) {
    self.plan = plan
    let function = plan.functions[index]
    self.function = function
    random = SeededGenerator(seed: function.seed)
    let hasStack = function.instructions >= 30 && function.kind != .inlined
    body = FunctionBody(valueCount: function.arity, hasStack: hasStack)
    pool = (0..<Int32(function.arity)).map { $0 }
    let first = random.below(Self.numbers.count)
    let count = min(2 + function.instructions / 150, 6)
    constants = (0..<count).map { Self.numbers[(first + $0) % Self.numbers.count] }
    if function.kind == .inlined { callsLeft = 0 }
  }

  /// None is 0 or all ones: LLVM's builder drops an operation that changes nothing.
  private static let numbers: [UInt64] = [
    1, 8, 2, 3, 16, 7, 4, 31, 255, 64, 5, 1_000_003, 24, 63, 32, 10, 100, 0xFFFF_FFFF, 12, 127,
  ]

  mutating func makeBody() -> FunctionBody {
    let isBoxed = function.kind == .japi1
    let fixed = (body.hasStack ? 3 : 0) + 1 + (isBoxed ? 3 : 0)
    let controls = drawControls(blocks: function.blocks - 1, room: function.instructions - fixed)
    straight = function.instructions - fixed - controls.reduce(0) { $0 + $1.instructions }
    lines = 1 + controls.reduce(0) { $0 + $1.lines }

    writeLine(isCold: false)
    for control in controls { write(control) }
    body.operations.append(Operation(code: .result, a: latest()))
    return body
  }

  // MARK: Control structures

  enum Control: Int, CaseIterable {
    case jump, undefinedGuard, boundsGuard, conditional, cold, diamond, loop

    /// Blocks that it adds.
    var blocks: Int {
      switch self {
      case .jump: 1
      case .diamond: 3
      default: 2
      }
    }
    var instructions: Int {
      switch self {
      case .jump: 1
      case .undefinedGuard: 6
      case .boundsGuard: 7
      case .conditional, .cold: 4
      case .diamond: 5
      case .loop: 8
      }
    }
    /// Straight lines in it and after it.
    var lines: Int {
      switch self {
      case .jump, .undefinedGuard, .boundsGuard: 1
      case .conditional, .cold, .loop: 2
      case .diamond: 3
      }
    }
  }

  private mutating func drawControls(blocks: Int, room: Int) -> [Control] {
    let mix = plan.shape.mix
    let weights = [
      mix.jump, mix.undefinedGuard, mix.boundsGuard, mix.conditional, mix.cold, mix.diamond,
      mix.loop,
    ]
    var controls: [Control] = []
    var (blocks, room) = (blocks, room)
    while blocks > 0 {
      let drawn = Control.allCases[random.pick(weights)]
      // A jump always fits: the plan gives at least five instructions for a block.
      let fits = drawn.blocks <= blocks && room - drawn.instructions >= blocks - drawn.blocks
      let control = fits ? drawn : .jump
      controls.append(control)
      blocks -= control.blocks
      room -= control.instructions
    }
    return controls
  }

  private mutating func write(_ control: Control) {
    switch control {
    case .jump: append(Operation(code: .jump))
    case .undefinedGuard:
      append(Operation(code: .undefinedGuard, immediate: drawn(below: plan.variables.bindings)))
    case .boundsGuard:
      append(
        Operation(code: .boundsGuard, a: latest(), immediate: drawn(below: plan.tableCount)))
    case .conditional: writeConditional()
    case .cold: writeCold()
    case .diamond: writeDiamond()
    case .loop: writeLoop()
    }
    writeLine(isCold: false)
  }

  private mutating func writeConditional() {
    let start = append(comparing(.conditionalBegin))
    let outside = pool
    let before = body.valueCount
    writeLine(isCold: false)
    let inner = latest()
    skip(start, values: body.valueCount - before, to: body.operations.count)
    pool = outside
    append(Operation(code: .conditionalEnd, a: inner, b: older()))
  }

  private mutating func writeCold() {
    let start = append(
      Operation(code: .coldBegin, a: Int32(random.below(plan.variables.bindings))))
    let outside = pool
    let before = body.valueCount
    writeLine(isCold: true)
    skip(start, values: body.valueCount - before, to: body.operations.count)
    pool = outside
    append(Operation(code: .coldEnd))
  }

  private mutating func writeDiamond() {
    let start = append(comparing(.diamondBegin))
    let outside = pool
    var before = body.valueCount
    writeLine(isCold: false)
    let first = latest()
    skip(start, values: body.valueCount - before, to: body.operations.count + 1)
    pool = outside
    let middle = append(Operation(code: .diamondElse))
    before = body.valueCount
    writeLine(isCold: false)
    let second = latest()
    skip(middle, values: body.valueCount - before, to: body.operations.count)
    pool = outside
    append(Operation(code: .diamondEnd, a: first, b: second))
  }

  private mutating func writeLoop() {
    let outside = pool
    append(Operation(code: .loopBegin, a: latest()))
    let carried = latest()
    // No call in a loop: what a call costs would count several times over.
    let calls = callsLeft
    callsLeft = 0
    writeLine(isCold: false)
    callsLeft = calls
    let last = latest()
    pool = outside
    append(
      Operation(
        code: .loopEnd, a: last, b: carried, immediate: UInt64(2 + random.below(3))))
  }

  private mutating func comparing(_ code: Operation.Code) -> Operation {
    Operation(
      code: code, detail: UInt8(random.below(Relation.allCases.count)), a: latest(), b: older())
  }

  /// Where a control operation goes on if it passes over what follows, and how many values are in it.
  private mutating func skip(_ operation: Int, values: Int, to target: Int) {
    body.operations[operation].c = Int32(values)
    body.operations[operation].immediate = UInt64(target)
  }

  // MARK: Straight lines

  /// Spends this line's part of what is left.
  private mutating func writeLine(isCold: Bool) {
    lines -= 1
    var budget = straight
    if lines > 0 {
      let part = Double(straight) / Double(lines + 1) * (0.5 + random.unit())
      budget = min(Int(part.rounded()), straight)
    }
    straight -= budget
    while budget > 0 {
      let operation = isCold ? coldOperation(room: budget) : operation(room: budget)
      budget -= operation.instructions
      append(operation)
    }
  }

  @discardableResult
  mutating func append(_ operation: Operation) -> Int {
    body.operations.append(operation)
    if operation.isValue {
      pool.append(Int32(body.valueCount))
      if pool.count > 12 { pool.removeFirst(4) }
      body.valueCount += 1
    }
    return body.operations.count - 1
  }

  // MARK: Choices

  func latest() -> Int32 { pool[pool.count - 1] }

  /// One of the last few values.
  mutating func older() -> Int32 { pool[pool.count - 1 - random.below(min(pool.count, 8))] }

  mutating func constant() -> UInt64 { constants[random.below(constants.count)] }

  mutating func drawn(below bound: Int) -> UInt64 { UInt64(random.below(bound)) }
}
