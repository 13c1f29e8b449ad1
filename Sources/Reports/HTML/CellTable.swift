internal import Experiments
internal import Trials

/// All cells with all their numbers. Columns that no cell has a value for are left out, and named.
struct CellTable {
  private let panels: [Panel]
  private let columns: [Column]
  private let missing: [String]
  private let count: Int

  /// Rows: a page of more can no longer be read, nor stay small.
  private static let most = 600

  private struct Column {
    let heading: String
    let isText: Bool
    let value: (ReportCell) -> String?

    init(_ heading: String, isText: Bool = false, _ value: @escaping (ReportCell) -> String?) {
      self.heading = heading
      self.isText = isText
      self.value = value
    }
  }

  init(_ cells: [ReportCell]) {
    count = cells.count
    let shown = Array(cells.prefix(Self.most))
    panels = Panel.all(of: shown)
    let all = Self.columns(of: shown)
    columns = all.filter { column in shown.contains { column.value($0) != nil } }
    missing = all.filter { column in !shown.contains { column.value($0) != nil } }.map(\.heading)
      .filter { $0 != "warnings" }
  }

  private static func columns(of cells: [ReportCell]) -> [Column] {
    [
      Column("crash rate", isText: true) { cell in
        let crashes = cell.crashes
        return crashes.trials == 0
          ? "unknown" : "\(crashes.successes)/\(crashes.trials): \(interval(crashes))"
      },
      Column("outcomes", isText: true) { $0.outcomes },
      Column("wall, s") { median($0.summary.wall) },
      Column("CPU, s") { median($0.summary.cpu) },
      Column("functions per second") { median($0.summary.functionsPerSecond) },
    ] + stages(of: cells) + [
      Column("peak RSS, MB") { median($0.summary.peakRSS, dividedBy: 1e6) },
      Column("growth pages") { median($0.summary.growthPages) },
      Column("growth calls") { median($0.summary.growthCalls) },
      Column("guest mappings") { median($0.summary.guestMappings) },
      Column("host peak / limit") { cell in
        guard let peak = cell.summary.peakMappings else { return nil }
        return grouped(peak) + (cell.summary.mapLimit.map { " / \(grouped($0))" } ?? "")
      },
      Column("warnings", isText: true) { cell in
        let warnings = cell.summary.warnings
        return warnings.isEmpty ? nil : escaped(warnings.joined(separator: "; "), atMost: 300)
      },
    ]
  }

  /// A column for each stage, in the order in which the replica goes through them.
  private static func stages(of cells: [ReportCell]) -> [Column] {
    let order = ["deserialize", "materialize", "construct", "optimize", "emit"]
    let others = Set(cells.flatMap { ($0.summary.stageSeconds ?? [:]).keys }).subtracting(order)
      .sorted()
    return (order + others.prefix(8)).map { stage in
      Column("\(escaped(stage, atMost: 30)), s") {
        $0.summary.stageSeconds?[stage].map { measure($0) }
      }
    }
  }

  private static func interval(_ crashes: BinomialInterval) -> String {
    crashes.successes == 0
      ? "at most \(percentage(crashes.upper))"
      : "\(percentage(crashes.lower)) to \(percentage(crashes.upper))"
  }

  /// With its interval on a second line: columns are narrower so.
  private static func median(_ median: Median?, dividedBy unit: Double = 1) -> String? {
    guard let median else { return nil }
    let text = measure(median.value / unit)
    guard median.count > 1 else { return text }
    return "\(text) <small>\(measure(median.lower / unit)) to "
      + "\(measure(median.upper / unit))</small>"
  }

  var html: String {
    var html =
      "<p class=\"note narrow\">It scrolls sideways: outcomes, times, memory, mappings.</p>\n"
    html +=
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"cells\"><caption class=\"unseen\">"
    html += "All cells</caption><thead><tr><th scope=\"col\">allocator</th>"
    html += "<th scope=\"col\">threads</th>"
    for column in columns {
      html += "<th scope=\"col\"\(column.isText ? " class=\"text\"" : "")>\(column.heading)</th>"
    }
    html += "</tr></thead>\n"
    for panel in panels {
      html += "<tbody><tr class=\"group\"><th colspan=\"\(columns.count + 2)\" scope=\"rowgroup\">"
      html += "<span>\(panel.name)</span></th></tr>\n"
      for cell in panel.cells { html += row(cell) }
      html += "</tbody>\n"
    }
    return html + "</table></div>\n" + note
  }

  private func row(_ cell: ReportCell) -> String {
    var html = "<tr><th scope=\"row\">\(breakable(cell.cell.allocator))</th>"
    html += "<td>\(threadsName(cell.cell.threads))</td>"
    for column in columns {
      html += column.isText ? "<td class=\"text\">" : "<td>"
      html += "\(column.value(cell) ?? "·")</td>"
    }
    return html + "</tr>\n"
  }

  private var note: String {
    var sentences = [
      "Medians with 95 % bootstrap intervals below them; crash rates with Wilson's. Times are those "
        + "of completed trials where there are any, else of all that ran to an end of their own; "
        + "stage seconds are summed over the shards."
    ]
    if !missing.isEmpty {
      sentences.append("No record here has: \(missing.joined(separator: "; ")).")
    }
    if count > Self.most {
      sentences.append(
        "The first \(grouped(Self.most)) of \(grouped(count)) cells are shown; CSV and JSON have "
          + "them all.")
    }
    return "<p class=\"note\">\(sentences.joined(separator: " "))</p>\n"
  }
}
