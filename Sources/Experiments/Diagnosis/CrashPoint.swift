public import Trials

/// Where a workload runs out of host mappings, foretold from how its arenas grow natively.
///
/// The model: each step of an arena's growth is one host mapping, unless the arena that grew last
/// grew again, when the host merges the two. Among n threads that take turns half of those chances
/// are used: a step in 2n adds no mapping. (Fitted to small mallocs and to libclc on 2 to 16 threads,
/// where it is within 12 %.) One thread alone never gets there: all its steps merge.
public struct CrashPoint: Codable, Sendable, Equatable {
  public let threads: Int?
  /// Mappings a process may have.
  public let mapLimit: Int
  /// Writable bytes of all arena heaps when it crashes, and at the workload's native end.
  @NullEncoded public var arenaBytes: Int?
  public let allArenaBytes: Int
  /// Of a replica: how much of its functions is materialized then.
  @NullEncoded public var shareOfFunctions: Double?
  /// Of a workload that needs less: how many mappings it comes to.
  public let mappingsAtEnd: Int

  /// What a process and its sandbox have before anything grows.
  static let ownMappings = 150

  /// - Parameters:
  ///   - occupied: mappings that reserve and ballast hold.
  ///   - threads: nil where that is not known; then no merging is expected.
  public init(of steps: GrowthSteps, threads: Int?, mapLimit: Int, occupied: Int) {
    self.threads = threads
    self.mapLimit = mapLimit
    allArenaBytes = steps.bytes.last ?? 0
    let own = occupied + Self.ownMappings
    let kept = threads.map { $0 < 2 ? 0 : 1 - 1 / (2 * Double($0)) } ?? 1
    mappingsAtEnd = own + Int(Double(steps.bytes.count) * kept)
    let last = kept > 0 ? Int(Double(max(0, mapLimit - own)) / kept) : Int.max
    guard last < steps.bytes.count else {
      _arenaBytes = NullEncoded(wrappedValue: nil)
      _shareOfFunctions = NullEncoded(wrappedValue: nil)
      return
    }
    _arenaBytes = NullEncoded(wrappedValue: steps.bytes[last])
    _shareOfFunctions = NullEncoded(
      wrappedValue: steps.allFunctions > 0
        ? Double(steps.functions[last]) / Double(steps.allFunctions) : nil)
  }

  /// How far the arenas had grown when trials crashed, on average; nil where none says.
  public static func observed(in trials: [Trial]) -> Int? {
    let bytes = trials.compactMap { $0.fault?.arenaBytes }
    return bytes.isEmpty ? nil : bytes.reduce(0, +) / bytes.count
  }
}
