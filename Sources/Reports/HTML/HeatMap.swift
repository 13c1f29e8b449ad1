internal import Experiments
internal import Trials

/// Crash rates of one panel: allocators down, threads across. It is an HTML table: the squares are
/// read aloud with their headings, and their text keeps its size on a phone.
struct HeatMap {
  private let panel: Panel
  private let allocators: [String]
  private let threadCounts: [Int?]

  /// The most rows and columns of one map: any map alone stays within what the page has room for.
  private static let most = 45

  init(_ panel: Panel) {
    self.panel = panel
    allocators = Array(panel.allocators.prefix(Self.most))
    threadCounts = Array(panel.threadCounts.prefix(Self.most))
  }

  var squares: Int { allocators.count * threadCounts.count }

  var html: String {
    // Rows and columns, not cells, make the map: most of it may be empty.
    var byPlace: [Trial.Cell: ReportCell] = [:]
    for cell in panel.cells { byPlace[cell.cell] = cell }
    var html = "<div class=\"panel\">\(panel.heading)<div class=\"scroll\" tabindex=\"0\">\n"
    html +=
      "<table class=\"heat\"><caption class=\"unseen\">Crashed trials of those that ran to an "
    html += "end of their own, \(panel.name)</caption>\n<thead><tr><th scope=\"col\">allocator</th>"
    for threads in threadCounts {
      html +=
        "<th scope=\"col\"><span class=\"unseen\">threads: </span>\(threadsName(threads))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for allocator in allocators {
      html += "<tr><th scope=\"row\">\(breakable(allocator))</th>"
      for threads in threadCounts {
        let place = Trial.Cell(
          threads: threads, allocator: allocator, launcher: panel.launcher,
          workload: panel.workload)
        html += square(byPlace[place], allocator, threads)
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\(leftOut)</div>\n"
  }

  private func square(_ cell: ReportCell?, _ allocator: String, _ threads: Int?) -> String {
    let place = "\(escaped(allocator, atMost: 40)), \(threadsText(threads))"
    guard let cell else {
      return "<td class=\"square none\" title=\"\(place): no trials\">"
        + "<span aria-hidden=\"true\">·</span><span class=\"unseen\">no trials</span></td>"
    }
    let crashes = cell.crashes
    let level =
      crashes.trials == 0 ? "none" : "h\(Self.level(crashes.successes, of: crashes.trials))"
    return "<td class=\"square \(level)\" title=\"\(place): \(cell.crashSentence)\">"
      + "\(crashes.successes)/\(crashes.trials)</td>"
  }

  /// 0 only for no crash at all, 10 only for nothing else.
  private static func level(_ crashes: Int, of trials: Int) -> Int {
    if crashes == 0 { return 0 }
    return crashes == trials ? 10 : min(9, 1 + 9 * crashes / trials)
  }

  private var leftOut: String {
    let rows = panel.allocators.count - allocators.count
    let columns = panel.threadCounts.count - threadCounts.count
    guard rows + columns > 0 else { return "" }
    return "<p class=\"note\">Left out here: \(plural(rows, "allocator")), "
      + "\(plural(columns, "thread count")).</p>"
  }

  /// What the colours say.
  static let key: String = {
    var key = "<p class=\"key\"><span><span class=\"chip h0\">0</span>no crash</span> <span>"
    for level in 1...10 { key += "<span class=\"chip ramp h\(level)\"></span>" }
    key += " some to all</span> <span><span class=\"chip none\">·</span>no trials</span></p>\n"
    return key
  }()
}
