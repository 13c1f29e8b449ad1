internal import Experiments
public import Trials

/// Cells as a table: for a terminal, as Markdown, as CSV.
public struct SweepTable {
  private let cells: [CellReport]

  public init(_ trials: [Trial]) { cells = CellReport.all(of: trials) }

  /// For a terminal: a heading for each workload and launcher, a row a cell.
  ///
  /// - Parameter bold: how headings are set off.
  public func text(bold: (String) -> String) -> String {
    guard !cells.isEmpty else { return "no trials\n" }
    var text = ""
    var rest = cells[...]
    let columns = Array(CellColumn.keys[2...]) + CellColumn.telling(cells)
    while let first = rest.first {
      let group = rest.prefix {
        $0.cell.workload == first.cell.workload && $0.cell.launcher == first.cell.launcher
      }
      rest = rest.dropFirst(group.count)
      text += "\(first.cell.workload), \(first.cell.launcher)\n"
      text += Self.aligned(columns, Array(group), bold) + "\n"
    }
    return text + notes
  }

  public var markdown: String {
    let columns = CellColumn.keys + CellColumn.telling(cells)
    func row(_ texts: [String]) -> String {
      "| "
        + texts.map {
          $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        }
        .joined(separator: " | ") + " |\n"
    }
    var text = row(columns.map(\.heading))
    text += "|" + columns.map { $0.isWord ? "---|" : "---:|" }.joined() + "\n"
    for cell in cells { text += row(columns.map { $0.text(cell) }) }
    return text + "\n" + notes
  }

  /// One row a cell, numbers plain, all columns (RFC 4180).
  public var csv: String {
    var text = Self.csvColumns.map(\.heading).joined(separator: ",") + "\r\n"
    for cell in cells {
      text += Self.csvColumns.map { Self.quoted($0.text(cell)) }.joined(separator: ",") + "\r\n"
    }
    return text
  }

  /// Each warning once, with the cells that it is about.
  private var notes: String {
    var order: [String] = []
    var cellsOf: [String: [CellReport]] = [:]
    for cell in cells {
      for warning in cell.warnings {
        if cellsOf[warning] == nil { order.append(warning) }
        cellsOf[warning, default: []].append(cell)
      }
    }
    return order.map { warning in
      let about = cellsOf[warning] ?? []
      if about.count == cells.count { return "warning: \(warning), in every cell\n" }
      let names = about.prefix(4).map { cell in
        let threads = cell.cell.threads.map { ", \($0)" } ?? ""
        return "\(cell.cell.launcher), \(cell.cell.allocator)\(threads)"
      }
      let more = about.count > 4 ? " and \(about.count - 4) more" : ""
      return "warning: \(warning): \(names.joined(separator: "; "))\(more)\n"
    }.joined()
  }

  private static func aligned(
    _ columns: [CellColumn], _ cells: [CellReport], _ bold: (String) -> String
  ) -> String {
    let rows = cells.map { cell in columns.map { $0.text(cell) } }
    let widths = columns.indices.map { index in
      ([columns[index].heading] + rows.map { $0[index] }).map(\.count).max() ?? 0
    }
    func line(_ texts: [String]) -> String {
      var line = columns.indices.map { index in
        let space = String(repeating: " ", count: widths[index] - texts[index].count)
        return columns[index].isWord ? texts[index] + space : space + texts[index]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return bold(line(columns.map(\.heading))) + "\n" + rows.map { line($0) + "\n" }.joined()
  }

  // CSV.

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private struct CSVColumn: Sendable {
    let heading: String
    let text: @Sendable (CellReport) -> String

    init(_ heading: String, _ text: @escaping @Sendable (CellReport) -> String) {
      self.heading = heading
      self.text = text
    }
  }

  private static let csvColumns: [CSVColumn] = {
    var columns = [
      CSVColumn("workload") { $0.cell.workload }, CSVColumn("launcher") { $0.cell.launcher },
      CSVColumn("allocator") { $0.cell.allocator },
      CSVColumn("threads") { $0.cell.threads.map(String.init) ?? "" },
      CSVColumn("trials") { String($0.trials) },
      CSVColumn("crashed") { String($0.crashRate.crashed) },
      CSVColumn("of") { String($0.crashRate.of) },
      CSVColumn("crash_lower") { number($0.crashRate.lower) },
      CSVColumn("crash_upper") { number($0.crashRate.upper) },
      CSVColumn("crash_p") { number($0.crashP) },
    ]
    columns += [
      CSVColumn("wall_s") { number($0.wall?.median) },
      CSVColumn("wall_lower") { number($0.wall?.lower) },
      CSVColumn("wall_upper") { number($0.wall?.upper) },
      CSVColumn("wall_ratio") { number($0.wallRatio?.median) },
      CSVColumn("cpu_s") { number($0.cpu?.median) },
      CSVColumn("functions_per_s") { number($0.functionsPerSecond?.median) },
      CSVColumn("peak_rss") { number($0.peakRSS?.median) },
      CSVColumn("growth_pages") { number($0.growthPages?.median) },
      CSVColumn("growth_calls") { number($0.growthCalls?.median) },
      CSVColumn("guest_mappings") { number($0.guestMappings?.median) },
      CSVColumn("host_peak") { $0.peakMappings.map(String.init) ?? "" },
      CSVColumn("map_limit") { $0.mapLimit.map(String.init) ?? "" },
    ]
    columns += Outcome.allCases.map { outcome in
      CSVColumn("outcome_" + outcome.rawValue.map { $0 == "-" ? "_" : String($0) }.joined()) {
        String($0.outcomes[outcome.rawValue] ?? 0)
      }
    }
    columns += ["deserialize", "materialize", "construct", "optimize", "emit"].map { stage in
      CSVColumn("\(stage)_s") { number($0.stageSeconds?[stage]) }
    }
    return columns
  }()

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
