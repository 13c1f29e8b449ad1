/// Upstreams that this crash is no matter for, and why.
public enum NothingToFile {
  public static func llvm(_ report: DiagnosisReport) -> String {
    "There is nothing to file with LLVM: `Module::materializeAll` only allocates, and the crash comes "
      + "with small mallocs on threads and no LLVM as well (`parmat reproduce --arenas 8x100`); the "
      + "verdict is \(report.verdict.rawValue).\n"
  }

  public static func glibc(_ report: DiagnosisReport) -> String {
    let preGrown = report.evidence.first { $0.experiment == "pre-grown-arenas" }
    let remedy = report.remedies.first { $0.setting.contains("top_pad") }
    let measured =
      preGrown.map { "; with arenas that grow by 64 MiB \($0.observed)" }
      ?? remedy.map { "; with arenas that grow by 64 MiB \($0.completed) of \($0.trials) complete" }
      ?? ""
    return
      "There is no defect to file with glibc, only an optional wish: `grow_heap` (malloc/arena.c) grows "
      + "a secondary arena by one page at a time and passes over M_TOP_PAD, which only a new heap "
      + "heeds (so still in 2.42): about 256 `mprotect` calls for each MiB\(measured).\n"
  }
}
