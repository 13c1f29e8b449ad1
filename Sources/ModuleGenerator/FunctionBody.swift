/// What a function does, operation by operation: enough to write it, and enough to compute it.
///
/// Values are numbered: first the arguments, then the results in the order of the operations. All
/// are 64-bit integers that wrap round.
public struct FunctionBody: Sendable {
  var operations: [Operation] = []
  var valueCount: Int
  /// It has stack slots (numbers) and a frame (roots of objects).
  let hasStack: Bool
  /// Numbers that a stack holds; all are 0 at first.
  static let slots = 8
  /// Objects that a frame holds.
  static let roots = 8
}

/// One operation of a body: one or several instructions.
struct Operation: Sendable {
  enum Code: UInt8, Sendable {
    // Results in a number.
    case arithmetic, shift, intrinsic, overflow, select, narrow, tableLoad, stackLoad
    case call, thunkCall
    // Has an effect on the stack.
    case stackStore
    // Has no effect that could be computed.
    case rootLoad, rootStore, rootRead
    // Never reached.
    case coldCall, coldBoxedCall, runtimeCall, allocation
    // Control.
    case jump, undefinedGuard, boundsGuard
    case conditionalBegin, conditionalEnd, coldBegin, coldEnd
    case diamondBegin, diamondElse, diamondEnd, loopBegin, loopEnd
    case result
  }

  let code: Code
  /// Which operation of its kind: of arithmetic, comparisons, intrinsics.
  var detail: UInt8 = 0
  /// Numbers of values; -1 for none (the constant stands for it).
  var a: Int32 = -1
  var b: Int32 = -1
  var c: Int32 = -1
  /// A constant, a slot, a variable's or function's number, a count of rounds; in a control
  /// operation that may be skipped, where to go on.
  var immediate: UInt64 = 0

  /// Whether it has a result.
  var isValue: Bool {
    switch code {
    case .arithmetic, .shift, .intrinsic, .overflow, .select, .narrow, .tableLoad, .stackLoad,
      .call,
      .thunkCall, .boundsGuard, .conditionalEnd, .diamondEnd, .loopBegin, .loopEnd:
      true
    default: false
    }
  }

  /// Whether a block ends with it.
  var isControl: Bool {
    switch code {
    case .jump, .undefinedGuard, .boundsGuard, .conditionalBegin, .conditionalEnd, .coldBegin,
      .coldEnd, .diamondBegin, .diamondElse, .diamondEnd, .loopBegin, .loopEnd, .result:
      true
    default: false
    }
  }

  /// Instructions that it is written in.
  var instructions: Int {
    switch code {
    case .arithmetic, .shift, .intrinsic, .call, .coldCall, .runtimeCall, .jump, .rootLoad: 1
    case .overflow, .select, .narrow, .stackLoad, .stackStore, .rootRead: 2
    case .tableLoad, .thunkCall, .rootStore, .allocation, .coldBegin, .coldBoxedCall: 3
    case .undefinedGuard: 6
    case .boundsGuard: 7
    case .conditionalBegin, .conditionalEnd, .diamondBegin, .diamondEnd: 2
    case .loopBegin: 3
    case .loopEnd: 5
    case .coldEnd, .diamondElse, .result: 1
    }
  }
}

/// Intrinsics of two numbers.
enum IntegerIntrinsic: UInt8, CaseIterable {
  case smax, smin, umax, umin, saturatingAdd, saturatingSubtract

  var name: String {
    switch self {
    case .smax: "llvm.smax"
    case .smin: "llvm.smin"
    case .umax: "llvm.umax"
    case .umin: "llvm.umin"
    case .saturatingAdd: "llvm.uadd.sat"
    case .saturatingSubtract: "llvm.usub.sat"
    }
  }
}

/// Arithmetic of two numbers, as operations name it.
enum Arithmetic: UInt8, CaseIterable { case add, subtract, multiply, and, or, xor }

/// Shifts by a constant.
enum Shift: UInt8, CaseIterable { case left, right, rightSigned }

/// How an operation compares.
enum Relation: UInt8, CaseIterable { case equal, notEqual, less, lessUnsigned }
