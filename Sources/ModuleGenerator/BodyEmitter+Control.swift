internal import LLVMBitcode

/// Where an open control structure goes on.
struct OpenControl {
  var merge: IRBlock?
  /// Where the first arm ends, or where the condition was.
  var first: IRBlock?
  var second: IRBlock?
  var loop: (header: IRBlock, index: IRValue, carried: IRValue)?
}

extension BodyEmitter {
  /// Writes an operation that ends a block.
  func emitControl(_ operation: Operation) {
    switch operation.code {
    case .jump:
      let next = block()
      emitter.write.jump(next)
      emitter.write.position(atEndOf: next)
    case .undefinedGuard: emitUndefinedGuard(operation)
    case .boundsGuard: emitBoundsGuard(operation)
    case .coldBegin:
      let cold = block()
      control.merge = branch(onBinding: UInt64(operation.a), to: cold)
      emitter.write.position(atEndOf: cold)
    case .coldEnd: enterMerge()
    case .conditionalBegin, .diamondBegin: beginArms(operation)
    case .conditionalEnd, .diamondEnd, .diamondElse: endArm(operation)
    case .loopBegin: beginLoop(operation)
    case .loopEnd: endLoop(operation)
    default:
      let result = self[operation.a]
      emitter.write.return(
        plan.kind == .japi1 ? emitter.write.call(emitter.runtime.boxNumber, result) : result)
    }
  }

  /// Goes to `cold` if a binding is set, which it never is in a module without its heap image; returns
  /// where it goes otherwise.
  private func branch(onBinding number: UInt64, to cold: IRBlock) -> IRBlock {
    let binding = emitter.write.load(
      emitter.types.box, IRValue(emitter.bindings[Int(number)]), tags: pointerTags(.const),
      name("binding_value_ptr"))
    let isSet = emitter.write.compare(.notEqual, binding, emitter.noBox, name("binding_is_defined"))
    let next = block()
    emitter.write.branch(isSet, cold, else: next)
    return next
  }

  private func emitUndefinedGuard(_ operation: Operation) {
    let error = emitter.write.appendBlock(to: function, blockName("err"))
    let next = branch(onBinding: operation.immediate, to: error)
    emitter.write.position(atEndOf: error)
    let symbol = emitter.symbols[Int(operation.immediate) % emitter.symbols.count]
    let name = emitter.write.load(emitter.types.box, IRValue(symbol), tags: pointerTags(.const))
    emitter.write.call(emitter.runtime.undefined, name)
    emitter.write.unreachable()
    emitter.write.position(atEndOf: next)
  }

  private func emitBoundsGuard(_ operation: Operation) {
    let index = emitter.write.binary(
      .and, self[operation.a], emitter.number(ConstantTables.length - 1), name("index_in_bounds"))
    // A number of the table, none of which is below its length, stands for the array's.
    let length = load(operation.immediate, index)
    let isOut = emitter.write.compare(.greaterOrEqualUnsigned, index, length, name("oob"))
    let error = emitter.write.appendBlock(to: function, blockName("oob"))
    let next = emitter.write.appendBlock(to: function, blockName("idxend"))
    emitter.write.branch(isOut, error, else: next)
    emitter.write.position(atEndOf: error)
    emitter.write.call(emitter.runtime.boundsError, emitter.noBox, index)
    emitter.write.unreachable()
    emitter.write.position(atEndOf: next)
    values.append(index)
  }

  private func beginArms(_ operation: Operation) {
    let condition = compare(operation)
    let then = block()
    let other = block()
    control.first = emitter.write.block
    emitter.write.branch(condition, then, else: other)
    control.merge = other
    control.second = operation.code == .diamondBegin ? other : nil
    emitter.write.position(atEndOf: then)
  }

  private func endArm(_ operation: Operation) {
    let end = emitter.write.block
    if operation.code == .diamondElse {
      // The first arm goes on to the merge, which comes after the second.
      guard let second = control.second else { return }
      let merge = block()
      emitter.write.jump(merge)
      control.first = end
      control.merge = merge
      emitter.write.position(atEndOf: second)
      return
    }
    enterMerge()
    let phi = emitter.write.phi(emitter.types.number, name("value_phi_merged"))
    // A conditional's second way is the block of its condition.
    let (a, b) =
      operation.code == .diamondEnd ? (control.first ?? end, end) : (end, control.first ?? end)
    emitter.write.addIncoming(self[operation.a], from: a, to: phi)
    emitter.write.addIncoming(self[operation.b], from: b, to: phi)
    values.append(phi)
  }

  private func enterMerge() {
    guard let merge = control.merge else { return }
    emitter.write.jump(merge)
    emitter.write.position(atEndOf: merge)
  }

  private func beginLoop(_ operation: Operation) {
    let before = emitter.write.block
    let header = block()
    emitter.write.jump(header)
    emitter.write.position(atEndOf: header)
    let index = emitter.write.phi(emitter.types.number, name("value_phi_counter"))
    let carried = emitter.write.phi(emitter.types.number, name("value_phi_carried"))
    emitter.write.addIncoming(emitter.zero, from: before, to: index)
    emitter.write.addIncoming(self[operation.a], from: before, to: carried)
    control.loop = (header, index, carried)
    values.append(carried)
  }

  private func endLoop(_ operation: Operation) {
    guard let loop = control.loop else { return }
    let mixed = emitter.write.binary(.xor, self[operation.a], self[operation.b])
    let next = emitter.write.binary(.add, mixed, loop.index, name("next_loop_value"))
    let round = emitter.write.binary(.add, loop.index, emitter.number(1))
    let goesOn = emitter.write.compare(
      .lessUnsigned, round, emitter.number(Int(operation.immediate)))
    let exit = block()
    let latch = emitter.write.block
    emitter.write.branch(goesOn, loop.header, else: exit)
    emitter.write.addIncoming(round, from: latch, to: loop.index)
    emitter.write.addIncoming(next, from: latch, to: loop.carried)
    emitter.write.position(atEndOf: exit)
    values.append(next)
  }

  private func block() -> IRBlock { emitter.write.appendBlock(to: function, blockName("L")) }
}
