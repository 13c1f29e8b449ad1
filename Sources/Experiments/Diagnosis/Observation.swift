public import Trials

/// What an experiment's trials showed.
public struct Observation: Sendable {
  public let experiment: Experiment
  public let trials: [Trial]
  /// How many crashed, of those that ran to an end of their own.
  public let crashed: Int
  public let ended: Int
  /// Of crashed trials, by their first fault.
  public let relieved: Int
  public let late: Int
  public let signs: [FaultSign: Int]

  public init(_ experiment: Experiment, _ trials: [Trial]) {
    self.experiment = experiment
    self.trials = trials
    let telling = trials.filter { [.completed, .failed, .crashed].contains($0.outcome) }
    let crashes = telling.filter { $0.outcome == .crashed }
    ended = telling.count
    crashed = crashes.count
    let found = crashes.map { $0.fault.map { FaultSign(of: $0) } ?? .other }
    relieved = found.count { $0 == .relief }
    late = found.count { $0 == .late || $0 == .changed }
    signs = Dictionary(found.map { ($0, 1) }, uniquingKeysWith: +)
  }

  public func count(_ outcome: Outcome) -> Int { trials.count { $0.outcome == outcome } }

  /// It has its trials; what brings the machine to its limits is not repeated more often than it takes
  /// to believe it.
  func isDone(size: Int) -> Bool { trials.count >= size || count(.killed) >= Judge.enough }

  /// Below this a difference counts as seen.
  public static let significance = 0.05

  /// Whether it crashes more rarely than another.
  public func crashesLess(than other: Observation) -> Bool {
    ended > 0 && crashed * other.ended < other.crashed * ended
      && FisherExact(crashed, of: ended, other.crashed, of: other.ended).p < Self.significance
  }

  /// Whether it completes where the other crashes; an error status is no completion.
  public func completesInstead(of other: Observation) -> Bool {
    crashesLess(than: other) && count(.failed) <= other.count(.failed)
  }

  /// Whether it fits; nil where so few trials cannot say.
  public func matches(_ prediction: Prediction, baseline: Observation) -> Bool? {
    switch prediction {
    case .heals:
      return crashed == 0 ? nil : relieved == crashed
    case .staysBroken:
      return crashed == 0 ? nil : relieved + late == 0
    case .noRelief:
      return crashed == 0 ? nil : relieved == 0
    case .killed:
      return trials.isEmpty ? nil : count(.killed) > 0
    case .crashes:
      if ended == 0 { return nil }
      return crashed == 0 && ended < 2 ? nil : !crashesLess(than: baseline) && crashed > 0
    case .completes:
      // An end with an error status is no completion, and says nothing of the crash.
      if ended == 0 || count(.failed) > baseline.count(.failed) { return nil }
      if crashesLess(than: baseline) { return true }
      return crashed == 0 ? nil : false
    case .followsTheStack:
      if ended == 0 { return nil }
      if crashesLess(than: baseline) { return true }
      return signs[.stackGuard, default: 0] == crashed
    }
  }

  /// `5 of 5 crash, relief heals 5`
  public var text: String {
    var parts: [String] = []
    if ended > 0 {
      parts.append("\(crashed) of \(ended) crash")
      if relieved > 0 { parts.append("relief heals \(relieved)") }
      if late > 0 { parts.append("a retry heals \(late)") }
      let broken = crashed - relieved - late
      let untried = signs[.untried, default: 0]
      if untried > 0 {
        parts.append("nothing was tried for \(untried)")
      } else if broken > 0
        && (relieved + late > 0 || experiment == .baseline || experiment == .sham)
      {
        parts.append("nothing heals \(broken)")
      }
      let failed = count(.failed)
      if failed > 0 { parts.append("\(failed) end with an error status") }
    }
    for (outcome, words) in [
      (Outcome.timedOut, "time out"), (.killed, "are killed"), (.interrupted, "are interrupted"),
      (.sandboxFailed, "fail with the sandbox"), (.refusedInput, "refuse the input"),
    ] where count(outcome) > 0 {
      parts.append("\(count(outcome)) \(words)")
    }
    return parts.isEmpty ? "no trial" : parts.joined(separator: ", ")
  }
}
