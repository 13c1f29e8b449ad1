import Foundation

/// What a command printed and how it ended.
public struct Outcome: Sendable {
  public let status: Int32
  /// The signal that ended it, nil where it exited.
  public let signal: Int32?
  public let output: String
  public let errors: String

  /// Lines of stderr that are not empty.
  public var complaints: [String] {
    errors.split(separator: "\n").map(String.init)
  }
}

/// Runs a program and waits for it. `program` is a path, or a name that PATH resolves.
@discardableResult
public func run(
  _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
  input: Data? = nil, in folder: URL? = nil
) throws -> Outcome {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  var variables = ProcessInfo.processInfo.environment
  // Swift's own crash handler would hang a crashing child for minutes.
  variables["SWIFT_BACKTRACE"] = "enable=no"
  for name in ["JULIA_IMAGE_THREADS", "JULIA_CPU_THREADS", "JULIA_IMAGE_TIMINGS"] {
    variables[name] = nil
  }
  for (name, value) in environment { variables[name] = value }
  process.environment = variables
  process.currentDirectoryURL = folder

  // Files, not pipes: nothing has to be read while the program runs.
  let scratch = try TemporaryFolder()
  let files = try ["output", "errors", "input"].map { name in
    let file = scratch.url.appendingPathComponent(name)
    try (name == "input" ? input ?? Data() : Data()).write(to: file)
    return file
  }
  process.standardOutput = try FileHandle(forWritingTo: files[0])
  process.standardError = try FileHandle(forWritingTo: files[1])
  process.standardInput = try FileHandle(forReadingFrom: files[2])
  try process.run()
  process.waitUntilExit()
  let texts = try files.prefix(2).map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
  let signalled = process.terminationReason == .uncaughtSignal
  return Outcome(
    status: process.terminationStatus, signal: signalled ? process.terminationStatus : nil,
    output: texts[0], errors: texts[1])
}

/// What a command that must succeed printed; throws its complaint otherwise.
@discardableResult
public func runSuccessfully(
  _ program: String, _ arguments: [String] = [], in folder: URL? = nil
) throws -> String {
  let outcome = try run(program, arguments, in: folder)
  guard outcome.status == 0, outcome.signal == nil else {
    throw CommandFailure(
      description:
        "\(program) \(arguments.joined(separator: " ")) ended with \(outcome.status):\n"
        + outcome.errors)
  }
  return outcome.output
}

public struct CommandFailure: Error, CustomStringConvertible {
  public let description: String
}

/// A folder that goes with its last reference.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("parmat-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of an entry.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  public func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }

  public func write(_ data: Data, to name: String) throws -> String {
    try data.write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Names of all entries, hidden ones too, sorted.
  public var entries: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}
