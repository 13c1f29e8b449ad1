import Foundation
import TestSupport
import Testing

/// Each outcome, provoked.
@Suite("Outcomes of a trial")
struct OutcomeTests {
  private func dies(_ how: String, _ options: [String] = []) throws -> TrialRecord {
    try Parmat.trial(options, of: [try Programs.path("dies.c"), how])
  }

  @Test("completed, and failed with the program's own status")
  func ends() throws {
    let completed = try dies("not")
    #expect(completed.outcome == "completed" && completed.exit == 0)
    #expect(completed.json["schema"] as? String == "parmat.trial/1")
    #expect(completed.fault == nil && completed.json["fault"] is NSNull)
    let failed = try dies("5")
    #expect(failed.outcome == "failed" && failed.exit == 5)
    #expect(failed.signal == nil)
  }

  @Test(
    "crashed by each signal, without a witness too",
    arguments: [("store", 11), ("bus", 7), ("abort", 6), ("illegal", 4), ("division", 8)])
  func crashes(how: String, signal: Int) throws {
    for options in [["--on-fault", "none"], []] {
      let trial = try dies(how, options)
      #expect(trial.outcome == "crashed" && trial.signal == signal, "\(options) \(trial.json)")
    }
  }

  @Test("killed from outside, with what is known of it")
  func killed() throws {
    let killed = try dies("killed")
    #expect(killed.outcome == "killed" && killed.signal == 9)
    #expect(killed.reason?.contains("SIGKILL") == true)
    let terminated = try dies("terminated")
    #expect(terminated.outcome == "killed" && terminated.signal == 15)
    #expect(terminated.reason?.contains("SIGTERM") == true)
  }

  /// A memory control group of ours; nil where none can be made.
  private static func makeGroup() -> (path: String, limit: String)? {
    let name = "parmat-test-\(getpid())"
    for (root, limit) in [
      ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"),
    ] {
      let path = "\(root)/\(name)"
      guard mkdir(path, 0o755) == 0 else { continue }
      if access("\(path)/\(limit)", W_OK) == 0 { return (path, "\(path)/\(limit)") }
      rmdir(path)
    }
    return nil
  }

  private static let group = makeGroup()

  @Test(
    "out of memory",
    .enabled(if: group != nil, "no memory control group can be made here: not tested"))
  func outOfMemory() throws {
    let group = try #require(Self.group)
    defer { rmdir(group.path) }
    try "67108864".write(toFile: group.limit, atomically: false, encoding: .utf8)
    let trial = try Parmat.trial(
      [],
      of: [
        "bash", "-c", "echo $$ > \(group.path)/cgroup.procs; exec \"$@\"", "bash",
        try Programs.path("dies.c"), "memory",
      ])
    #expect(trial.outcome == "killed" && trial.signal == 9)
    #expect(trial.reason?.contains("out of memory") == true, "\(trial.reason ?? "none")")
  }

  @Test("timed out, by SIGTERM where that is enough, else by SIGKILL, the whole tree")
  func timedOut() throws {
    let sleeping = try Parmat.trial(
      ["--timeout", "0.3", "--on-fault", "none"], of: ["sleep", "60"])
    #expect(sleeping.outcome == "timed-out" && sleeping.signal == 15)
    let stubborn = try dies("stubborn", ["--timeout", "0.3", "--on-fault", "none"])
    #expect(stubborn.outcome == "timed-out" && stubborn.signal == 9)
  }

  @Test("refused input: our own worker's word for a module that is none")
  func refused() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write("no bitcode", to: "broken.bc")
    let outcome = try Parmat.run(["reproduce", module, "--format", "jsonl", "--trials", "3"])
    #expect(outcome.status == 65)
    let trials = try TrialRecord.all(in: outcome.output)
    #expect(trials.map(\.outcome) == ["refused-input"])
    #expect(outcome.errors.contains("not LLVM bitcode"))
    // Any other program may end with 65 as it likes.
    let other = try dies("65")
    #expect(other.outcome == "failed" && other.exit == 65)
  }

  @Test("a sandbox that cannot start is an outcome of its own, and exit status 69")
  func sandboxFailed() throws {
    let outcome = try Parmat.run(
      ["reproduce", "--launcher", "runsc:nosuchplatform", "--format", "jsonl", "--trials", "2"]
        + ["--", "true"])
    #expect(outcome.status == 69)
    let trials = try TrialRecord.all(in: outcome.output)
    #expect(trials.map(\.outcome) == ["sandbox-failed", "sandbox-failed"])
    #expect(trials[0].reason?.contains("unknown platform") == true, "\(trials[0].json)")
    #expect(outcome.complaints.last?.hasPrefix("Error: the sandbox failed in every trial") == true)
  }

  @Test("a status of 128 + n under a launcher is signal n; natively it is the program's own")
  func statusOfSignal() throws {
    let launched = try Parmat.trial(
      ["--launcher", "env", "--on-fault", "none"], of: ["sh", "-c", "exit 139"])
    #expect(launched.outcome == "crashed" && launched.signal == 11 && launched.exit == 139)
    let native = try Parmat.trial(["--on-fault", "none"], of: ["sh", "-c", "exit 139"])
    #expect(native.outcome == "failed" && native.exit == 139)
  }

  @Test("exit status 2 for a crash, 0 for none; bisect and interesting styles")
  func exitStyles() throws {
    let dies = try Programs.path("dies.c")
    func status(_ how: String, _ options: [String]) throws -> Int32 {
      try Parmat.run(["reproduce", "--trials", "1"] + options + ["--", dies, how]).status
    }
    #expect(try status("store", []) == 2)
    #expect(try status("not", []) == 0)
    #expect(try status("store", ["--exit-style", "bisect"]) == 1)
    #expect(try status("not", ["--exit-style", "bisect"]) == 0)
    #expect(try status("killed", ["--exit-style", "bisect"]) == 125)
    #expect(try status("store", ["--exit-style", "interesting"]) == 0)
    #expect(try status("not", ["--exit-style", "interesting"]) == 1)
  }

  @Test("without --trials it stops at the first crash, after 20 trials at most")
  func untilCrash() throws {
    let dies = try Programs.path("dies.c")
    #expect(try Parmat.reproduce(["--", dies, "store"]).trials.count == 1)
    #expect(try Parmat.reproduce(["--", "true"]).trials.count == 20)
    #expect(try Parmat.reproduce(["--trials", "3", "--", dies, "store"]).trials.count == 3)
  }
}
