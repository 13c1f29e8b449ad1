internal import Materialization

/// Columns of numbers under headings, two spaces apart, aligned at the right; a column of words at
/// the left.
struct TextTable {
  private let headings: [String]
  private let words: Set<Int>
  private var rows: [[String]] = []

  init(_ headings: [String], words: Set<Int> = []) {
    self.headings = headings
    self.words = words
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  func render(_ display: DisplayOptions) -> String {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let cells = cells.indices.map { column in
        let space = String(repeating: " ", count: max(0, widths[column] - cells[column].count))
        return words.contains(column) ? cells[column] + space : space + cells[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return display.bold(line(headings)) + "\n" + rows.map { line($0) + "\n" }.joined()
  }
}
