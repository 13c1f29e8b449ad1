import Foundation
import TestSupport
import Testing

/// The witness in programs that know nothing of it.
@Suite("The witness in any program")
struct WitnessProgramTests {
  /// The program's output and status with the witness, which must be those without.
  private func same(_ command: [String]) throws -> (Outcome, Outcome) {
    let plain = try run(command[0], Array(command.dropFirst()))
    let witnessed = try run(
      command[0], Array(command.dropFirst()),
      environment: ["LD_PRELOAD": Parmat.witnessLibrary, "PARMAT_TOKEN": ""])
    return (plain, witnessed)
  }

  @Test(
    "a program that recovers from its own faults behaves as without it",
    arguments: ["jump", "altstack", "unprotect", "nested"])
  func recovers(mode: String) throws {
    let (plain, witnessed) = try same([try Programs.path("recovers.c"), mode])
    #expect(plain.status == 0)
    #expect(witnessed.status == plain.status)
    #expect(witnessed.output == plain.output)
    #expect(witnessed.errors == "")
  }

  @Test("threads come and go, 700 at once, in every way of ending")
  func threads() throws {
    let (plain, witnessed) = try same([try Programs.path("threads.c")])
    #expect(plain.output == "701 threads\n")
    #expect(witnessed.output == plain.output)
    #expect(witnessed.errors == "")
  }

  @Test(
    "habits that are hard on whoever shares a program's signals do no harm",
    arguments: [
      "masked-thread", "masked-exec", "small-stack", "left-handler", "raw-handler", "raw-fork",
      "restart",
    ])
  func habits(mode: String) throws {
    let (plain, witnessed) = try same([try Programs.path("habits.c"), mode])
    #expect(plain.status == 0, "\(plain.output)")
    #expect(witnessed.status == 0, "\(witnessed.output) \(witnessed.errors.prefix(300))")
    #expect(witnessed.output == plain.output)
    // SIGQUIT brings all stacks, before the program's own handler is called.
    let isExpected =
      mode == "restart" ? witnessed.errors.contains("frames") : witnessed.errors == ""
    #expect(isExpected, "\(witnessed.errors.prefix(300))")
  }

  @Test("a store to read-only memory is healed by nothing")
  func readOnly() throws {
    let trial = try Parmat.trial([], of: [try Programs.path("dies.c"), "read-only"])
    #expect(trial.fault?["code"] as? Int == 2)
    #expect(trial.fault?["retries"] as? Int == 8)
    #expect(trial.healed == "no" && trial.json["laterFaults"] as? Int == 0)
  }

  @Test("a record reaches the supervisor though the program has closed or redirected its stderr")
  func closedErrors() throws {
    let dies = try Programs.path("dies.c")
    for redirection in ["2>&-", "2>/dev/null"] {
      let trial = try Parmat.trial([], of: ["bash", "-c", "exec \(redirection); kill -SEGV $$"])
      #expect(trial.outcome == "crashed" && trial.fault != nil, "\(redirection) \(dies)")
    }
  }

  @Test("ten thousand safepoint faults are never claimed")
  func safepoints() throws {
    let (plain, witnessed) = try same([try Programs.path("safepoints.c")])
    #expect(plain.output == "10000 faults\n")
    #expect(witnessed.output == plain.output)
    #expect(witnessed.errors == "", "\(witnessed.errors.prefix(500))")
  }

  @Test("C++ exceptions and thread-locals work as without it")
  func exceptions() throws {
    let (plain, witnessed) = try same([try Programs.path("throws.cpp")])
    #expect(plain.output.hasPrefix("caught 4000"))
    #expect(witnessed.output == plain.output)
    #expect(witnessed.errors == "")
  }

  @Test("CPython with threads and processes works as without it")
  func python() throws {
    let script = """
      import threading, subprocess, os, faulthandler
      faulthandler.enable()
      threads = [threading.Thread(target=lambda: sum(range(10000))) for _ in range(20)]
      [t.start() for t in threads]; [t.join() for t in threads]
      print(subprocess.run(['sh', '-c', 'echo out; echo err >&2'], capture_output=True))
      child = os.fork()
      if child == 0: os._exit(7)
      print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """
    let (plain, witnessed) = try same(["python3", "-c", script])
    #expect(plain.status == 0)
    #expect(witnessed.output == plain.output)
    #expect(witnessed.errors == "")
  }

  @Test("a program's own ignored and default actions are inherited by what it starts")
  func inherited() throws {
    // nohup-like: SIGQUIT is ignored here, so it is in the program that is executed.
    let script = "trap '' QUIT; exec sh -c 'kill -QUIT $$; echo alive'"
    let (plain, witnessed) = try same(["bash", "-c", script])
    #expect(plain.output == "alive\n")
    #expect(witnessed.output == plain.output)
  }

  /// How a program dies, the signal and code of the record, and its innermost function.
  struct Death: CustomTestStringConvertible, Sendable {
    let how: String
    let signal: Int
    let code: Int?
    let function: String
    let status: Int32
    var testDescription: String { how }
  }

  static let deaths = [
    Death(how: "store", signal: 11, code: 1, function: "store", status: 139),
    Death(how: "protected", signal: 11, code: 2, function: "store", status: 139),
    Death(how: "bus", signal: 7, code: 2, function: "store", status: 135),
    Death(how: "abort", signal: 6, code: -6, function: "abort", status: 134),
    Death(how: "illegal", signal: 4, code: nil, function: "main", status: 132),
    Death(how: "division", signal: 8, code: 1, function: "main", status: 136),
    Death(how: "jump", signal: 11, code: 1, function: "main", status: 139),
    Death(how: "overflow", signal: 11, code: nil, function: "recurse", status: 139),
    Death(how: "sent", signal: 11, code: -6, function: "raise", status: 139),
    Death(how: "handler-aborts", signal: 11, code: 1, function: "store", status: 134),
    Death(how: "handler-exits", signal: 11, code: 1, function: "store", status: 3),
    Death(how: "handler-calls-exit", signal: 11, code: 1, function: "store", status: 4),
    Death(how: "handler-resets", signal: 11, code: 1, function: "store", status: 139),
    Death(how: "handler-raises", signal: 11, code: 1, function: "store", status: 139),
  ]

  @Test(
    "each way to die is recorded, and still ends the program as it would have", arguments: deaths)
  func dies(death: Death) throws {
    let trial = try Parmat.trial([], of: [try Programs.path("dies.c"), death.how])
    let fault = try #require(trial.fault, "\(trial.json)")
    #expect(trial.outcome == "crashed")
    #expect(trial.signal == death.signal)
    #expect(fault["signal"] as? Int == death.signal)
    if let code = death.code { #expect(fault["code"] as? Int == code) }
    #expect(fault["isComplete"] as? Bool == true)
    #expect(
      trial.stack.prefix(6).contains { $0.contains(death.function) }, "\(trial.stack)")
    // What the kernel says of it without a supervisor in between.
    let outcome = try run(
      try Programs.path("dies.c"), [death.how],
      environment: ["LD_PRELOAD": Parmat.witnessLibrary])
    #expect(outcome.status == death.status)
  }

  @Test("a crash in a child that was forked is recorded with the child's number")
  func child() throws {
    let trial = try Parmat.trial([], of: [try Programs.path("dies.c"), "child"])
    #expect(trial.outcome == "crashed")
    #expect(trial.exit == 0)
    #expect(trial.stack.contains { $0.hasPrefix("store ") }, "\(trial.stack)")
  }

  @Test("a crash behind fork and exec of a shell is recorded")
  func shell() throws {
    let dies = try Programs.path("dies.c")
    let trial = try Parmat.trial([], of: ["sh", "-c", "true; \(dies) store; exit 5"])
    #expect(trial.outcome == "crashed")
    #expect(trial.exit == 5)
    #expect(trial.stack.first?.hasPrefix("store dies.c:") == true, "\(trial.stack)")
  }

  @Test("a crash in CPython is recorded, with faulthandler's own words")
  func pythonCrash() throws {
    let script = "import ctypes; ctypes.string_at(1)"
    let trial = try Parmat.trial([], of: ["python3", "-X", "faulthandler", "-c", script])
    #expect(trial.outcome == "crashed")
    #expect(trial.signal == 11)
    #expect(trial.stack.count > 10, "\(trial.stack)")
  }

  @Test("a crash on a C++ thread is recorded, with the other threads' stacks")
  func cxxCrash() throws {
    let trial = try Parmat.trial([], of: [try Programs.path("throws.cpp"), "crash"])
    #expect(trial.outcome == "crashed")
    #expect(trial.stack.contains { $0.hasPrefix("work(bool)") }, "\(trial.stack)")
    #expect(trial.threads.count >= 2)
  }

  @Test("a Swift program works as without it, and its trap is recorded")
  func swift() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write(
      """
      let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
      print(numbers.reduce(0, +))
      if numbers.isEmpty { print(numbers[0]) }
      """, to: "main.swift")
    let program = folder.path("program")
    try runSuccessfully("swiftc", [source, "-o", program])
    let (plain, witnessed) = try same([program, "1", "2"])
    #expect(plain.output == "3\n")
    #expect(witnessed.output == plain.output && witnessed.errors == "")
    let trial = try Parmat.trial([], of: [program])
    #expect(trial.outcome == "crashed")
    #expect([4, 5].contains(trial.signal), "SIGILL or SIGTRAP: \(trial.json["signal"] ?? "none")")
  }

  @Test("a hang's record has all threads' stacks")
  func hang() throws {
    let trial = try Parmat.trial(
      ["--timeout", "1"], of: [try Programs.path("dies.c"), "deadlock"])
    #expect(trial.outcome == "timed-out")
    let threads = try #require(trial.json["threads"] as? [[String: Any]])
    #expect(threads.count == 2)
    let stacks = threads.compactMap { $0["stack"] as? [String] }
    #expect(
      stacks.allSatisfy { $0.contains { $0.contains("mutex_lock") || $0.contains("lll_lock") } })
    #expect(stacks.contains { $0.contains { $0.hasPrefix("lockSecondFirst") } })
    #expect(trial.fault == nil)
  }

  @Test("on-fault record and retry say what they did, none says nothing")
  func reactions() throws {
    let dies = try Programs.path("dies.c")
    let record = try Parmat.trial(["--on-fault", "record"], of: [dies, "store"])
    #expect(record.fault?["retries"] as? Int == 0)
    #expect(record.fault?["healed"] is NSNull)
    #expect(record.stack.count >= 3)
    let retry = try Parmat.trial(["--on-fault", "retry"], of: [dies, "store"])
    #expect(retry.fault?["retries"] as? Int == 8)
    #expect(retry.healed == "no")
    let sham = try Parmat.trial(["--reserve", "0"], of: [dies, "store"])
    #expect(sham.healed == "no")
    #expect(sham.stack.count == 1, "raw lines only: \(sham.stack)")
    let none = try Parmat.trial(["--on-fault", "none"], of: [dies, "store"])
    #expect(none.outcome == "crashed" && none.signal == 11)
    #expect(none.fault == nil)
  }
}
