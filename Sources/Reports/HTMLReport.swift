internal import Experiments
public import Trials

/// Recorded trials as one HTML page that needs nothing else: no network, no script. It can be read
/// on a phone, in the dark, on paper, and aloud; the same trials give the same bytes.
///
/// However many trials there are, the page stays small: trials are summed up by cell, lines are
/// thinned, lists are cut, and what was cut is said.
public struct HTMLReport {
  private let title: String
  private let notes: [String]
  private let trials: [Trial]

  /// What all heat maps, all wall-time charts (each point, or square, up to 600 bytes where names are
  /// long) and each kind of chart may have together, so that the page stays below 3 MB.
  private static let most = (squares: 2048, points: 1024, maps: 64, charts: 12)

  /// - Parameters:
  ///   - title: the page's; what the trials were about.
  ///   - notes: sentences for the reader that the records do not hold: a line that was cut off, a
  ///     warning about the machine.
  public init(_ trials: [Trial], title: String, notes: [String] = []) {
    self.trials = trials
    self.title = title
    self.notes = notes
  }

  /// - Complexity: O(trials), and the bootstrap of each cell's medians.
  public var text: String {
    let cells = ReportCell.all(of: trials)
    let panels = Panel.all(of: cells)
    let styles = Series.all(of: allocators(of: cells))
    var html = head + Headline(trials, cells).html
    for note in notes { html += "<p class=\"note\">\(escaped(note, atMost: 600))</p>\n" }
    html += "</header>\n<main>\n"
    if !cells.isEmpty {
      html += section("crashes", "Crash rate by threads and allocator", heatMaps(panels))
      html += section("wall", "Wall time by threads", wallCharts(panels, styles))
      html += section("mappings", "Host mappings over time", mappingsCharts(panels, styles))
      html += section("cells", "All cells", CellTable(cells).html)
      html += section("faults", "First fault of each crashing cell", FaultList(cells).html)
    }
    return html + "</main>\n</body>\n</html>\n"
  }

  private var head: String {
    // The policy is a second lock behind the escaping: nothing here may run or be fetched.
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <link rel="icon" href="data:,">
    <style>
    \(PageStyle.text)</style>
    </head>
    <body>
    <header>
    <h1>\(escaped(title))</h1>

    """
  }

  /// glibc first, then by name: an allocator looks the same in all charts.
  private func allocators(of cells: [ReportCell]) -> [String] {
    let names = Set(cells.map(\.cell.allocator))
    return names.filter { $0 == "glibc" } + names.subtracting(["glibc"]).sorted()
  }

  private func section(_ id: String, _ heading: String, _ contents: String) -> String {
    "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(heading)</h2>\n\(contents)</section>\n"
  }

  private func heatMaps(_ panels: [Panel]) -> String {
    var html = "<p>Crashed trials of those that ran to an end of their own. Threads across.</p>\n"
    html += HeatMap.key + "<div class=\"panels\">\n"
    var squares = 0
    var drawn = 0
    for panel in panels.prefix(Self.most.maps) {
      let map = HeatMap(panel)
      squares += map.squares
      if squares > Self.most.squares { break }
      html += map.html
      drawn += 1
    }
    return html + "</div>\n" + leftOut(panels.count - drawn)
  }

  private func wallCharts(_ panels: [Panel], _ styles: [String: Series]) -> String {
    var html = "<p>Medians of completed trials with 95 % bootstrap intervals.</p>\n"
    html += "<div class=\"panels\">\n"
    var points = 0
    var drawn = 0
    for panel in panels.prefix(Self.most.charts) {
      let chart = WallChart(panel, styles, id: "wall-\(drawn)")
      points += chart.points
      if points > Self.most.points { break }
      html += chart.html
      drawn += 1
    }
    return html + "</div>\n" + leftOut(panels.count - drawn)
  }

  private func mappingsCharts(_ panels: [Panel], _ styles: [String: Series]) -> String {
    let visible = panels.filter { panel in
      panel.cells.contains { $0.trials.contains(where: MappingsLine.hasSamples) }
    }
    guard !visible.isEmpty else {
      return "<p>No trial here has counts of host mappings: where they ran, the host could not be "
        + "seen, or the trials were too short to be looked at.</p>\n"
    }
    var html = ""
    let unseen = panels.count - visible.count
    if unseen > 0 {
      html += "<p class=\"note\">Without counts of host mappings: "
      html +=
        panels.filter { panel in
          !panel.cells.contains { $0.trials.contains(where: MappingsLine.hasSamples) }
        }.prefix(Self.most.charts).map(\.name).joined(separator: "; ") + ".</p>\n"
    }
    html += "<div class=\"panels\">\n"
    for (index, panel) in visible.prefix(Self.most.charts).enumerated() {
      html += MappingsChart(panel, styles, id: "mappings-\(index)")?.html ?? ""
    }
    return html + "</div>\n" + leftOut(visible.count - Self.most.charts)
  }

  private func leftOut(_ panels: Int) -> String {
    panels > 0
      ? "<p class=\"note\">\(plural(panels, "more pair")) of workload and launcher not drawn.</p>\n"
      : ""
  }
}
