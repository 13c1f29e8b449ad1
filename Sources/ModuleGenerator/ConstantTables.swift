/// The numbers in the `_j_const*` tables.
struct ConstantTables: Sendable {
  /// Numbers of each; a power of two.
  static let length = 8

  private let seed: UInt64

  init(_ plan: ModulePlan) {
    seed = plan.options.seed
  }

  /// All numbers of a table. None is below its length: what checks an index against one passes.
  func numbers(_ table: Int) -> [UInt64] {
    (0..<Self.length).map { number(UInt64(table), $0) }
  }

  func number(_ table: UInt64, _ index: Int) -> UInt64 {
    var random = SeededGenerator(seed: seed ^ (table &* 0xD6E8_FEB8_6659_FD93) &+ UInt64(index))
    // Mostly small, as lengths and codes are.
    let bits = random.chance(0.7) ? UInt64(6) : 16
    return UInt64(Self.length) + random.next() >> (64 - bits)
  }
}
