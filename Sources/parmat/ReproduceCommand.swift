internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import LLVMBitcode
internal import Reports
internal import Trials

/// What the exit status is to say.
enum ExitStyle: String, ExpressibleByArgument, CaseIterable {
  /// 2 for a crash, 0 for none.
  case parmat
  /// For `git bisect run`: 0 good, 1 bad, 125 undecided.
  case bisect
  /// For `llvm-reduce`: 0 for a crash, 1 for none.
  case interesting
}

/// `parmat reproduce`: supervised trials of one configuration.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Run a workload under supervision until it crashes, and print the evidence.",
    discussion: """
      The workload is a module (the replica, 8 threads), --arenas THREADSxMIB (small mallocs, no \
      LLVM), or any program after --. Without --trials it stops at the first crash, after 20 \
      trials at most; with it all are run. What is printed can be pasted into an issue.

      Exit status: 2 where a crash was brought back, 0 where there was none.
      """)

  @OptionGroup var subject: ConfigurationOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Run so many trials (default: until the first crash, 20 at most).", valueName: "N"))
  var trials: Int?

  @OptionGroup var records: ExportOptions

  @Option(
    help: ArgumentHelp(
      "parmat (2 crash, 0 none), bisect (for git bisect run: 1 crash, 0 none, 125 undecided) or "
        + "interesting (for llvm-reduce: 0 crash, 1 none)."))
  var exitStyle: ExitStyle = .parmat

  @Option(
    help: ArgumentHelp(
      "File for a Chrome trace (opens in Perfetto): a lane per worker, host mappings as a counter, of the last trial.",
      valueName: "file"))
  var trace: String?

  @OptionGroup var display: DisplayOptions

  private static let mostWithoutCrash = 20

  func validate() throws {
    if let trials, !(1...10_000_000).contains(trials) {
      throw ValidationError("--trials takes a number from 1 to 10000000.")
    }
    if records.isStandardOutput && display.format != .jsonl {
      throw ValidationError("--export-jsonl - writes to standard output: add --format jsonl.")
    }
  }

  func run() throws {
    let configuration = try subject.configuration(of: subject.workload.workload)
    let export = try records.open()
    let (results, interruption) = try runTrials(configuration, export)
    try show(results, configuration)
    if let interruption { dieBy(interruption) }
    try end(results)
  }

  /// The supervisor ends with it, and with the supervisor its keeper.
  private func runTrials(
    _ configuration: Configuration, _ export: TrialExport?
  ) throws -> ([Trial], interruption: Int32?) {
    let supervisor = try startSupervisor()
    defer { ProgressDisplay.clear(display) }
    var results: [Trial] = []
    let most = trials ?? Self.mostWithoutCrash
    for number in 1...most {
      progress(number, of: most, results)
      let result = try one(number, configuration, supervisor)
      results.append(result)
      try export?.append(result)
      if let trace {
        try TraceFile.write(result, worker: supervisor.lastWorkerOutput, to: trace)
      }
      if display.format == .jsonl && !records.isStandardOutput {
        try Output.write(json(result, lines: true))
      }
      if supervisor.interruption != nil { break }
      if trials == nil && result.outcome == .crashed { break }
      // Nothing will be otherwise the next time.
      if result.outcome == .refusedInput { break }
    }
    return (results, supervisor.interruption)
  }

  private func one(
    _ number: Int, _ configuration: Configuration, _ supervisor: Supervisor
  ) throws -> Trial {
    do {
      return try supervisor.run(configuration, trial: number)
    } catch {
      throw Failure(.unavailable, error.sentence + mend(error))
    }
  }

  private func mend(_ problem: TrialProblem) -> String {
    problem.program == "runsc" ? "; run: apt-get install runsc" : ""
  }

  private func show(_ results: [Trial], _ configuration: Configuration) throws {
    let environment = TrialEnvironment(
      parmat: version, llvm: subject.workload.module == nil ? nil : LLVMLibrary.builtVersion,
      launcher: configuration.launcher)
    switch display.format {
    case .text:
      try Output.write(EvidenceBlock(results, of: configuration, in: environment).text)
    case .json:
      try Output.write(
        json(
          ReproduceReport(
            environment: environment, command: configuration.commandLine, trials: results),
          lines: false))
    case .jsonl: break
    }
  }

  private func end(_ results: [Trial]) throws {
    let crashed = results.contains { $0.outcome == .crashed }
    let undecided = !results.contains { [.completed, .failed, .crashed].contains($0.outcome) }
    switch exitStyle {
    case .bisect: Glibc.exit(undecided ? 125 : crashed ? 1 : 0)
    case .interesting: Glibc.exit(crashed ? 0 : 1)
    case .parmat: break
    }
    if crashed { Glibc.exit(ExitStatus.crash.rawValue) }
    if let refused = results.last, refused.outcome == .refusedInput {
      throw Failure(
        .unusableInput, "the worker refuses '\(refused.cell.workload)', as it says above")
    }
    if results.allSatisfy({ $0.outcome == .sandboxFailed }) {
      throw Failure(
        .unavailable,
        "the sandbox failed in every trial: \(results.first?.reason ?? "no reason is known"); "
          + "see parmat doctor")
    }
  }

  // Progress, on a terminal.

  private func progress(_ number: Int, of most: Int, _ results: [Trial]) {
    let crashes = results.count { $0.outcome == .crashed }
    ProgressDisplay.announce(
      "trial \(number) of \(trials == nil ? "at most " : "")\(most), \(crashes) crashed", display)
  }
}

/// The whole of it as one document.
private struct ReproduceReport: Encodable {
  let schema = "parmat.reproduce/1"
  let environment: TrialEnvironment
  let command: String
  let outcomes: [String: Int]
  let crashRate: Rate
  let trials: [Trial]

  struct Rate: Encodable {
    let crashed: Int
    let of: Int
    /// Wilson's 95 % interval.
    let lower: Double
    let upper: Double
  }

  init(environment: TrialEnvironment, command: String, trials: [Trial]) {
    self.environment = environment
    self.command = command
    self.trials = trials
    let counts = TrialCounts(of: trials)
    outcomes = Dictionary(
      uniqueKeysWithValues: counts.outcomes.map { ($0.outcome.rawValue, $0.count) })
    crashRate = Rate(
      crashed: counts.crashes.successes, of: counts.crashes.trials, lower: counts.crashes.lower,
      upper: counts.crashes.upper)
  }
}

/// Ends by a signal that was held back while trials ran, as a program that never caught it.
func dieBy(_ number: Int32) -> Never {
  signal(number, SIG_DFL)
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, number)
  raise(number)
  sigprocmask(SIG_UNBLOCK, &set, nil)
  Glibc.exit(128 + number)
}
