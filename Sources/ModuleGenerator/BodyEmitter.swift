internal import LLVMBitcode

/// Writes one body.
final class BodyEmitter {
  let module: ModuleEmitter
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

  init(_ module: ModuleEmitter, _ index: Int) {
    self.module = module
    function = module.functions[index]
    plan = module.plan.functions[index]
    body = module.plan.body(of: index)
    random = SeededGenerator(seed: ~plan.seed)
    values.reserveCapacity(body.valueCount)
    locations =
      module.plan.options.debugInfo > 0 && plan.kind != .inlined
      ? LocationWalk(module, index) : nil
  }

  func emit() {
    module.write.position(atEndOf: module.write.appendBlock(to: function, ValueName("top")))
    module.write.setLocation(nil)
    begin()
    for operation in body.operations {
      locations?.advance(over: operation)
      if operation.isControl { emitControl(operation) } else { emit(operation) }
    }
    locations?.finish()
  }

  private func begin() {
    if body.hasStack {
      let slots = module.write.stackSlots(
        module.types.number, count: module.number(FunctionBody.slots), alignment: 8,
        ValueName("slots"))
      module.write.clear(
        slots, bytes: module.number(8 * FunctionBody.slots), zero: module.zeroByte,
        tags: storeTags(.stack))
      self.slots = slots
      frame = module.write.stackSlots(
        module.types.box, count: module.number(FunctionBody.roots), alignment: 8,
        ValueName("gcframe"))
    }
    if plan.kind == .japi1 {
      let box = module.write.load(
        module.types.box, function.parameter(1), tags: pointerTags(.const))
      values.append(module.write.load(module.types.number, box, tags: numberTags(.data)))
    } else {
      for position in 0..<plan.arity { values.append(function.parameter(position)) }
    }
  }

  // MARK: Straight lines

  private func emit(_ operation: Operation) {
    let write = { (value: IRValue) in self.values.append(value) }
    switch operation.code {
    case .arithmetic, .shift, .intrinsic, .overflow, .select, .narrow: write(compute(operation))
    case .tableLoad: write(loadFromTable(operation))
    case .stackLoad:
      write(
        module.write.load(
          module.types.number, slot(operation.immediate), tags: numberTags(.stack),
          name("slot_value_unbox")))
    case .stackStore:
      module.write.store(self[operation.a], slot(operation.immediate), tags: storeTags(.stack))
    case .rootLoad: _ = object(operation.immediate)
    case .rootStore:
      let object = object(operation.immediate)
      module.write.store(object, root(Int(operation.a)), tags: storeTags(.gcframe))
    case .rootRead:
      _ = module.write.load(
        module.types.box, root(Int(operation.immediate)), tags: pointerTags(.gcframe),
        name("jl_roots_element"))
    default: emitCall(operation)
    }
  }

  private func compute(_ operation: Operation) -> IRValue {
    let a = self[operation.a]
    switch operation.code {
    case .arithmetic:
      return module.write.binary(
        BinaryOperation(Arithmetic(rawValue: operation.detail) ?? .add), a, second(operation),
        name("arithmetic_value"))
    case .shift:
      return module.write.binary(
        BinaryOperation(Shift(rawValue: operation.detail) ?? .left), a,
        module.module.constant(operation.immediate, module.types.number), name("shifted_operand"))
    case .intrinsic:
      return module.write.call(
        module.intrinsics.integers[Int(operation.detail)], a, second(operation),
        name: name("bounded_by_checks"))
    case .overflow:
      let pair = module.write.call(
        module.intrinsics.addWithOverflow, a, second(operation), name: name("sum_with_overflow"))
      return module.write.extract(0, of: pair, name("checked_sum_value"))
    case .select:
      let condition = compare(operation)
      return module.write.select(condition, a, self[operation.c], name("ifelse_result"))
    default:
      let narrow = module.write.truncate(a, to: module.types.int32, name("trunc_to_int32"))
      return module.write.signExtend(narrow, to: module.types.number, name("sext_from_int32"))
    }
  }

  private func loadFromTable(_ operation: Operation) -> IRValue {
    let index = module.write.binary(
      .and, self[operation.a], module.number(ConstantTables.length - 1), name("memory_index"))
    return load(operation.immediate, index)
  }

  /// An element of a constant table.
  func load(_ table: UInt64, _ index: IRValue) -> IRValue {
    let address = module.write.offset(
      module.firstElements[Int(table)], index, module.types.number, name("memoryref_pointer"))
    return module.write.load(
      module.types.number, address, tags: numberTags(.const), name("memoryref_element"))
  }

  private func slot(_ number: UInt64) -> IRValue {
    module.write.offset(
      slots ?? module.zero, module.number(Int(number)), module.types.number, name("stack_slot_addr")
    )
  }

  private func root(_ number: Int) -> IRValue {
    module.write.offset(
      frame ?? module.zero, module.number(number), module.types.box, name("gcframe_slot_addr"))
  }

  private func object(_ number: UInt64) -> IRValue {
    module.write.load(
      module.types.box, IRValue(module.objects[Int(number)]), tags: pointerTags(.const),
      name("jl_global_object"))
  }

  // MARK: Calls

  private func emitCall(_ operation: Operation) {
    switch operation.code {
    case .call: values.append(call(operation))
    case .coldCall: _ = call(operation)
    case .thunkCall:
      let thunk = module.plan.functions[Int(operation.immediate)]
      let got = IRValue(module.gots[thunk.partner])
      let half = module.write.binary(.shiftRightSigned, self[operation.a], module.number(1))
      let address = module.write.loadUnordered(
        module.types.thunkPointer, got, tags: module.attachments(module.tags.tag(.data)))
      let like = IRFunction(module.functions[Int(operation.immediate)])
      values.append(module.write.call(IRFunction(at: address, like: like), half))
    case .coldBoxedCall:
      let address = root(Int(operation.a))
      module.write.store(module.noBox, address, tags: storeTags(.gcframe))
      module.write.call(
        IRFunction(module.functions[Int(operation.immediate)]), module.noBox, address,
        module.count(1), name: name("boxed_number_ptr"))
    case .allocation:
      let tag = IRValue(module.bindings[Int(operation.immediate)])
      let box = module.write.call(
        module.runtime.allocate, module.noBox, module.count(1_144), module.count(16),
        module.noBox, name: name("new_object_ptr"))
      _ = tag
      let field = module.write.offset(
        box, module.number(1), module.types.number, name("getfield_addr"))
      module.write.store(self[operation.a], field, tags: storeTags(.data))
    default:
      module.write.call(module.runtime.boxNumber, self[operation.a], name: name("boxed_number_ptr"))
    }
  }

  private func call(_ operation: Operation) -> IRValue {
    let callee = IRFunction(module.functions[Int(operation.immediate)])
    let name = name("specialized_call")
    if operation.b < 0 { return module.write.call(callee, self[operation.a], name: name) }
    if operation.c < 0 {
      return module.write.call(callee, self[operation.a], self[operation.b], name: name)
    }
    return module.write.call(
      callee, self[operation.a], self[operation.b], self[operation.c], name: name)
  }

  // MARK: Operands and what instructions carry

  subscript(value: Int32) -> IRValue { values[Int(value)] }

  private func second(_ operation: Operation) -> IRValue {
    operation.b >= 0
      ? self[operation.b] : module.module.constant(operation.immediate, module.types.number)
  }

  func compare(_ operation: Operation) -> IRValue {
    let relation = Relation(rawValue: operation.detail) ?? .equal
    return module.write.compare(
      Comparison(relation), self[operation.a], self[operation.b], name("exactly_compared"))
  }

  func name(_ text: StaticString) -> ValueName {
    chance(module.thresholds.name) ? ValueName(text) : .none
  }

  func blockName(_ text: StaticString) -> ValueName {
    chance(module.thresholds.blockName) ? ValueName(text) : .none
  }

  func storeTags(_ region: AliasTags.Region) -> Attachments {
    chance(module.thresholds.storeTag) ? module.tags.store(region) : .none
  }

  /// For loads of numbers.
  func numberTags(_ region: AliasTags.Region) -> Attachments {
    chance(module.thresholds.loadTag) ? module.tags.number(region) : .none
  }

  /// For loads of objects.
  func pointerTags(_ region: AliasTags.Region) -> Attachments {
    chance(module.thresholds.loadTag) ? module.tags.pointer(region) : .none
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
