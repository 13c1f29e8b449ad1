import Foundation
import TestSupport
import Testing

/// `parmat diagnose` on workloads whose cause is known. The whole matrix, many times each, is
/// Tests/Performance/diagnosis-controls.
@Suite("Diagnosing")
struct DiagnoseTests {
  private func diagnose(_ arguments: [String]) throws -> [String: Any] {
    try Parmat.json(["diagnose", "--quiet"] + arguments)
  }

  private func reasons(_ document: [String: Any]) -> String {
    (document["reasons"] as? [String] ?? []).joined(separator: "; ")
  }

  @Test(
    "a defect of the program's own has the verdict that is right for it",
    arguments: [
      ("overflow", "stack-overflow"), ("overrun", "heap-corruption"),
      ("overrun-far", "heap-corruption"), ("store", "undecided"), ("exit", "not-reproduced"),
    ])
  func defect(how: String, verdict: String) throws {
    let document = try diagnose(["--", try Programs.path("dies.c"), how])
    #expect(document["schema"] as? String == "parmat.diagnosis/1")
    #expect(document["verdict"] as? String == verdict, "\(reasons(document))")
  }

  @Test("a stack that is too small for the replica: a larger one is the remedy")
  func smallStack() throws {
    let module = projectFolder.appendingPathComponent("Inputs/cxx-program.bc").path
    let document = try diagnose([module, "--stack-size", "16K", "--stop-after", "emit"])
    #expect(document["verdict"] as? String == "stack-overflow", "\(reasons(document))")
    let remedies = try #require(document["remedies"] as? [[String: Any]])
    #expect(remedies.count == 1 && remedies.first?["works"] as? Bool == true)
  }

  @Test(
    "a limit of the address space, whether or not it can be lifted",
    arguments: ["prlimit --as=600000000:unlimited", "prlimit --as=600000000"])
  func addressSpace(launcher: String) throws {
    let document = try diagnose(
      ["--launcher", launcher, "--", try Programs.path("dies.c"), "gigabyte"])
    #expect(document["verdict"] as? String == "allocation-failure", "\(reasons(document))")
    #expect(reasons(document).contains("600000000 bytes"))
  }

  @Test("an mprotect that is swallowed: glibc's own books tell")
  func lostProtectionChange() throws {
    let document = try diagnose([
      "--no-remedies", "--arenas", "8x100", "--launcher",
      "strace -f -o /dev/null --inject=mprotect:retval=0:when=3000+977",
    ])
    #expect(document["verdict"] as? String == "lost-protection-change", "\(reasons(document))")
    let refuted = try #require(document["refuted"] as? [String: [String]])
    #expect(refuted["host-mapping-exhaustion"] == ["baseline"])
  }

  @Test("host mappings used up natively: relief heals, the sham treatment does not")
  func exhaustion() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trials.jsonl")
    let document = try diagnose([
      "--no-remedies", "--arenas", "8x100", "--allocator", "lab:memfd", "--export-jsonl", file,
    ])
    #expect(document["verdict"] as? String == "host-mapping-exhaustion", "\(reasons(document))")
    let evidence = try #require(document["evidence"] as? [[String: Any]])
    #expect(evidence.map { $0["experiment"] as? String }.prefix(2) == ["baseline", "sham"])
    #expect(evidence.allSatisfy { $0["supports"] as? Bool != false })
    let trials = try TrialRecord.all(in: String(contentsOfFile: file, encoding: .utf8))
    #expect(trials.count == document["trials"] as? Int)
    #expect(trials.allSatisfy { $0.json["experiment"] is String && $0.json["command"] is String })
  }

  @Test("an allocator that races")
  func racy() throws {
    let document = try diagnose(["--arenas", "8x100", "--allocator", "lab:racy"])
    #expect(document["verdict"] as? String == "heap-corruption", "\(reasons(document))")
  }

  @Test("a module that is none, and a program that waits for itself")
  func otherEnds() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(
      contentsOf: projectFolder.appendingPathComponent("Inputs/cxx-program.bc"))
    let path = folder.path("half.bc")
    try whole.prefix(3000).write(to: URL(fileURLWithPath: path))
    #expect(try diagnose([path])["verdict"] as? String == "refused-input")
    let hang = try diagnose(["--timeout", "2", "--", try Programs.path("dies.c"), "deadlock"])
    #expect(hang["verdict"] as? String == "hang", "\(reasons(hang))")
    #expect(hang["trials"] as? Int == 2)
  }

  // Bad input.

  @Test("a budget that is too small says what is missing")
  func smallBudget() throws {
    let document = try diagnose(
      ["--budget", "3", "--", try Programs.path("dies.c"), "overflow"])
    #expect(document["verdict"] as? String == "undecided" && document["trials"] as? Int == 3)
    #expect(reasons(document).contains("needs 5 trials, and has 3"), "\(reasons(document))")
    let open = try #require(document["notEstablished"] as? [String])
    #expect(open.contains { $0.contains("budget of 3 trials") }, "\(open)")
  }

  @Test("a command that does not exist is one sentence and status 69")
  func noSuchCommand() throws {
    let outcome = try Parmat.run(["diagnose", "--quiet", "--", "/no/such/program"])
    #expect(outcome.status == 69 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: '/no/such/program' cannot be started: No such file or directory\n")
  }

  @Test("runsc that goes away halfway: finished trials are kept, and what they tell is said")
  func runscGone() throws {
    let folder = try TemporaryFolder()
    // Starts the workload three times, then is gone.
    let runsc = try folder.write(
      """
      #!/bin/bash
      echo x >> "\(folder.path("calls"))"
      [ "$(wc -l < "\(folder.path("calls"))")" -lt 3 ] || rm -f "$0"
      while [ "$1" != do ]; do shift; done
      shift
      exec "$@"
      """, to: "runsc")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: runsc)
    let file = folder.path("trials.jsonl")
    let outcome = try Parmat.run([
      "diagnose", "--quiet", "--launcher", "runsc:ptrace", "--runsc", runsc, "--export-jsonl", file,
      "--", try Programs.path("dies.c"), "overflow",
    ])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("'\(runsc)' cannot be started"), "\(outcome.errors)")
    #expect(outcome.output.contains("undecided") && outcome.output.contains("finished"))
    let trials = try TrialRecord.all(in: String(contentsOfFile: file, encoding: .utf8))
    #expect(trials.count == 3)
  }

  @Test(
    "options that diagnose chooses itself are refused",
    arguments: [
      ["--on-fault", "record"], ["--reserve", "0"], ["--budget", "0"], ["--export-jsonl", "-"],
    ])
  func badOptions(options: [String]) throws {
    let outcome = try Parmat.run(["diagnose"] + options + ["--arenas", "1x1"])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
  }
}
