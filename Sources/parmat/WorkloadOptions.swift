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

  var workload: Workload {
    if let arenas { return .arenas(arenas) }
    guard let module else { return .command(command) }
    return .replica(of: module, threads: threads ?? Self.defaultThreads, rules, worker)
  }
}

extension Workload {
  /// Small mallocs, by this program.
  static func arenas(_ size: ArenasSize) -> Workload {
    Workload(
      name: size.name, threads: size.threads,
      command: [ownPath, "arenas", size.name, "--format", "json"], entry: .ownWorker)
  }

  /// Any other program.
  static func command(_ words: [String]) -> Workload {
    Workload(name: ShellWords.join(words), threads: nil, command: words, entry: .preload)
  }

  /// The replica, by this program.
  static func replica(
    of module: String, threads: ThreadChoice, _ rules: RuleOptions, _ worker: WorkerOptions
  ) -> Workload {
    var words = [ownPath, "run", module, "--format", "json", "--quiet"]
    var count: Int?
    switch threads {
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
    var workload = Workload(name: name, threads: count, command: words, entry: .ownWorker)
    workload.marksProgress = true
    return workload
  }
}
