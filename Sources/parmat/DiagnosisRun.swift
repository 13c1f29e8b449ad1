internal import Experiments
internal import FoundationEssentials
internal import Glibc
internal import Trials

/// Runs the trials that a diagnosis asks for, one experiment after the other, then the remedies.
struct DiagnosisRun {
  let subject: DiagnosisSubject
  let export: TrialExport?
  let display: DisplayOptions
  private(set) var plan: DiagnosisPlan
  private(set) var trials: [Trial] = []
  /// Of remedies, and of what they cost.
  private(set) var furtherTrials: [Trial] = []
  private(set) var probe: ProbeFinding?
  /// Why it ended before its end.
  private(set) var problem: Failure?
  private var number = 0

  init(
    _ subject: DiagnosisSubject, budget: Int, isExhaustive: Bool, export: TrialExport?,
    _ display: DisplayOptions
  ) {
    self.subject = subject
    self.export = export
    self.display = display
    plan = DiagnosisPlan(budget: budget, absent: subject.absent, isExhaustive: isExhaustive)
  }

  var diagnosis: Diagnosis { Diagnosis(of: trials, plan.context) }
  var allTrials: [Trial] { trials + furtherTrials }

  /// Until the verdict is settled, the budget is used up, or nothing is left to try.
  mutating func runExperiments(_ supervisor: Supervisor) throws {
    var current: Experiment?
    while supervisor.interruption == nil, problem == nil, let experiment = plan.next(after: trials)
    {
      if current != experiment {
        current.map { tell($0) }
        current = experiment
      }
      guard let configuration = subject.configurations[experiment] else { break }
      let done = trials.count { $0.experiment == experiment.rawValue }
      announce("\(experiment.title), trial \(done + 1)")
      if let trial = try run(configuration, supervisor, as: experiment.rawValue) {
        trials.append(trial)
        if experiment == .baseline { probeWhereItHelps(trial) }
      } else if experiment != .baseline, let problem, problem.status == .unavailable,
        isAllocators
      {
        // The program does not let its malloc be changed.
        self.problem = nil
        plan = plan.without(experiment, because: problem.sentence)
        trials.removeAll { $0.experiment == experiment.rawValue }
        current = nil
      }
    }
    current.map { tell($0) }
  }

  /// The last problem was an allocator that does not take effect.
  private var isAllocators = false

  /// nil where it could not be started; then `problem` says why.
  private mutating func run(
    _ configuration: Configuration, _ supervisor: Supervisor, as mark: String
  ) throws -> Trial? {
    number += 1
    do {
      var trial = try supervisor.run(configuration, trial: number)
      trial.experiment = mark
      try export?.append(trial)
      return trial
    } catch let failure as TrialProblem {
      isAllocators = failure.program == nil
      let mend = failure.program == "runsc" ? "; run: apt-get install runsc" : ""
      problem = Failure(.unavailable, failure.sentence + mend)
      return nil
    }
  }

  /// The limit of mappings where the workload runs: only once a fault has been healed by relief does
  /// it say anything.
  private mutating func probeWhereItHelps(_ trial: Trial) {
    guard probe == nil, trial.fault?.healed == "relief" else { return }
    announce("map-limit probe")
    let found = ProbeFinding(by: subject.baseline.launcher)
    probe = found
    plan = DiagnosisPlan(
      budget: plan.budget, absent: plan.context.absent, probedLimit: found?.limit,
      isExhaustive: plan.isExhaustive)
  }

  // Remedies.

  private static let costRounds = 3

  /// Each one that fits the verdict, unless its trials are there already; then what those that work
  /// cost natively, in alternating rounds.
  mutating func runRemedies(_ supervisor: Supervisor) throws {
    let remedies = subject.remedies(for: diagnosis.verdict)
    for remedy in remedies {
      let experiment = Experiment(rawValue: remedy.id)
      if let experiment, diagnosis.isDone(experiment) { continue }
      if let experiment, diagnosis.context.absent[experiment] != nil { continue }
      // What shares no arena has none to be alone in.
      if experiment == .oneThread && !diagnosis.usesArenas { continue }
      for round in 1...plan.context.size {
        guard supervisor.interruption == nil, problem == nil else { return }
        announce("remedy \(remedy.id), trial \(round)")
        guard let trial = try run(remedy.configuration, supervisor, as: remedy.id) else { break }
        if experiment != nil { trials.append(trial) } else { furtherTrials.append(trial) }
        if let experiment, diagnosis.isDone(experiment) { break }
      }
      tell(remedy)
    }
    let working = Set(remedyResults.filter(\.works).map(\.id))
    try measureCosts(remedies.filter { working.contains($0.id) }, supervisor)
  }

  var remedyResults: [RemedyResult] {
    RemedyResult.all(in: allTrials, for: diagnosis.verdict)
  }

  private mutating func measureCosts(_ remedies: [Remedy], _ supervisor: Supervisor) throws {
    guard subject.baseline.launcher != .native, !remedies.isEmpty else { return }
    var plain = subject.baseline
    plain.launcher = .native
    let cells =
      [(Remedy.plainCostID, plain)]
      + remedies.map { remedy in
        var configuration = remedy.configuration
        configuration.launcher = .native
        return (Remedy.costID(remedy.id), configuration)
      }
    for round in 1...Self.costRounds {
      for (mark, configuration) in cells {
        guard supervisor.interruption == nil, problem == nil else { return }
        announce("costs natively, round \(round)")
        if let trial = try run(configuration, supervisor, as: mark) { furtherTrials.append(trial) }
      }
    }
  }

  // What a person sees meanwhile.

  private func announce(_ text: String) { ProgressDisplay.announce(text, display) }

  private func tell(_ experiment: Experiment) {
    guard let observation = diagnosis[experiment] else { return }
    tell("\(experiment.title): \(observation.text)", observation.trials)
  }

  private func tell(_ remedy: Remedy) {
    guard let result = remedyResults.first(where: { $0.id == remedy.id }) else { return }
    tell(
      "remedy \(result.setting): completes \(result.completed.successes) of "
        + "\(result.completed.trials)", allTrials.filter { $0.experiment == remedy.id })
  }

  private func tell(_ text: String, _ trials: [Trial]) {
    guard !display.quiet else { return }
    ProgressDisplay.clear(display)
    let seconds = trials.map(\.seconds).reduce(0, +)
    Output.complain("\(text) (\(Int(seconds.rounded())) s)")
  }
}

/// What `parmat probe` says in the place where the workload runs.
struct ProbeFinding {
  /// nil where it found no end.
  let limit: Int?
  let siCode: Int?

  private struct Record: Decodable {
    struct MapLimit: Decodable {
      let growths: Int
      let atLeast: Bool
    }
    let mapLimit: MapLimit
    let siCode: Int?
  }

  init?(by launcher: Launcher) {
    let words = launcher.words + [ownPath, "probe", "--format", "json"]
    guard let output = Tool.output(of: words, timeout: 120),
      let record = try? JSONDecoder().decode(Record.self, from: Data(output))
    else { return nil }
    limit = record.mapLimit.atLeast ? nil : record.mapLimit.growths
    siCode = record.siCode
  }
}
