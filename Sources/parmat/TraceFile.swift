internal import FoundationEssentials
internal import Reports
internal import Trials

/// `--trace FILE`: a run, or a trial, as a Chrome trace (opens in Perfetto).
enum TraceFile {
  /// A run in this process: a lane for what comes before the workers, and one a worker.
  static func write(_ report: RunReport, to path: String) throws {
    let trace = ChromeTrace(
      process: "parmat run \(report.module.path)", lanes: lanes(of: report, 0))
    try ResultFile.write(trace.text, to: path)
  }

  /// A trial: the worker's lanes if it came to its end, the host's mappings as a counter, and the
  /// crash.
  ///
  /// - Parameter output: what the worker printed; its record, if it is the replica.
  static func write(_ trial: Trial, worker output: [UInt8], to path: String) throws {
    let report = try? JSONDecoder().decode(RunReport.self, from: Data(output))
    // The worker's record ends when the trial does, but for the time a process takes to end.
    let offset = report.map { max(0, trial.seconds - $0.seconds.total) } ?? 0
    var lanes = [
      ChromeTrace.Lane(
        "trial \(trial.trial)", [.init(trial.outcome.rawValue, from: 0, to: trial.seconds)])
    ]
    if let report { lanes += Self.lanes(of: report, offset) }
    var counters: [ChromeTrace.Counter] = []
    if let samples = trial.host?.samples, !samples.isEmpty {
      counters.append(
        .init(
          "host mappings",
          samples.compactMap { $0.count == 2 ? (seconds: $0[0], value: $0[1]) : nil }))
    }
    var instants: [ChromeTrace.Instant] = []
    if let fault = trial.fault {
      let seconds = trial.faultSeconds ?? trial.seconds
      instants.append(.init("signal \(fault.signal) in \(fault.thread)", at: seconds))
    }
    let trace = ChromeTrace(
      process: "parmat reproduce, \(trial.cell.workload), \(trial.cell.launcher)", lanes: lanes,
      counters: counters, instants: instants)
    try ResultFile.write(trace.text, to: path)
  }

  private static func lanes(of report: RunReport, _ offset: Double) -> [ChromeTrace.Lane] {
    func spans(
      _ stages: [(name: String, seconds: Double)], from start: Double
    ) -> [ChromeTrace.Span] {
      var time = start
      return stages.compactMap { stage in
        guard stage.seconds > 0 else { return nil }
        defer { time += stage.seconds }
        return .init(stage.name, from: time, to: time + stage.seconds)
      }
    }
    let seconds = report.seconds
    let planning = spans(
      [
        ("parse", seconds.parse - seconds.verify), ("verify", seconds.verify),
        ("partition", seconds.partition), ("serialize", seconds.serialize),
      ], from: offset)
    return [ChromeTrace.Lane("main", planning)]
      + report.shards.map { shard in
        ChromeTrace.Lane(
          "shard-\(shard.index)",
          spans(
            [
              ("deserialize", shard.seconds.deserialize),
              ("materialize", shard.seconds.materialize),
              ("construct", shard.seconds.construct), ("optimize", shard.seconds.optimize),
              ("emit", shard.seconds.emit),
            ], from: offset + shard.started))
      }
  }
}
