internal import ArgumentParser
internal import LLVMBitcode
internal import Materialization

/// `parmat run`: the replica, in this process.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Split a module and materialize its shards on several threads, as Julia does.",
    discussion: """
      Reads and verifies the module, partitions it, serializes it once, frees it, and starts one \
      thread a shard: private context, lazy load, materializePreserved, then as far as \
      --stop-after says. With one thread nothing is split (Julia's in-place path), unless \
      --always-split is given.
      """)

  @OptionGroup var module: ModuleOptions

  @OptionGroup var worker: WorkerOptions

  @Option(
    help: ArgumentHelp(
      "What to write for each shard: bc (the module after the last stage), obj, asm; "
        + "comma-separated. Needs --output.",
      valueName: "kinds"))
  var emit: EmissionKinds?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder for what is written; made if missing.", valueName: "folder"))
  var output: String?

  @Option(
    name: .customLong("repeat"), parsing: .unconditional,
    help: ArgumentHelp("Do everything so many times; one result each.", valueName: "times"))
  var repetitions = 1

  @Option(
    help: ArgumentHelp(
      "File for a Chrome trace (opens in Perfetto): a lane per worker with its stages.",
      valueName: "file"))
  var trace: String?

  @Flag(
    help: ArgumentHelp(
      "Say instead where the module would run out of host mappings in a sandbox, by thread count; "
        + "needs strace."))
  var predict = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Mappings a process may have, for --predict (default: this host's; probed inside gVisor).",
      valueName: "mappings"))
  var mapLimit: Int?

  @Flag(
    help: ArgumentHelp(
      "Leave a mark after each function, for a trace of mprotect; reads bodies one by one.",
      visibility: .hidden))
  var markProgress = false

  @OptionGroup var witness: WitnessOptions
  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard (1...1_000_000).contains(repetitions) else {
      throw ValidationError("--repeat takes a number from 1 to 1000000.")
    }
    if emit != nil && output == nil {
      throw ValidationError("--emit needs --output, the folder to write to.")
    }
    if output != nil && emit == nil {
      throw ValidationError("--output needs --emit, which says what to write.")
    }
    if let stopAfter = worker.stopAfter, needsCode && stopAfter < .emit {
      throw ValidationError("--emit obj and asm are made by the last stage, emit, not before.")
    }
    if let mapLimit {
      guard predict else { throw ValidationError("--map-limit belongs to --predict.") }
      guard (1...1 << 40).contains(mapLimit) else {
        throw ValidationError("--map-limit takes a number of mappings from 1 to \(1 << 40).")
      }
    }
    if predict && (emit != nil || trace != nil || repetitions != 1) {
      throw ValidationError("--predict runs the module by itself: no --emit, --trace or --repeat.")
    }
    if predict && module.module == "-" {
      throw ValidationError("--predict reads the module more than once: it has to be a file.")
    }
    if worker.stopAfter == .deserialize && emit != nil {
      throw ValidationError("--emit bc needs at least --stop-after materialize.")
    }
  }

  private var needsCode: Bool {
    emit.map { $0.kinds.contains(.obj) || $0.kinds.contains(.asm) } ?? false
  }

  private var emission: Emission {
    var emission = Emission(
      julia: module.rules.julia, materializer: markProgress ? .functions : worker.materializer,
      stopAfter: worker.stopAfter ?? (needsCode ? .emit : .materialize), kinds: emit?.kinds ?? [],
      stackSize: worker.stackSize.bytes)
    emission.marksProgress = markProgress
    return emission
  }

  func run() throws {
    if predict {
      return try CrashPointPrediction(of: module, worker, mapLimit: mapLimit, display).run()
    }
    let timings = ImageTimings.isRequested(by: environment())
    timings.warning.map(Output.complain)
    // Once, before there are threads.
    if emission.stopAfter >= .optimize { TargetMachine.initializeTargets() }

    var reports: [RunReport] = []
    for _ in 0..<repetitions {
      let result = try runOnce()
      if timings.requested {
        let text = ImageTimings.report(
          of: result.shards, name: "text", source: result.source, output: result.output,
          isSplit: result.isSplit)
        Output.complain(String(text.dropLast()))
      }
      let report = RunReport(result)
      if let trace { try TraceFile.write(report, to: trace) }
      switch display.format {
      case .text: try Output.write(report.text(display))
      case .jsonl: try Output.write(json(report, lines: true))
      case .json: reports.append(report)
      }
    }
    guard display.format == .json else { return }
    try Output.write(
      reports.count == 1 ? json(reports[0], lines: false) : json(reports, lines: false))
  }

  private func runOnce() throws -> RunResult {
    let watch = Stopwatch()
    var result = RunResult(path: module.module, emission: emission)
    let prepared = try prepare(&result)
    // Until here the parser's guard stood; from here on every signal is a finding.
    try witness.start()
    result.warnings.forEach(Output.complain)
    let folder = try output.map { try OutputFolder($0) }
    do {
      result.shards = try emit(prepared, &result)
      result.total = watch.elapsed
      if let folder {
        result.outputs = try folder.write(result.shards)
        if let stranger = folder.strangers(besides: result.outputs).first, let output {
          Output.complain("WARNING: '\(output)' also holds \(stranger), of another run")
        }
      }
    } catch let error as MaterializationError {
      folder?.removeIfEmpty()
      throw failure(error)
    } catch {
      folder?.removeIfEmpty()
      throw error
    }
    return result
  }

  /// A module that the workers, or the one thread, may start on.
  private enum Prepared: ~Copyable {
    case inPlace(SourceModule)
    case split(SplitModule)
  }

  private func prepare(_ result: inout RunResult) throws -> Prepared {
    ProgressDisplay.announce("reading and planning \(module.module)", display)
    defer { ProgressDisplay.clear(display) }
    return try withModule(module.module, limit: module.rules.parseLimit) { input in
      result.bytes = input.bytes.count
      // Nobody sees it in the text: summing 8 MB costs more than planning them.
      if display.format != .text { result.sha256 = input.bytes.sha256 }
      result.source = input.times
      let count = try module.threadCount(for: input.module)
      result.warnings = count.warnings
      result.threads = count.threads
      if count.threads == 1 && !worker.alwaysSplit { return .inPlace(input.module) }
      result.isSplit = true
      return .split(
        try input.module.split(
          into: count.threads, julia: module.rules.julia, ties: module.rules.ties,
          times: &result.source))
    }
  }

  private func emit(
    _ prepared: consuming Prepared, _ result: inout RunResult
  ) throws(MaterializationError) -> [ShardReport] {
    let progress = (0..<result.threads).map { ShardProgress(shard: $0) }
    let shown = ProgressDisplay(of: progress, display)
    let watch = Stopwatch()
    defer {
      result.output = watch.elapsed
      shown?.end()
    }
    switch consume prepared {
    case .inPlace(let source): return [try source.emitInPlace(emission, progress: progress[0])]
    case .split(let split): return try split.emit(emission, progress: progress)
    }
  }

  private func failure(_ error: MaterializationError) -> Failure {
    switch error {
    case .unusable(let reason): unusable(module.module, reason)
    case .unavailable(let reason): Failure(.unavailable, reason)
    case .defect(let reason): Failure(.defect, "'\(module.module)': \(reason)")
    }
  }
}

/// `--emit bc,obj`: one or more kinds.
struct EmissionKinds: ExpressibleByArgument {
  var kinds: Set<EmissionKind> = []

  init?(argument: String) {
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = EmissionKind(rawValue: String(word)) else { return nil }
      kinds.insert(kind)
    }
  }

  static var allValueStrings: [String] { EmissionKind.allCases.map(\.rawValue) }
}
