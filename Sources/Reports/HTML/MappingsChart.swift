internal import Trials

/// Host mappings over time in one panel: a thin line for each of some trials, the limit dashed, a
/// cross where a trial crashed.
struct MappingsChart {
  private let panel: Panel
  private let id: String
  private let styles: [String: Series]
  private let lines: [MappingsLine]
  /// Trials of the panel with counts, drawn or not.
  private let available: Int
  private let limits: [Int]

  /// Lines of one chart; more are a thicket, and the page is to stay small.
  private static let most = 40

  /// nil where no trial of the panel has counts.
  init?(_ panel: Panel, _ styles: [String: Series], id: String) {
    self.panel = panel
    self.id = id
    self.styles = styles
    let cells = panel.cells.map { cell in
      cell.trials.filter { MappingsLine.hasSamples($0) }
    }.filter { !$0.isEmpty }
    guard !cells.isEmpty else { return nil }
    available = cells.reduce(0) { $0 + $1.count }
    let chosen = Self.chosen(of: cells)
    lines = chosen.map { MappingsLine($0) }
    limits = Array(
      Set(chosen.compactMap { $0.host?.mapLimit }.filter { (1...1_000_000_000).contains($0) })
        .sorted().prefix(3))
  }

  /// As many of each cell as there is room for, its crashed trials first: all cells are to be seen.
  private static func chosen(of cells: [[Trial]]) -> [Trial] {
    var chosen: [Trial] = []
    let every = (cells.count + most - 1) / most
    let shown = cells.indices.filter { $0.isMultiple(of: every) }.map { index in
      cells[index].filter { $0.outcome == .crashed }
        + cells[index].filter { $0.outcome != .crashed }
    }
    var round = 0
    while chosen.count < most, shown.contains(where: { $0.count > round }) {
      for cell in shown where cell.count > round && chosen.count < most {
        chosen.append(cell[round])
      }
      round += 1
    }
    return chosen
  }

  var html: String {
    let names = panel.allocators.filter { name in lines.contains { $0.allocator == name } }
    var keys = limits.isEmpty ? [] : ["\(Series.limitKey)<span>vm.max_map_count</span>"]
    if lines.contains(where: \.hasCrashed) { keys.append("\(Series.crossKey)<span>crashed</span>") }
    let legend = Series.legend(names.prefix(24).compactMap { styles[$0] }, extra: keys)
    return "<div class=\"panel\">\(panel.heading)\(picture)\(legend)\(note)\(table)</div>\n"
  }

  private var peak: Double { lines.map(\.peak).max() ?? 0 }

  var picture: String {
    // Room above the limit: its label stands there.
    let most = max(peak, Double(limits.last ?? 0) * 1.08)
    let plot = Plot(vertical: Axis(upTo: most), hasBand: false)
    let seconds = Axis(upTo: lines.map(\.lastSecond).max() ?? 1)
    var contents = ""
    for line in lines {
      contents += "<g class=\"series \(styles[line.allocator]?.style ?? "s0")\">"
      let path = line.points.map {
        point(plot.x(seconds.place($0.seconds)), plot.y($0.mappings))
      }.joined(separator: " ")
      contents += "<polyline class=\"trial\" points=\"\(path)\"><title>\(line.title)</title>"
      contents += "</polyline></g>\n"
    }
    for limit in limits {
      let y = plot.y(Double(limit))
      contents += "<path class=\"limit\" d=\"M\(point(plot.left, y))H\(number(plot.x(1)))\"/>"
      contents += "<text class=\"limit-label\" x=\"\(number(plot.left + 4))\" "
      contents += "y=\"\(number(y - 9))\">vm.max_map_count \(grouped(limit))</text>\n"
    }
    // Last, so that no line hides them.
    for line in lines where line.hasCrashed {
      guard let end = line.crash else { continue }
      contents += Series.cross(
        plot.x(seconds.place(end.seconds)), plot.y(end.mappings), title: line.title)
    }
    return plot.svg(
      id: id, title: "Host mappings over time, \(panel.name)", description: description,
      across: seconds.ticks.map { (share: seconds.place($0), label: seconds.label($0)) },
      labels: ("mappings of one host process", "seconds since the start"), contents: contents)
  }

  private var description: String {
    let drawn =
      available > lines.count
      ? "\(grouped(lines.count)) of \(grouped(available)) trials are drawn"
      : plural(lines.count, "trial")
    let limit = limits.last.map { "; the limit is \(grouped($0))" } ?? ""
    let crashes = lines.count { $0.hasCrashed }
    return
      "\(drawn), \(crashes == 0 ? "none" : grouped(crashes)) of them crashed. The highest count "
      + "is \(grouped(Int(peak)))\(limit)."
  }

  private var note: String {
    let crosses =
      lines.contains(where: \.hasCrashed)
      ? " A cross stands at the count that was taken when a trial crashed." : ""
    return "<p class=\"note\">\(description)\(crosses)</p>\n"
  }

  private var table: String {
    var html = "<details><summary>Numbers of this chart</summary>"
    html += "<div class=\"scroll\" tabindex=\"0\"><table><caption class=\"unseen\">Trials drawn, "
    html += "\(panel.name)</caption><thead><tr><th scope=\"col\">trial</th>"
    html += "<th scope=\"col\">allocator</th><th scope=\"col\">threads</th>"
    html += "<th scope=\"col\">outcome</th><th scope=\"col\">peak</th>"
    html += "<th scope=\"col\">last count at, s</th></tr></thead><tbody>\n"
    for line in lines { html += line.row }
    return html + "</tbody></table></div></details>\n"
  }
}
