internal import FoundationEssentials
internal import Glibc
internal import LLVMBitcode
internal import Materialization
internal import Trials

/// Which file was read.
struct InputIdentity: Codable {
  let path: String
  let bytes: Int
  let sha256: String
}

/// What one run brought, before it is shown.
struct RunResult {
  let path: String
  let emission: Emission
  /// Monotonic seconds.
  let start = monotonicSeconds()
  /// Of the input.
  var bytes = 0
  var sha256 = ""
  var threads = 1
  var warnings: [String] = []
  var source = SourceTimes()
  var output = Elapsed()
  var total = Elapsed()
  var isSplit = false
  var shards: [ShardReport] = []
  /// Paths of the files that were written.
  var outputs: [String] = []

  init(path: String, emission: Emission) {
    self.path = path
    self.emission = emission
  }
}

/// The record of one run (`parmat.run/1`); scripts rely on its keys.
struct RunReport: Codable {
  struct Shard: Codable {
    struct Seconds: Codable {
      let deserialize: Double
      let materialize: Double
      let construct: Double
      let optimize: Double
      /// Bitcode, objects and assembly together.
      let emit: Double
    }
    let index: Int
    let weight: Int
    let globals: Int
    let functions: Int
    /// Seconds from the run's start to the worker's.
    let started: Double
    let seconds: Seconds
  }
  struct Seconds: Codable {
    /// Reading, and verifying: `verify` is part of it.
    let parse: Double
    let verify: Double
    let partition: Double
    let serialize: Double
    let output: Double
    let total: Double
  }

  let schema: String
  let llvm: String
  let julia: JuliaVersion
  let module: InputIdentity
  let threads: Int
  let split: Bool
  let stopAfter: Stage
  let shards: [Shard]
  let seconds: Seconds
  /// Bytes.
  let peakRSS: Int
  let outputs: [String]
  /// The object that serves malloc.
  @NullEncoded var malloc: String?
  /// Pages that glibc's secondary arenas grew by; null where another allocator serves malloc.
  @NullEncoded var growthPages: Int?

  init(_ result: RunResult) {
    schema = "parmat.run/1"
    llvm = LLVMLibrary.builtVersion
    julia = result.emission.julia
    module = InputIdentity(path: result.path, bytes: result.bytes, sha256: result.sha256)
    threads = result.threads
    split = result.isSplit
    stopAfter = result.emission.stopAfter
    shards = result.shards.map { Shard($0, from: result.start) }
    let source = result.source
    seconds = Seconds(
      parse: source.parse.wall + source.verify.wall, verify: source.verify.wall,
      partition: source.partition.wall, serialize: source.serialize.wall,
      output: result.output.wall, total: result.total.wall)
    peakRSS = ownPeakRSS
    outputs = result.outputs
    malloc = objectPath(ofSymbol: "malloc")
    growthPages = result.shards.first?.growthPagesOfAll
  }
}

extension RunReport.Shard {
  init(_ shard: ShardReport, from start: Double) {
    let timers = shard.timers
    self.init(
      index: shard.index, weight: shard.weight, globals: shard.globals,
      functions: shard.functions, started: max(0, timers.begin - start),
      seconds: Seconds(
        deserialize: timers.deserialize, materialize: timers.materialize,
        construct: timers.construct, optimize: timers.optimize,
        emit: timers.unopt + timers.opt + timers.obj + timers.asm))
  }
}

extension RunReport {
  /// The table that a person reads.
  func text(_ display: DisplayOptions) -> String {
    let workers = threads == 1 ? "1 thread" : "\(threads) threads"
    var text = """
      \(module.path): \(workers)\(split ? "" : ", in place"), LLVM \(llvm), rules of Julia \
      \(julia.rawValue), up to \(stopAfter.rawValue)\n
      """
    var table = TextTable(["shard", "weight", "globals", "functions"] + stages.map(\.rawValue))
    for shard in shards {
      table.append(
        [shard.index, shard.weight, shard.globals, shard.functions].map(String.init)
          + stages.map { shard.seconds.text(of: $0) })
    }
    text += table.render(display)
    text += """
      parse \(fixed(seconds.parse, 3)) s, partition \(fixed(seconds.partition, 3)) s, serialize \
      \(fixed(seconds.serialize, 3)) s, output \(fixed(seconds.output, 3)) s, total \
      \(fixed(seconds.total, 3)) s
      peak memory \(fixed(Double(peakRSS) / 1e6, 1)) MB; malloc by \(malloc ?? "an unknown object")
      """
    if let growthPages, growthPages > 0 {
      text += ", secondary arenas grew by \(growthPages) pages"
    }
    text += "\n"
    if !outputs.isEmpty {
      text += "wrote \(outputs.count) file\(outputs.count == 1 ? "" : "s"): "
      text +=
        outputs.count > 4
        ? "\(outputs[0]) ... \(outputs[outputs.count - 1])\n"
        : outputs.joined(separator: " ") + "\n"
    }
    return text
  }

  /// The stages that ran.
  private var stages: [Stage] {
    Stage.allCases.filter {
      $0 <= stopAfter && (split || $0 >= .optimize) || ($0 == .emit && !outputs.isEmpty)
    }
  }
}

extension RunReport.Shard.Seconds {
  fileprivate func text(of stage: Stage) -> String {
    switch stage {
    case .deserialize: fixed(deserialize, 3)
    case .materialize: fixed(materialize, 3)
    case .construct: fixed(construct, 3)
    case .optimize: fixed(optimize, 3)
    case .emit: fixed(emit, 3)
    }
  }
}

/// This process's peak memory in bytes: `VmHWM`, since the kernel's ru_maxrss counts what the process
/// was before it executed this program as well.
var ownPeakRSS: Int {
  if let bytes = HostMappings.peakRSS(of: "self") { return bytes }
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// A value as JSON: pretty, or one line.
func json(_ value: some Encodable, lines: Bool) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if !lines { encoder.outputFormatting.insert(.prettyPrinted) }
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
