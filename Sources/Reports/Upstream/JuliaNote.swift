internal import Experiments
public import Trials

/// A note for Julia's documentation: nothing is to be mended there.
public struct JuliaNote {
  private let report: DiagnosisReport
  private let fault: FaultRecord?

  public init(_ report: DiagnosisReport, trials: [Trial]) {
    self.report = report
    fault = trials.compactMap(\.fault).first { $0.isComplete }
  }

  public var markdown: String {
    """
    # Note for the docs: system images and package images in gVisor

    Inside gVisor (Cloud Run, GKE Sandbox, `runsc`) the compilation of a system image or of large \
    package images can die of SIGSEGV in all image threads at once, in glibc's `sysmalloc` below \
    `llvm::Module::materializeAll`. It is not a defect of Julia's, and no race: the sandbox needs one \
    mapping of the host for each 4 KiB page of a malloc arena once several threads allocate, and the \
    host allows a process 65,530 (`vm.max_map_count`).

    \(remedies)
    `JULIA_NUM_THREADS` does not help: image threads are counted by `JULIA_IMAGE_THREADS`. \
    `precompile_workload = false` in LocalPreferences.toml only avoids the work. Whoever runs the host \
    can raise `vm.max_map_count`.

    Measured on: `\(report.command)`, a replica of the pipeline where it is a module, not on Julia \
    itself unless the command says so. Verdict of parmat \(report.environment.parmat): \
    \(report.verdict.rawValue).

    \(report.reasons.map { "* \($0)" }.joined(separator: "\n"))

    ## The stack, beside Julia's

    | Julia 1.11 | parmat |
    |---|---|
    \(stackRows)
    (The left column is that of the original report; aotcompile.cpp's lines are of Julia 1.11.)

    ---
    This note was made with parmat \(report.environment.parmat) (`parmat report --for julia`).

    """
  }

  private var remedies: String {
    let working = report.remedies.filter(\.works)
    guard !working.isEmpty else {
      return
        "The sandbox is to be mended (google/gvisor#14472); no workaround was measured in this "
        + "diagnosis.\n"
    }
    var text = "Until the sandbox is mended (google/gvisor#14472), any of these helps:\n\n"
    text += "| setting | completed | wall time natively | memory natively |\n|---|---|---|---|\n"
    for row in working {
      text += "| `\(row.forJulia ?? row.setting)` | \(row.completed) of \(row.trials) "
      text += "| \(row.cost.wall.map { "x \(fixed($0, 2))" } ?? "-") "
      text += "| \(row.cost.rss.map { "x \(fixed($0, 2))" } ?? "-") |\n"
    }
    return text
  }

  /// Julia's frames, innermost first, and how ours begin that stand for them.
  private static let juliaFrames: [(julia: String, prefix: String)] = [
    ("`sysmalloc` or `_int_malloc`", "sysmalloc"), ("`malloc`", "__libc_malloc"),
    ("`operator new`", "operator new"),
    ("`llvm::Module::materializeAll`", "llvm::Module::materializeAll"),
    ("`materializePreserved`, aotcompile.cpp:1277", "materializePreserved"),
    ("closure in `add_output`, aotcompile.cpp:1465", "closure #1"),
    ("`lambda_trampoline`, aotcompile.cpp:1349", "shardTrampoline"),
    ("`start_thread`", "start_thread"),
  ]

  private var stackRows: String {
    Self.juliaFrames.map { frame in
      let own = fault?.stack.first { own in
        own.hasPrefix(frame.prefix)
          || (frame.prefix == "sysmalloc" && own.hasPrefix("_int_malloc"))
      }
      return "| \(frame.julia) | \(own.map { "`\($0)`" } ?? "-") |\n"
    }
    .joined()
  }
}
