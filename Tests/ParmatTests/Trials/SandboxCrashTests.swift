import Foundation
import TestSupport
import Testing

/// The crash itself, in Debian's runsc at the host's default limit.
@Suite(
  "The crash in gVisor", .serialized,
  .enabled(if: Sandbox.works, "runsc does not start here: not tested"))
struct SandboxCrashTests {
  private static let limit =
    (try? String(contentsOfFile: "/proc/sys/vm/max_map_count", encoding: .utf8))
    .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0

  /// What makes a record complete.
  private func expectComplete(_ trial: TrialRecord, threads: Int) throws {
    let fault = try #require(trial.fault, "\(trial.json)")
    #expect(trial.outcome == "crashed" && trial.signal == 11)
    #expect(fault["code"] as? Int == 1)
    #expect(fault["isComplete"] as? Bool == true)
    let instruction = try #require(fault["instruction"] as? [String: Any])
    let symbol = instruction["symbol"] as? String ?? "none"
    #expect(["sysmalloc", "_int_malloc"].contains(symbol), "\(symbol)")
    #expect((fault["mapping"] as? String)?.contains(" rw-p ") == true, "\(fault)")
    #expect(fault["retries"] as? Int == 8)
    #expect(trial.healed == "relief")
    #expect(trial.stack.contains { $0.hasPrefix("start_thread") }, "\(trial.stack)")
    let withFrames = trial.threads.filter { thread in
      (thread["stack"] as? [String])?.contains { $0.hasPrefix("start_thread") } == true
    }
    #expect(withFrames.count == threads, "\(trial.threads.map { $0["name"] ?? "" })")
    #expect((fault["arenaBytes"] as? Int ?? 0) > 16 << 20)
  }

  @Test("small mallocs on eight threads bring complete records")
  func arenas() throws {
    let (trials, _) = try Parmat.reproduce(
      ["--arenas", "8x100", "--launcher", "runsc:ptrace", "--trials", "3"])
    #expect(trials.count == 3)
    for trial in trials {
      try expectComplete(trial, threads: 8)
      let peak = trial.host?["peakMappings"] as? Int ?? 0
      #expect(peak > Self.limit - 600 && peak <= Self.limit + 2, "\(peak)")
    }
    let requests = trials.flatMap { $0.threads.compactMap { $0["request"] as? Int } }
    #expect(requests.allSatisfy { $0 == 104 } && !requests.isEmpty, "\(requests)")
  }

  @Test("under the sham treatment no store goes through")
  func sham() throws {
    let (trials, _) = try Parmat.reproduce(
      ["--arenas", "8x100", "--launcher", "runsc:ptrace", "--trials", "2", "--reserve", "0"])
    #expect(trials.map(\.healed) == ["no", "no"])
    #expect(trials.allSatisfy { $0.fault?["code"] as? Int == 1 })
  }

  @Test("one thread with the same total does not crash, nor do eight natively")
  func controls() throws {
    let single = try Parmat.trial(["--arenas", "1x800", "--launcher", "runsc:ptrace"], of: [])
    #expect(single.outcome == "completed", "\(single.json)")
    let (native, _) = try Parmat.reproduce(["--arenas", "8x100", "--trials", "3"])
    #expect(native.map(\.outcome) == ["completed", "completed", "completed"])
  }

  @Test("the whole supervisor works inside, without a view of the host")
  func inside() throws {
    let outcome = try Sandbox.run(
      [Parmat.path, "reproduce", "--arenas", "8x100", "--trials", "1", "--format", "jsonl"])
    #expect(outcome.status == 2, "\(outcome.errors)")
    let trial = try #require(try TrialRecord.all(in: outcome.output).first)
    try expectComplete(trial, threads: 8)
    #expect(trial.json["host"] is NSNull)
  }

  @Test(
    "the replica crashes below materializeAll, in a worker",
    .enabled(if: Tools.major >= 16, "LLVM 14 and 15 cannot read libclc-16: not tested"))
  func replica() throws {
    let module = "/usr/lib/clc/amdgcn--amdhsa.bc"
    let folder = try TemporaryFolder()
    let log = folder.path("log")
    let trial = try Parmat.trial(
      [module, "--threads", "8", "--launcher", "runsc:ptrace", "--ballast", "45000"]
        + ["--debug-log", log], of: [])
    try expectComplete(trial, threads: 8)
    #expect(trial.fault?["phase"] as? String == "materialize")
    #expect((trial.fault?["thread"] as? String)?.hasPrefix("shard-") == true)
    let order = ["llvm::Module::materializeAll", "materializePreserved", "SplitModule.emit"]
    let places = order.map { name in trial.stack.firstIndex { $0.contains(name) } }
    #expect(places.allSatisfy { $0 != nil }, "\(trial.stack)")
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    let lines = trial.json["sandboxLog"] as? [String] ?? []
    #expect(
      lines.contains {
        $0.contains("Unhandled user fault") && $0.contains("cannot allocate memory")
      },
      "\(lines)")
  }

  @Test("exhaustion after a fork is recorded as well", arguments: ["fork", "plain"])
  func fork(mode: String) throws {
    let trial = try Parmat.trial(
      ["--launcher", "runsc:ptrace"], of: [try Programs.path("exhausts.c"), mode])
    try expectComplete(trial, threads: 8)
  }

  @Test("exhaustion is ours in a program with a handler of its own, which does not run for it")
  func handler() throws {
    let (trials, outcome) = try Parmat.reproduce(
      ["--trials", "1", "--launcher", "runsc:ptrace", "--"]
        + [try Programs.path("exhausts.c"), "handler"])
    try expectComplete(trials[0], threads: 8)
    #expect(!outcome.errors.contains("own handler ran"))
  }
}
