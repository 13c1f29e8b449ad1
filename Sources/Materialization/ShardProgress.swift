internal import CWitness
internal import Synchronization

/// How far one worker is: written by the worker, read by whoever shows it. The crash witness learns
/// it too.
public final class ShardProgress: Sendable {
  private let state = Atomic<Int>(0)
  private let shard: Int

  public init(shard: Int = 0) { self.shard = shard }

  /// The stage that runs now; nil before the first. After ``finish()`` see ``isFinished``.
  public var stage: Stage? {
    let value = state.load(ordering: .relaxed)
    return value > 0 && value <= Stage.allCases.count ? Stage.allCases[value - 1] : nil
  }

  public var isFinished: Bool { state.load(ordering: .relaxed) > Stage.allCases.count }

  func enter(_ stage: Stage) {
    let index = Stage.allCases.firstIndex(of: stage) ?? 0
    state.store(index + 1, ordering: .relaxed)
    parmat_witness_mark(Int32(shard), stage.rawValue)
  }

  func finish() { state.store(Stage.allCases.count + 1, ordering: .relaxed) }
}
