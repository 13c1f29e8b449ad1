internal import LLVMBitcode

// Functions of a fixed form.
extension ModuleEmitter {
  func number(_ value: Int) -> IRValue { module.constant(UInt64(value), types.number) }
  func count(_ value: Int) -> IRValue { module.constant(UInt64(value), types.int32) }

  private func begin(_ index: Int) -> GlobalValue {
    let function = functions[index]
    write.position(atEndOf: write.appendBlock(to: function, ValueName("top")))
    write.setLocation(nil)
    return function
  }

  /// Nothing where no access is to have tags.
  func attachments(_ attachments: Attachments) -> Attachments {
    plan.options.metadata > 0 ? attachments : .none
  }

  /// `jfptr_*`: unboxes, calls, boxes.
  func emitWrapper(_ index: Int) {
    let plan = plan.functions[index]
    let function = begin(index)
    let arguments = function.parameter(1)
    // What is left over reads objects, as a check of an argument's type does.
    for _ in 0..<(plan.instructions - WrapperSizes.least(arity: plan.arity)) {
      _ = write.load(
        types.box, IRValue(objects[(index &* 7) % objects.count]),
        tags: attachments(tags.pointer(.const)))
    }
    var numbers: [IRValue] = []
    for argument in 0..<plan.arity {
      let slot =
        argument == 0
        ? arguments
        : write.offset(arguments, number(argument), types.box)
      let box = write.load(types.box, slot, tags: attachments(tags.pointer(.const)))
      numbers.append(write.load(types.number, box, tags: attachments(tags.number(.data))))
    }
    let result = write.call(IRFunction(functions[plan.partner]), numbers)
    write.return(write.call(runtime.boxNumber, result))
  }

  /// `jlplt_*`: looks the C function up unless somebody did, and puts it in the thunk's place.
  func emitThunk(_ index: Int) {
    let plan = plan.functions[index]
    let function = begin(index)
    let cache = IRValue(caches[plan.partner % caches.count])
    let top = write.block
    let lookUp = write.appendBlock(to: function, ValueName("dlsym"))
    let call = write.appendBlock(to: function, ValueName("ccall"))
    let known = write.load(types.thunkPointer, cache, tags: attachments(tags.tag(.data)))
    let isKnown = write.compare(.notEqual, known, module.null(types.thunkPointer))
    write.branch(isKnown, call, else: lookUp)

    write.position(atEndOf: lookUp)
    let name = module.firstElement(of: strings[plan.word])
    let library = module.null(module.pointer(to: types.byte))
    let found = write.call(runtime.lookUp, library, name, cache)
    write.store(found, cache, tags: attachments(tags.tag(.data)))
    write.jump(call)

    write.position(atEndOf: call)
    let target = write.phi(types.thunkPointer)
    write.addIncoming(known, from: top, to: target)
    write.addIncoming(found, from: lookUp, to: target)
    write.storeReleasing(target, IRValue(gots[plan.partner]))
    let callee = IRFunction(at: target, like: IRFunction(function))
    write.return(write.mustTailCall(callee, [function.parameter(0)]))
  }

  /// `tojlinvoke*`: hands the call over to Julia's run-time library.
  func emitInvocation(_ index: Int) {
    let function = begin(index)
    let least = 3
    var object = write.load(
      types.box, IRValue(objects[index % objects.count]), tags: attachments(tags.pointer(.const)))
    for further in 0..<(plan.functions[index].instructions - least) {
      object = write.load(
        types.box, IRValue(bindings[(index + further) % bindings.count]),
        tags: attachments(tags.pointer(.const)))
    }
    write.return(
      write.call(
        runtime.invoke, function.parameter(0), function.parameter(1), function.parameter(2), object)
    )
  }

  /// Calls the targets one after the other and mixes their results.
  func emitEntry(_ index: Int) {
    let function = begin(index)
    let box = write.stackSlots(types.number, count: number(1), alignment: 8, ValueName("box"))
    let slots = write.stackSlots(types.box, count: number(3), alignment: 8, ValueName("arguments"))
    for slot in 0..<3 { write.store(box, write.offset(slots, number(slot), types.box)) }
    var sum = function.parameter(0)
    for target in plan.entryTargets {
      let plan = plan.functions[target]
      let callee = IRFunction(functions[target])
      let result: IRValue
      if plan.kind == .julia {
        result = write.call(callee, [IRValue](repeating: sum, count: plan.arity))
      } else {
        write.store(sum, box)
        let boxed = write.call(
          callee, module.null(types.box), slots, count(plan.arity))
        result = write.load(types.number, boxed)
      }
      sum = write.binary(
        .xor, write.binary(.multiply, sum, number(31)), result)
    }
    write.return(sum)
  }
}
