public import Trials

/// The host's mappings over time, as a picture by itself (SVG).
public struct MappingsPicture {
  private let trials: [Trial]

  public init(_ trials: [Trial]) { self.trials = trials }

  /// nil where no trial has counts of the host.
  public var svg: String? {
    let cells = ReportCell.all(of: trials)
    var allocators: [String] = []
    for cell in cells where !allocators.contains(cell.cell.allocator) {
      allocators.append(cell.cell.allocator)
    }
    let styles = Series.all(of: allocators)
    // The panel that crashes is the one that explains.
    let panels = Panel.all(of: cells).sorted { a, b in
      crashes(a) > crashes(b)
    }
    for panel in panels {
      guard let chart = MappingsChart(panel, styles, id: "mappings") else { continue }
      return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + chart.picture.replacing(
          "<svg ", with: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"540\" ",
          maxReplacements: 1
        )
        .replacing(
          "<title id",
          with: "<style>\(PageStyle.text) svg { background: var(--page) }</style>\n<title id",
          maxReplacements: 1)
    }
    return nil
  }

  private func crashes(_ panel: Panel) -> Int {
    panel.cells.reduce(0) { $0 + $1.crashes.successes }
  }
}
