import Foundation
import TestSupport
import Testing

/// What `parmat report --for` makes of a diagnosis's trials.
@Suite("Bundles for upstream")
struct UpstreamBundleTests {
  /// Trials of an exhaustion, as a diagnosis records them.
  private func exhaustion(_ folder: TemporaryFolder, healed: String = "relief") throws -> String {
    func trials(_ experiment: String, crashed: Bool, healed: String = "no") -> String {
      (1...5).map { number in
        var record = SampleRecord(8, "glibc", "runsc:ptrace", "8x100")
        record.trial = number
        record.hasCrashed = crashed
        record.peak = crashed ? 65_532 : 600
        record.experiment = experiment
        record.healed = healed
        return record.line
      }
      .joined()
    }
    return try folder.write(
      trials("baseline", crashed: true, healed: healed) + trials("sham", crashed: true)
        + trials("one-arena", crashed: false) + trials("native", crashed: false),
      to: "trials.jsonl")
  }

  private func report(_ arguments: [String]) throws -> Outcome {
    try Parmat.run(["report"] + arguments)
  }

  private func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test(
    "for gVisor: the reproducer compiles without a warning, crashes in the sandbox and not natively",
    .enabled(if: Sandbox.works, "runsc does not work here: not tested"))
  func gvisor() throws {
    let folder = try TemporaryFolder()
    let bundle = folder.path("bundle")
    let outcome = try report([try exhaustion(folder), "--for", "gvisor", "-o", bundle])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(files(in: bundle) == ["exhaust.c", "mappings.svg", "report.md"])
    let text = try String(contentsOfFile: bundle + "/report.md", encoding: .utf8)
    #expect(text.contains("(5 of 5 runs). In the sandbox it dies of SIGSEGV"))
    #expect(text.contains("Unhandled user fault") && text.contains("cannot allocate memory"))
    for field in [
      "## Description", "## Steps to reproduce", "## runsc version", "## uname",
      "## runsc debug logs",
    ] {
      #expect(text.contains(field))
    }
    for reference in ["#14472", "#11360", "#11098", "#12518", "#12266", "made with parmat"] {
      #expect(text.contains(reference))
    }
    // A person who has only the bundle.
    let source = bundle + "/exhaust.c"
    let lines = try String(contentsOfFile: source, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < 60)
    let program = folder.path("exhaust")
    let compiled = try run(
      "gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread", source, "-o", program])
    #expect(compiled.status == 0, "\(compiled.errors)")
    #expect(try run(program, []).output == "done\n")
    #expect(try Sandbox.run([program]).status == 139)
    // The picture is XML that a browser takes by itself.
    let picture = try Data(contentsOf: URL(fileURLWithPath: bundle + "/mappings.svg"))
    #expect(XMLDocumentCheck.isWellFormed(picture))
  }

  @Test("a reproducer that does not hold is not sent: nothing is written")
  func reproducerFails() throws {
    let folder = try TemporaryFolder()
    // A sandbox in which nothing crashes.
    let runsc = try folder.write(
      """
      #!/bin/bash
      while [ "$1" != do ]; do shift; done
      shift
      exec "$@"
      """, to: "runsc")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: runsc)
    let bundle = folder.path("bundle")
    let outcome = try report([
      try exhaustion(folder), "--for", "gvisor", "-o", bundle, "--runsc", runsc,
    ])
    #expect(outcome.status == 69 && outcome.errors.contains("0 of 5 runs crash"))
    #expect(!FileManager.default.fileExists(atPath: bundle))
  }

  @Test("for Julia: the measured remedies and the stacks side by side")
  func julia() throws {
    let folder = try TemporaryFolder()
    let bundle = folder.path("bundle")
    #expect(
      try report([try exhaustion(folder), "--for", "julia", "-o", bundle]).status == 0)
    let text = try String(contentsOfFile: bundle + "/julia.md", encoding: .utf8)
    #expect(text.contains("| `MALLOC_ARENA_MAX=1` | 5 of 5 |"))
    #expect(text.contains("aotcompile.cpp:1277") && text.contains("sysmalloc malloc.c:2950"))
  }

  @Test("for LLVM and glibc: one sentence each", arguments: ["llvm", "glibc"])
  func nothingToFile(upstream: String) throws {
    let folder = try TemporaryFolder()
    let bundle = folder.path("bundle")
    #expect(
      try report([try exhaustion(folder), "--for", upstream, "-o", bundle]).status == 0)
    #expect(files(in: bundle) == ["\(upstream).md"])
    let text = try String(contentsOfFile: bundle + "/\(upstream).md", encoding: .utf8)
    #expect(text.hasPrefix("There is no") && text.split(separator: "\n").count == 1)
  }

  @Test("trials of another verdict, or of no diagnosis, are refused with a sentence")
  func otherTrials() throws {
    let folder = try TemporaryFolder()
    let bundle = folder.path("bundle")
    let other = try report([
      try exhaustion(folder, healed: "no"), "--for", "gvisor", "-o", bundle,
    ])
    #expect(other.status == 65 && other.errors.contains("the verdict of these trials is undecided"))
    let plain = try folder.write(
      SampleRecord(8, "glibc", "native", "8x100").line, to: "plain.jsonl")
    let none = try report([plain, "--for", "gvisor", "-o", bundle])
    #expect(none.status == 65 && none.errors.contains("parmat diagnose --export-jsonl"))
    #expect(!FileManager.default.fileExists(atPath: bundle))
  }

  @Test("without -o, or into a folder that is none, nothing is made")
  func badFolder() throws {
    let folder = try TemporaryFolder()
    let trials = try exhaustion(folder)
    #expect(try report([trials, "--for", "julia"]).status == 64)
    let missing = try report([trials, "--for", "julia", "-o", folder.path("no/such/folder")])
    #expect(missing.status == 73 && missing.errors.contains("cannot write to"))
    let file = try folder.write("", to: "file")
    #expect(try report([trials, "--for", "julia", "-o", file]).status == 73)
  }
}

/// Whether bytes are XML, by Python's parser.
private enum XMLDocumentCheck {
  static func isWellFormed(_ bytes: Data) -> Bool {
    let script = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin)"
    return (try? TestSupport.run("python3", ["-c", script], input: bytes))?.status == 0
  }
}
