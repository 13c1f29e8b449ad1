internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import LLVMBitcode
internal import Reports
internal import Trials

/// `parmat diagnose`: controlled experiments that end in a verdict.
struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Find the cause of a workload's crash by switching its ingredients off, one by one.",
    discussion: """
      Runs the workload as it is, then with one thing changed at a time: nothing released at a \
      fault, one malloc arena, without the sandbox, another allocator, a larger stack, ... Stops when no \
      further experiment can change the verdict, or at --budget; then tries the known remedies on \
      this workload. What is printed can be pasted into an issue. The replica sends even one worker \
      through the lazy path.

      Verdicts: \(Verdict.allCases.map(\.rawValue).joined(separator: ", ")).
      """)

  @OptionGroup var workload: WorkloadOptions

  @Option(
    help: ArgumentHelp(
      "What starts the workload: native, runsc[:PLATFORM] (gVisor), or a prefix command, split "
        + "like shell words.",
      valueName: "launcher"))
  var launcher = "native"

  @OptionGroup var trial: TrialOptions

  @Option(
    name: .customLong("allocator"),
    help: ArgumentHelp(
      "Whose malloc the workload gets in the baseline, as for reproduce (default: its own).",
      valueName: "name"))
  var allocatorName: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "At most so many trials for the experiments, an eighth of them for each but 5 at least; "
        + "remedies cost more.",
      valueName: "trials"))
  var budget = 40

  @Flag(help: "Make every experiment that applies, although the verdict stands.")
  var allExperiments = false

  @Flag(help: "Stop at the verdict: no remedy is tried.")
  var noRemedies = false

  @Option(
    name: .customLong("export-jsonl"),
    help: ArgumentHelp(
      "File for a record of each trial, a line each, written as it ends; - is standard output.",
      valueName: "file"))
  var exportJSONL: String?

  @OptionGroup var display: DisplayOptions

  func validate() throws {
    try trial.validate(launchers: [launcher])
    guard (1...1_000_000).contains(budget) else {
      throw ValidationError("--budget takes a number of trials from 1 to 1000000.")
    }
    guard trial.witness.onFault == .relieve else {
      throw ValidationError("diagnose chooses --on-fault itself: relief decides most verdicts.")
    }
    guard trial.witness.reserve > 0 else {
      throw ValidationError(
        "--reserve takes 1 or more here: the sham treatment, 0, is one of the experiments.")
    }
    if exportJSONL == "-" && display.format == .text {
      throw ValidationError("--export-jsonl - writes to standard output: add --format jsonl.")
    }
  }

  func run() throws {
    let baseline = try trial.configuration(
      of: workload.splitWorkload, launcher: launcher,
      allocator: allocatorName.map { try allocator($0) } ?? .glibc)
    let subject = DiagnosisSubject(
      quiet(baseline), oneThread: workload.oneThread, largerStack: workload.largerStack)
    let export = try exportJSONL.map { try TrialExport($0) }
    let (run, interruption) = try runAll(subject, export)
    try show(run, subject)
    if let interruption { dieBy(interruption) }
    if let problem = run.problem { throw problem }
    try end(run)
  }

  /// What forty trials say on standard error is for nobody; a program's first is.
  private func quiet(_ configuration: Configuration) -> Configuration {
    var configuration = configuration
    configuration.isQuiet = true
    return configuration
  }

  /// The supervisor ends with it, and with the supervisor its keeper.
  private func runAll(
    _ subject: DiagnosisSubject, _ export: TrialExport?
  ) throws -> (DiagnosisRun, interruption: Int32?) {
    let supervisor: Supervisor
    do {
      supervisor = try Supervisor()
    } catch {
      throw Failure(.unavailable, "no trial can be supervised here: \(error)")
    }
    defer { ProgressDisplay.clear(display) }
    var run = DiagnosisRun(
      subject, budget: budget, isExhaustive: allExperiments, export: export, display)
    try run.runExperiments(supervisor)
    if run.trials.isEmpty, let problem = run.problem { throw problem }
    if supervisor.interruption == nil && run.problem == nil && !noRemedies {
      try run.runRemedies(supervisor)
    }
    return (run, supervisor.interruption)
  }

  private func show(_ run: DiagnosisRun, _ subject: DiagnosisSubject) throws {
    let diagnosis = run.diagnosis
    let environment = TrialEnvironment(
      parmat: version, llvm: workload.module == nil ? nil : LLVMLibrary.builtVersion,
      launcher: subject.baseline.launcher)
    let (crashPoint, obstacle) = crashPoint(run, subject)
    let isInGVisor = HostLimits.isInGVisor || subject.baseline.launcher.isGVisor
    let report = DiagnosisReport(
      diagnosis, run.allTrials, budget: budget, crashPoint: crashPoint,
      notEstablished: NotEstablished(run, crashPointObstacle: obstacle).clauses,
      knownDefects: KnownDefect.all(
        beside: diagnosis.verdict, siCode: run.probe?.siCode, isInGVisor: isInGVisor),
      in: environment)
    ProgressDisplay.clear(display)
    switch display.format {
    case .text: try Output.write(DiagnosisText(report).text)
    case .json: try Output.write(json(report, lines: false))
    case .jsonl: try Output.write(json(report, lines: true))
    }
  }

  /// Only of an exhaustion; where growth cannot be measured, why.
  private func crashPoint(
    _ run: DiagnosisRun, _ subject: DiagnosisSubject
  ) -> (CrashPoint?, obstacle: String?) {
    guard run.diagnosis.verdict == .hostMappingExhaustion, run.diagnosis.usesArenas else {
      return (nil, nil)
    }
    guard let limit = HostLimits.maxMapCount ?? run.probe?.limit else {
      return (nil, "the limit of mappings is not known")
    }
    ProgressDisplay.announce("growth of arenas natively, for the crash point", display)
    let treatment = subject.baseline.treatment
    do {
      let steps = try GrowthSteps.measured(of: subject.baseline)
      return (
        CrashPoint(
          of: steps, threads: subject.baseline.workload.threads, mapLimit: limit,
          occupied: treatment.reserve + treatment.ballast), nil
      )
    } catch {
      return (nil, "\(error)")
    }
  }

  private func end(_ run: DiagnosisRun) throws {
    if let failed = run.trials.first, run.trials.allSatisfy({ $0.outcome == .sandboxFailed }) {
      throw Failure(
        .unavailable,
        "the sandbox failed in every trial: \(failed.reason ?? "no reason is known"); see parmat "
          + "doctor")
    }
  }
}

extension WorkloadOptions {
  /// The replica's way is the lazy one with one thread too.
  fileprivate var splitWorkload: Workload {
    var options = self
    options.worker.alwaysSplit = true
    return options.workload
  }

  /// The same total on one thread; nil where nobody knows how.
  fileprivate var oneThread: Workload? {
    if let arenas {
      return .arenas(ArenasSize(threads: 1, mebibytes: arenas.threads * arenas.mebibytes))
    }
    guard module != nil else {
      let program = command.first?.split(separator: "/").last.map(String.init) ?? ""
      guard program.hasPrefix("julia") else { return nil }
      return .command(["env", "JULIA_IMAGE_THREADS=1"] + command)
    }
    var options = self
    options.worker.alwaysSplit = true
    options.threads = .count(1)
    return options.workload
  }

  /// The replica on stacks eight times as large, 64 MiB at least; nil for anything else.
  fileprivate var largerStack: Workload? {
    guard module != nil else { return nil }
    var options = self
    options.worker.alwaysSplit = true
    options.worker.stackSize = ByteSize(bytes: max(64 << 20, 8 * worker.stackSize.bytes))
    return options.workload
  }
}

/// What a diagnosis leaves open.
private struct NotEstablished {
  let clauses: [String]

  init(_ run: DiagnosisRun, crashPointObstacle: String?) {
    let diagnosis = run.diagnosis
    var clauses: [String] = []
    if run.problem != nil { clauses.append("anything beyond the trials that were finished") }
    if !diagnosis.isSettled && run.trials.count >= run.plan.budget {
      clauses.append("more: the budget of \(run.plan.budget) trials is used up")
    }
    if diagnosis.verdict == .hostMappingExhaustion {
      clauses.append(
        "that another host has this limit and does as this one: parmat probe, run there, tells")
      if run.trials.allSatisfy({ $0.host == nil }) {
        clauses.append("the host's own count of mappings, which cannot be seen from inside")
      }
      if let crashPointObstacle {
        clauses.append("where in the workload the crash comes: \(crashPointObstacle)")
      }
      let open = Experiment.order.filter { experiment in
        experiment.removes != nil && ![.largerStack, .liftedLimit].contains(experiment)
          && diagnosis[experiment] == nil && run.plan.context.absent[experiment] == nil
      }
      if !open.isEmpty {
        clauses.append(
          "what these change, which could not change the verdict (--all-experiments): "
            + open.map(\.title).joined(separator: "; "))
      }
    }
    if diagnosis.verdict == .notReproduced {
      clauses.append("that it never crashes, or does not elsewhere")
    }
    self.clauses = clauses
  }
}
