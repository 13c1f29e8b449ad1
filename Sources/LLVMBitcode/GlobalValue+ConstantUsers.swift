internal import CLLVM

extension GlobalValue {
  /// Calls `body` for each global value that reaches this one through constants alone, in use-list
  /// order, depth first, as Julia's `ConstantUses` does: an initializer, an aliasee, a resolver, a
  /// function's prefix or prologue data. Instructions and metadata are not followed. The same user
  /// may come several times.
  ///
  /// Two differences, for bitcode that Julia never makes (both are in the Coverage table):
  /// * a function's *personality* is not a reason to stay together: it may be named across objects;
  /// * a block's address may not, so that whoever takes one (an instruction counts as its function)
  ///   is a user.
  ///
  /// O(uses).
  public func forEachConstantUser(_ body: (GlobalValue) -> Void) {
    visitUsers(of: ref, body)
  }

  /// Some constant of the module holds the address of one of this function's blocks.
  public var hasBlockAddress: Bool {
    var use = LLVMGetFirstUse(ref)
    while let current = use {
      if LLVMGetValueKind(LLVMGetUser(current)) == LLVMBlockAddressValueKind { return true }
      use = LLVMGetNextUse(current)
    }
    return false
  }
}

private func visitUsers(of value: LLVMValueRef, _ body: (GlobalValue) -> Void) {
  var use = LLVMGetFirstUse(value)
  while let current = use {
    use = LLVMGetNextUse(current)
    guard let user = LLVMGetUser(current) else { continue }
    switch LLVMGetValueKind(user) {
    case LLVMInstructionValueKind:
      continue
    case LLVMConstantArrayValueKind, LLVMConstantStructValueKind, LLVMConstantVectorValueKind,
      LLVMConstantExprValueKind:
      visitUsers(of: user, body)
    case LLVMBlockAddressValueKind:
      visitTakers(ofBlockAddress: user, body)
    case LLVMFunctionValueKind:
      // Operand 0 of a function is its personality.
      if LLVMGetOperandUse(user, 0) != current { body(GlobalValue(user, .function)) }
    default:
      if let user = GlobalValue(anyKind: user) { body(user) }
    }
  }
}

private func visitTakers(ofBlockAddress address: LLVMValueRef, _ body: (GlobalValue) -> Void) {
  var use = LLVMGetFirstUse(address)
  while let current = use {
    use = LLVMGetNextUse(current)
    guard let user = LLVMGetUser(current) else { continue }
    if let instruction = LLVMIsAInstruction(user) {
      let function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(instruction))
      if let function { body(GlobalValue(function, .function)) }
    } else if let user = GlobalValue(anyKind: user) {
      body(user)
    } else {
      visitTakers(ofBlockAddress: user, body)
    }
  }
}
