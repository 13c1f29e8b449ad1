internal import Experiments
internal import Trials

/// Wall time by threads in one panel: a line for each allocator, whiskers for the intervals of the
/// medians. Threads stand at equal distances: they are usually powers of two.
struct WallChart {
  private let panel: Panel
  private let id: String
  private let series: [Series]
  private let rows: [[ReportCell?]]
  private let threadCounts: [Int?]

  /// The most lines that can still be told apart, and columns that can.
  private static let most = (series: 16, columns: 48)

  init(_ panel: Panel, _ styles: [String: Series], id: String) {
    self.panel = panel
    self.id = id
    let threadCounts = Array(panel.threadCounts.prefix(Self.most.columns))
    self.threadCounts = threadCounts
    let series = panel.allocators.prefix(Self.most.series).compactMap { styles[$0] }
    self.series = series
    var byPlace: [Trial.Cell: ReportCell] = [:]
    for cell in panel.cells { byPlace[cell.cell] = cell }
    rows = series.map { one in
      threadCounts.map { threads in
        byPlace[
          Trial.Cell(
            threads: threads, allocator: one.name, launcher: panel.launcher,
            workload: panel.workload)]
      }
    }
  }

  var points: Int { series.count * threadCounts.count }

  var html: String {
    let hasLines = rows.joined().contains { $0?.completedWall != nil }
    let chart =
      hasLines
      ? picture + Series.legend(series, extra: keys)
      : "<p>No trial completed here: there is no time to show.</p>\n"
    return "<div class=\"panel\">\(panel.heading)\(chart)\(table)\(leftOut)</div>\n"
  }

  private var hasBand: Bool { rows.joined().contains { $0 != nil && $0?.completedWall == nil } }

  private var keys: [String] {
    hasBand ? ["\(Series.crossKey)<span>no trial completed</span>"] : []
  }

  private var picture: String {
    let walls = rows.joined().compactMap { $0?.completedWall }
    let plot = Plot(
      vertical: Axis(covering: walls.flatMap { [$0.lower, $0.value, $0.upper] }),
      hasBand: hasBand)
    let slot = 1 / Double(threadCounts.count)
    // Marks of one column stand beside each other, so that none hides another.
    let spread = 0.6 * slot / Double(max(series.count, 2))
    var contents = ""
    if hasBand {
      contents += "<rect class=\"band\" x=\"\(number(plot.left))\" y=\"6\" rx=\"3\" "
      contents += "width=\"\(number(plot.x(1) - plot.left))\" height=\"22\"/>"
    }
    for (index, one) in series.enumerated() {
      contents += "<g class=\"series \(one.style)\">"
      let shift = (Double(index) - Double(series.count - 1) / 2) * spread
      contents += line(rows[index], one, plot) { (Double($0) + 0.5) * slot + shift }
      contents += "</g>\n"
    }
    let every = (threadCounts.count + 11) / 12
    let across = threadCounts.indices.filter { $0.isMultiple(of: every) }.map {
      (share: (Double($0) + 0.5) * slot, label: threadsName(threadCounts[$0]))
    }
    let seconds = plot.vertical.isLogarithmic ? "seconds (log scale)" : "seconds"
    return plot.svg(
      id: id, title: "Wall time by threads, \(panel.name)",
      description: "One line for each of \(plural(series.count, "allocator")): the median of "
        + "completed trials with its 95 % interval. The numbers are in the table below.",
      across: across, labels: (seconds, "threads"), contents: contents)
  }

  /// It breaks where a cell has no completed trial, and passes over cells that were not run.
  private func line(
    _ row: [ReportCell?], _ one: Series, _ plot: Plot, _ share: (Int) -> Double
  ) -> String {
    var path = ""
    var marks = ""
    var isBroken = true
    for (column, cell) in row.enumerated() {
      guard let cell else { continue }
      let x = plot.x(share(column))
      let place = "\(escaped(one.name, atMost: 60)), \(threadsText(cell.cell.threads))"
      guard let wall = cell.completedWall else {
        let title = "\(place): no trial completed (\(cell.outcomes))"
        marks += Series.cross(x, 17, title: title)
        isBroken = true
        continue
      }
      path += "\(isBroken ? "M" : "L")\(point(x, plot.y(wall.value)))"
      isBroken = false
      let text = measure(wall.value, wall.lower, wall.upper, of: wall.count)
      marks += "<g><title>\(place): \(text) s, \(plural(wall.count, "completed trial"))</title>"
      if wall.count > 1 { marks += Self.whisker(x, plot.y(wall.lower), plot.y(wall.upper)) }
      marks += one.mark(x, plot.y(wall.value)) + "</g>"
    }
    return (path.isEmpty ? "" : "<path class=\"line\" d=\"\(path)\"/>") + marks
  }

  private static func whisker(_ x: Double, _ lower: Double, _ upper: Double) -> String {
    "<path class=\"whisker\" d=\"M\(point(x, lower))V\(number(upper))"
      + "M\(point(x - 3, lower))H\(number(x + 3))M\(point(x - 3, upper))H\(number(x + 3))\"/>"
  }

  /// The same as numbers.
  private var table: String {
    var html = "<details><summary>Numbers of this chart</summary>"
    html += "<div class=\"scroll\" tabindex=\"0\"><table><caption class=\"unseen\">Median wall "
    html += "seconds of completed trials, \(panel.name)</caption><thead><tr>"
    html += "<th scope=\"col\">allocator</th>"
    for threads in threadCounts { html += "<th scope=\"col\">\(threadsName(threads))</th>" }
    html += "</tr></thead><tbody>\n"
    for (one, row) in zip(series, rows) {
      html += "<tr><th scope=\"row\">\(escaped(one.name))</th>"
      for cell in row {
        let text = cell.map { cell in
          cell.completedWall.map { measure($0.value, $0.lower, $0.upper, of: $0.count) }
            ?? "none completed"
        }
        html += "<td>\(text ?? "·")</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div></details>\n"
  }

  private var leftOut: String {
    let lines = panel.allocators.count - series.count
    let columns = panel.threadCounts.count - threadCounts.count
    guard lines + columns > 0 else { return "" }
    return "<p class=\"note\">Left out here: \(plural(lines, "allocator")), "
      + "\(plural(columns, "thread count")).</p>"
  }
}
