/// Instructions of functions that have a fixed form.
enum WrapperSizes {
  /// Two loads for the first argument, three for each further one; a call, a box and a return.
  static func least(arity: Int) -> Int { 3 * arity + 2 }
  /// Two operations and a return.
  static let inlined = 3
  /// A box, three slots that point at it, and a return.
  static let entryFrame = 9
  /// A call, and two operations that mix its result in.
  static let entryCall = 3
  /// The argument goes into the box, the result comes out of one.
  static let entryBoxedCall = 5
  /// As `jlplt_*` weigh 14: three blocks.
  static let thunk = (instructions: 10, blocks: 3)
}

/// C functions of one number and one result, which every C library has.
enum CFunction: String, CaseIterable { case labs, llabs, imaxabs }
