import Foundation
import TestSupport
import Testing

/// What a debugger shows of a worker, beside what the original report shows of Julia's:
/// materializeAll <- materializePreserved <- closure <- std::function <- lambda_trampoline
/// <- start_thread.
@Suite("The stack, seen by gdb")
struct StackTests {
  /// What gdb prints when it stops at the last of `breakpoints`, each set when the one before it is
  /// reached, in a run with two workers.
  private func stop(at breakpoints: String..., commands: [String]) throws -> [String] {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(
      "int f(int x) { return x; }\nint g(int x) { return f(x) + 1; }", named: "two.c", in: folder)
    let script = try folder.write(
      (["set pagination off", "set debuginfod enabled off", "set breakpoint pending on"]
        + ["tbreak \(breakpoints[0])", "run"]
        + breakpoints.dropFirst().flatMap { ["tbreak \($0)", "continue"] }
        + commands + ["kill", "quit"]).joined(separator: "\n"),
      to: "script.gdb")
    let outcome = try run(
      "gdb",
      ["-q", "-batch", "-nx", "-x", script, "--args", Parmat.path, "run", module]
        + ["--threads", "2", "--on-fault", "none"])
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test("few frames with telling names lie between start_thread and materializeAll")
  func worker() throws {
    // The source module is materialized as well, before it is planned: the workers' calls come later.
    let lines = try stop(
      at: "parmat_fill_partitions", "parmat_Module_materializeAll",
      commands: ["bt", "info threads"])
    let frames = lines.filter { $0.hasPrefix("#") }
    let expected = [
      "parmat_Module_materializeAll", "materializePreserved", "SplitModule", "shardTrampoline",
      "start_thread",
    ]
    let positions = expected.map { name in frames.firstIndex { $0.contains(name) } }
    #expect(positions.allSatisfy { $0 != nil }, "\(frames)")
    #expect(positions.compactMap { $0 } == positions.compactMap { $0 }.sorted())
    #expect((positions.last ?? 99) ?? 99 <= 8, "few frames: \(frames)")
    #expect(lines.contains { $0.contains("\"shard-0\"") || $0.contains("\"shard-1\"") })
  }

  @Test("the module is read and planned on the main thread")
  func mainThread() throws {
    let lines = try stop(
      at: "parmat_fill_partitions", commands: ["printf \"thread %d\\n\", $_thread"])
    #expect(lines.contains("thread 1"), "\(lines)")
  }
}
