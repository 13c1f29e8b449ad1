/// What a trial runs.
public struct Workload: Equatable, Sendable {
  /// How the witness gets in.
  public enum Entry: Equatable, Sendable {
    /// Our own worker has it, and takes options for it.
    case ownWorker
    /// Any other program: by LD_PRELOAD.
    case preload
  }

  /// As a cell's key: `libclc.bc`, `8x100`, a command.
  public var name: String
  /// The cell's number of threads, where the workload says.
  public var threads: Int?
  /// The program and its arguments.
  public var command: [String]
  public var entry: Entry
  /// It is the replica, which can mark its progress in a trace.
  public var marksProgress = false

  public init(name: String, threads: Int?, command: [String], entry: Entry) {
    self.name = name
    self.threads = threads
    self.command = command
    self.entry = entry
  }
}

/// One configuration, of which any number of trials can be run.
public struct Configuration: Equatable, Sendable {
  public var workload: Workload
  public var launcher: Launcher
  public var allocator: Allocator
  public var treatment: Treatment
  /// Seconds after which a trial is ended.
  public var timeout: Double
  /// libparmat-witness.so, for workloads that need it.
  public var preloadLibrary: String
  /// What the workload says is kept from the supervisor's standard error.
  public var isQuiet: Bool

  public init(
    workload: Workload, launcher: Launcher, allocator: Allocator = .glibc, treatment: Treatment,
    timeout: Double, preloadLibrary: String, isQuiet: Bool = false
  ) {
    self.workload = workload
    self.launcher = launcher
    self.allocator = allocator
    self.treatment = treatment
    self.timeout = timeout
    self.preloadLibrary = preloadLibrary
    self.isQuiet = isQuiet
  }

  /// What a person types to see the same without a supervisor.
  public var commandLine: String {
    var settings = allocator.additions.map { "\($0.name)=\($0.value)" }
    if let library = allocator.library { settings.append("LD_PRELOAD=\(library)") }
    let words = settings.isEmpty ? [] : ["env"] + settings
    return ShellWords.join(launcher.words + words + workload.command)
  }

  /// The command with its allocator, to be started natively and without a witness.
  public var nativeWords: [String] {
    var settings = allocator.additions.map { "\($0.name)=\($0.value)" }
    if let library = allocator.library { settings.append("LD_PRELOAD=\(library)") }
    let quiet = workload.entry == .ownWorker ? ["--on-fault", "none"] : []
    return ["env"] + settings + workload.command + quiet
  }

  /// Which cell its trials belong to.
  public var trialCell: Trial.Cell {
    Trial.Cell(
      threads: workload.threads, allocator: allocator.name, launcher: launcher.name,
      workload: workload.name)
  }

  var hasWitness: Bool { treatment.onFault != .none }

  /// The whole command line and what the environment gets. What is added holds for the workload
  /// alone: a launcher may be a program that the witness has no business in.
  func invocation(token: String) -> (words: [String], additions: [(String, String)]) {
    var command = workload.command
    var additions: [(String, String)] = [
      ("PARMAT_TOKEN", token),
      // Swift's own crash handler would hold a crashing Swift program for minutes.
      ("SWIFT_BACKTRACE", "enable=no"),
    ]
    switch workload.entry {
    case .ownWorker:
      command += [
        "--on-fault", treatment.onFault.rawValue, "--reserve", String(treatment.reserve),
        "--ballast", String(treatment.ballast),
      ]
      if treatment.liftsAddressSpace { command.append("--lift-address-space") }
    case .preload where hasWitness:
      additions += [
        ("PARMAT_ON_FAULT", treatment.onFault.rawValue),
        ("PARMAT_RESERVE", String(treatment.reserve)),
        ("PARMAT_BALLAST", String(treatment.ballast)),
      ]
      if treatment.liftsAddressSpace { additions.append(("PARMAT_LIFT_ADDRESS_SPACE", "1")) }
      if let size = treatment.stackSize { additions.append(("PARMAT_STACK_SIZE", String(size))) }
    case .preload:
      break
    }
    additions += allocator.additions.map { ($0.name, $0.value) }
    if !preloads.isEmpty { additions.append(("LD_PRELOAD", preloads.joined(separator: ":"))) }
    guard launcher != .native else { return (command, additions) }
    let settings = additions.map { "\($0.0)=\($0.1)" }
    // The token also marks the launcher's own processes as this trial's.
    return (launcher.words + ["env"] + settings + command, [additions[0]])
  }

  /// The witness, the allocator; what the user preloads stays, behind them.
  private var preloads: [String] {
    var libraries: [String] = []
    if workload.entry == .preload && hasWitness { libraries.append(preloadLibrary) }
    if let library = allocator.library { libraries.append(library) }
    guard !libraries.isEmpty else { return [] }
    return libraries + [environmentVariable("LD_PRELOAD")].compactMap { $0 }
  }
}
