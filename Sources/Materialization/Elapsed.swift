internal import Glibc

/// What a stage took, in seconds: wall clock (monotonic) and the whole process's CPU time.
public struct Elapsed: Sendable, Equatable {
  public var wall = 0.0
  public var user = 0.0
  public var system = 0.0

  public init() {}

  public static func + (a: Elapsed, b: Elapsed) -> Elapsed {
    var sum = a
    sum.wall += b.wall
    sum.user += b.user
    sum.system += b.system
    return sum
  }

  static func - (a: Elapsed, b: Elapsed) -> Elapsed {
    var difference = a
    difference.wall -= b.wall
    difference.user -= b.user
    difference.system -= b.system
    return difference
  }

  /// The clocks as they stand.
  fileprivate static var clocks: Elapsed {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    var clocks = Elapsed()
    clocks.wall = now()
    clocks.user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) * 1e-6
    clocks.system = Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) * 1e-6
    return clocks
  }

  /// Runs `body` and adds what it took.
  public mutating func measure<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let watch = Stopwatch()
    defer { self = self + watch.elapsed }
    return try body()
  }
}

/// Runs from its making.
public struct Stopwatch: Sendable {
  private let start = Elapsed.clocks

  public init() {}

  public var elapsed: Elapsed { Elapsed.clocks - start }
}
