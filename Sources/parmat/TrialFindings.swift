internal import Glibc
internal import Trials

/// What `doctor` finds of all that trials need.
enum TrialFindings {
  static func all() -> [Finding] {
    [mapLimit, witness, symbolizer, glibcSymbols, strace] + sandbox
  }

  private static var mapLimit: Finding {
    Finding(
      what: "vm.max_map_count", usable: true,
      found: HostLimits.maxMapCount.map { "\($0) mappings a process" }
        ?? (HostLimits.isInGVisor
          ? "not visible inside gVisor; parmat probe finds it out"
          : "cannot be read (/proc/sys/vm/max_map_count)"),
      mend: nil)
  }

  private static var witness: Finding {
    let isThere = access(PreloadLibrary.path, R_OK) == 0
    return Finding(
      what: "witness for any program", usable: isThere, found: PreloadLibrary.path,
      mend: isThere ? nil : "swift build")
  }

  private static var symbolizer: Finding {
    let found = Symbolizer()
    return Finding(
      what: "llvm-symbolizer", usable: found != nil,
      found: found?.path ?? "not found; stacks have object and offset only",
      mend: found == nil ? "apt-get install llvm-16" : nil)
  }

  private static var glibcSymbols: Finding {
    let found = DebugFiles.ofGlibc
    return Finding(
      what: "names of glibc's static functions", usable: found != nil,
      found: found ?? "not found; sysmalloc and the like have no name",
      mend: found == nil ? "apt-get install libc6-dbg" : nil)
  }

  private static var strace: Finding {
    let path = (environment()["PATH"] ?? "").split(separator: ":").map { folder -> String in
      "\(folder)/strace"
    }
    .first { candidate in access(candidate, X_OK) == 0 }
    return Finding(
      what: "strace", usable: path != nil,
      found: path ?? "not found; it injects faults as a launcher prefix",
      mend: path == nil ? "apt-get install strace" : nil)
  }

  /// runsc, and which of its platforms runs a program here. A platform that hangs is given up after
  /// a few seconds.
  private static var sandbox: [Finding] {
    guard let version = HostLimits.runscVersion("runsc") else {
      return [
        Finding(
          what: "runsc", usable: false, found: "not found", mend: "apt-get install runsc")
      ]
    }
    var findings = [Finding(what: "runsc", usable: true, found: version, mend: nil)]
    guard let supervisor = try? Supervisor() else { return findings }
    for platform in ["ptrace", "systrap", "kvm"] {
      let workload = Workload(name: "true", threads: nil, command: ["true"], entry: .preload)
      let configuration = Configuration(
        workload: workload, launcher: .runsc(Launcher.Runsc(platform: platform)),
        treatment: Treatment(onFault: .none), timeout: 5, preloadLibrary: "", isQuiet: true)
      guard let trial = try? supervisor.run(configuration, trial: 1) else { continue }
      let works = trial.outcome == .completed
      findings.append(
        Finding(
          what: "runsc, platform \(platform)", usable: works,
          found: works ? "runs a program" : "does not work: \(reason(trial))",
          mend: works ? nil : "take another platform"))
    }
    return findings
  }

  private static func reason(_ trial: Trial) -> String {
    if let reason = trial.reason { return reason }
    return trial.exit.map { "status \($0)" } ?? "signal \(trial.signal ?? 0)"
  }
}
