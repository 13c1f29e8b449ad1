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
      module.write.jump(next)
      module.write.position(atEndOf: next)
    case .undefinedGuard: emitUndefinedGuard(operation)
    case .boundsGuard: emitBoundsGuard(operation)
    case .coldBegin:
      let cold = block()
      control.merge = branch(onBinding: UInt64(operation.a), to: cold)
      module.write.position(atEndOf: cold)
    case .coldEnd: enterMerge()
    case .conditionalBegin, .diamondBegin: beginArms(operation)
    case .conditionalEnd, .diamondEnd, .diamondElse: endArm(operation)
    case .loopBegin: beginLoop(operation)
    case .loopEnd: endLoop(operation)
    default:
      let result = self[operation.a]
      module.write.return(
        plan.kind == .japi1 ? module.write.call(module.runtime.boxNumber, result) : result)
    }
  }

  /// Goes to `cold` if a binding is set, which it never is in a module without its heap image; returns
  /// where it goes otherwise.
  private func branch(onBinding number: UInt64, to cold: IRBlock) -> IRBlock {
    let binding = module.write.load(
      module.types.box, IRValue(module.bindings[Int(number)]), tags: pointerTags(.const),
      name("binding_value_ptr"))
    let isSet = module.write.compare(.notEqual, binding, module.noBox, name("binding_is_defined"))
    let next = block()
    module.write.branch(isSet, cold, else: next)
    return next
  }

  private func emitUndefinedGuard(_ operation: Operation) {
    let error = module.write.appendBlock(to: function, blockName("err"))
    let next = branch(onBinding: operation.immediate, to: error)
    module.write.position(atEndOf: error)
    let symbol = module.symbols[Int(operation.immediate) % module.symbols.count]
    let name = module.write.load(module.types.box, IRValue(symbol), tags: pointerTags(.const))
    module.write.call(module.runtime.undefined, name)
    module.write.unreachable()
    module.write.position(atEndOf: next)
  }

  private func emitBoundsGuard(_ operation: Operation) {
    let index = module.write.binary(
      .and, self[operation.a], module.number(ConstantTables.length - 1), name("index_in_bounds"))
    // A number of the table, none of which is below its length, stands for the array's.
    let length = load(operation.immediate, index)
    let isOut = module.write.compare(.greaterOrEqualUnsigned, index, length, name("oob"))
    let error = module.write.appendBlock(to: function, blockName("oob"))
    let next = module.write.appendBlock(to: function, blockName("idxend"))
    module.write.branch(isOut, error, else: next)
    module.write.position(atEndOf: error)
    module.write.call(module.runtime.boundsError, module.noBox, index)
    module.write.unreachable()
    module.write.position(atEndOf: next)
    values.append(index)
  }

  private func beginArms(_ operation: Operation) {
    let condition = compare(operation)
    let then = block()
    let other = block()
    control.first = module.write.block
    module.write.branch(condition, then, else: other)
    control.merge = other
    control.second = operation.code == .diamondBegin ? other : nil
    module.write.position(atEndOf: then)
  }

  private func endArm(_ operation: Operation) {
    let end = module.write.block
    if operation.code == .diamondElse {
      // The first arm goes on to the merge, which comes after the second.
      guard let second = control.second else { return }
      let merge = block()
      module.write.jump(merge)
      control.first = end
      control.merge = merge
      module.write.position(atEndOf: second)
      return
    }
    enterMerge()
    let phi = module.write.phi(module.types.number, name("value_phi_merged"))
    // A conditional's second way is the block of its condition.
    let (a, b) =
      operation.code == .diamondEnd ? (control.first ?? end, end) : (end, control.first ?? end)
    module.write.addIncoming(self[operation.a], from: a, to: phi)
    module.write.addIncoming(self[operation.b], from: b, to: phi)
    values.append(phi)
  }

  private func enterMerge() {
    guard let merge = control.merge else { return }
    module.write.jump(merge)
    module.write.position(atEndOf: merge)
  }

  private func beginLoop(_ operation: Operation) {
    let before = module.write.block
    let header = block()
    module.write.jump(header)
    module.write.position(atEndOf: header)
    let index = module.write.phi(module.types.number, name("value_phi_counter"))
    let carried = module.write.phi(module.types.number, name("value_phi_carried"))
    module.write.addIncoming(module.zero, from: before, to: index)
    module.write.addIncoming(self[operation.a], from: before, to: carried)
    control.loop = (header, index, carried)
    values.append(carried)
  }

  private func endLoop(_ operation: Operation) {
    guard let loop = control.loop else { return }
    let mixed = module.write.binary(.xor, self[operation.a], self[operation.b])
    let next = module.write.binary(.add, mixed, loop.index, name("next_loop_value"))
    let round = module.write.binary(.add, loop.index, module.number(1))
    let goesOn = module.write.compare(
      .lessUnsigned, round, module.number(Int(operation.immediate)))
    let exit = block()
    let latch = module.write.block
    module.write.branch(goesOn, loop.header, else: exit)
    module.write.addIncoming(round, from: latch, to: loop.index)
    module.write.addIncoming(next, from: latch, to: loop.carried)
    module.write.position(atEndOf: exit)
    values.append(next)
  }

  private func block() -> IRBlock { module.write.appendBlock(to: function, blockName("L")) }
}
