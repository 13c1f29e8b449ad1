internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import Reports
internal import SystemPackage
internal import Trials

/// What recorded trials are rendered as.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, csv, markdown, json, html
}

/// `parmat report`: renders trials that were recorded before.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Render recorded trials: text, CSV, Markdown, JSON, or one HTML file.",
    discussion: """
      Reads what --export-jsonl of reproduce and sweep wrote. Half a line at a file's end, which \
      an interruption leaves, is passed over with a word about it.
      """)

  @Argument(
    help: ArgumentHelp("Files of trial records; - reads standard input.", valueName: "file"))
  var files: [String]

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("text, csv, markdown, json or html (default: text).", valueName: "format"))
  var chosenFormat: ReportFormat?

  private var format: ReportFormat { chosenFormat ?? .text }

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Make what an upstream can act on of a diagnosis's trials, in the folder that -o names: "
        + "gvisor (a bug report with a C program that is tried first), julia, llvm or glibc."))
  var upstream: Upstream?

  @Option(help: ArgumentHelp("Which runsc, for --for gvisor.", valueName: "path"))
  var runsc = "runsc"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File to write to (default: standard output; - says so).", valueName: "file")
  )
  var output: String?

  @OptionGroup var color: ColorOptions

  func validate() throws {
    if upstream != nil && (output == nil || output == "-") {
      throw ValidationError("--for needs -o, the folder to write to.")
    }
    if upstream != nil && chosenFormat != nil {
      throw ValidationError("--as renders trials; --for writes files of its own.")
    }
  }

  func run() throws {
    var trials: [Trial] = []
    for file in files {
      let content: TrialFile
      let bytes = try trialBytes(file)
      do {
        content = try TrialFile(bytes)
      } catch {
        throw Failure(.unusableInput, "cannot read '\(file)': \(error)")
      }
      if content.hasHalfLine {
        Output.complain("'\(file)' ends in half a line, which is passed over")
      }
      trials += content.trials
    }
    guard !trials.isEmpty else {
      throw Failure(.unusableInput, "there is no trial in \(files.joined(separator: ", "))")
    }
    if let upstream, let output {
      let bundle = UpstreamBundle(for: upstream, counted(trials), runsc: runsc)
      try Output.write(try bundle.write(to: output).map { $0 + "\n" }.joined())
      return
    }
    let text = try render(counted(trials))
    try ResultFile.write(text, to: output ?? "-")
  }

  /// A trial of a sweep counts once, in however many files it stands.
  private func counted(_ trials: [Trial]) -> [Trial] {
    var seen: Set<String> = []
    let kept = trials.filter { trial in
      guard let sweep = trial.sweep else { return true }
      return seen.insert("\(sweep.id) \(sweep.cell) \(sweep.round)").inserted
    }
    let repeated = trials.count - kept.count
    if repeated > 0 {
      Output.complain("\(repeated) trials stand there more than once, and are counted once")
    }
    return kept
  }

  private func render(_ trials: [Trial]) throws -> String {
    switch format {
    case .text: SweepTable(trials).text(bold: output == nil ? color.bold : { $0 })
    case .csv: SweepTable(trials).csv
    case .markdown: SweepTable(trials).markdown
    case .json: try json(TrialsReport(trials), lines: false)
    case .html: HTMLReport(trials, title: title).text
    }
  }

  /// Names without folders: the page may be passed on, and says the same wherever it is made.
  private var title: String {
    files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: ", ")
  }
}

/// All cells as one document.
private struct TrialsReport: Encodable {
  let schema = "parmat.report/1"
  let trials: Int
  let cells: [CellReport]

  init(_ trials: [Trial]) {
    self.trials = trials.count
    cells = CellReport.all(of: trials)
  }
}
