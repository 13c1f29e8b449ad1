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

  private func tags(_ region: AliasTags.Region) -> AccessTags {
    plan.options.metadata > 0 ? tags.tags(region, scoped: true) : .none
  }

  /// `jfptr_*`: unboxes, calls, boxes.
  func emitWrapper(_ index: Int) {
    let plan = plan.functions[index]
    let function = begin(index)
    let arguments = function.parameter(1)
    // What is left over reads objects, as a check of an argument's type does.
    for _ in 0..<(plan.instructions - WrapperSizes.least(arity: plan.arity)) {
      _ = write.load(
        types.box, IRValue(objects[(index &* 7) % objects.count]), tags: tags(.const))
    }
    var numbers: [IRValue] = []
    for argument in 0..<plan.arity {
      let slot =
        argument == 0
        ? arguments
        : write.offset(arguments, number(argument), types.box)
      let box = write.load(types.box, slot, tags: tags(.const))
      numbers.append(write.load(types.number, box, tags: tags(.data)))
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
    let known = write.load(types.thunkPointer, cache, tags: tags(.data))
    let isKnown = write.compare(.notEqual, known, module.null(types.thunkPointer))
    write.branch(isKnown, call, else: lookUp)

    write.position(atEndOf: lookUp)
    let name = module.firstByte(of: strings[plan.word])
    let library = module.null(module.pointer(to: types.byte))
    let found = write.call(runtime.lookUp, library, name, cache)
    write.store(found, cache, tags: tags(.data))
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
    var object = write.load(types.box, IRValue(objects[index % objects.count]), tags: tags(.const))
    for further in 0..<(plan.functions[index].instructions - least) {
      object = write.load(
        types.box, IRValue(bindings[(index + further) % bindings.count]), tags: tags(.const))
    }
    write.return(
      write.call(
        runtime.invoke, function.parameter(0), function.parameter(1), function.parameter(2), object)
    )
  }

  /// Calls the targets one after the other and mixes their results.
  func emitEntry(_ index: Int) {
    let function = begin(index)
    let box = write.stackSlots(types.number, alignment: 8, ValueName("box"))
    let slots = write.stackSlots(
      module.array(of: types.box, 3), alignment: 8, ValueName("arguments"))
    var first: IRValue?
    for slot in 0..<3 {
      let address = write.element(
        number(slot), of: slots, module.array(of: types.box, 3), zero: number(0))
      write.store(box, address)
      if slot == 0 { first = address }
    }
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
          callee, module.null(types.box), first ?? box, count(plan.arity))
        result = write.load(types.number, boxed)
      }
      sum = write.binary(
        .xor, write.binary(.multiply, sum, number(31)), result)
    }
    write.return(sum)
  }
}
