internal import Trials

/// Small questions, and what a reader is told.
extension Judge {
  func isDone(_ observation: Observation) -> Bool {
    observation.isDone(size: context.size)
  }

  func isAvailable(_ experiment: Experiment) -> Bool {
    context.absent[experiment] == nil
  }

  func missing(_ experiment: Experiment, _ words: String) -> Finding {
    guard isAvailable(experiment) else {
      return undecided("\(words) cannot be tried: \(context.absent[experiment] ?? "")")
    }
    return open("\(words) was not tried", [experiment])
  }

  /// A fault's host side counted no more mappings than the limit allows, and hardly fewer.
  func isAtHostLimit(_ baseline: Observation) -> Bool {
    baseline.trials.contains { trial in
      guard trial.outcome == .crashed, let peak = trial.host?.peakMappings,
        let limit = trial.host?.mapLimit
      else { return false }
      return Double(peak) > 0.97 * Double(limit)
    }
  }

  func released(_ baseline: Observation) -> Int {
    baseline.trials.first.map { $0.reserve + $0.ballast } ?? 0
  }

  func retries(_ baseline: Observation) -> Int {
    baseline.trials.compactMap { $0.fault?.retries }.max() ?? 0
  }

  func list(_ signs: [FaultSign: Int]) -> String {
    signs.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { signs.count == 1 ? words($0.key) : "\($0.value) \(words($0.key))" }
      .joined(separator: ", ")
  }

  func words(_ sign: FaultSign) -> String {
    switch sign {
    case .relief: "healed by relief"
    case .late: "healed by a retry"
    case .changed: "healed by a retry, outside of glibc's arenas"
    case .untried: "left to the program's own handler"
    case .wild: "at a wild address"
    case .belowHeapEnd: "on a page that glibc has made writable"
    case .beyondHeapEnd: "past the end of an arena heap"
    case .stackGuard: "in a stack's guard"
    case .null: "at a NULL pointer"
    case .allocatorAbort: "glibc's own abort over broken books"
    case .insideAllocator: "inside the allocator, at a wild address"
    case .abort: "an abort of the program's"
    case .other: "of another kind"
    }
  }

  func percentage(_ share: Double) -> Int { Int((share * 100).rounded()) }

  func pText(_ a: Int, _ aTrials: Int, _ b: Int, _ bTrials: Int) -> String {
    let p = FisherExact(a, of: aTrials, b, of: bTrials).p
    if p < 0.001 { return "less than 0.001" }
    let thousandths = String(Int((p * 1000).rounded()))
    return "0." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}
