import Foundation

/// The C and C++ programs in Tests/Programs, compiled once each.
public enum Programs {
  private static let folder = Result { try TemporaryFolder() }
  private static let lock = NSLock()
  nonisolated(unsafe) private static var built: [String: String] = [:]  // under `lock`

  /// The path of the compiled program `name` (`dies.c`).
  public static func path(_ name: String) throws -> String {
    try lock.withLock {
      if let path = built[name] { return path }
      let path = try folder.get().path(name + ".out")
      let source = projectFolder.appendingPathComponent("Tests/Programs/\(name)").path
      try runSuccessfully(
        name.hasSuffix(".c") ? "gcc" : "g++", ["-O1", "-g", "-pthread", source, "-o", path])
      built[name] = path
      return path
    }
  }
}

/// One supervised trial, as its record says.
public struct TrialRecord {
  public let json: [String: Any]

  public var outcome: String? { json["outcome"] as? String }
  public var exit: Int? { json["exit"] as? Int }
  public var signal: Int? { json["signal"] as? Int }
  public var reason: String? { json["reason"] as? String }
  public var fault: [String: Any]? { json["fault"] as? [String: Any] }
  public var host: [String: Any]? { json["host"] as? [String: Any] }
  public var healed: String? { fault?["healed"] as? String }
  public var stack: [String] { fault?["stack"] as? [String] ?? [] }
  public var threads: [[String: Any]] { fault?["threads"] as? [[String: Any]] ?? [] }

  /// The records of all lines of a JSONL text.
  public static func all(in text: String) throws -> [TrialRecord] {
    try text.split(separator: "\n").map { line in
      guard
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      else { throw CommandFailure(description: "no record: \(line.prefix(200))") }
      return TrialRecord(json: object)
    }
  }
}

extension Parmat {
  /// Where a plain build lays the witness's library.
  public static var witnessLibrary: String {
    URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("parmat_CWitnessPreload.resources/libparmat-witness.so").path
  }

  /// The records that `parmat reproduce ARGUMENTS` brings.
  public static func reproduce(
    _ arguments: [String], environment: [String: String?] = [:]
  ) throws -> (trials: [TrialRecord], outcome: Outcome) {
    let outcome = try run(
      ["reproduce", "--format", "jsonl"] + arguments, environment: environment)
    guard [0, 2].contains(outcome.status) else {
      throw CommandFailure(
        description: "parmat reproduce \(arguments.joined(separator: " ")) ended with "
          + "\(outcome.status):\n\(outcome.errors.suffix(2000))")
    }
    return (try TrialRecord.all(in: outcome.output), outcome)
  }

  /// One trial.
  public static func trial(_ arguments: [String], of command: [String]) throws -> TrialRecord {
    let workload = command.isEmpty ? [] : ["--"] + command
    let (trials, _) = try reproduce(["--trials", "1"] + arguments + workload)
    guard let trial = trials.first, trials.count == 1 else {
      throw CommandFailure(description: "\(trials.count) trials instead of one")
    }
    return trial
  }
}
