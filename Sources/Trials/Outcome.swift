/// How a trial ended.
public enum Outcome: String, Codable, CaseIterable, Sendable {
  case completed
  /// The workload ended by itself with another status than 0.
  case failed
  /// A fault that the witness owns, or a signal that says so.
  case crashed
  case timedOut = "timed-out"
  /// Ended from outside; the trial's `reason` says what is known of it.
  case killed
  case interrupted
  /// The sandbox did not start, or broke down itself.
  case sandboxFailed = "sandbox-failed"
  /// Our own worker refused the module.
  case refusedInput = "refused-input"
}
