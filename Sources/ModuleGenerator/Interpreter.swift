/// Computes what a generated program computes, from the plan alone.
public struct Interpreter: ~Copyable {
  private let plan: ModulePlan
  /// Bodies that were made already.
  private var bodies: [Int: FunctionBody] = [:]
  private let tables: ConstantTables
  /// Operations computed so far.
  public private(set) var steps = 0

  public init(_ plan: ModulePlan) {
    self.plan = plan
    tables = ConstantTables(plan)
  }

  /// What the entry returns for an argument. Its cost is bounded by the plan: the entry calls
  /// `ModuleShape.entryCalls` functions, each of which reaches at most 15 bodies, whose loops have
  /// four rounds at most.
  public mutating func result(of argument: Int64) -> Int64 {
    var sum = UInt64(bitPattern: argument)
    for target in plan.entryTargets {
      let arguments = [UInt64](repeating: sum, count: plan.functions[target].arity)
      let result = call(target, arguments)
      sum = (sum &* 31) ^ result
    }
    return Int64(bitPattern: sum)
  }

  private mutating func call(_ function: Int, _ arguments: [UInt64]) -> UInt64 {
    switch plan.functions[function].kind {
    case .julia, .japi1, .inlined: run(function, arguments)
    case .jfptr: run(plan.functions[function].partner, arguments)
    case .jlplt: magnitude(arguments[0])
    case .tojlinvoke, .entry: 0
    }
  }

  /// All C functions that thunks look up are absolute values.
  private func magnitude(_ number: UInt64) -> UInt64 { Int64(bitPattern: number).magnitude }

  private mutating func run(_ function: Int, _ arguments: [UInt64]) -> UInt64 {
    let body: FunctionBody
    if let known = bodies[function] {
      body = known
    } else {
      body = plan.body(of: function)
      bodies[function] = body
    }
    var values = arguments
    values.reserveCapacity(body.valueCount)
    var frame = Frame(values: values)
    var position = 0
    while true {
      steps += 1
      let operation = body.operations[position]
      position += 1
      switch operation.code {
      case .call:
        let arguments = [operation.a, operation.b, operation.c].prefix { $0 >= 0 }
        frame.values.append(call(Int(operation.immediate), arguments.map { frame[$0] }))
      case .thunkCall:
        // The argument is halved, so that its absolute value is a number.
        frame.values.append(
          magnitude(UInt64(bitPattern: Int64(bitPattern: frame[operation.a]) >> 1)))
      case .tableLoad:
        let index = Int(frame[operation.a] & UInt64(ConstantTables.length - 1))
        frame.values.append(tables.number(operation.immediate, index))
      case .boundsGuard:
        // The index; the length is never too small.
        frame.values.append(frame[operation.a] & UInt64(ConstantTables.length - 1))
      case .result:
        return frame[operation.a]
      default:
        frame.step(operation, &position)
      }
    }
  }
}

/// The values of one call.
private struct Frame {
  var values: [UInt64]
  var slots = [UInt64](repeating: 0, count: FunctionBody.slots)
  /// The way that the last condition took.
  private var isTaken = false
  private var rounds: UInt64 = 0
  private var loop = (start: 0, values: 0)

  init(values: [UInt64]) { self.values = values }

  subscript(value: Int32) -> UInt64 { values[Int(value)] }

  /// The second operand: a value or the constant.
  private func second(_ operation: Operation) -> UInt64 {
    operation.b >= 0 ? values[Int(operation.b)] : operation.immediate
  }

  mutating func step(_ operation: Operation, _ position: inout Int) {
    switch operation.code {
    case .arithmetic: values.append(arithmetic(operation))
    case .shift: values.append(shift(operation))
    case .intrinsic: values.append(intrinsic(operation))
    case .overflow: values.append(self[operation.a] &+ second(operation))
    case .select:
      values.append(holds(operation) ? self[operation.a] : self[operation.c])
    case .narrow:
      values.append(UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: self[operation.a]))))
    case .stackLoad: values.append(slots[Int(operation.immediate)])
    case .stackStore: slots[Int(operation.immediate)] = self[operation.a]
    case .coldBegin: skip(to: Int(operation.immediate), operation, &position)
    case .conditionalBegin, .diamondBegin:
      isTaken = holds(operation)
      if !isTaken { skip(to: Int(operation.immediate), operation, &position) }
    case .diamondElse:
      // Reached at the end of the first arm.
      if isTaken { skip(to: Int(operation.immediate), operation, &position) }
    case .conditionalEnd, .diamondEnd:
      values.append(isTaken ? self[operation.a] : self[operation.b])
    case .loopBegin:
      rounds = 0
      loop = (position, values.count)
      values.append(self[operation.a])
    case .loopEnd: endRound(operation, &position)
    default: break
    }
  }

  /// Values of an arm that was not gone through have numbers too.
  private mutating func skip(to end: Int, _ operation: Operation, _ position: inout Int) {
    values.append(contentsOf: repeatElement(0, count: Int(operation.c)))
    position = end
  }

  private mutating func endRound(_ operation: Operation, _ position: inout Int) {
    let next = (self[operation.a] ^ self[operation.b]) &+ rounds
    rounds += 1
    if rounds < operation.immediate {
      values.removeLast(values.count - loop.values)
      values.append(next)
      position = loop.start
    } else {
      values.append(next)
    }
  }

  private func holds(_ operation: Operation) -> Bool {
    let (a, b) = (self[operation.a], self[operation.b])
    return switch Relation(rawValue: operation.detail) ?? .equal {
    case .equal: a == b
    case .notEqual: a != b
    case .less: Int64(bitPattern: a) < Int64(bitPattern: b)
    case .lessUnsigned: a < b
    }
  }

  private func arithmetic(_ operation: Operation) -> UInt64 {
    let (a, b) = (self[operation.a], second(operation))
    return switch Arithmetic(rawValue: operation.detail) ?? .add {
    case .add: a &+ b
    case .subtract: a &- b
    case .multiply: a &* b
    case .and: a & b
    case .or: a | b
    case .xor: a ^ b
    }
  }

  private func shift(_ operation: Operation) -> UInt64 {
    let (a, count) = (self[operation.a], operation.immediate)
    return switch Shift(rawValue: operation.detail) ?? .left {
    case .left: a << count
    case .right: a >> count
    case .rightSigned: UInt64(bitPattern: Int64(bitPattern: a) >> Int64(count))
    }
  }

  private func intrinsic(_ operation: Operation) -> UInt64 {
    let (a, b) = (self[operation.a], second(operation))
    let (signedA, signedB) = (Int64(bitPattern: a), Int64(bitPattern: b))
    return switch IntegerIntrinsic(rawValue: operation.detail) ?? .smax {
    case .smax: UInt64(bitPattern: max(signedA, signedB))
    case .smin: UInt64(bitPattern: min(signedA, signedB))
    case .umax: max(a, b)
    case .umin: min(a, b)
    case .saturatingAdd: a.addingReportingOverflow(b).overflow ? .max : a + b
    case .saturatingSubtract: a > b ? a - b : 0
    }
  }
}
