internal import Experiments

/// A diagnosis in words, for a terminal or an issue.
public struct DiagnosisText {
  private let report: DiagnosisReport

  public init(_ report: DiagnosisReport) { self.report = report }

  public var text: String {
    var text = "=== parmat \(report.environment.parmat): \(report.verdict.rawValue)\n"
    text += meaning + "\n"
    text += part("why", report.reasons.map { ("", $0) })
    text += part("command", [("", report.command)] + ballastRow)
    text += "\nevidence (\(counted(report.evidence.reduce(0) { $0 + $1.trials }, "trial")))\n"
    text += evidenceTable
    text += part("ingredients", ingredientRows)
    text += part("rivals", rivalRows)
    text += part("crash point", crashPointRows)
    if !report.remedies.isEmpty { text += "\nremedies, measured\n" + remedyTable }
    text += part("other remedies", report.otherRemedies.map { ("", $0) })
    text += part(
      "known defects",
      report.knownDefects.map {
        ("", "\($0.reference), \($0.name): \($0.finding). Releases: \($0.releases)")
      }
    )
    text += part("not made", report.skipped.map { (title($0.experiment), $0.reason) })
    text += part("not established", report.notEstablished.map { ("", $0) })
    return text
  }

  private func title(_ experiment: String) -> String {
    Experiment(rawValue: experiment)?.title ?? experiment
  }

  private var ballastRow: [(String, String)] {
    report.ballast > 0
      ? [("", "(with --ballast \(report.ballast): so many mappings were occupied beforehand)")] : []
  }

  private var meaning: String {
    switch report.verdict {
    case .hostMappingExhaustion:
      "The process ran out of host mappings (vm.max_map_count). It is no race: any thread that "
        + "touches a fresh page then faults."
    case .lostProtectionChange:
      "A change of a page's protection was answered, but did not happen, or came late."
    case .allocationFailure: "malloc returned NULL, and the program went on with it."
    case .memoryLimit: "Memory ran out, and the kernel killed the program."
    case .stackOverflow: "A thread's stack is too small for what it does."
    case .heapCorruption:
      "The program or its allocator breaks the heap; where it is run does not matter."
    case .refusedInput: "The module is not usable: no thread was started on it."
    case .hang: "It waits, and does not end within the time-out."
    case .notReproduced: "It did not crash here."
    case .undecided: "These trials do not tell a cause."
    }
  }

  private func part(_ heading: String, _ rows: [(String, String)]) -> String {
    rows.isEmpty ? "" : section(heading, rows)
  }

  private func table(_ rows: [[String]]) -> String {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      var line = "  "
      for (column, cell) in row.enumerated() {
        line += cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    .joined()
  }

  private var evidenceTable: String {
    var rows = [["experiment", "trials", "expected", "observed", ""]]
    for row in report.evidence {
      let fits = row.supports.map { $0 ? "supports" : "refutes" } ?? ""
      rows.append([row.title, String(row.trials), row.expected ?? "-", row.observed, fits])
    }
    return table(rows)
  }

  private var ingredientRows: [(String, String)] {
    func rows(_ effect: Diagnosis.Effect, _ words: String) -> [(String, String)] {
      var seen: Set<String> = []
      let found = report.evidence.filter { $0.effect == effect.rawValue }
        .map { $0.removes ?? "a host mapping for each page, without the sandbox" }
        .filter { seen.insert($0).inserted }
      return found.isEmpty ? [] : [(words, found.joined(separator: "; "))]
    }
    var result =
      rows(.necessary, "necessary") + rows(.sufficient, "sufficient")
      + rows(.withoutEffect, "without effect")
      + rows(.unknown, "cannot say")
    if !result.isEmpty, let visible = report.largestVisible {
      result.append(
        (
          "visible",
          "of \(report.trialsPerExperiment) trials at most \(visible) may crash to count as fewer "
            + "than the baseline's; a smaller effect would not have been seen"
        ))
    }
    return result
  }

  private var rivalRows: [(String, String)] {
    guard Hypothesis(rawValue: report.verdict.rawValue) != nil else { return [] }
    return Hypothesis.allCases.compactMap { hypothesis in
      guard let against = report.refuted[hypothesis.rawValue] else { return nil }
      let names = against.compactMap { Experiment(rawValue: $0)?.title }
      return (
        hypothesis.rawValue,
        names.isEmpty
          ? "no sign of it in the faults" : "contradicted by \(names.joined(separator: "; "))"
      )
    }
  }

  private var crashPointRows: [(String, String)] {
    guard let row = report.crashPoint else { return [] }
    func mebibytes(_ bytes: Int) -> String { "\(fixed(Double(bytes) / 1_048_576, 0)) MiB" }
    guard let predicted = row.predicted.arenaBytes else {
      return [
        (
          "predicted",
          "none: it comes to about \(row.predicted.mappingsAtEnd) of \(row.predicted.mapLimit) "
            + "mappings"
        )
      ]
    }
    var text =
      "when arenas have grown to \(mebibytes(predicted)) of \(mebibytes(row.predicted.allArenaBytes))"
    if let share = row.predicted.shareOfFunctions {
      text += ", with \(fixed(share * 100, 0)) % of the functions materialized"
    }
    var rows = [("predicted", text)]
    if let observed = row.observedArenaBytes, let ratio = row.ratio {
      rows.append(
        ("observed", "\(mebibytes(observed)); predicted over observed \(fixed(ratio, 2))"))
    }
    rows.append(
      (
        "model",
        "a step of an arena's growth is a host mapping, but for one in 2n on n threads; within "
          + "12 % for small mallocs and libclc on 4 threads and more"
      ))
    return rows
  }

  private var remedyTable: String {
    var rows = [["works", "setting", "completes", "wall", "memory", "a trial"]]
    for row in report.remedies {
      let interval =
        "\(row.completed) of \(row.trials) (\(fixed(row.lower * 100, 0)) to "
        + "\(fixed(row.upper * 100, 0)) %)"
      rows.append([
        row.works ? "yes" : "no", row.setting, interval,
        row.cost.wall.map { "x \(fixed($0, 2))" } ?? "-",
        row.cost.rss.map { "x \(fixed($0, 2))" } ?? "-",
        row.seconds.map { "\(fixed($0, 1)) s" } ?? "-",
      ])
    }
    var text = table(rows)
    for row in report.remedies where row.works {
      if let julia = row.forJulia { text += "  for Julia: \(julia)\n" }
    }
    return text + "  (wall and memory: natively, as ratios to no remedy)\n"
  }
}
