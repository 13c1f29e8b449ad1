import Foundation
import TestSupport
import Testing

/// What generate does with knobs that cannot be, and where it cannot write: one sentence, no file.
@Suite("Bad knobs and places of generated modules")
struct BadKnobTests {
  private func expect(
    _ outcome: Outcome, status: Int32, saying words: String = "Error: ",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      outcome.status == status && outcome.signal == nil, "\(outcome.status)",
      sourceLocation: sourceLocation)
    #expect(
      outcome.complaints.first?.hasPrefix("Error: ") == true && outcome.errors.contains(words),
      "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(
      outcome.complaints.dropFirst().allSatisfy {
        $0.hasPrefix("Usage: ") || $0.hasPrefix("  ") || $0.hasPrefix("Help: ")
      }, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  }

  @Test(
    "a knob that cannot be is refused, and nothing is written",
    arguments: [
      ["--functions", "0"], ["--functions", "-5"], ["--functions", "many"],
      ["--functions", "9223372036854775807"], ["--functions", "99999999999999999999"],
      ["--functions", "1e3"], ["--mean-instructions", "0"], ["--mean-instructions", "-20"],
      ["--mean-instructions", "nan"], ["--mean-instructions", "inf"],
      ["--mean-instructions", "1e300"], ["--functions", "20000000"],
      ["--functions", "1000000", "--mean-instructions", "100000"], ["--tail", "-0.1"],
      ["--tail", "1.5"], ["--tail", "nan"], ["--tail", "1"], ["--tail", "0.0001"],
      ["--functions", "3", "--tail", "0.01"], ["--functions", "1", "--tail", "0.5"],
      ["--globals", "-1"], ["--globals", "0"],
      ["--globals", "1000000000000"], ["--debug-info", "2"], ["--debug-info", "full"],
      ["--metadata", "-1"], ["--metadata", "nan"], ["--seed", "-1"],
      ["--seed", "18446744073709551616"], ["--profile", "huge"], ["--format", "xml"], ["extra"],
    ])
  func badKnob(options: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try Parmat.run(["generate", "-o", folder.path("module.bc")] + options)
    expect(outcome, status: 64)
    #expect(folder.entries == [])
  }

  @Test("no output file is named") func noOutput() throws {
    expect(try Parmat.run(["generate", "--profile", "tiny"]), status: 64, saying: "--output")
  }

  @Test("a folder that is missing, or in the file's place, is named; nothing is written")
  func badPlaces() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path("none/module.bc")
    expect(
      try Parmat.run(["generate", "--profile", "tiny", "-o", missing]), status: 73, saying: missing)
    let inTheWay = folder.url.appendingPathComponent("folder")
    try FileManager.default.createDirectory(at: inTheWay, withIntermediateDirectories: false)
    expect(
      try Parmat.run(["generate", "--profile", "tiny", "-o", inTheWay.path]), status: 73,
      saying: "directory")
    expect(
      try Parmat.run(["generate", "--profile", "tiny", "-o", ""]), status: 73, saying: "''")
    #expect(folder.entries == ["folder"])
  }

  @Test("a place that cannot be written to is found before the module is made")
  func earlyRefusal() throws {
    let folder = try TemporaryFolder()
    // Making this module would take minutes, and more memory than a test may.
    let outcome = try Parmat.run(
      [
        "generate", "--functions", "200000", "--mean-instructions", "450", "-o",
        folder.path("none/module.bc"),
      ])
    expect(outcome, status: 73, saying: "No such file")
  }

  @Test("a file that grows too large leaves nothing, and what was there stays as it was")
  func fileSizeLimit() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("precious", to: "module.bc")
    // Blocks of 1,024 bytes; the signal is ignored, so that the write says it.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" generate --functions 200 -o \"$1\""
    let outcome = try run("bash", ["-c", script, Parmat.path, file])
    expect(outcome, status: 73, saying: "too large")
    #expect(folder.entries == ["module.bc"])
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
  }

  @Test("a full disk leaves nothing half-written", .enabled(if: BadOutputTests.canMount))
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let script = """
      mount -t tmpfs -o size=64k none "$1" || exit 99
      "$0" generate --functions 200 -o "$1/module.bc"
      status=$?
      ls -A "$1"
      exit $status
      """
    let outcome = try run("unshare", ["-m", "sh", "-c", script, Parmat.path, disk])
    expect(outcome, status: 73, saying: "No space left")
  }

  @Test("standard output that takes nothing is an error, not a silence")
  func fullStandardOutput() throws {
    for output in ["-", "module.bc"] {
      let folder = try TemporaryFolder()
      let outcome = try run(
        "sh", ["-c", "\"$0\" generate --profile tiny -o \(output) > /dev/full", Parmat.path],
        in: folder.url)
      expect(outcome, status: 73, saying: "standard output")
    }
  }
}
