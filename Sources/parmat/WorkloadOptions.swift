internal import ArgumentParser
internal import Glibc
internal import Materialization
internal import Trials

/// What a trial runs: a module, a command, or small mallocs.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("LLVM bitcode: the replica is the workload.", valueName: "module"))
  var module: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "Any program, after --; the witness is preloaded into it.", valueName: "command"))
  var command: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Small mallocs and no LLVM: threads, and MiB for each.", valueName: "THREADSxMIB"))
  var arenas: ArenasSize?

  @Option(
    name: .customLong("threads"), parsing: .unconditional,
    help: ArgumentHelp(
      "Worker threads of the replica, one shard each (default: 8); auto takes Julia's rule.",
      valueName: "N|auto"))
  var threads: ThreadChoice?

  @OptionGroup var rules: RuleOptions
  @OptionGroup var worker: WorkerOptions

  /// The original report's.
  private static let defaultThreads = ThreadChoice.count(8)

  func validate() throws {
    let count = (module == nil ? 0 : 1) + (command.isEmpty ? 0 : 1) + (arenas == nil ? 0 : 1)
    guard count == 1 else {
      throw ValidationError(
        "One workload is needed: a module, --arenas THREADSxMIB, or -- and a command.")
    }
    if module == nil && threads != nil {
      throw ValidationError("--threads is for a module; --arenas takes THREADSxMIB.")
    }
    if module == "-" {
      throw ValidationError("Trials read the module more than once: it has to be a file.")
    }
  }

  /// - Parameter program: this program, which is the worker.
  func workload(worker program: String) -> Workload {
    if let arenas {
      return Workload(
        name: arenas.name, threads: arenas.threads,
        command: [program, "arenas", arenas.name, "--format", "json"], entry: .ownWorker)
    }
    guard let module else {
      return Workload(
        name: ShellWords.join(command), threads: nil, command: command, entry: .preload)
    }
    var words = [program, "run", module, "--format", "json", "--quiet"]
    let choice = threads ?? Self.defaultThreads
    var count: Int?
    switch choice {
    case .auto: words += ["--threads", "auto"]
    case .count(let number):
      count = number
      words += ["--threads", String(number)]
    }
    words += ["--julia", rules.julia.rawValue, "--ties", rules.ties.rawValue]
    if let limit = rules.parseLimit { words += ["--parse-limit", String(limit)] }
    if worker.alwaysSplit { words.append("--always-split") }
    words += ["--stack-size", String(worker.stackSize.bytes)]
    words += ["--materializer", worker.materializer.rawValue]
    if let stage = worker.stopAfter { words += ["--stop-after", stage.rawValue] }
    let name = module.split(separator: "/").last.map(String.init) ?? module
    return Workload(name: name, threads: count, command: words, entry: .ownWorker)
  }
}
