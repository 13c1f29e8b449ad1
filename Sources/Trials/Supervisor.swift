internal import CSpawn
internal import Glibc
internal import SystemPackage

/// Runs trials one after the other and answers for every process of theirs: none outlives its trial,
/// and none outlives the supervisor, killed by SIGKILL though it may be.
///
/// Call from the main thread only, and make it while there is no other: it forks the keeper.
public final class Supervisor {
  private let signals: FileDescriptor
  private let keeper: FileDescriptor
  private let keeperPID: pid_t
  private let baseToken: String
  /// Children that were there before: a shell that executes this program leaves its own to it.
  private let bystanders: [pid_t]
  /// The signal that asked to stop (SIGINT, SIGTERM, SIGHUP); then no further trial is to be run.
  public private(set) var interruption: Int32?
  /// What our own worker printed in the last trial: its record of the run.
  public private(set) var lastWorkerOutput: [UInt8] = []
  public let symbolizer: Symbolizer?
  /// Seconds between the steps of an ending: SIGQUIT's stacks, SIGTERM, SIGKILL.
  private static let stackPatience = 5.0
  private static let terminationPatience = 2.0

  public init() throws(SupervisorProblem) {
    var random = SystemRandomNumberGenerator()
    baseToken = "\(getpid())-\(String(random.next() >> 32 as UInt64, radix: 36))"
    bystanders = HostMappings.descendants(of: getpid()).filter { $0 != getpid() }
    var pid = pid_t()
    var descriptor: Int32 = 0
    let error = baseToken.withCString { parmat_keeper_start($0, &pid, &descriptor) }
    guard error == 0 else { throw SupervisorProblem("fork", Errno(rawValue: error)) }
    keeperPID = pid
    keeper = FileDescriptor(rawValue: descriptor)
    let signals = parmat_signal_descriptor()
    guard signals >= 0 else { throw SupervisorProblem("signalfd", Errno(rawValue: -signals)) }
    self.signals = FileDescriptor(rawValue: signals)
    parmat_adopt_orphans()
    symbolizer = Symbolizer()
  }

  deinit {
    // The keeper ends when its pipe does.
    try? keeper.close()
    var status: Int32 = 0
    _ = parmat_wait(keeperPID, &status, 1, nil)
    try? signals.close()
  }

  /// Runs one trial.
  ///
  /// - Throws: where the command cannot be started at all. That is no trial.
  /// - Parameter sweep: its place, where it is part of a sweep.
  public func run(
    _ configuration: Configuration, trial: Int, sweep: Trial.SweepPosition? = nil
  ) throws(TrialProblem) -> Trial {
    let token = "\(baseToken)-\(trial)"
    let (words, additions) = configuration.invocation(token: token)
    let log = configuration.launcher.debugLog.map { SandboxLog(in: $0) }
    let killsBefore = Self.outOfMemoryKills
    let start = now()
    let child: Child
    do {
      child = try Child(words, additions: additions)
    } catch {
      throw TrialProblem(program: words[0], reason: "\(error)")
    }
    tellKeeper(child.pid)
    var watch = Watch(child.pid, configuration, token: token, start: start)
    let ending = supervise(child, configuration, &watch)
    let seconds = now() - start
    clearUp(child.pid)
    tellKeeper(0)
    watch.finish()
    lastWorkerOutput = watch.output
    let killed = ending.signal == Int(SIGKILL) && Self.outOfMemoryKills > killsBefore
    var result = try Judgement(
      configuration, trial: trial, ending: ending, seconds: seconds, watch: watch,
      interrupted: interruption, outOfMemory: killed, log: log?.lines(), symbolizer: symbolizer
    ).trial()
    result.sweep = sweep
    return result
  }

  // The loop.

  private func supervise(
    _ child: borrowing Child, _ configuration: Configuration, _ watch: inout Watch
  ) -> Ending {
    var ending: Ending?
    var step = Step.running(until: watch.start + configuration.timeout)
    var drainedBy = Double.infinity
    while ending == nil || (watch.isOpen && now() < drainedBy) {
      let time = now()
      advance(&step, at: time, child, configuration, &watch)
      var pause = min(step.deadline, drainedBy) - time
      if watch.stream.isHolding { pause = min(pause, 0.05) }
      if ending == nil, configuration.launcher.hostIsVisible {
        pause = min(pause, watch.host.pause(at: time))
      }
      let isQuiet = !read(child, &watch, pause: max(0, pause))
      if isQuiet { watch.flush() }
      if ending == nil, configuration.launcher.hostIsVisible {
        if watch.wantsLook { watch.host.look() } else { watch.host.look(at: now()) }
        watch.wantsLook = false
      }
      if ending == nil, parmat_has_ended(child.pid) != 0 {
        // What the program leaves behind would hold its pipes open, and outlive its trial. It is
        // still a zombie, so that the group is no other's.
        child.signalGroup(SIGKILL)
        ending = child.reap(waiting: true)
        drainedBy = now() + 0.5
      }
    }
    return ending ?? Ending(status: SIGKILL, usage: rusage())
  }

  /// Waits for something to read, and reads it; false where nothing came.
  private func read(_ child: borrowing Child, _ watch: inout Watch, pause: Double) -> Bool {
    var polled = [
      pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(
        fd: watch.outputIsOpen && !watch.isFull ? child.output.rawValue : -1,
        events: Int16(POLLIN), revents: 0),
      pollfd(
        fd: watch.errorsAreOpen && !watch.isFull ? child.errors.rawValue : -1,
        events: Int16(POLLIN), revents: 0),
      pollfd(fd: watch.isWriting ? STDERR_FILENO : -1, events: Int16(POLLOUT), revents: 0),
    ]
    let milliseconds = Int32(min(pause, 3600) * 1000) + (pause > 0 ? 1 : 0)
    guard poll(&polled, 4, milliseconds) > 0 else { return false }
    if polled[3].revents != 0 { watch.writePending() }
    while case let signal = parmat_next_signal(signals.rawValue), signal != 0 {
      if signal != SIGCHLD, interruption == nil { interruption = signal }
    }
    if polled[1].revents != 0 { watch.readOutput(child.output) }
    if polled[2].revents != 0 { watch.readErrors(child.errors) }
    return polled[1].revents != 0 || polled[2].revents != 0
  }

  /// How far the ending of a program has come that does not end by itself.
  private enum Step {
    case running(until: Double)
    /// All stacks are asked for.
    case asked(until: Double)
    case terminated(until: Double)
    case killed

    var deadline: Double {
      switch self {
      case .running(let time), .asked(let time), .terminated(let time): time
      case .killed: .infinity
      }
    }
  }

  private func advance(
    _ step: inout Step, at time: Double, _ child: borrowing Child,
    _ configuration: Configuration, _ watch: inout Watch
  ) {
    switch step {
    case .running where interruption != nil:
      child.signalGroup(SIGTERM)
      step = .terminated(until: time + Self.terminationPatience)
    case .running(let deadline) where time >= deadline:
      watch.timedOut = true
      watch.cpuAtTimeOut = HostMappings.cpuSeconds(ofTree: child.pid)
      guard configuration.treatment.onFault != .none else {
        child.signalGroup(SIGTERM)
        step = .terminated(until: time + Self.terminationPatience)
        break
      }
      // `runsc do` forwards it; its gofer, in the same group, would die of it.
      if configuration.launcher.isRunsc {
        child.signal(SIGQUIT)
      } else {
        child.signalGroup(SIGQUIT)
      }
      step = .asked(until: time + Self.stackPatience)
    case .asked(let deadline) where time >= deadline || interruption != nil:
      child.signalGroup(SIGTERM)
      step = .terminated(until: time + Self.terminationPatience)
    case .terminated(let deadline) where time >= deadline:
      child.signalGroup(SIGKILL)
      step = .killed
    default: break
    }
  }

  // Whatever a trial leaves.

  /// Kills and reaps what descendants have left to this process: those that made groups of their own.
  private func clearUp(_ group: pid_t) {
    kill(-group, SIGKILL)
    for round in 0..<200 {
      let spared = Set(
        bystanders.flatMap { HostMappings.descendants(of: $0) } + [getpid(), keeperPID])
      let left = HostMappings.descendants(of: getpid()).filter { !spared.contains($0) }
      for process in left { kill(process, SIGKILL) }
      var reaped = parmat_reap_other(keeperPID)
      while reaped > 0 { reaped = parmat_reap_other(keeperPID) }
      if left.isEmpty { return }
      if round > 0 { usleep(5000) }
    }
  }

  private func tellKeeper(_ group: pid_t) {
    var number = group
    withUnsafeBytes(of: &number) { _ = try? keeper.writeAll($0) }
  }

  /// The kernel's count since its start.
  private static var outOfMemoryKills: Int {
    guard let text = smallFile("/proc/vmstat"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("oom_kill ") })
    else { return 0 }
    return Int(line.dropFirst("oom_kill ".count)) ?? 0
  }
}

extension Launcher {
  var debugLog: String? { if case .runsc(let runsc) = self { runsc.debugLog } else { nil } }

  /// Inside gVisor no host can be seen.
  var hostIsVisible: Bool { !HostMappings.isInGVisor }
}

/// Why trials cannot be supervised here.
public struct SupervisorProblem: Error, CustomStringConvertible, Sendable {
  public let description: String
  init(_ call: String, _ error: Errno) { description = "\(call) fails: \(error)" }
}

/// Why there was no trial.
public struct TrialProblem: Error, Sendable {
  /// The word that could not be started; nil where it is the allocator that is at fault.
  public let program: String?
  public let reason: String

  init(program: String, reason: String) {
    self.program = program
    self.reason = reason
  }

  init(allocator: String, reason: String) {
    program = nil
    self.reason = "the allocator '\(allocator)' did not take effect: \(reason)"
  }

  /// One sentence.
  public var sentence: String {
    program.map { "'\($0)' cannot be started: \(reason)" } ?? reason
  }
}
