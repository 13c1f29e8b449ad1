internal import FoundationEssentials
public import Trials

/// The trials that a file already has of a sweep: each line is one, written when it ended.
public struct SweepLog: Sendable {
  public let trials: [Trial]
  /// Bytes of whole lines; what follows is half a line that an interruption left.
  public let wholeBytes: Int
  public let hasHalfLine: Bool
  /// The last trial's line has no end yet.
  public let lacksLineFeed: Bool

  /// - Parameter plan: whose trials they have to be.
  public init(_ bytes: [UInt8], of plan: SweepPlan) throws(TrialFileProblem) {
    let file = try TrialFile(bytes)
    for (line, trial) in zip(file.lines, file.trials) where trial.sweep?.id != plan.id {
      throw TrialFileProblem(
        line: line,
        "is of another sweep (\(trial.sweep?.id ?? "none") instead of \(plan.id)): the matrix, "
          + "--trials, --seed and the options must be the same")
    }
    // A trial that somebody copied in twice counts once.
    var seen: Set<SweepPlan.Step> = []
    trials = file.trials.filter { trial in
      guard let sweep = trial.sweep else { return false }
      return seen.insert(SweepPlan.Step(cell: sweep.cell, round: sweep.round)).inserted
    }
    wholeBytes = file.wholeBytes
    hasHalfLine = file.hasHalfLine
    lacksLineFeed = file.lacksLineFeed
  }
}

/// A file of trial records, a line each.
public struct TrialFile: Sendable {
  public let trials: [Trial]
  /// Each trial's line, from 1.
  public let lines: [Int]
  public let wholeBytes: Int
  /// The last line has no end: the writer was cut off. It is not read.
  public let hasHalfLine: Bool
  /// The last line is a whole trial, but for its line feed.
  public let lacksLineFeed: Bool

  /// - Complexity: O(bytes).
  public init(_ bytes: [UInt8]) throws(TrialFileProblem) {
    let decoder = JSONDecoder()
    var trials: [Trial] = []
    var lines: [Int] = []
    var start = 0
    var number = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      number += 1
      defer { start = end + 1 }
      let line = bytes[start..<end]
      if line.isEmpty { continue }
      let data = Data(line)
      // What is wrong with a line is only asked where it is no trial: decoding is most of the work.
      guard let trial = try? decoder.decode(Trial.self, from: data),
        trial.schema == Trial.schemaName
      else { throw TrialFileProblem(line: number, Self.complaint(about: data, decoder)) }
      trials.append(trial)
      lines.append(number)
    }
    let rest = Data(bytes[start...])
    if let last = try? decoder.decode(Trial.self, from: rest), last.schema == Trial.schemaName {
      trials.append(last)
      lines.append(number + 1)
      lacksLineFeed = true
      start = bytes.count
    } else {
      lacksLineFeed = false
    }
    self.trials = trials
    self.lines = lines
    wholeBytes = start
    hasHalfLine = start < bytes.count
  }

  private static func complaint(about line: Data, _ decoder: JSONDecoder) -> String {
    guard let head = try? decoder.decode(Head.self, from: line) else {
      return "is no trial record (no JSON object with a schema)"
    }
    return head.schema == Trial.schemaName
      ? "is no whole trial record"
      : "has the schema '\(head.schema)'; this parmat reads \(Trial.schemaName)"
  }

  private struct Head: Decodable { let schema: String }
}

/// What is wrong with a line: the end of a sentence that begins with the file's name.
public struct TrialFileProblem: Error, Equatable, Sendable, CustomStringConvertible {
  public let line: Int
  public let complaint: String

  init(line: Int, _ complaint: String) {
    self.line = line
    self.complaint = complaint
  }

  public var description: String { "line \(line) \(complaint)" }
}
