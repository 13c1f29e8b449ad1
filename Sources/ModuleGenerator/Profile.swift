/// Whose shape a module has.
public enum Profile: String, Sendable, CaseIterable, Codable {
  /// Julia 1.11.7's own system image, just before it is partitioned.
  case juliaSysimage = "julia-sysimage"
  /// Some dozen functions of every kind, for tests and tours, with what Julia's image happens not to
  /// have: exported aliases, and many functions to be cloned.
  case tiny

  var shape: ModuleShape {
    switch self {
    case .juliaSysimage: .juliaSysimage
    case .tiny: .tiny
    }
  }
}

/// How many functions of each kind.
struct FunctionCounts: Sendable {
  /// `julia_*`, and as many `jfptr_*`.
  var pairs: Int
  var japi1: Int
  var jlplt: Int
  /// `tojlinvoke*`, and the entry.
  var other: Int
  /// `alwaysinline`: in no table, never placed by the plan.
  var inlined: Int

  var total: Int { 2 * pairs + japi1 + jlplt + other + inlined }

  /// The same shares of another total, at least the entry.
  func scaled(to total: Int) -> FunctionCounts {
    func share(_ count: Int) -> Int {
      Int((Double(count) * Double(total) / Double(self.total)).rounded())
    }
    var counts = FunctionCounts(
      pairs: 0, japi1: share(japi1), jlplt: share(jlplt), other: max(share(other), 1),
      inlined: share(inlined))
    // A handful of functions has no room for each kind.
    if counts.total > total {
      counts = FunctionCounts(pairs: 0, japi1: 0, jlplt: 0, other: 1, inlined: 0)
    }
    let rest = total - counts.total
    counts.pairs = rest / 2
    counts.other += rest % 2
    return counts
  }
}

/// How many variables of each kind, the `jlplt_*_got` not counted.
struct VariableCounts: Sendable {
  /// `_j_const*`, `_j_str*`.
  var constants: Int
  /// `+Module.Type#n`, `-Module.x#n`, `*Module.x#n`.
  var bindings: Int
  /// `jl_global#n`.
  var objects: Int
  /// `jl_sym#name#n`.
  var symbols: Int
  /// `ccall_*`, `ccalllib_*`.
  var caches: Int
  /// Each with its `jlplt_*`.
  var gots: Int

  var total: Int { constants + bindings + objects + symbols + caches + gots }

  /// The same shares of another total, with `gots` of them and at least one of each other kind.
  func scaled(to total: Int, gots: Int) -> VariableCounts {
    let rest = total - gots
    func share(_ count: Int) -> Int {
      max(Int(Double(count) * Double(rest) / Double(self.total - self.gots)), 1)
    }
    var counts = VariableCounts(
      constants: 0, bindings: share(bindings), objects: share(objects), symbols: share(symbols),
      caches: share(caches), gots: gots)
    counts.constants = total - counts.total
    if counts.constants < 6 {
      counts = VariableCounts(
        constants: rest - 4, bindings: 1, objects: 1, symbols: 1, caches: 1, gots: gots)
    }
    return counts
  }
}
