internal import Experiments
internal import Trials

/// A cell as the page needs it: its statistics and its trials.
struct ReportCell {
  let summary: CellSummary
  let trials: [Trial]

  var cell: Trial.Cell { summary.cell }
  var crashes: BinomialInterval { summary.counts.crashes }

  /// Of completed trials only: how long a crash took says nothing about the work.
  var completedWall: Median? { summary.completedSeconds.isEmpty ? nil : summary.wall }

  init(_ summary: CellSummary, _ trials: [Trial]) {
    self.summary = summary
    self.trials = trials
  }

  /// Sorted by workload, launcher, allocator (glibc first) and threads.
  static func all(of trials: [Trial]) -> [ReportCell] {
    let groups = Dictionary(grouping: trials, by: \.cell)
    return CellSummary.all(of: trials).map { ReportCell($0, groups[$0.cell] ?? []) }
  }

  /// `2 crashed, 3 completed`
  var outcomes: String {
    summary.counts.outcomes.map { "\(grouped($0.count)) \($0.outcome.rawValue)" }
      .joined(separator: ", ")
  }

  /// `5 of 5 crashed: 100 %, ...`: what a square of the heat map says in full.
  var crashSentence: String {
    guard crashes.trials > 0 else {
      return "\(plural(summary.counts.trials, "trial")), none ran to an end of its own: \(outcomes)"
    }
    return "\(grouped(crashes.successes)) of \(grouped(crashes.trials)) crashed: \(crashInterval)"
  }

  /// The rate with Wilson's interval; of none only how high the rate may still be.
  var crashInterval: String {
    guard crashes.trials > 0 else { return "unknown" }
    guard crashes.successes > 0 else {
      return "at most \(percentage(crashes.upper)) (95 %, Wilson)"
    }
    let rate = Double(crashes.successes) / Double(crashes.trials)
    return "\(percentage(rate)), 95 % interval \(percentage(crashes.lower)) to "
      + "\(percentage(crashes.upper)) (Wilson)"
  }
}

/// The cells that can be compared in one picture: of one workload under one launcher.
struct Panel {
  let workload: String
  let launcher: String
  let cells: [ReportCell]

  /// In the order of the cells.
  static func all(of cells: [ReportCell]) -> [Panel] {
    var panels: [Panel] = []
    var start = 0
    for end in cells.indices {
      let (cell, next) = (cells[end].cell, end + 1 < cells.count ? cells[end + 1].cell : nil)
      if cell.workload == next?.workload, cell.launcher == next?.launcher { continue }
      panels.append(
        Panel(
          workload: cell.workload, launcher: cell.launcher, cells: Array(cells[start...end])))
      start = end + 1
    }
    return panels
  }

  /// In the order of the cells: glibc first.
  var allocators: [String] {
    var seen: Set<String> = []
    return cells.map(\.cell.allocator).filter { seen.insert($0).inserted }
  }

  /// Ascending; a program without a number of threads comes first.
  var threadCounts: [Int?] {
    Set(cells.map(\.cell.threads)).sorted { ($0 ?? 0) < ($1 ?? 0) }
  }

  /// Escaped.
  var name: String { "\(escaped(workload)), launcher \(escaped(launcher))" }

  var heading: String {
    "<h3><code>\(escaped(workload))</code> <span class=\"quiet\">launcher</span> "
      + "<code>\(escaped(launcher))</code></h3>\n"
  }
}
