internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import Materialization
internal import Reports
internal import Trials

/// `parmat sweep`: a matrix of configurations.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Compare thread counts, allocators and launchers, with crash rates and intervals.",
    discussion: """
      Every combination is a cell; every cell gets --trials trials, in rounds that have each cell \
      once, in an order that only --seed decides. The replica goes through the lazy path with one \
      thread too (--always-split), so that all thread counts do the same work. Values are \
      separated by commas, or the option repeated; launchers are repeated only.
      """)

  @OptionGroup var matrix: MatrixOptions
  @OptionGroup var trial: TrialOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Trials of each cell.", valueName: "N"))
  var trials = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What decides the order of the trials.", valueName: "number"))
  var seed: UInt64 = 1

  @OptionGroup var records: ExportOptions

  @Option(
    help: ArgumentHelp(
      "Go on with an interrupted sweep: run what this file lacks, and append it there.",
      valueName: "file"))
  var resume: String?

  @Flag(
    help: ArgumentHelp(
      "Count mprotect calls as well, by one more run of each workload and allocator under strace, "
        + "natively."))
  var countGrowths = false

  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard (1...1_000_000).contains(trials) else {
      throw ValidationError("--trials takes a number from 1 to 1000000.")
    }
    try trial.validate(launchers: matrix.launchers)
    if resume != nil && records.exportJSONL != nil {
      throw ValidationError("--resume appends to its own file: leave --export-jsonl out.")
    }
    if records.isStandardOutput && display.format != .jsonl {
      throw ValidationError("--export-jsonl - writes to standard output: add --format jsonl.")
    }
  }

  func run() throws {
    let cells = try matrix.configurations(trial)
    if countGrowths { try GrowthCalls.checkTool() }
    let plan = SweepPlan(
      cells: cells, rounds: trials, seed: seed, description: description(of: cells))
    let (earlier, export) = try opened(plan)
    let (results, interruption) = try runTrials(plan, earlier, export)
    switch display.format {
    case .text: try Output.write(SweepTable(results).text(bold: display.bold))
    case .json: try Output.write(json(SweepReport(results, of: plan), lines: false))
    case .jsonl: break
    }
    if let interruption {
      if let file = resume ?? records.exportJSONL, file != "-" {
        Output.complain(
          "interrupted after \(results.count) of \(plan.schedule.count) trials; go on with "
            + "--resume '\(file)'")
      }
      dieBy(interruption)
    }
    if !results.isEmpty && results.allSatisfy({ $0.outcome == .sandboxFailed }) {
      throw Failure(
        .unavailable,
        "the sandbox failed in every trial: \(results.first?.reason ?? "no reason is known")")
    }
  }

  /// Everything that makes trials comparable, besides the cells.
  private func description(of cells: [Configuration]) -> String {
    let commands = cells.map(\.commandLine).joined(separator: "\n")
    let treatment = trial.witness.treatment
    // The same name may be another file by now.
    let files = ([matrix.module] + cells.map(\.allocator.libraryPath)).compactMap { $0 }
    let digests = Set(files).sorted().map(fileDigest).joined(separator: " ")
    return
      "\(digests)\n\(treatment.onFault.rawValue) \(treatment.reserve) \(treatment.ballast) \(trial.timeout)\n"
      + commands
  }

  /// The trials that a file has already, and where further ones go.
  private func opened(_ plan: SweepPlan) throws -> ([Trial], TrialExport?) {
    guard let resume else { return ([], try records.open()) }
    // Locked before it is read: another sweep may be writing it.
    let export = try TrialExport(locking: resume)
    let bytes = try trialBytes(resume, orEmpty: true)
    let log: SweepLog
    do {
      log = try SweepLog(bytes, of: plan)
    } catch {
      throw Failure(.unusableInput, "cannot resume '\(resume)': \(error)")
    }
    if log.hasHalfLine {
      Output.complain("'\(resume)' ends in half a line, which is dropped: its trial is run again")
    }
    try export.keep(log.wholeBytes, endingLine: log.lacksLineFeed)
    return (log.trials, export)
  }

  private func runTrials(
    _ plan: SweepPlan, _ earlier: [Trial], _ export: TrialExport?
  ) throws -> ([Trial], interruption: Int32?) {
    let supervisor = try startSupervisor()
    defer { ProgressDisplay.clear(display) }
    var growths = GrowthCalls(isWanted: countGrowths)
    var results = earlier
    let done = Set(
      earlier.compactMap { trial in
        trial.sweep.map { SweepPlan.Step(cell: $0.cell, round: $0.round) }
      })
    var eta = RemainingTime(total: plan.schedule.count - done.count)
    for (number, step) in plan.schedule.enumerated() where !done.contains(step) {
      let configuration = plan.cells[step.cell]
      let crashes = results.count { $0.outcome == .crashed }
      ProgressDisplay.announce(
        "trial \(results.count + 1) of \(plan.schedule.count), \(crashes) crashed\(eta.text)",
        display)
      var result: Trial
      do {
        result = try supervisor.run(
          configuration, trial: number + 1,
          sweep: Trial.SweepPosition(id: plan.id, cell: step.cell, round: step.round))
      } catch {
        throw Failure(.unavailable, error.sentence)
      }
      if supervisor.interruption != nil {
        // What was cut off is not a trial of this sweep: it is run again.
        break
      }
      result.growthCalls = try growths.count(of: configuration)
      results.append(result)
      try export?.append(result)
      if display.format == .jsonl && !records.isStandardOutput {
        try Output.write(json(result, lines: true))
      }
      if result.outcome == .refusedInput {
        throw Failure(
          .unusableInput, "the worker refuses '\(result.cell.workload)', as it says above")
      }
      eta.advance()
    }
    return (results, supervisor.interruption)
  }
}

/// How long the rest will take, at the pace so far.
private struct RemainingTime {
  private let total: Int
  private var done = 0
  private let start = monotonicSeconds()

  init(total: Int) { self.total = total }

  mutating func advance() { done += 1 }

  var text: String {
    guard done > 0, total > done else { return "" }
    let seconds = Int((monotonicSeconds() - start) / Double(done) * Double(total - done))
    return seconds < 90 ? ", about \(seconds) s left" : ", about \((seconds + 30) / 60) min left"
  }
}

/// The whole sweep as one document.
private struct SweepReport: Encodable {
  let schema = "parmat.sweep/1"
  let id: String
  let seed: UInt64
  let cells: [CellReport]
  let trials: [Trial]

  init(_ trials: [Trial], of plan: SweepPlan) {
    id = plan.id
    seed = plan.seed
    cells = CellReport.all(of: trials)
    self.trials = trials
  }
}
