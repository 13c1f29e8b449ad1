internal import Experiments
internal import Trials

/// The first fault of each crashing cell, folded.
struct FaultList {
  private let crashing: [ReportCell]

  private static let most = 100
  private static let frames = 3

  init(_ cells: [ReportCell]) { crashing = cells.filter { $0.crashes.successes > 0 } }

  var html: String {
    guard !crashing.isEmpty else { return "<p>No trial crashed.</p>\n" }
    var html = ""
    for cell in crashing.prefix(Self.most) { html += item(cell) }
    if crashing.count > Self.most {
      html +=
        "<p class=\"note\">The first \(Self.most) of \(grouped(crashing.count)) crashing cells "
      html += "are shown.</p>\n"
    }
    return html
  }

  private func item(_ cell: ReportCell) -> String {
    let crashed = cell.trials.filter { $0.outcome == .crashed }
    let place =
      "<code>\(escaped(cell.cell.allocator))</code>, \(threadsText(cell.cell.threads)), "
      + "\(escaped(cell.cell.launcher)), \(escaped(cell.cell.workload))"
    guard let trial = crashed.first(where: { $0.fault != nil }), let fault = trial.fault else {
      let signal = crashed.first?.signal.map { "signal \($0)" } ?? "an unknown signal"
      return "<details class=\"fault\"><summary>\(place): <strong>\(signal)</strong></summary>"
        + "<p>No fault was recorded: the trials ran without a witness, or it did not come to "
        + "write.</p></details>\n"
    }
    let text = FaultText(fault, of: trial)
    let what = "\(text.signalName)\(escaped(text.codeName))"
    let healed = fault.healed.map { ", healed: \(escaped($0, atMost: 20))" } ?? ", not tried again"
    var html = "<details class=\"fault\"><summary>\(place): <strong>\(what)\(healed)</strong>"
    html += "</summary><dl>"
    for (label, value) in rows(cell, trial, fault, crashed) {
      html += "<dt>\(label)</dt><dd>\(value)</dd>"
    }
    html += "</dl><ol class=\"stack\" start=\"0\">"
    for frame in fault.stack.prefix(Self.frames) {
      html += "<li><code>\(escaped(frame, atMost: 240))</code></li>"
    }
    html += "</ol>"
    let more = fault.stack.count - Self.frames
    if more > 0 { html += "<p class=\"note\">\(plural(more, "more frame")) in the record.</p>" }
    return html + "</details>\n"
  }

  /// Labels with HTML.
  private func rows(
    _ cell: ReportCell, _ trial: Trial, _ fault: FaultRecord, _ crashed: [Trial]
  ) -> [(String, String)] {
    var rows = [
      ("crashed", cell.crashSentence),
      ("trial", "\(trial.trial), with \(plural(trial.laterFaults, "later fault"))"),
      ("si_code", "\(fault.code)"),
      ("address", "<code>\(escaped(fault.address, atMost: 24))</code>"),
    ]
    let phase = fault.phase.map { ", in \(escaped($0, atMost: 30))" } ?? ""
    rows.append(("thread", escaped(fault.thread, atMost: 30) + phase))
    rows.append(
      (
        "guest’s maps",
        fault.mapping.map { "<code>\(escaped($0, atMost: 160))</code>" }
          ?? "no mapping holds the address"
      ))
    if let request = fault.request { rows.append(("request", "\(grouped(request)) bytes")) }
    var ways: [String: Int] = [:]
    for other in crashed.compactMap(\.fault) { ways[other.healed ?? "untried", default: 0] += 1 }
    let text = ways.sorted { $0.key < $1.key }.prefix(6).map { way, count in
      "\(escaped(way, atMost: 20)) \(grouped(count))"
    }
    rows.append(("healed, all trials", text.joined(separator: ", ")))
    return rows
  }
}
