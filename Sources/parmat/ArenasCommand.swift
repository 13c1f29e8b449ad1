internal import ArgumentParser
internal import CProbe
internal import CWitness
internal import Materialization
internal import Trials

/// `THREADSxMIB`.
struct ArenasSize: ExpressibleByArgument, Equatable {
  let threads: Int
  /// A thread.
  let mebibytes: Int

  init(threads: Int, mebibytes: Int) {
    self.threads = threads
    self.mebibytes = mebibytes
  }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let threads = parts[0], let mebibytes = parts[1],
      (1...4096).contains(threads), (1...1 << 20).contains(mebibytes)
    else { return nil }
    self.threads = threads
    self.mebibytes = mebibytes
  }

  var name: String { "\(threads)x\(mebibytes)" }
}

/// `parmat arenas`: the worker of `--arenas`. Small mallocs on threads, no LLVM.
struct ArenasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arenas",
    abstract: "Allocate small blocks on threads, in this process (the worker of --arenas).",
    shouldDisplay: false)

  @Argument(help: ArgumentHelp("Threads, and MiB for each.", valueName: "THREADSxMIB"))
  var size: ArenasSize

  @OptionGroup var witness: WitnessOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    try witness.start()
    var hooks = parmat_arenas_hooks(
      begin: { _ in
        parmat_witness_begin_thread()
        parmat_witness_mark(-1, "malloc")
      }, end: parmat_witness_end_thread)
    var result = parmat_arenas()
    guard parmat_arenas_run(Int32(size.threads), Int32(size.mebibytes), &hooks, &result) == 0 else {
      if result.error != 0 {
        throw Failure(.unavailable, "thread \(result.thread) does not start; take fewer threads")
      }
      throw Failure(
        .unavailable,
        "malloc returned NULL on thread \(result.thread) after \(result.mebibytes) MiB")
    }
    let report = ArenasReport(
      threads: size.threads, mebibytes: size.mebibytes, malloc: objectPath(ofSymbol: "malloc"),
      growthPages: arenaGrowthPages(), peakRSS: ownPeakRSS)
    switch display.format {
    case .json: try Output.write(json(report, lines: false))
    case .jsonl: try Output.write(json(report, lines: true))
    case .text:
      let pages = report.growthPages.map { ", secondary arenas grew by \($0) pages" } ?? ""
      try Output.write("\(size.name): done\(pages)\n")
    }
  }
}

/// The record of it.
private struct ArenasReport: Encodable {
  let schema = "parmat.arenas/1"
  let threads: Int
  let mebibytes: Int
  @NullEncoded var malloc: String?
  @NullEncoded var growthPages: Int?
  let peakRSS: Int
}
