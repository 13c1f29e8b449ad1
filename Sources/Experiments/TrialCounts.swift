public import Trials

/// What became of several trials of one configuration.
public struct TrialCounts: Sendable {
  public let trials: Int
  /// Outcomes that occurred, in the order of `Outcome`.
  public let outcomes: [(outcome: Outcome, count: Int)]
  /// Crashes among trials that ran to an end of their own: those that a sandbox, a person or a limit
  /// ended say nothing.
  public let crashes: BinomialInterval
  /// Seconds.
  public let medianSeconds: Double?

  public init(of trials: [Trial]) {
    self.trials = trials.count
    outcomes = Outcome.allCases.compactMap { outcome in
      let count = trials.count { $0.outcome == outcome }
      return count > 0 ? (outcome, count) : nil
    }
    let telling = trials.filter { [.completed, .failed, .crashed].contains($0.outcome) }
    crashes = BinomialInterval(
      wilson: telling.count { $0.outcome == .crashed }, of: telling.count)
    let sorted = trials.map(\.seconds).sorted()
    medianSeconds =
      sorted.isEmpty
      ? nil : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
