internal import Experiments
internal import Glibc
internal import Trials

/// `run --predict`: where the module would run out of host mappings in a sandbox, by thread count.
struct CrashPointPrediction {
  private let module: ModuleOptions
  private let worker: WorkerOptions
  private let mapLimit: Int
  private let display: DisplayOptions

  /// Beside the number that was asked for.
  private static let threadCounts = [1, 2, 4, 8, 16]

  /// - Parameter mapLimit: nil takes this host's, or what the probe finds inside gVisor.
  init(
    of module: ModuleOptions, _ worker: WorkerOptions, mapLimit: Int?, _ display: DisplayOptions
  ) throws {
    self.module = module
    self.worker = worker
    self.display = display
    guard let limit = mapLimit ?? HostLimits.maxMapCount ?? ProbeFinding(by: .native)?.limit else {
      throw Failure(.unavailable, "the limit of mappings is not known here; give it by --map-limit")
    }
    self.mapLimit = limit
  }

  private struct Report: Encodable {
    let schema = "parmat.prediction/1"
    let module: String
    let mapLimit: Int
    let points: [CrashPoint]
  }

  func run() throws {
    // A module that is none is to be refused as by any run.
    ProgressDisplay.announce("reading \(module.module)", display)
    try withModule(module.module, limit: module.rules.parseLimit) { _ in }
    var counts = Set(Self.threadCounts)
    if case .count(let count) = module.threads { counts.insert(count) }
    var points: [CrashPoint] = []
    for count in counts.sorted() {
      ProgressDisplay.announce("growth of arenas on \(count) threads", display)
      points.append(try point(count))
    }
    ProgressDisplay.clear(display)
    switch display.format {
    case .text: try Output.write(text(points))
    case .json, .jsonl:
      try Output.write(
        json(
          Report(module: module.module, mapLimit: mapLimit, points: points),
          lines: display.format == .jsonl))
    }
  }

  /// One run on so many threads, natively, in another process.
  private func point(_ threads: Int) throws -> CrashPoint {
    var split = worker
    split.alwaysSplit = true
    let configuration = Configuration(
      workload: .replica(of: module.module, threads: .count(threads), module.rules, split),
      launcher: .native, treatment: Treatment(onFault: .none), timeout: 3600, preloadLibrary: "")
    do {
      let steps = try GrowthSteps.measured(of: configuration)
      return CrashPoint(of: steps, threads: threads, mapLimit: mapLimit, occupied: 0)
    } catch {
      throw Failure(.unavailable, "'\(module.module)' cannot be measured: \(error)")
    }
  }

  private func text(_ points: [CrashPoint]) -> String {
    func mebibytes(_ bytes: Int) -> String { String(Int((Double(bytes) / 1_048_576).rounded())) }
    var table = TextTable(["threads", "crash at, MiB", "of MiB", "functions", "mappings"])
    for point in points {
      table.append([
        point.threads.map(String.init) ?? "-", point.arenaBytes.map(mebibytes) ?? "never",
        mebibytes(point.allArenaBytes),
        point.shareOfFunctions.map { "\(Int(($0 * 100).rounded())) %" } ?? "-",
        String(point.mappingsAtEnd),
      ])
    }
    return table.render(display)
      + "In a sandbox that backs memory as gVisor's ptrace and systrap do, at a limit of \(mapLimit) "
      + "mappings.\nModel: a step of an arena's growth is a host mapping, but for one in 2n on n "
      + "threads; within 12 % for small mallocs\nand libclc on 4 threads and more, and 12 % too high "
      + "for libclc on 2.\n"
  }
}
