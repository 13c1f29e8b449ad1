internal import Experiments
internal import Trials

/// What the records say as a whole. Nothing here depends on where or when the page is made.
struct Headline {
  private let trials: [Trial]
  private let cells: [ReportCell]
  private let counts: TrialCounts

  /// Names of one kind that are listed.
  private static let most = 12

  init(_ trials: [Trial], _ cells: [ReportCell]) {
    self.trials = trials
    self.cells = cells
    counts = TrialCounts(of: trials)
  }

  var html: String {
    var html = "<p class=\"headline\">\(sentence)</p>\n<dl class=\"facts\">"
    for (label, value) in rows { html += "<div><dt>\(label)</dt><dd>\(value)</dd></div>\n" }
    html += "</dl>\n"
    for (warning, count) in warnings {
      let place = count == cells.count ? "in every cell" : "in \(count) of \(cells.count) cells"
      html += "<p class=\"note\">Warning: \(escaped(warning, atMost: 300)), \(place).</p>\n"
    }
    return html
  }

  /// Each once, in their order, with the number of cells that it is about.
  private var warnings: [(String, Int)] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for warning in cells.flatMap(\.summary.warnings) {
      if counts[warning] == nil { order.append(warning) }
      counts[warning, default: 0] += 1
    }
    return order.map { ($0, counts[$0] ?? 0) }
  }

  private var sentence: String {
    let crashes = counts.crashes
    guard crashes.trials > 0 else {
      return trials.isEmpty
        ? "There are no trials in these records."
        : "No trial of \(grouped(trials.count)) ran to an end of its own."
    }
    let crashing = cells.count { $0.crashes.successes > 0 }
    guard crashes.successes > 0 else {
      return "<strong>None of \(plural(crashes.trials, "trial")) crashed</strong> in "
        + "\(plural(cells.count, "cell"))."
    }
    return "<strong>\(grouped(crashes.successes)) of \(plural(crashes.trials, "trial")) crashed"
      + "</strong>, in \(grouped(crashing)) of \(plural(cells.count, "cell"))."
  }

  private var rows: [(String, String)] {
    var rows: [(String, String)] = []
    func add(_ label: String, _ value: String) {
      if !value.isEmpty { rows.append((label, value)) }
    }
    add(
      "outcomes",
      counts.outcomes.map { "\(grouped($0.count)) \($0.outcome.rawValue)" }
        .joined(separator: ", "))
    add("workloads", list(cells.map(\.cell.workload)))
    add("launchers", list(cells.map(\.cell.launcher)))
    add("allocators", list(cells.map(\.cell.allocator)))
    add("threads", list(Set(cells.compactMap(\.cell.threads)).sorted().map(String.init)))
    add("witness", treatments)
    add("healed", healed)
    add("vm.max_map_count", list(Set(cells.compactMap(\.summary.mapLimit)).sorted().map(grouped)))
    add("malloc served by", list(Set(trials.compactMap(\.malloc)).sorted()))
    add("time of all trials", trials.isEmpty ? "" : "\(measure(totalSeconds)) s")
    return rows
  }

  private var totalSeconds: Double { trials.reduce(0) { $0 + $1.seconds } }

  /// Escaped, each once, in their order.
  private func list(_ names: [String]) -> String {
    var seen: Set<String> = []
    let distinct = names.filter { seen.insert($0).inserted }
    let shown = distinct.prefix(Self.most).map { "<code>\(escaped($0))</code>" }
    let more = distinct.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? " and \(grouped(more)) more" : "")
  }

  /// Trials of one report may have been treated differently.
  private var treatments: String {
    list(
      Set(
        trials.map {
          "\($0.onFault.rawValue), reserve \(grouped($0.reserve)), ballast \(grouped($0.ballast))"
        }
      ).sorted())
  }

  private var healed: String {
    var counts: [String: Int] = [:]
    for fault in trials.compactMap(\.fault) { counts[fault.healed ?? "not tried", default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.prefix(Self.most)
      .map { "\(escaped($0.key, atMost: 20)) \(grouped($0.value))" }.joined(separator: ", ")
  }
}
