internal import Experiments
internal import Trials

/// The columns of every table of cells: a heading, and a cell's text.
struct CellColumn: Sendable {
  let heading: String
  /// Aligned at the left.
  let isWord: Bool
  let text: @Sendable (CellReport) -> String

  private init(
    _ heading: String, isWord: Bool = false, _ text: @escaping @Sendable (CellReport) -> String
  ) {
    self.heading = heading
    self.isWord = isWord
    self.text = text
  }

  /// What tells cells apart.
  static let keys = [
    CellColumn("workload", isWord: true) { $0.cell.workload },
    CellColumn("launcher", isWord: true) { $0.cell.launcher },
    CellColumn("allocator", isWord: true) { $0.cell.allocator },
    CellColumn("threads") { $0.cell.threads.map(String.init) ?? "-" },
  ]

  static let values = [
    CellColumn("crashed") { "\($0.crashRate.crashed)/\($0.crashRate.of)" },
    CellColumn("95 % interval") { rate($0.crashRate) },
    CellColumn("p") { $0.crashP.map { $0 < 0.001 ? "<0.001" : fixed($0, 3) } ?? "-" },
    CellColumn("wall s") { seconds($0.wall) },
    CellColumn("ratio") {
      $0.wallRatio.map { "\(fixed($0.median, 2)) [\(fixed($0.lower, 2)) \(fixed($0.upper, 2))]" }
        ?? "-"
    },
    CellColumn("CPU s") { $0.cpu.map { fixed($0.median, 2) } ?? "-" },
    CellColumn("functions/s") { $0.functionsPerSecond.map { fixed($0.median, 0) } ?? "-" },
    CellColumn("RSS MB") { $0.peakRSS.map { fixed($0.median / 1e6, 1) } ?? "-" },
    CellColumn("growth pages") { $0.growthPages.map { fixed($0.median, 0) } ?? "-" },
    CellColumn("growth calls") { $0.growthCalls.map { fixed($0.median, 0) } ?? "-" },
    CellColumn("guest maps") { $0.guestMappings.map { fixed($0.median, 0) } ?? "-" },
    CellColumn("host maps") { host($0) },
    CellColumn("other outcomes", isWord: true) { others($0) },
  ]

  /// Columns that have something to say in at least one cell.
  static func telling(_ cells: [CellReport]) -> [CellColumn] {
    values.filter { column in
      cells.contains { !["-", ""].contains(column.text($0)) }
    }
  }

  private static func rate(_ rate: CellReport.Rate) -> String {
    guard rate.of > 0 else { return "-" }
    // '0 of n' is no proof of 0: its upper bound is what it says.
    if rate.crashed == 0 { return "at most \(percent(rate.upper)) %" }
    return "\(percent(rate.lower)) to \(percent(rate.upper)) %"
  }

  private static func seconds(_ value: CellReport.Value?) -> String {
    guard let value else { return "-" }
    return "\(fixed(value.median, 2)) [\(fixed(value.lower, 2)) \(fixed(value.upper, 2))]"
  }

  private static func host(_ cell: CellReport) -> String {
    guard let peak = cell.peakMappings else { return "-" }
    return cell.mapLimit.map { "\(peak) of \($0)" } ?? "\(peak)"
  }

  private static func others(_ cell: CellReport) -> String {
    let plain: Set = [Outcome.completed.rawValue, Outcome.crashed.rawValue]
    return cell.outcomes.filter { !plain.contains($0.key) }.sorted { $0.key < $1.key }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
