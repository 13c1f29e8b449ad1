/// What the witness does about a fault, and which mappings it holds.
public struct Treatment: Codable, Equatable, Sendable {
  public enum OnFault: String, Codable, CaseIterable, Sendable {
    /// No witness.
    case none
    /// The full record, then the signal's default action.
    case record
    /// Retries, then the record.
    case retry
    /// Retries, then relief.
    case relieve
  }

  public var onFault: OnFault
  /// Single-page mappings held to be released; 0 is the sham treatment.
  public var reserve: Int
  /// Mappings occupied beyond them.
  public var ballast: Int

  /// RLIMIT_AS is taken away from the workload as it starts, as far as the process may.
  public var liftsAddressSpace = false
  /// What the threads of a program with the preloaded witness have as a stack at least, bytes; nil
  /// leaves it to the program.
  public var stackSize: Int?

  public static let defaultReserve = 512

  public init(
    onFault: OnFault = .relieve, reserve: Int = Treatment.defaultReserve, ballast: Int = 0
  ) {
    self.onFault = onFault
    self.reserve = reserve
    self.ballast = ballast
  }
}
