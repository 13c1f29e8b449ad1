import Foundation
import TestSupport
import Testing

/// What stands before a command, and what is wrong with it.
@Suite("Launchers and trial options")
struct LauncherTests {
  @Test(
    "a prefix command is split like shell words, and the environment reaches the workload alone")
  func prefix() throws {
    let (_, outcome) = try Parmat.reproduce(
      ["--trials", "1", "--launcher", "sh -c 'echo \"pre:$LD_PRELOAD\" >&2; exec \"$@\"' 'a b'"]
        + ["--", "sh", "-c", "echo \"in:$LD_PRELOAD\" >&2"])
    #expect(outcome.complaints.first == "pre:", "\(outcome.errors)")
    #expect(outcome.complaints.last == "in:\(Parmat.witnessLibrary)")
  }

  @Test("a lost mprotect, made by strace: the same kind of instruction, code 2, not healed")
  func lostProtectionChange() throws {
    let trial = try Parmat.trial(
      ["--launcher", "strace -f -o /dev/null --inject=mprotect:retval=0:when=3000+977"]
        + ["--arenas", "4x40"], of: [])
    let fault = try #require(trial.fault, "\(trial.json)")
    #expect(trial.outcome == "crashed" && trial.signal == 11)
    #expect(fault["code"] as? Int == 2)
    #expect(trial.healed == "no")
    let symbol = (fault["instruction"] as? [String: Any])?["symbol"] as? String
    #expect(["sysmalloc", "_int_malloc"].contains(symbol), "\(symbol ?? "none")")
    let mapping = fault["mapping"] as? String
    #expect(mapping?.contains("---p") == true, "\(mapping ?? "none")")
  }

  @Test("the debugger's script is a second witness, as a launcher prefix")
  func debugger() throws {
    let script = projectFolder.appendingPathComponent("Inputs/segv.gdb").path
    let (trials, outcome) = try Parmat.reproduce(
      [
        "--trials", "1", "--on-fault", "none", "--launcher",
        "gdb -q -nx -batch -x \(script) --args",
      ]
        + ["--", try Programs.path("dies.c"), "store"])
    #expect(trials.map(\.outcome) == ["crashed"])
    #expect(trials[0].signal == 11)
    #expect(outcome.errors.contains("SIGSEGV, code 1"), "\(outcome.errors.suffix(2000))")
  }

  @Test(
    "wrong options are refused in one sentence, with status 64",
    arguments: [
      (["--launcher", "strace 'x", "--", "true"], "' that is not closed"),
      (["--launcher", "strace \"x", "--", "true"], "\" that is not closed"),
      (["--launcher", "", "--", "true"], "is empty"),
      (["--launcher", "x\\", "--", "true"], "ends with a backslash"),
      (["--arenas", "0x10"], "arenas"), (["--arenas", "8"], "arenas"),
      (["--arenas", "eightx100"], "arenas"), (["--arenas", "8x0"], "arenas"),
      (["--arenas", "8x10x1"], "arenas"), (["--arenas", "-8x10"], "arenas"),
      (["--arenas", "2x1", "--", "true"], "One workload is needed"),
      ([], "One workload is needed"), (["--trials", "0", "--", "true"], "--trials takes"),
      (["--timeout", "0", "--", "true"], "--timeout takes"),
      (["--timeout", "soon", "--", "true"], "timeout"),
      (["--ballast", "-1", "--", "true"], "--ballast takes"),
      (["--reserve", "many", "--", "true"], "reserve"),
      (["--ballast", "70000", "--", "true"], "no room below this host's limit of"),
      (["--runsc-flag=-x", "--", "true"], "need --launcher runsc"),
      (["--threads", "2", "--arenas", "2x2"], "--threads is for a module"),
      (["-", "--trials", "1"], "it has to be a file"),
    ])
  func usage(arguments: [String], sentence: String) throws {
    let outcome = try Parmat.run(["reproduce"] + arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "what cannot be started is named, with status 69",
    arguments: [
      (["--", "/no/such/program"], "/no/such/program"),
      (["--launcher", "nosuchlauncher -x", "--", "true"], "nosuchlauncher"),
      (["--launcher", "env", "--", "/no/such/program"], "/no/such/program"),
      (["--launcher", "runsc", "--runsc", "/no/runsc", "--", "true"], "/no/runsc"),
    ])
  func notStarted(arguments: [String], name: String) throws {
    let outcome = try Parmat.run(["reproduce", "--trials", "2"] + arguments)
    #expect(outcome.status == 69, "\(outcome.errors)")
    #expect(
      outcome.complaints.last?.hasPrefix("Error: '\(name)' cannot be started") == true,
      "\(outcome.errors)")
  }

  @Test("an export that cannot be written is refused before the first trial, with status 73")
  func export() throws {
    let folder = try TemporaryFolder()
    let flag = folder.path("ran")
    let outcome = try Parmat.run(
      ["reproduce", "--export-jsonl", "/no/folder/x.jsonl", "--", "touch", flag])
    #expect(outcome.status == 73)
    #expect(
      outcome.complaints == [
        "Error: cannot write to '/no/folder/x.jsonl': No such file or directory"
      ])
    #expect(!folder.entries.contains("ran"))
  }

  @Test("runsc without rights says so")
  func withoutRights() throws {
    let folder = try TemporaryFolder()
    let copy = folder.path("parmat")
    // By another process: a file that this one has written may still be open in a child that another
    // test has just started, and cannot be executed then (ETXTBSY).
    try runSuccessfully("cp", [Parmat.path, copy])
    try runSuccessfully("chmod", ["-R", "a+rx", folder.url.path])
    let outcome = try run(
      "setpriv",
      ["--reuid", "65534", "--regid", "65534", "--clear-groups", copy, "reproduce"]
        + ["--launcher", "runsc:ptrace", "--on-fault", "none", "--trials", "1", "--", "true"])
    #expect(outcome.status == 69, "\(outcome.errors)")
    #expect(outcome.complaints.last?.hasPrefix("Error: the sandbox failed in every trial") == true)
  }
}
