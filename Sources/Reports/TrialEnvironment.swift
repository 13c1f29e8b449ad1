public import Trials

/// Where trials were run, as a report says it.
public struct TrialEnvironment: Codable, Sendable {
  public let kernel: String
  public let processors: Int
  /// Bytes.
  public let memory: Int
  public let glibc: String
  @NullEncoded public var llvm: String?
  public let parmat: String
  /// `runsc version ...`; null where the launcher is another.
  @NullEncoded public var runsc: String?
  /// The supervisor itself ran inside gVisor: the host cannot be seen.
  public let insideGVisor: Bool
  /// vm.max_map_count; null where it cannot be seen.
  @NullEncoded public var mapLimit: Int?
  /// Bytes; null for no limit.
  @NullEncoded public var stackLimit: Int?
  @NullEncoded public var addressSpaceLimit: Int?

  /// What is found here.
  public init(parmat: String, llvm: String?, launcher: Launcher) {
    kernel = HostLimits.kernel
    processors = HostLimits.processors
    memory = HostLimits.memory
    glibc = HostLimits.glibc
    self.parmat = parmat
    insideGVisor = HostLimits.isInGVisor
    _llvm = NullEncoded(wrappedValue: llvm)
    if case .runsc(let runsc) = launcher {
      _runsc = NullEncoded(wrappedValue: HostLimits.runscVersion(runsc.path))
    } else {
      _runsc = NullEncoded(wrappedValue: nil)
    }
    _mapLimit = NullEncoded(wrappedValue: HostLimits.maxMapCount)
    _stackLimit = NullEncoded(wrappedValue: HostLimits.stackLimit)
    _addressSpaceLimit = NullEncoded(wrappedValue: HostLimits.addressSpaceLimit)
  }
}
