public import Trials

/// What the trials of one cell amount to.
public struct CellSummary: Sendable {
  public let cell: Trial.Cell
  public let counts: TrialCounts
  /// Seconds and bytes of trials that came to an end of their own.
  public let wall: Median?
  public let cpu: Median?
  public let peakRSS: Median?
  /// Of completed trials of the replica.
  public let functionsPerSecond: Median?
  public let growthPages: Median?
  public let growthCalls: Median?
  public let guestMappings: Median?
  /// The largest seen.
  public let peakMappings: Int?
  public let mapLimit: Int?
  /// Wall seconds of completed trials: what other cells are compared with.
  public let completedSeconds: [Double]
  /// Medians of completed trials, by stage.
  public let stageSeconds: [String: Double]?
  /// What a reader has to know before believing the numbers; one clause each.
  public let warnings: [String]

  public init(_ cell: Trial.Cell, _ trials: [Trial]) {
    self.cell = cell
    counts = TrialCounts(of: trials)
    let telling = trials.filter { [.completed, .failed, .crashed].contains($0.outcome) }
    let completed = trials.filter { $0.outcome == .completed }
    // A crash comes earlier than an end: times are those of completed trials where there are any.
    let timed = completed.isEmpty ? telling : completed
    wall = Median(of: timed.map(\.seconds))
    cpu = Median(of: timed.map(\.cpu))
    peakRSS = Median(of: timed.compactMap { $0.peakRSS.map(Double.init) })
    functionsPerSecond = Median(
      of: completed.compactMap { trial in
        guard let run = trial.run, run.outputSeconds > 0 else { return nil }
        return Double(run.functions) / run.outputSeconds
      })
    growthPages = Median(of: completed.compactMap { $0.growthPages.map(Double.init) })
    growthCalls = Median(of: trials.compactMap { $0.growthCalls.map(Double.init) })
    guestMappings = Median(of: trials.compactMap { $0.guestMappings.map(Double.init) })
    peakMappings = trials.compactMap { $0.host?.peakMappings }.max()
    mapLimit = trials.compactMap { $0.host?.mapLimit }.max()
    completedSeconds = completed.map(\.seconds)
    let runs = completed.compactMap(\.run)
    let stages = Set(runs.flatMap(\.stageSeconds.keys))
    stageSeconds =
      runs.isEmpty
      ? nil
      : Dictionary(
        uniqueKeysWithValues: stages.map { stage in
          (stage, median(runs.compactMap { $0.stageSeconds[stage] }))
        })
    warnings = Self.warnings(counts, wall, trials)
  }

  /// Fewer trials cannot tell 5 of 5 from 0 of 5 (Fisher's p = 0.008).
  private static let fewTrials = 5
  /// Of the median.
  private static let noisyShare = 0.2
  /// Cores that others used.
  private static let busyCores = 0.5

  private static func warnings(
    _ counts: TrialCounts, _ wall: Median?, _ trials: [Trial]
  ) -> [String] {
    var warnings: [String] = []
    if counts.crashes.trials < fewTrials {
      warnings.append("fewer than \(fewTrials) trials came to an end of their own")
    }
    if let wall, wall.count >= 3, wall.upper - wall.lower > 2 * noisyShare * wall.value {
      warnings.append("times are noisy: the median's interval is wider than 40 % of it")
    }
    let treatments = Set(trials.map { "\($0.onFault.rawValue) \($0.reserve) \($0.ballast)" })
    let sweeps = Set(trials.map { $0.sweep?.id ?? "none" })
    if treatments.count > 1 || sweeps.count > 1 {
      warnings.append("trials of different sweeps or treatments stand in one cell")
    }
    let busy = trials.count { trial in
      guard let others = trial.otherCPU, trial.seconds > 0.5 else { return false }
      return others / trial.seconds > busyCores
    }
    if busy > 0 {
      warnings.append("other processes took more than half a core during some trials")
    }
    return warnings
  }

  /// One for each cell, in the order in which the cells first appear when they are sorted by
  /// workload, launcher, allocator and threads.
  public static func all(of trials: [Trial]) -> [CellSummary] {
    var groups: [Trial.Cell: [Trial]] = [:]
    for trial in trials { groups[trial.cell, default: []].append(trial) }
    return groups.map { CellSummary($0.key, $0.value) }.sorted { $0.cell.precedes($1.cell) }
  }
}

extension Trial.Cell {
  /// Sorted by workload, launcher, allocator (glibc first), threads.
  func precedes(_ other: Trial.Cell) -> Bool {
    if workload != other.workload { return workload < other.workload }
    if launcher != other.launcher { return launcher < other.launcher }
    if allocator != other.allocator {
      if allocator == "glibc" || other.allocator == "glibc" { return allocator == "glibc" }
      return allocator < other.allocator
    }
    return (threads ?? 0) < (other.threads ?? 0)
  }
}
