internal import ArgumentParser
internal import Trials

/// Values separated by commas.
struct ListOf<Element: ExpressibleByArgument>: ExpressibleByArgument {
  let elements: [Element]

  init(_ elements: [Element]) { self.elements = elements }

  init?(argument: String) {
    var elements: [Element] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let element = Element(argument: String(word)) else { return nil }
      elements.append(element)
    }
    self.elements = elements
  }
}

/// The dimensions of a sweep.
struct MatrixOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("LLVM bitcode: the replica is the workload.", valueName: "module"))
  var module: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "Any program, after --; the witness is preloaded into it.", valueName: "command"))
  var command: [String] = []

  @Option(
    name: .customLong("arenas"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Small mallocs and no LLVM: threads, and MiB for each; may be repeated.",
      valueName: "THREADSxMIB"))
  var arenasLists: [ListOf<ArenasSize>] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Small mallocs, so many MiB in all, divided over each number of --threads.",
      valueName: "MiB"))
  var arenasTotal: Int?

  @Option(
    name: .customLong("threads"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Worker threads (default: 1,2,4,8).", valueName: "N,..."))
  var threadLists: [ListOf<ThreadChoice>] = []

  @Option(
    name: .customLong("allocator"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Whose malloc: glibc, glibc:TUNABLE=VALUE:..., mimalloc, jemalloc, tcmalloc, lab:NAME, or a "
        + "path to a .so (default: glibc).",
      valueName: "name,..."))
  var allocatorLists: [String] = []

  @Option(
    name: .customLong("launcher"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What starts the workload: native, runsc[:PLATFORM], or a prefix command; may be repeated, "
        + "never split (default: native).",
      valueName: "launcher"))
  var launcherList: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var worker: WorkerOptions

  var launchers: [String] { launcherList.isEmpty ? ["native"] : launcherList }

  private var arenas: [ArenasSize] { arenasLists.flatMap(\.elements) }

  private var threads: [ThreadChoice] {
    threadLists.isEmpty ? [1, 2, 4, 8].map { .count($0) } : threadLists.flatMap(\.elements)
  }

  private var allocators: [String] {
    let names = allocatorLists.flatMap { $0.split(separator: ",").map(String.init) }
    return names.isEmpty ? ["glibc"] : names
  }

  func validate() throws {
    let workloads = [module != nil, !command.isEmpty, !arenas.isEmpty, arenasTotal != nil]
    guard workloads.count(where: { $0 }) == 1 else {
      throw ValidationError(
        "One workload is needed: a module, --arenas THREADSxMIB, --arenas-total MiB, or -- and a "
          + "command.")
    }
    if module == nil && arenasTotal == nil && !threadLists.isEmpty {
      throw ValidationError("--threads is for a module or --arenas-total.")
    }
    if module == "-" {
      throw ValidationError("Trials read the module more than once: it has to be a file.")
    }
    guard let total = arenasTotal else { return }
    for choice in threads {
      guard case .count(let count) = choice, count <= 4096, total / count >= 1, total <= 1 << 20
      else {
        throw ValidationError(
          "--arenas-total takes 1 to 1048576 MiB, at least one for each of --threads, which are "
            + "numbers up to 4096.")
      }
    }
  }

  private var workloads: [Workload] {
    if let module {
      var split = worker
      split.alwaysSplit = true
      return threads.map { .replica(of: module, threads: $0, rules, split) }
    }
    if let total = arenasTotal {
      return threads.compactMap { choice in
        guard case .count(let count) = choice else { return nil }
        var workload = Workload.arenas(ArenasSize(threads: count, mebibytes: total / count))
        workload.name = "\(total) MiB of small mallocs"
        return workload
      }
    }
    return arenas.isEmpty ? [.command(command)] : arenas.map { .arenas($0) }
  }

  /// Every combination, each once.
  func configurations(_ trial: TrialOptions) throws -> [Configuration] {
    let allocators = try allocators.map { try allocator($0) }
    var cells: [Configuration] = []
    for launcher in launchers {
      for allocator in allocators {
        for workload in workloads {
          cells.append(
            try trial.configuration(of: workload, launcher: launcher, allocator: allocator))
        }
      }
    }
    var seen: Set<Trial.Cell> = []
    for cell in cells where !seen.insert(cell.trialCell).inserted {
      throw Failure(
        .usage,
        "the matrix has a cell twice: \(cell.trialCell.workload), \(cell.trialCell.launcher), "
          + "\(cell.trialCell.allocator), \(cell.trialCell.threads ?? 0) threads")
    }
    return cells
  }
}
