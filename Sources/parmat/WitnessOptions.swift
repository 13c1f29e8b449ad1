public import ArgumentParser
internal import CWitness
internal import Glibc
internal import SystemPackage
public import Trials

extension Treatment.OnFault: ExpressibleByArgument {}

/// What the crash witness does in this process, or in a trial's.
struct WitnessOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to do about a fault: none (no witness, for debuggers), record (then the signal's "
        + "default action), retry (the store, then record) or relieve (retry, then release the "
        + "reserve and try again)."))
  var onFault: Treatment.OnFault = .relieve

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Single-page mappings that are held to be released at a fault; 0 is the sham treatment.",
      valueName: "mappings"))
  var reserve = Treatment.defaultReserve

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Mappings to occupy beyond the reserve, so that smaller inputs reach the limit too.",
      valueName: "mappings"))
  var ballast = 0

  @Flag(
    help: ArgumentHelp(
      "Take the limit of the address space (RLIMIT_AS) away first, as far as the process may.",
      visibility: .hidden))
  var liftAddressSpace = false

  private static let most = 1 << 24

  func validate() throws {
    guard (0...Self.most).contains(reserve) else {
      throw ValidationError("--reserve takes a number of mappings from 0 to \(Self.most).")
    }
    guard (0...Self.most).contains(ballast) else {
      throw ValidationError("--ballast takes a number of mappings from 0 to \(Self.most).")
    }
  }

  var treatment: Treatment {
    Treatment(onFault: onFault, reserve: reserve, ballast: ballast)
  }

  /// To no limit with privileges, else up to the hard one.
  private static func raiseAddressSpaceLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return }
    var raised = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
    if setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &raised) == 0 { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }

  /// Starts the witness in this process, once.
  func start() throws(Failure) {
    if liftAddressSpace { Self.raiseAddressSpaceLimit() }
    guard parmat_witness_stands() == 0 else { return }
    let reaction =
      switch onFault {
      case .none: PARMAT_ON_FAULT_NONE
      case .record: PARMAT_ON_FAULT_RECORD
      case .retry: PARMAT_ON_FAULT_RETRY
      case .relieve: PARMAT_ON_FAULT_RELIEVE
      }
    // Swift's own crash handler stands already, and would be taken for one that a program lives by.
    if onFault != .none {
      for number in [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGQUIT] { signal(number, SIG_DFL) }
    }
    let token = environment()["PARMAT_TOKEN"] ?? ""
    var made: Int32 = 0
    let error = token.withCString { token in
      var options = parmat_witness_options(
        on_fault: reaction, reserve: Int32(reserve), ballast: Int32(ballast), token: token)
      return parmat_witness_start(&options, &made)
    }
    guard error == 0 else {
      throw Failure(
        .usage,
        "--reserve \(reserve) and --ballast \(ballast) are more mappings than the kernel gives "
          + "this process: \(Errno(rawValue: error)) after \(made) (vm.max_map_count)")
    }
    if !token.isEmpty { parmat_witness_tell_objects() }
  }
}
