internal import Experiments
public import Trials

/// A cell as every report shows it: counts, rates, medians with intervals, and the comparison with
/// its reference.
public struct CellReport: Encodable, Sendable {
  public struct Rate: Encodable, Sendable {
    public let crashed: Int
    /// Trials that came to an end of their own.
    public let of: Int
    /// Wilson's 95 % interval.
    public let lower: Double
    public let upper: Double
  }

  public struct Value: Encodable, Sendable {
    public let median: Double
    /// 95 %, bootstrap.
    public let lower: Double
    public let upper: Double

    init?(_ median: Median?) {
      guard let median else { return nil }
      self.median = median.value
      lower = median.lower
      upper = median.upper
    }

    init(_ ratio: MedianRatio) {
      median = ratio.value
      lower = ratio.lower
      upper = ratio.upper
    }
  }

  public let cell: Trial.Cell
  public let trials: Int
  public let outcomes: [String: Int]
  public let crashRate: Rate
  @NullCoded public var wall: Value?
  @NullCoded public var cpu: Value?
  @NullCoded public var peakRSS: Value?
  @NullCoded public var functionsPerSecond: Value?
  /// Seconds of each stage, summed over the shards; medians of completed trials.
  @NullCoded public var stageSeconds: [String: Double]?
  @NullCoded public var growthPages: Value?
  @NullCoded public var growthCalls: Value?
  @NullCoded public var guestMappings: Value?
  @NullCoded public var peakMappings: Int?
  @NullCoded public var mapLimit: Int?
  /// Against glibc's plain malloc with as many threads, the same launcher and workload: wall ratio,
  /// and Fisher's p for equal crash rates. Null for that cell itself and where there is none.
  @NullCoded public var wallRatio: Value?
  @NullCoded public var crashP: Double?
  public let warnings: [String]

  /// All cells of these trials, each with its reference.
  public static func all(of trials: [Trial]) -> [CellReport] {
    let summaries = CellSummary.all(of: trials)
    return summaries.map { summary in
      let reference = summaries.first { other in
        other.cell.allocator == "glibc" && summary.cell.allocator != "glibc"
          && other.cell.threads == summary.cell.threads
          && other.cell.launcher == summary.cell.launcher
          && other.cell.workload == summary.cell.workload
      }
      return CellReport(summary, reference)
    }
  }

  private init(_ summary: CellSummary, _ reference: CellSummary?) {
    cell = summary.cell
    trials = summary.counts.trials
    outcomes = Dictionary(
      uniqueKeysWithValues: summary.counts.outcomes.map { ($0.outcome.rawValue, $0.count) })
    let crashes = summary.counts.crashes
    crashRate = Rate(
      crashed: crashes.successes, of: crashes.trials, lower: crashes.lower, upper: crashes.upper)
    _wall = NullCoded(Value(summary.wall))
    _cpu = NullCoded(Value(summary.cpu))
    _peakRSS = NullCoded(Value(summary.peakRSS))
    _functionsPerSecond = NullCoded(Value(summary.functionsPerSecond))
    _stageSeconds = NullCoded(summary.stageSeconds)
    _growthPages = NullCoded(Value(summary.growthPages))
    _growthCalls = NullCoded(Value(summary.growthCalls))
    _guestMappings = NullCoded(Value(summary.guestMappings))
    _peakMappings = NullCoded(summary.peakMappings)
    _mapLimit = NullCoded(summary.mapLimit)
    let ratio = reference.flatMap {
      MedianRatio(of: summary.completedSeconds, to: $0.completedSeconds)
    }
    _wallRatio = NullCoded(ratio.map { Value($0) })
    _crashP = NullCoded(
      reference.map {
        FisherExact(
          crashes.successes, of: crashes.trials, $0.counts.crashes.successes,
          of: $0.counts.crashes.trials
        ).p
      })
    warnings = summary.warnings
  }
}

/// Null where there is nothing, in what is only ever written.
@propertyWrapper
public struct NullCoded<Value: Encodable & Sendable>: Encodable, Sendable {
  public var wrappedValue: Value?

  init(_ value: Value?) { wrappedValue = value }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
