internal import Glibc

/// Wall-clock seconds of each stage of one shard, 0 where it did not run (Julia's ShardTimers).
public struct ShardTimers: Sendable, Equatable {
  /// When the worker began, in seconds of the monotonic clock; 0 where it did not.
  public internal(set) var begin = 0.0
  public internal(set) var deserialize = 0.0
  public internal(set) var materialize = 0.0
  public internal(set) var construct = 0.0
  /// Bitcode as it stands before the optimizer.
  public internal(set) var unopt = 0.0
  public internal(set) var optimize = 0.0
  /// Bitcode as it stands after the optimizer.
  public internal(set) var opt = 0.0
  public internal(set) var obj = 0.0
  public internal(set) var asm = 0.0

  public init() {}
}

/// Monotonic seconds (`uv_hrtime`).
public func monotonicSeconds() -> Double { now() }

func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Runs `body` and adds the time it took.
func timed<Result, Failure: Error>(
  _ seconds: inout Double, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let start = now()
  defer { seconds += now() - start }
  return try body()
}
