internal import ArgumentParser
internal import Trials

/// One configuration: what is run, by which launcher, with whose malloc.
struct ConfigurationOptions: ParsableArguments {
  @OptionGroup var workload: WorkloadOptions

  @Option(
    help: ArgumentHelp(
      "What starts the workload: native, runsc[:PLATFORM] (gVisor), or a prefix command, split "
        + "like shell words.",
      valueName: "launcher"))
  var launcher = "native"

  @OptionGroup var trial: TrialOptions

  @Option(
    name: .customLong("allocator"),
    help: ArgumentHelp(
      "Whose malloc the workload gets: glibc, glibc:TUNABLE=VALUE:... (arena_max=1, top_pad=64M), "
        + "mimalloc, jemalloc, tcmalloc, lab:NAME, or a path to a .so (default: its own).",
      valueName: "name"))
  var allocatorName: String?

  func validate() throws { try trial.validate(launchers: [launcher]) }

  /// - Parameter workload: the options' own, or a variant of it.
  func configuration(of workload: Workload) throws -> Configuration {
    try trial.configuration(
      of: workload, launcher: launcher,
      allocator: allocatorName.map { try allocator($0) } ?? .glibc)
  }
}

/// Where records go as trials end.
struct ExportOptions: ParsableArguments {
  @Option(
    name: .customLong("export-jsonl"),
    help: ArgumentHelp(
      "File for a record of each trial, a line each, written as it ends; - is standard output.",
      valueName: "file"))
  var exportJSONL: String?

  var isStandardOutput: Bool { exportJSONL == "-" }

  /// Opens it: before the first trial.
  func open() throws -> TrialExport? { try exportJSONL.map { try TrialExport($0) } }
}

/// Starts the supervisor, or says why none can be had.
func startSupervisor() throws -> Supervisor {
  do {
    return try Supervisor()
  } catch {
    throw Failure(.unavailable, "no trial can be supervised here: \(error)")
  }
}
