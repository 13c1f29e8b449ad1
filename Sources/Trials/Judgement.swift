internal import FoundationEssentials
internal import Glibc

/// What a trial amounts to.
struct Judgement {
  private let configuration: Configuration
  private let number: Int
  private let ending: Ending
  private let seconds: Double
  private let watch: Watch
  private let interrupted: Int32?
  private let outOfMemory: Bool
  private let log: [String]?
  private let symbolizer: Symbolizer?

  init(
    _ configuration: Configuration, trial: Int, ending: Ending, seconds: Double, watch: Watch,
    interrupted: Int32?, outOfMemory: Bool, log: [String]?, symbolizer: Symbolizer?
  ) {
    self.configuration = configuration
    number = trial
    self.ending = ending
    self.seconds = seconds
    self.watch = watch
    self.interrupted = interrupted
    self.outOfMemory = outOfMemory
    self.log = log
    self.symbolizer = symbolizer
  }

  func trial() throws(TrialProblem) -> Trial {
    let fault = watch.faults.record(by: symbolizer)
    let (outcome, signal, reason) = try judge(fault)
    if let signal, isStillborn(outcome) {
      throw TrialProblem(
        allocator: configuration.allocator.name,
        reason: "the program died of signal \(signal) before it began")
    }
    let stacks = outcome == .timedOut ? watch.faults.hangingThreads(by: symbolizer) : []
    let report = WorkerReport(watch.output)
    let malloc = report?.malloc ?? watch.faults.malloc
    if let malloc, let complaint = configuration.allocator.complaint(aboutServing: malloc) {
      throw TrialProblem(allocator: configuration.allocator.name, reason: complaint)
    }
    let hostIsVisible = configuration.launcher.hostIsVisible
    return Trial(
      schema: Trial.schemaName, trial: number,
      cell: configuration.trialCell, command: configuration.commandLine,
      outcome: outcome, reason: reason, exit: ending.exit, signal: signal,
      seconds: (seconds * 1e6).rounded() / 1e6,
      cpu: (max(ending.cpu, watch.cpuAtTimeOut) * 1e6).rounded() / 1e6,
      otherCPU: watch.otherCPU(than: ending.cpu),
      peakRSS: peakRSS(report), malloc: malloc, growthPages: report?.growthPages,
      growthCalls: nil, guestMappings: fault?.guestMappings,
      host: hostIsVisible
        ? Trial.Host(
          peakMappings: watch.host.peak, mapLimit: HostMappings.limit, samples: watch.host.samples)
        : nil,
      fault: fault, laterFaults: max(0, watch.faults.faultCount - 1),
      faultSeconds: watch.faultSeconds,
      threads: stacks.isEmpty ? nil : stacks, reserve: configuration.treatment.reserve,
      ballast: configuration.treatment.ballast, onFault: configuration.treatment.onFault,
      sandboxLog: log, run: report?.run,
      addressSpaceLimit: watch.faults.addressSpaceLimit,
      witnessed: configuration.hasWitness
        ? watch.faults.hasMaps || watch.faults.faultCount > 0 || report != nil : nil,
      experiment: nil, sweep: nil)
  }

  /// Under a preloaded allocator, a death before the witness could say that the program has started is
  /// the library's: its constructor, or the file itself.
  private func isStillborn(_ outcome: Outcome) -> Bool {
    outcome == .crashed && configuration.allocator.libraryPath != nil && configuration.hasWitness
      && !watch.faults.hasMaps && watch.faults.faultCount == 0
  }

  /// The kernel counts what a process was before it executed the program: this one. Where its number
  /// is not above that, what the worker itself or a look at the process told is nearer the truth.
  private func peakRSS(_ report: WorkerReport?) -> Int? {
    if ending.peakRSS > watch.ownPeakRSS { return ending.peakRSS }
    return max(report?.peakRSS ?? 0, watch.host.peakRSS ?? 0).nonZero
  }

  private typealias Verdict = (Outcome, signal: Int?, reason: String?)

  private func judge(_ fault: FaultRecord?) throws(TrialProblem) -> Verdict {
    // Without the witness it would have died there, however it ended.
    if let fault { return (.crashed, fault.signal, nil) }
    if watch.timedOut {
      return (.timedOut, ending.signal, "no end within \(shortest(configuration.timeout)) s")
    }
    if let interrupted {
      return (.interrupted, ending.signal, "by \(Self.name(of: Int(interrupted)))")
    }
    if let reason = sandboxFailure { return (.sandboxFailed, ending.signal, reason) }
    if let signal = ending.signal ?? signalInStatus { return byDeath(of: signal) }
    switch ending.exit {
    case 0: return (.completed, nil, nil)
    case 65 where configuration.workload.entry == .ownWorker:
      return (.refusedInput, nil, lastWords)
    case 126, 127:
      guard watch.faults.hasMaps else { throw notStarted }
      return (.failed, nil, lastWords)
    default: return (.failed, nil, lastWords)
    }
  }

  /// A shell and many launchers tell a signal by 128 + its number.
  private var signalInStatus: Int? {
    guard configuration.launcher != .native, let exit = ending.exit, (129...159).contains(exit)
    else { return nil }
    return exit - 128
  }

  private func byDeath(of signal: Int) -> Verdict {
    switch Int32(signal) {
    case SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP, SIGSYS: return (.crashed, signal, nil)
    case SIGKILL where outOfMemory:
      return (.killed, signal, "out of memory: the kernel's OOM killer ended it")
    default: return (.killed, signal, "by \(Self.name(of: signal)), which no part of parmat sent")
    }
  }

  private static func name(of signal: Int) -> String {
    let names: [Int32: String] = [
      SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP", SIGKILL: "SIGKILL",
      SIGQUIT: "SIGQUIT", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGXCPU: "SIGXCPU",
      SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2",
    ]
    return names[Int32(signal)] ?? "signal \(signal)"
  }

  /// runsc's own status, or a breakdown of its kernel, which is a Go program.
  private var sandboxFailure: String? {
    guard configuration.launcher.isRunsc else { return nil }
    let lines = String(decoding: watch.lastErrors, as: UTF8.self).split(separator: "\n")
    if ending.exit == 128 {
      let said = lines.last { !$0.hasPrefix("\t") && !$0.isEmpty }.map(String.init)
      return said ?? "runsc ended with status 128 and said nothing"
    }
    guard
      let panic = lines.first(where: { $0.hasPrefix("panic:") || $0.hasPrefix("fatal error:") }),
      lines.contains(where: { $0.contains("gvisor.dev/gvisor") })
    else { return nil }
    return String(panic)
  }

  /// The last line that the workload or its launcher said.
  private var lastWords: String? {
    String(decoding: watch.lastErrors, as: UTF8.self).split(whereSeparator: \.isNewline).last.map {
      String($0.prefix(400))
    }
  }

  private var notStarted: TrialProblem {
    let lines = String(decoding: watch.lastErrors, as: UTF8.self).split(separator: "\n")
    return TrialProblem(
      program: configuration.workload.command[0],
      reason: lines.last.map(String.init) ?? "status \(ending.exit ?? 127), no word of it")
  }

  private func shortest(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
  }
}

/// What our own worker says of itself.
private struct WorkerReport: Decodable {
  let malloc: String?
  let growthPages: Int?
  let peakRSS: Int?
  let shards: [Shard]?
  let seconds: Seconds?

  struct Shard: Decodable {
    let functions: Int
    let seconds: [String: Double]
  }
  struct Seconds: Decodable {
    let output: Double
  }

  var run: Trial.Run? {
    guard let shards, let seconds else { return nil }
    var stages: [String: Double] = [:]
    for shard in shards { stages.merge(shard.seconds) { $0 + $1 } }
    return Trial.Run(
      functions: shards.reduce(0) { $0 + $1.functions }, outputSeconds: seconds.output,
      stageSeconds: stages)
  }

  init?(_ output: [UInt8]) {
    guard !output.isEmpty,
      let report = try? JSONDecoder().decode(WorkerReport.self, from: Data(output))
    else { return nil }
    self = report
  }
}

extension Int {
  fileprivate var nonZero: Int? { self == 0 ? nil : self }
}
