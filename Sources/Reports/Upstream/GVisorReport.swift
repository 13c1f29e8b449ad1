internal import Experiments
public import Trials

/// A bug report for google/gvisor, with the fields of its form.
public struct GVisorReport {
  private let report: DiagnosisReport
  private let check: ReproducerCheck
  private let fault: FaultRecord?

  /// - Parameter trials: the diagnosis's own: the first fault's stack is shown.
  public init(_ report: DiagnosisReport, trials: [Trial], check: ReproducerCheck) {
    self.report = report
    self.check = check
    fault = trials.compactMap(\.fault).first { $0.isComplete }
  }

  public var markdown: String {
    """
    # Threads that grow malloc arenas die of SIGSEGV at the host's vm.max_map_count

    ## Description

    \(description)

    Expected: the program completes, as it does natively, or the sandbox reports that the host's limit \
    is reached. Observed: SIGSEGV in glibc's malloc, in all threads, on pages that the guest's own \
    /proc/self/maps shows as rw-p. It looks like a race in the guest's malloc, and has been reported \
    as one.

    ![Host mappings over time](mappings.svg)

    ### Experiments

    The workload: `\(report.command)`\(report.ballast > 0 ? ", with \(report.ballast) mappings occupied beforehand" : "")

    \(experiments)
    \(why)
    \(faultText)### Workarounds, measured

    \(remedies)
    ### Prior art

    * #14472: contiguous memory-file spans for private anonymous mappings, which names glibc's arenas: \
    the fix to verify with the program below.
    * #11360 (release-20250203.0): helps one growing region, not two that grow in turn.
    * #11098: the same line in the debug log; closed by documentation (raise vm.max_map_count).
    * #12518 (si_code of PROT_NONE pages) and #12266 (faults under a debugger) are other defects, and \
    not needed for this one.

    ## Steps to reproduce

    The file exhaust.c is attached.

    ```sh
    \(Reproducer.compileCommand)
    ./exhaust
    \(check.sandboxCommand) ./exhaust | cat; echo "${PIPESTATUS[0]}"
    ```

    Natively it prints `done` (\(check.completions) of \(check.native.count) runs). In the sandbox it \
    dies of SIGSEGV, status 139 (\(check.crashes) of \(check.sandboxed.count) runs). Compiled by \
    \(check.compiler), without a warning.

    ## runsc version

    ```
    \(report.environment.runsc ?? "not known")
    ```

    ## docker version (if using docker)

    Not used.

    ## uname

    ```
    \(report.environment.kernel)
    ```

    \(report.environment.processors) CPUs, \(report.environment.memory >> 20) MiB of memory, \
    glibc \(report.environment.glibc), \
    vm.max_map_count \(report.environment.mapLimit.map(String.init) ?? "not visible").

    ## kubectl (if using Kubernetes)

    Not used.

    ## repo state (if built from source)

    Not built from source.

    ## runsc debug logs (if available)

    \(debugLog)
    ---
    This report was made with parmat \(report.environment.parmat) (`parmat diagnose`, `parmat report \
    --for gvisor`): its experiments were run and its reproducer was checked by that program, and its \
    words are the program's. Whoever files it has read it and stands for it; if an AI helped beyond \
    that, say so here (CONTRIBUTING.md).

    """
  }

  private var description: String {
    """
    Several threads that allocate small blocks need one host mapping for each 4 KiB page of their \
    malloc arenas. At the host's vm.max_map_count the sandbox's mmap fails with ENOMEM, and the guest's \
    page fault is delivered as SIGSEGV. glibc grows an arena by an mprotect of one page and a store to \
    it; arenas that grow in turn get neighbouring pages of the sandbox's memory file, which are not \
    neighbours in the address space, so that the host cannot merge them.
    """
  }

  private var experiments: String {
    var text = "| experiment | trials | expected of this cause | observed | command |\n"
    text += "|---|---:|---|---|---|\n"
    for row in report.evidence {
      text += "| \(row.title) | \(row.trials) | \(row.expected ?? "-") | \(row.observed) "
      text += "| `\(row.command.replacing("|", with: "\\|"))` |\n"
    }
    return text
  }

  private var why: String {
    report.reasons.map { "* \($0)\n" }.joined()
      + "\n(relief: a SIGSEGV handler lets the store run again, which faults; then unmaps a reserve of "
      + "single-page mappings, and the same store goes through.)\n"
  }

  private var faultText: String {
    guard let fault else { return "" }
    let code = "signal \(fault.signal), si_code \(fault.code)"
    var text = "### The fault\n\n```\n\(code), address \(fault.address)\n"
    if let mapping = fault.mapping { text += "/proc/self/maps: \(mapping)\n" }
    for (depth, frame) in fault.stack.prefix(20).enumerated() { text += "#\(depth) \(frame)\n" }
    let others = fault.threads.count { $0.faulted && $0.tid != fault.tid }
    return text + "```\n\n\(others) more threads faulted in the same way at that time.\n\n"
  }

  private var remedies: String {
    guard !report.remedies.isEmpty else { return "None was tried.\n" }
    var text = "| setting | completes | wall time natively | memory natively |\n|---|---|---|---|\n"
    for row in report.remedies {
      text += "| `\(row.setting)` | \(row.completed) of \(row.trials) "
      text += "| \(row.cost.wall.map { "x \(fixed($0, 2))" } ?? "-") "
      text += "| \(row.cost.rss.map { "x \(fixed($0, 2))" } ?? "-") |\n"
    }
    return text
  }

  private var debugLog: String {
    guard !check.debugLog.isEmpty else { return "No line of runsc's debug log tells of it.\n" }
    return "```\n" + check.debugLog.prefix(12).joined(separator: "\n") + "\n```\n"
  }
}
