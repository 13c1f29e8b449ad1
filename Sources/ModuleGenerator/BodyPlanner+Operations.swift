// Which operation comes next in a straight line.
extension BodyPlanner {
  /// One of at most `room` instructions.
  mutating func operation(room: Int) -> Operation {
    let drawn = draw()
    guard drawn.instructions > room else { return drawn }
    return random.chance(0.3) ? arithmetic() : rootLoad()
  }

  /// One for a block that is never reached: calls, boxes, and what is elsewhere too.
  mutating func coldOperation(room: Int) -> Operation {
    let mix = plan.shape.mix
    let drawn =
      switch random.pick([
        mix.coldCall, mix.coldCall, mix.runtimeCall, mix.allocation, mix.rootStore, mix.arithmetic,
      ]) {
      case 0: coldCall()
      case 1: coldBoxedCall()
      case 2: Operation(code: .runtimeCall, a: older())
      case 3:
        Operation(code: .allocation, a: older(), immediate: drawn(below: plan.variables.bindings))
      case 4: rootStore()
      default: arithmetic()
      }
    return drawn.instructions <= room ? drawn : Operation(code: .runtimeCall, a: older())
  }

  private mutating func draw() -> Operation {
    let mix = plan.shape.mix
    let stack = body.hasStack ? 1.0 : 0
    switch random.pick([
      mix.arithmetic, mix.intrinsic, mix.overflow, mix.select, mix.narrow, mix.tableLoad,
      mix.stackStore * stack, mix.stackLoad * stack, mix.rootLoad, mix.rootStore * stack,
      mix.rootRead * stack, mix.thunkCall, mix.inlinedCall,
    ]) {
    case 0: return callsLeft > 0 && random.chance(0.05) ? call() : arithmetic()
    case 1: return intrinsic()
    case 2: return Operation(code: .overflow, a: latest(), b: older())
    case 3:
      return Operation(
        code: .select, detail: UInt8(random.below(Relation.allCases.count)), a: latest(),
        b: older(),
        c: older())
    case 4: return Operation(code: .narrow, a: latest())
    case 5:
      return Operation(code: .tableLoad, a: latest(), immediate: drawn(below: plan.tableCount))
    case 6:
      return Operation(code: .stackStore, a: latest(), immediate: drawn(below: FunctionBody.slots))
    case 7: return Operation(code: .stackLoad, immediate: drawn(below: FunctionBody.slots))
    case 8: return rootLoad()
    case 9: return rootStore()
    case 10: return Operation(code: .rootRead, immediate: drawn(below: FunctionBody.roots))
    case 11:
      guard let thunk = one(of: plan.thunks) else { return arithmetic() }
      return Operation(code: .thunkCall, a: latest(), immediate: UInt64(thunk))
    default:
      guard function.kind != .inlined, let inlined = one(of: plan.inlined) else {
        return arithmetic()
      }
      return Operation(code: .call, a: latest(), immediate: UInt64(inlined))
    }
  }

  private mutating func arithmetic() -> Operation {
    if random.chance(0.25) {
      return Operation(
        code: .shift, detail: UInt8(random.below(Shift.allCases.count)), a: latest(),
        immediate: Self.shifts[random.below(Self.shifts.count)])
    }
    let detail = UInt8(random.below(Arithmetic.allCases.count))
    return random.chance(0.6)
      ? Operation(code: .arithmetic, detail: detail, a: latest(), b: older())
      : Operation(code: .arithmetic, detail: detail, a: latest(), immediate: constant())
  }

  /// Counts that are indices too, so that they are no further constants.
  private static let shifts: [UInt64] = [1, 3, 7]

  private mutating func intrinsic() -> Operation {
    let detail = UInt8(random.below(IntegerIntrinsic.allCases.count))
    return random.chance(0.5)
      ? Operation(code: .intrinsic, detail: detail, a: latest(), b: older())
      : Operation(code: .intrinsic, detail: detail, a: latest(), immediate: constant())
  }

  private mutating func rootLoad() -> Operation {
    Operation(code: .rootLoad, immediate: drawn(below: plan.variables.objects))
  }

  /// Stores a variable's object into the frame.
  private mutating func rootStore() -> Operation {
    guard body.hasStack else { return rootLoad() }
    return Operation(
      code: .rootStore, a: Int32(random.below(FunctionBody.roots)),
      immediate: drawn(below: plan.variables.objects))
  }

  // MARK: Calls

  /// A call that is reached: of a function in a lower layer, or of none.
  private mutating func call() -> Operation {
    guard function.layer > 0,
      let callee = one(of: plan.callable[random.below(function.layer)])
    else { return arithmetic() }
    callsLeft -= 1
    return calling(.call, callee)
  }

  /// A call that is not: of any function.
  private mutating func coldCall() -> Operation {
    guard let callee = one(of: plan.callable[random.below(FunctionPlan.layers)]) else {
      return Operation(code: .runtimeCall, a: older())
    }
    return calling(.coldCall, callee)
  }

  /// The same by the wrapper, with a boxed argument in the frame.
  private mutating func coldBoxedCall() -> Operation {
    guard body.hasStack, let callee = one(of: plan.callable[random.below(FunctionPlan.layers)])
    else {
      return Operation(code: .runtimeCall, a: older())
    }
    // A method's wrapper follows it.
    return Operation(
      code: .coldBoxedCall, a: Int32(random.below(FunctionBody.roots)),
      immediate: UInt64(callee + 1))
  }

  private mutating func calling(_ code: Operation.Code, _ callee: Int) -> Operation {
    let arity = plan.functions[callee].arity
    return Operation(
      code: code, a: latest(), b: arity > 1 ? older() : -1, c: arity > 2 ? older() : -1,
      immediate: UInt64(callee))
  }

  private mutating func one(of list: [Int]) -> Int? {
    list.isEmpty ? nil : list[random.below(list.count)]
  }
}
