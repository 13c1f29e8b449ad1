import Foundation
import Glibc

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
///
/// Not Foundation's Process: its children inherit the mask of the thread that starts them, in which
/// most signals are blocked; gdb waits for ever then.
@discardableResult
public func run(
  _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
  input: Data? = nil, in folder: URL? = nil
) throws -> Outcome {
  var variables = ProcessInfo.processInfo.environment
  // Swift's own crash handler would hang a crashing child for minutes.
  variables["SWIFT_BACKTRACE"] = "enable=no"
  for name in ["JULIA_IMAGE_THREADS", "JULIA_CPU_THREADS", "JULIA_IMAGE_TIMINGS"] {
    variables[name] = nil
  }
  // Foundation and XCTest leak in the test process; what is under test must not.
  variables["ASAN_OPTIONS"] = "detect_leaks=1"
  for (name, value) in environment { variables[name] = value }

  // Files, not pipes: nothing has to be read while the program runs.
  let scratch = try TemporaryFolder()
  _ = try scratch.write(input ?? Data(), to: "input")
  let inFolder = folder.map { ["env", "--chdir=\($0.path)"] } ?? []
  let outcome = try spawn(inFolder + [program] + arguments, variables, scratch)
  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))), as: UTF8.self)
  }
  // As wait(2) encodes it: the signal in the low seven bits, else the status above eight.
  let signal = outcome & 0x7F
  return Outcome(
    status: signal == 0 ? (outcome >> 8) & 0xFF : 128 + signal,
    signal: signal == 0 ? nil : signal, output: try text("output"), errors: try text("errors"))
}

/// Spawns with an empty signal mask and default actions, waits, and returns wait(2)'s status.
private func spawn(
  _ arguments: [String], _ environment: [String: String], _ scratch: TemporaryFolder
) throws -> Int32 {
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, scratch.path("input"), O_RDONLY, 0)
  for (descriptor, name) in [(Int32(1), "output"), (Int32(2), "errors")] {
    posix_spawn_file_actions_addopen(
      &actions, descriptor, scratch.path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  }

  let words = arguments.map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for string in words + variables { free(string) } }
  var child = pid_t()
  let error = posix_spawnp(&child, arguments[0], &actions, &attributes, words, variables)
  guard error == 0 else {
    throw CommandFailure(description: "\(arguments[0]): \(String(cString: strerror(error)))")
  }
  var status: Int32 = 0
  while waitpid(child, &status, 0) < 0 {
    guard errno == EINTR else {
      throw CommandFailure(description: "\(arguments[0]) was waited for by somebody else")
    }
  }
  return status
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
