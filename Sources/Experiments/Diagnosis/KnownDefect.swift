/// Another defect that looks alike, or stands beside it, and what tells it apart.
public struct KnownDefect: Codable, Sendable, Equatable {
  public let name: String
  public let reference: String
  /// Releases that have it.
  public let releases: String
  /// What was found of it here.
  public let finding: String

  /// - Parameters:
  ///   - verdict: of the diagnosis.
  ///   - siCode: what a fault on a PROT_NONE page is reported as in the same place; nil where that was
  ///     not probed.
  ///   - isInGVisor: whether the workload runs in gVisor.
  public static func all(
    beside verdict: Verdict, siCode: Int?, isInGVisor: Bool
  ) -> [KnownDefect] {
    guard isInGVisor else { return [] }
    var defects: [KnownDefect] = []
    if verdict == .hostMappingExhaustion {
      defects.append(
        KnownDefect(
          name: "exhaustion of the host's mappings", reference: "google/gvisor#14472 (open fix)",
          releases:
            "all up to release-20260126.0 and the sources of 2026-08 at least, on ptrace and "
            + "systrap; release-20250203.0 (#11360) helps a region that grows alone, not two",
          finding: "this crash"))
    }
    let code =
      switch siCode {
      case 1: "this sandbox has it: the probe's fault has si_code 1"
      case 2: "not here: the probe's fault has si_code 2"
      case let other?: "the probe's fault has si_code \(other)"
      case nil: "not probed"
      }
    defects.append(
      KnownDefect(
        name: "a fault on a PROT_NONE page is reported as SEGV_MAPERR",
        reference: "google/gvisor#12518, JuliaLang/julia#50181",
        releases: "before release-20260126.0",
        finding: code + "; a store that relief heals is not of that kind"))
    defects.append(
      KnownDefect(
        name: "programs fault under a debugger inside gVisor", reference: "google/gvisor#12266",
        releases: "seen with release-20250820.0; no fix is known",
        finding: "excluded: no debugger was attached"))
    return defects
  }
}
