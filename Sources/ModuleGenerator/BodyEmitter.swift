internal import LLVMBitcode

/// Writes one body.
final class BodyEmitter {
  let emitter: ModuleEmitter
  let function: GlobalValue
  let plan: FunctionPlan
  let body: FunctionBody
  /// Decides on what the plan leaves open: names and tags. Another row than the body's own.
  private var random: SeededGenerator
  /// By number.
  var values: [IRValue] = []
  private var slots: IRValue?
  private var frame: IRValue?
  var control = OpenControl()
  private let locations: LocationWalk?

  init(_ emitter: ModuleEmitter, _ index: Int) {
    self.emitter = emitter
    function = emitter.functions[index]
    plan = emitter.plan.functions[index]
    body = emitter.plan.body(of: index)
    random = SeededGenerator(seed: ~plan.seed)
    values.reserveCapacity(body.valueCount)
    locations =
      emitter.plan.options.debugInfo > 0 && plan.kind != .inlined
      ? LocationWalk(emitter, index) : nil
  }

  func emit() {
    emitter.write.position(atEndOf: emitter.write.appendBlock(to: function, ValueName("top")))
    emitter.write.setLocation(nil)
    begin()
    for operation in body.operations {
      locations?.advance(over: operation)
      if operation.isControl { emitControl(operation) } else { emit(operation) }
    }
    locations?.finish()
  }

  private func begin() {
    if body.hasStack {
      let slots = emitter.write.stackSlots(
        emitter.types.number, count: emitter.number(FunctionBody.slots), alignment: 8,
        ValueName("slots"))
      emitter.write.clear(
        slots, bytes: emitter.number(8 * FunctionBody.slots), by: emitter.intrinsics.memset,
        tags: storeTags(.stack))
      self.slots = slots
      frame = emitter.write.stackSlots(
        emitter.types.box, count: emitter.number(FunctionBody.roots), alignment: 8,
        ValueName("gcframe"))
    }
    if plan.kind == .japi1 {
      let box = emitter.write.load(
        emitter.types.box, function.parameter(1), tags: pointerTags(.const))
      values.append(emitter.write.load(emitter.types.number, box, tags: numberTags(.data)))
    } else {
      for position in 0..<plan.arity { values.append(function.parameter(position)) }
    }
  }

  // MARK: Straight lines

  private func emit(_ operation: Operation) {
    switch operation.code {
    case .arithmetic, .shift, .intrinsic, .overflow, .select, .narrow:
      values.append(compute(operation))
    case .tableLoad: values.append(loadFromTable(operation))
    case .stackLoad:
      values.append(
        emitter.write.load(
          emitter.types.number, slot(operation.immediate), tags: numberTags(.stack),
          name("slot_value_unbox")))
    case .stackStore:
      emitter.write.store(self[operation.a], slot(operation.immediate), tags: storeTags(.stack))
    case .rootLoad: _ = object(operation.immediate)
    case .rootStore:
      let object = object(operation.immediate)
      emitter.write.store(object, root(Int(operation.a)), tags: storeTags(.gcframe))
    case .rootRead:
      _ = emitter.write.load(
        emitter.types.box, root(Int(operation.immediate)), tags: pointerTags(.gcframe),
        name("jl_roots_element"))
    default: emitCall(operation)
    }
  }

  private func compute(_ operation: Operation) -> IRValue {
    let a = self[operation.a]
    switch operation.code {
    case .arithmetic:
      return emitter.write.binary(
        BinaryOperation(Arithmetic(rawValue: operation.detail) ?? .add), a, second(operation),
        name("arithmetic_value"))
    case .shift:
      return emitter.write.binary(
        BinaryOperation(Shift(rawValue: operation.detail) ?? .left), a,
        emitter.module.constant(operation.immediate, emitter.types.number), name("shifted_operand"))
    case .intrinsic:
      return emitter.write.call(
        emitter.intrinsics.integers[Int(operation.detail)], a, second(operation),
        name: name("bounded_by_checks"))
    case .overflow:
      let pair = emitter.write.call(
        emitter.intrinsics.addWithOverflow, a, second(operation), name: name("sum_with_overflow"))
      return emitter.write.extract(0, of: pair, name("checked_sum_value"))
    case .select:
      let condition = compare(operation)
      return emitter.write.select(condition, a, self[operation.c], name("ifelse_result"))
    default:
      let narrow = emitter.write.truncate(a, to: emitter.types.int32, name("trunc_to_int32"))
      return emitter.write.signExtend(narrow, to: emitter.types.number, name("sext_from_int32"))
    }
  }

  private func loadFromTable(_ operation: Operation) -> IRValue {
    let index = emitter.write.binary(
      .and, self[operation.a], emitter.number(ConstantTables.length - 1), name("memory_index"))
    return load(operation.immediate, index)
  }

  /// An element of a constant table.
  func load(_ table: UInt64, _ index: IRValue) -> IRValue {
    let address = emitter.write.offset(
      emitter.firstElements[Int(table)], index, emitter.types.number, name("memoryref_pointer"))
    return emitter.write.load(
      emitter.types.number, address, tags: numberTags(.const, Int(table)),
      name("memoryref_element"))
  }

  private func slot(_ number: UInt64) -> IRValue {
    emitter.write.offset(
      slots ?? emitter.zero, emitter.number(Int(number)), emitter.types.number,
      name("stack_slot_addr")
    )
  }

  private func root(_ number: Int) -> IRValue {
    emitter.write.offset(
      frame ?? emitter.zero, emitter.number(number), emitter.types.box, name("gcframe_slot_addr"))
  }

  private func object(_ number: UInt64) -> IRValue {
    emitter.write.load(
      emitter.types.box, IRValue(emitter.objects[Int(number)]),
      tags: pointerTags(.const, Int(number)),
      name("jl_global_object"))
  }

  // MARK: Calls

  private func emitCall(_ operation: Operation) {
    switch operation.code {
    case .call: values.append(call(operation))
    case .coldCall: _ = call(operation)
    case .thunkCall:
      let thunk = emitter.plan.functions[Int(operation.immediate)]
      let got = IRValue(emitter.gots[thunk.partner])
      let half = emitter.write.binary(.shiftRightSigned, self[operation.a], emitter.number(1))
      let address = emitter.write.loadUnordered(
        emitter.types.thunkPointer, got, tags: emitter.attachments(emitter.tags.tag(.data)))
      let like = IRFunction(emitter.functions[Int(operation.immediate)])
      values.append(emitter.write.call(IRFunction(at: address, like: like), half))
    case .coldBoxedCall:
      let address = root(Int(operation.a))
      emitter.write.store(emitter.noBox, address, tags: storeTags(.gcframe))
      emitter.write.call(
        IRFunction(emitter.functions[Int(operation.immediate)]), emitter.noBox, address,
        emitter.count(1), name: name("boxed_number_ptr"))
    case .allocation:
      let box = emitter.write.call(
        emitter.runtime.allocate, emitter.noBox, emitter.count(1_144), emitter.count(16),
        emitter.noBox, name: name("new_object_ptr"))
      let field = emitter.write.offset(
        box, emitter.number(1), emitter.types.number, name("getfield_addr"))
      emitter.write.store(self[operation.a], field, tags: storeTags(.data))
    default:
      emitter.write.call(
        emitter.runtime.boxNumber, self[operation.a], name: name("boxed_number_ptr"))
    }
  }

  private func call(_ operation: Operation) -> IRValue {
    let callee = IRFunction(emitter.functions[Int(operation.immediate)])
    let name = name("specialized_call")
    if operation.b < 0 { return emitter.write.call(callee, self[operation.a], name: name) }
    if operation.c < 0 {
      return emitter.write.call(callee, self[operation.a], self[operation.b], name: name)
    }
    return emitter.write.call(
      callee, self[operation.a], self[operation.b], self[operation.c], name: name)
  }

  // MARK: Operands and what instructions carry

  subscript(value: Int32) -> IRValue { values[Int(value)] }

  private func second(_ operation: Operation) -> IRValue {
    operation.b >= 0
      ? self[operation.b] : emitter.module.constant(operation.immediate, emitter.types.number)
  }

  func compare(_ operation: Operation) -> IRValue {
    let relation = Relation(rawValue: operation.detail) ?? .equal
    return emitter.write.compare(
      Comparison(relation), self[operation.a], self[operation.b], name("exactly_compared"))
  }

  func name(_ text: StaticString) -> ValueName {
    chance(emitter.thresholds.name) ? ValueName(text) : .none
  }

  func blockName(_ text: StaticString) -> ValueName {
    chance(emitter.thresholds.blockName) ? ValueName(text) : .none
  }

  func storeTags(_ region: AliasTags.Region) -> Attachments {
    chance(emitter.thresholds.storeTag) ? emitter.tags.store(region) : .none
  }

  /// For loads of numbers.
  func numberTags(_ region: AliasTags.Region, _ location: Int = 0) -> Attachments {
    chance(emitter.thresholds.loadTag) ? emitter.tags.number(region, location) : .none
  }

  /// For loads of objects.
  func pointerTags(_ region: AliasTags.Region, _ location: Int = 0) -> Attachments {
    chance(emitter.thresholds.loadTag) ? emitter.tags.pointer(region, location) : .none
  }

  private func chance(_ threshold: UInt64) -> Bool { random.next() >> 48 < threshold }
}

extension BinaryOperation {
  fileprivate init(_ arithmetic: Arithmetic) {
    switch arithmetic {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .and: self = .and
    case .or: self = .or
    case .xor: self = .xor
    }
  }

  fileprivate init(_ shift: Shift) {
    switch shift {
    case .left: self = .shiftLeft
    case .right: self = .shiftRight
    case .rightSigned: self = .shiftRightSigned
    }
  }
}

extension Comparison {
  fileprivate init(_ relation: Relation) {
    switch relation {
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessUnsigned: self = .lessUnsigned
    }
  }
}
