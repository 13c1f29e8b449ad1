/// Why a module cannot be split or emitted: one sentence's second half, after the module's name.
public enum MaterializationError: Error, CustomStringConvertible, Sendable {
  /// The module is none that this program can split; its author has to change something.
  case unusable(String)
  /// A thread could not be started, or a target is not there.
  case unavailable(String)
  /// LLVM or the plan broke a promise after the module was verified: a defect of ours.
  case defect(String)

  public var description: String {
    switch self {
    case .unusable(let reason), .unavailable(let reason), .defect(let reason): reason
    }
  }

  /// The same, with the shard that met it.
  func inShard(_ index: Int) -> MaterializationError {
    switch self {
    case .unusable(let reason): .unusable("shard \(index): \(reason)")
    case .unavailable(let reason): .unavailable("shard \(index): \(reason)")
    case .defect(let reason): .defect("shard \(index): \(reason)")
    }
  }
}
