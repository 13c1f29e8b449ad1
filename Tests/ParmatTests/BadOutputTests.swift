import Foundation
import TestSupport
import Testing

/// A copy of parmat run as nobody (uid 65534): root may read and write everything.
struct Unprivileged {
  private let folder: TemporaryFolder
  private let program: String

  init(in folder: TemporaryFolder) throws {
    self.folder = folder
    guard getuid() == 0 else {
      program = Parmat.path
      return
    }
    // The build may lie where nobody may not go.
    program = folder.path("parmat")
    // By a process of its own: what another test forks meanwhile would hold the copy open for
    // writing, and a program that is being written cannot be started.
    try runSuccessfully("install", ["-m", "755", Parmat.path, program])
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
  }

  func run(_ arguments: [String]) throws -> Outcome {
    guard getuid() == 0 else { return try TestSupport.run(program, arguments) }
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
    return try TestSupport.run("setpriv", nobody + [program] + arguments, in: folder.url)
  }
}

/// What parmat does when it cannot write: one sentence, status 73, no half of a file.
@Suite("Output that cannot be written")
struct BadOutputTests {
  private func expect(
    _ outcome: Outcome, status: Int32, saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      outcome.status == status && outcome.signal == nil, "\(outcome.status)",
      sourceLocation: sourceLocation)
    #expect(
      outcome.complaints.count == 1 && outcome.errors.contains(words), "\(outcome.errors)",
      sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  }

  private func emit(_ module: String, to path: String) -> [String] {
    ["run", module, "--threads", "2", "--emit", "obj,bc", "-o", path]
  }

  @Test("an output folder whose parent is missing is not made") func missingParent() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let before = folder.entries
    let outcome = try Parmat.run(emit(module, to: folder.path("none/out")))
    expect(outcome, status: 73, saying: "none/out")
    #expect(folder.entries == before)
  }

  @Test("an output folder that is a file is left alone") func fileInTheWay() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let file = try folder.write("precious", to: "out")
    expect(try Parmat.run(emit(module, to: file)), status: 73, saying: "out")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
  }

  @Test("an output folder that belongs to others is not written to") func foreignFolder() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let output = folder.url.appendingPathComponent("out")
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: output.path)
    let outcome = try Unprivileged(in: folder).run(emit(module, to: output.path))
    expect(outcome, status: 73, saying: "ermission denied")
    #expect(try FileManager.default.contentsOfDirectory(atPath: output.path).isEmpty)
  }

  @Test("an output folder in a folder that belongs to others is not made")
  func foreignParent() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let nobody = try Unprivileged(in: folder)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
    }
    let outcome = try nobody.run(emit(module, to: folder.path("out")))
    expect(outcome, status: 73, saying: "ermission denied")
    #expect(!folder.entries.contains("out"))
  }

  @Test("a file that cannot be replaced leaves no others behind") func oneFileInTheWay() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let obstacle = folder.url.appendingPathComponent("out/text#1.o/inside")
    try FileManager.default.createDirectory(at: obstacle, withIntermediateDirectories: true)
    let arguments = ["run", module, "--threads", "2", "--emit", "obj", "-o", folder.path("out")]
    expect(try Parmat.run(arguments), status: 73, saying: "out")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
    #expect(left == ["text#1.o"])
  }

  /// Private mounts need a privilege that some sandboxes withhold.
  static let canMount: Bool = {
    let script = "mount -t tmpfs -o size=64k none /mnt && umount /mnt"
    return (try? run("unshare", ["-m", "sh", "-c", script]))?.status == 0
  }()

  @Test("a full disk leaves nothing half-written", .enabled(if: canMount))
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.heavyModule(in: folder, functions: 2000)
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let script = """
      mount -t tmpfs -o size=64k none "$1" || exit 99
      shift
      "$0" "$@"
      status=$?
      ls -A "$OUT"
      exit $status
      """
    let outcome = try run(
      "unshare", ["-m", "sh", "-c", script, Parmat.path, disk] + emit(module, to: disk + "/out"),
      environment: ["OUT": disk])
    // The folder that was made for it goes as well.
    expect(outcome, status: 73, saying: "No space left")
    #expect(outcome.output == "")
  }

  @Test(
    "a result that standard output cannot take is an error, not a silence",
    arguments: [
      ["run", "good.c.bc", "--threads", "2"],
      ["run", "good.c.bc", "--threads", "2", "--format", "json"],
      ["partition", "good.c.bc", "--threads", "2"], ["doctor"], ["--help"], ["--version"],
    ])
  func fullStandardOutput(command: [String]) throws {
    let folder = try TemporaryFolder()
    _ = try BadInputTests.goodModule(in: folder)
    let outcome = try run(
      "sh", ["-c", "\"$0\" \"$@\" > /dev/full", Parmat.path] + command, in: folder.url)
    expect(outcome, status: 73, saying: "standard output")
  }

  @Test("shards of another run in the same folder are told of")
  func strangers() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let output = folder.path("shards")
    func emit(_ threads: Int) throws -> Outcome {
      try Parmat.run(
        ["run", module, "--always-split", "--threads", "\(threads)", "--emit", "obj", "-o", output])
    }
    #expect(try emit(3).complaints == [])
    #expect(
      try emit(2).complaints == ["WARNING: '\(output)' also holds text#2.o, of another run"])
    #expect(try emit(3).complaints == [])
  }

  @Test("more threads than the machine gives end with one sentence") func tooManyThreads() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let before = folder.entries
    // A stack that no machine has room for: the first thread does not start. (A limit of the address
    // space would starve those that run as well, and what they die of is a finding.)
    let arguments = ["run", module, "--threads", "2", "--stack-size", "100000G"]
    expect(try Parmat.run(arguments), status: 69, saying: "thread")
    #expect(folder.entries == before)
  }
}
