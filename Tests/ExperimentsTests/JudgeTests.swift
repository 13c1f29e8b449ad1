import Experiments
import Foundation
import Testing
import Trials

/// Verdicts over made-up trials: what each finding has to rest on.
@Suite("Judging experiments")
struct JudgeTests {
  // Trials.

  private enum End {
    case completed, failed
    case relieved, broken, null, stack, belowHeap, pastHeap, wild, astray, changed, untried
    case onLargerStack
    case hung, busy, killedForMemory, killed, refused, sandboxFailed
  }

  private func trial(_ experiment: Experiment, _ end: End, limit: Int? = nil) throws -> Trial {
    var record: [String: Any] = [
      "schema": "parmat.trial/1", "trial": 1, "experiment": experiment.rawValue,
      "cell": ["threads": 8, "allocator": "glibc", "launcher": "runsc", "workload": "8x100"],
      "outcome": "completed", "exit": 0, "seconds": 5.0, "cpu": 4.0, "laterFaults": 0,
      "reserve": 512, "ballast": 0, "onFault": "relieve", "malloc": "/lib/libc.so.6",
    ]
    if let limit { record["addressSpaceLimit"] = limit }
    func crash(_ changes: [String: Any]) {
      record["outcome"] = "crashed"
      var fault: [String: Any] = [
        "signal": 11, "code": 1, "address": "0x7f0000123000", "pid": 1, "tid": 2, "thread": "t",
        "instruction": ["symbol": "sysmalloc", "object": "/bin/a"], "retries": 8, "healed": "no",
        "stack": ["sysmalloc malloc.c:2950", "main a.c:1"],
        "stackBounds": ["0x7f1000000000", "0x7f1000800000"],
        "registers": ["rsp": "0x7f1000700000"], "threads": [], "isComplete": true,
        "mapping": "7f0000000000-7f0000124000 rw-p 00000000 00:00 0",
      ]
      fault.merge(changes) { $1 }
      record["fault"] = fault
    }
    switch end {
    case .completed: break
    case .failed:
      record["outcome"] = "failed"
      record["exit"] = 1
    case .relieved: crash(["healed": "relief"])
    case .broken: crash(["stack": ["work a.c:7"]])
    case .null: crash(["address": "0x10", "mapping": NSNull(), "stack": ["work a.c:7"]])
    case .stack:
      crash([
        "address": "0x7f0fffffff00", "registers": ["rsp": "0x7f0fffffff10"],
        "stack": ["work a.c:7"], "mapping": "7f0ffffff000-7f1000000000 ---p 00000000 00:00 0",
      ])
    case .belowHeap, .pastHeap:
      crash([
        "code": 2, "mapping": "7f0000123000-7f0004000000 ---p 00000000 00:00 0",
        "writableEnd": end == .belowHeap ? "0x7f0000124000" : "0x7f0000123000",
      ])
    case .wild:
      crash(["address": "0x414141414000", "mapping": NSNull(), "allocatedBy": "main a.c:1"])
    case .astray:
      crash(["address": "0x414141414000", "mapping": NSNull(), "stack": ["work a.c:7"]])
    case .onLargerStack:
      crash(["stackBounds": ["0x7f1000000000", "0x7f1010000000"], "stack": ["work a.c:7"]])
    case .changed: crash(["healed": "retry"])
    case .untried: crash(["healed": NSNull()])
    case .hung, .busy:
      record["outcome"] = "timed-out"
      record["cpu"] = end == .hung ? 0.01 : 4.9
    case .killedForMemory, .killed:
      record["outcome"] = "killed"
      record["reason"] =
        end == .killed ? "by SIGKILL" : "out of memory: the kernel's OOM killer ended it"
    case .refused: record["outcome"] = "refused-input"
    case .sandboxFailed: record["outcome"] = "sandbox-failed"
    }
    return try JSONDecoder().decode(
      Trial.self, from: JSONSerialization.data(withJSONObject: record))
  }

  private func trials(_ experiment: Experiment, _ ends: [End], limit: Int? = nil) throws -> [Trial]
  {
    try ends.map { try trial(experiment, $0, limit: limit) }
  }

  private func five(_ end: End) -> [End] { Array(repeating: end, count: 5) }

  private func diagnosis(
    _ groups: [(Experiment, [End])], absent: [Experiment: String] = [:], limit: Int? = nil
  ) throws -> Diagnosis {
    Diagnosis(
      of: try groups.flatMap { experiment, ends in
        try trials(experiment, ends, limit: experiment == .liftedLimit ? nil : limit)
      }, Diagnosis.Context(size: 5, absent: absent))
  }

  // Exhaustion.

  @Test("relief against the sham treatment makes an exhaustion")
  func exhaustion() throws {
    let found = try diagnosis([(.baseline, five(.relieved)), (.sham, five(.broken))])
    #expect(found.verdict == .hostMappingExhaustion && !found.isSettled)
    let settled = try diagnosis([
      (.baseline, five(.relieved)), (.sham, five(.broken)), (.oneArena, five(.completed)),
      (.native, five(.completed)), (.memfdAllocator, five(.relieved)),
    ])
    #expect(settled.effect(of: .memfdAllocator) == .sufficient)
    #expect(settled.verdict == .hostMappingExhaustion && settled.isSettled)
    #expect(settled.effect(of: .oneArena) == .necessary)
    #expect(Set(settled.refutations(of: .heapCorruption)) == [.baseline, .native])
  }

  @Test("without the sham treatment nothing is said")
  func withoutSham() throws {
    let found = try diagnosis([(.baseline, five(.relieved))])
    #expect(found.verdict == .undecided && found.reasons == ["the sham treatment was not tried"])
  }

  @Test("a store that goes through although nothing was released contradicts it")
  func healingSham() throws {
    let found = try diagnosis([
      (.baseline, five(.relieved)), (.sham, [.relieved] + Array(five(.broken).dropFirst())),
    ])
    #expect(found.verdict == .undecided && found.isSettled)
  }

  @Test("an ingredient without effect is named, and the verdict stands by the heal")
  func withoutEffect() throws {
    let found = try diagnosis([
      (.baseline, five(.relieved)), (.sham, five(.broken)), (.oneArena, five(.relieved)),
    ])
    #expect(found.verdict == .hostMappingExhaustion)
    #expect(found.effect(of: .oneArena) == .withoutEffect)
    #expect(found.evidence.last?.supports == false)
  }

  @Test("the sandbox's own failures do not count as trials")
  func sandboxFailures() throws {
    let found = try diagnosis([
      (.baseline, [.sandboxFailed, .relieved, .relieved, .relieved, .relieved]),
      (.sham, five(.broken)),
    ])
    #expect(found.verdict == .hostMappingExhaustion)
    #expect(found[.baseline]?.ended == 4)
  }

  // The rivals.

  @Test("glibc's own books tell a lost protection change from an overflow")
  func heapBooks() throws {
    #expect(try diagnosis([(.baseline, five(.belowHeap))]).verdict == .lostProtectionChange)
    let absent: [Experiment: String] = [.native: "it runs natively as it is"]
    let overflow = try diagnosis([(.baseline, five(.pastHeap))], absent: absent)
    #expect(overflow.verdict == .heapCorruption)
  }

  @Test("a fault that comes in the sandbox only is no heap corruption")
  func sandboxOnly() throws {
    let found = try diagnosis([(.baseline, five(.wild)), (.native, five(.completed))])
    #expect(found.verdict == .undecided)
  }

  @Test("a stack overflow follows the stack")
  func stack() throws {
    let open = try diagnosis([(.baseline, five(.stack))])
    #expect(open.verdict == .undecided && !open.isSettled)
    let larger = try diagnosis([(.baseline, five(.stack)), (.largerStack, five(.completed))])
    #expect(larger.verdict == .stackOverflow && larger.effect(of: .largerStack) == .necessary)
    // A stack that did not grow is no experiment; the guard tells by itself.
    let same = try diagnosis([(.baseline, five(.stack)), (.largerStack, five(.stack))])
    #expect(same.verdict == .stackOverflow && same[.largerStack] == nil)
    let other = try diagnosis([(.baseline, five(.stack)), (.largerStack, five(.onLargerStack))])
    #expect(other.verdict == .undecided)
  }

  @Test("NULL is an allocation failure only if it goes with the limit")
  func allocationFailure() throws {
    let found = try diagnosis(
      [(.baseline, five(.null)), (.liftedLimit, five(.completed))], limit: 1 << 30)
    #expect(found.verdict == .allocationFailure)
    let unlimited = try diagnosis(
      [
        (.baseline, five(.null))
      ])
    #expect(unlimited.verdict == .undecided && unlimited.isSettled)
    let stays = try diagnosis(
      [
        (.baseline, five(.null)), (.liftedLimit, five(.null)),
      ], limit: 1 << 30)
    #expect(stays.verdict == .undecided)
  }

  @Test("a program that says itself that malloc failed is one as well")
  func failure() throws {
    let found = try diagnosis(
      [
        (.baseline, five(.failed) + five(.failed)), (.liftedLimit, five(.completed)),
      ], limit: 1 << 30)
    #expect(found.verdict == .allocationFailure)
  }

  @Test(
    "wild pointers that depend on the allocator are the heap's; NULL, and other signals, are not")
  func allocatorDependent() throws {
    let absent: [Experiment: String] = [.native: "it runs natively as it is"]
    func verdict(_ end: End, _ other: End) throws -> Verdict {
      try diagnosis(
        [
          (.baseline, five(end)), (.otherAllocator, five(other)), (.bumpAllocator, five(end)),
        ], absent: absent
      ).verdict
    }
    #expect(try verdict(.astray, .completed) == .heapCorruption)
    // An error status is no completion.
    #expect(try verdict(.astray, .failed) == .undecided)
    #expect(try verdict(.null, .completed) == .undecided)
    #expect(try verdict(.broken, .completed) == .undecided)
    let early = try diagnosis([(.baseline, five(.broken))], absent: absent)
    #expect(early.isSettled && early.reasons[0].contains("work a.c:7"), "\(early.reasons)")
  }

  @Test("what a retry heals outside of glibc's arenas, or nobody tried, is undecided")
  func outsideOfArenas() throws {
    #expect(try diagnosis([(.baseline, five(.changed))]).verdict == .undecided)
    let untried = try diagnosis([(.baseline, five(.untried))])
    #expect(untried.verdict == .undecided && untried.reasons[0].contains("own handler"))
  }

  @Test("a change that took no effect is an experiment that was not made")
  func ineffective() throws {
    let trials =
      try trials(.baseline, five(.null), limit: 1 << 30)
      + trials(.liftedLimit, five(.null), limit: 1 << 30)
    let hard = Diagnosis(of: trials, Diagnosis.Context(size: 5))
    #expect(hard[.liftedLimit] == nil && hard.context.absent[.liftedLimit] != nil)
    #expect(hard.verdict == .undecided && !hard.isSettled)
    let free = Diagnosis(
      of: trials + (try self.trials(.native, five(.completed))), Diagnosis.Context(size: 5))
    #expect(free.verdict == .allocationFailure)
  }

  // Ends that are no crash.

  @Test("two hangs decide, if they wait; a busy one may be slow")
  func hangs() throws {
    #expect(try diagnosis([(.baseline, [.hung, .hung])]).verdict == .hang)
    let busy = try diagnosis([(.baseline, [.busy, .busy])])
    #expect(busy.verdict == .undecided && busy.reasons[0].contains("--timeout"))
    let once = try diagnosis([(.baseline, [.hung])])
    #expect(once.verdict == .undecided && !once.isSettled)
    let rare = try diagnosis([
      (.baseline, [.hung] + Array(repeating: .completed, count: 9))
    ])
    #expect(rare.verdict == .notReproduced)
  }

  @Test("the kernel's OOM killer makes a memory limit, any other kill nothing")
  func kills() throws {
    let memory = try diagnosis([(.baseline, [.killedForMemory, .killedForMemory])])
    #expect(memory.verdict == .memoryLimit)
    #expect(try diagnosis([(.baseline, [.killed, .killed])]).verdict == .undecided)
  }

  @Test("refused input needs no thread")
  func refused() throws {
    #expect(try diagnosis([(.baseline, [.refused, .refused])]).verdict == .refusedInput)
  }

  @Test("ten trials without a crash are needed to say that it does not crash here")
  func notReproduced() throws {
    let five = try diagnosis([(.baseline, five(.completed))])
    #expect(five.verdict == .undecided && !five.isSettled)
    let ten = try diagnosis([(.baseline, Array(repeating: .completed, count: 10))])
    #expect(ten.verdict == .notReproduced)
    #expect(ten.reasons[0].contains("below 28 %"))
  }

  @Test("three crashes of ten are too few for experiments of five, and a larger budget is named")
  func flaky() throws {
    let found = try diagnosis([
      (.baseline, five(.completed) + [.completed, .completed, .null, .null, .null])
    ])
    #expect(found.verdict == .undecided && found.isSettled)
    let reason = try #require(found.reasons.first)
    #expect(reason.contains("3 of 10") && reason.contains("--budget"), "\(reason)")
  }

  // The order.

  @Test("the plan asks for the most telling first, and for nothing once the verdict is settled")
  func order() throws {
    let results: [Experiment: End] = [
      .baseline: .relieved, .sham: .broken, .oneArena: .completed, .native: .completed,
      .memfdAllocator: .relieved,
      .preGrownArenas: .completed, .otherAllocator: .completed, .bumpAllocator: .completed,
      .oneThread: .completed,
    ]
    func run(_ plan: DiagnosisPlan) throws -> [Experiment] {
      var trials: [Trial] = []
      var order: [Experiment] = []
      while let next = plan.next(after: trials) {
        if order.last != next { order.append(next) }
        trials.append(try trial(next, results[next] ?? .completed))
      }
      #expect(trials.count <= plan.budget)
      return order
    }
    #expect(
      try run(DiagnosisPlan(budget: 40)) == [
        .baseline, .sham, .oneArena, .native, .memfdAllocator,
      ])
    let inside: [Experiment: String] = [.native: "no way out", .memfdAllocator: "none"]
    #expect(
      try run(DiagnosisPlan(budget: 40, absent: inside, probedLimit: 65_530)) == [
        .baseline, .sham, .oneArena, .preGrownArenas, .otherAllocator, .bumpAllocator, .oneThread,
      ])
    #expect(try run(DiagnosisPlan(budget: 9)) == [.baseline])
    #expect(try run(DiagnosisPlan(budget: 3)) == [.baseline])
    let all = try run(DiagnosisPlan(budget: 96, isExhaustive: true))
    #expect(all.count == DiagnosisPlan.mostExperiments && all.last == .oneThread)
  }
}
