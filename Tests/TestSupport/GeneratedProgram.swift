import Foundation

/// A module that `parmat generate` wrote, and what it said of it.
public struct GeneratedProgram {
  public let path: String
  /// The record, `parmat.generate/1`.
  public let report: [String: Any]
  private let folder: TemporaryFolder

  /// Generates a module with these options.
  public init(_ options: [String], in folder: TemporaryFolder) throws {
    self.folder = folder
    path = folder.path("generated-\(UUID().uuidString).bc")
    report = try Parmat.json(["generate", "-o", path] + options)
  }

  public subscript(number key: String) -> Int { report[key] as? Int ?? -1 }

  /// Arguments and what the entry returns for them, by the generator's interpreter.
  public var predictions: [(argument: Int, result: Int)] {
    (report["results"] as? [[String: Any]] ?? []).compactMap { entry in
      guard let argument = entry["argument"] as? Int, let result = entry["result"] as? Int else {
        return nil
      }
      return (argument, result)
    }
  }

  /// Splits, emits, links with a main, runs, and returns what the entry returned.
  public func results(threads: Int) throws -> [Int] {
    let output = path + "-objects"
    let emitted = try Parmat.run(
      [
        "run", path, "--threads", "\(threads)", "--always-split", "--emit", "obj", "-o", output,
        "-q",
      ])
    guard emitted.status == 0, emitted.signal == nil else {
      throw CommandFailure(description: "the module is not emitted: \(emitted.errors)")
    }
    let entry = report["alias"] as? String ?? report["entry"] as? String ?? ""
    let program = path + ".program"
    let source = projectFolder.appendingPathComponent("Tests/Programs/generated.c").path
    try runSuccessfully(
      "gcc",
      ["-DENTRY=\"\(entry)\"", source, "-o", program, "-ldl"]
        + (0..<threads).map { "\(output)/text#\($0).o" })
    let lines = try runSuccessfully(program, predictions.map { String($0.argument) })
    return lines.split(separator: "\n").compactMap { Int($0) }
  }
}
