internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import LLVMBitcode
internal import Reports
internal import SystemPackage
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

  @OptionGroup var subject: ConfigurationOptions

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

  @OptionGroup var records: ExportOptions

  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard (1...1_000_000).contains(budget) else {
      throw ValidationError("--budget takes a number of trials from 1 to 1000000.")
    }
    guard subject.trial.witness.onFault == .relieve else {
      throw ValidationError("diagnose chooses --on-fault itself: relief decides most verdicts.")
    }
    guard subject.trial.witness.reserve > 0 else {
      throw ValidationError(
        "--reserve takes 1 or more here: the sham treatment, 0, is one of the experiments.")
    }
    if records.isStandardOutput && display.format == .text {
      throw ValidationError("--export-jsonl - writes to standard output: add --format jsonl.")
    }
  }

  func run() throws {
    if let module = subject.workload.module, access(module, R_OK) != 0 {
      throw Failure(.unusableInput, "cannot read '\(module)': \(Errno(rawValue: errno))")
    }
    let baseline = try subject.configuration(of: subject.workload.splitWorkload)
    let variants = DiagnosisSubject(
      quiet(baseline), oneThread: subject.workload.oneThread,
      largerStack: subject.workload.largerStack)
    let (run, interruption) = try runAll(variants, try records.open())
    try show(run, variants, wasInterrupted: interruption != nil)
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
    let supervisor = try startSupervisor()
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

  private func show(
    _ run: DiagnosisRun, _ subject: DiagnosisSubject, wasInterrupted: Bool
  ) throws {
    let diagnosis = run.diagnosis
    let environment = TrialEnvironment(
      parmat: version, llvm: self.subject.workload.module == nil ? nil : LLVMLibrary.builtVersion,
      launcher: subject.baseline.launcher)
    let (crashPoint, obstacle) = crashPoint(run, subject)
    let isInGVisor = HostLimits.isInGVisor || subject.baseline.launcher.isRunsc
    let report = DiagnosisReport(
      diagnosis, run.allTrials, budget: budget, crashPoint: crashPoint,
      showsRemedies: !noRemedies, isJulias: self.subject.workload.isJulias,
      notEstablished: NotEstablished(
        run, crashPointObstacle: obstacle, wasInterrupted: wasInterrupted
      ).clauses,
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
    // Of a program: as many as ran out at once.
    let faulted = run.trials.compactMap { $0.fault?.threads.count { $0.faulted } }.max()
    do {
      let steps = try GrowthSteps.measured(of: subject.baseline)
      return (
        CrashPoint(
          of: steps, threads: subject.baseline.workload.threads ?? faulted, mapLimit: limit,
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
  /// Julia itself, or the replica of what it does.
  fileprivate var isJulias: Bool {
    module != nil || command.contains { ($0.split(separator: "/").last ?? "").hasPrefix("julia") }
  }

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
      guard isJulias else { return nil }
      let variable = "JULIA_IMAGE_THREADS="
      if command.contains(where: { $0.hasPrefix(variable) }) {
        return .command(command.map { $0.hasPrefix(variable) ? variable + "1" : $0 })
      }
      return .command(["env", variable + "1"] + command)
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
