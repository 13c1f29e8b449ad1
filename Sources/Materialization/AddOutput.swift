public import LLVMBitcode
internal import Synchronization

/// A plan, and the module that it is for as one block of bytes that all workers read.
public struct SplitModule: Sendable {
  public let plan: PartitionPlan
  public let bytes: SharedBytes

  /// One thread a shard, all started before the first is joined, in index order; results by
  /// position (`add_output`, aotcompile.md 1.4 step 5).
  ///
  /// - Parameter progress: one entry a shard, in index order, for whoever shows how far they are.
  /// - Throws: `unavailable` where a thread cannot be started (those that run are waited for),
  ///   `defect` where a worker fails.
  public func emit(
    _ emission: Emission, progress: [ShardProgress]? = nil
  ) throws(MaterializationError) -> [ShardReport] {
    let measuresGrowth = ArenaGrowth.isMeasurable
    let slots = ResultSlots(count: plan.partitions.count)
    var threads: [ShardThread] = []
    var failure: MaterializationError?
    do throws(MaterializationError) {
      for partition in plan.partitions {
        let index = partition.index
        let worker = Worker(
          bytes: bytes, partition: partition, summary: plan.summary, emission: emission,
          progress: progress?[index] ?? ShardProgress(shard: index), measuresGrowth: measuresGrowth)
        threads.append(
          try ShardThread(index: index, stackSize: emission.stackSize) {
            slots.results[index].store(worker.run())
          })
      }
    } catch {
      failure = error
    }
    for thread in threads { thread.join() }
    if let failure { throw failure }
    return try reports(of: slots.results.map { $0.take() })
  }

  private func reports(of results: [ShardResult]) throws(MaterializationError) -> [ShardReport] {
    var growth = ArenaGrowth()
    for (index, result) in results.enumerated() {
      if let error = result.error { throw error.inShard(index) }
      growth.merge(result.growth)
    }
    return results.enumerated().map { index, result in
      let partition = plan.partitions[index]
      let functions = partition.globals.count {
        plan.summary.definitions[$0].kind == .function
      }
      return ShardReport(
        index: index, weight: partition.weight, globals: partition.globals.count,
        functions: functions, timers: result.timers, outputs: result.outputs,
        growthPagesOfAll: ArenaGrowth.isMeasurable ? growth.total : nil)
    }
  }
}

/// What became of one shard.
public struct ShardReport: Sendable {
  public let index: Int
  public let weight: Int
  /// Definitions that the shard owns.
  public let globals: Int
  public let functions: Int
  public let timers: ShardTimers
  public let outputs: ShardOutputs
  /// Pages by which all secondary arenas together have grown, the same in each shard's report; nil
  /// where glibc does not serve malloc.
  public var growthPagesOfAll: Int?
}

/// One slot a worker.
private final class ResultSlots: Sendable {
  let results: [Slot]

  init(count: Int) {
    results = (0..<count).map { _ in Slot() }
  }

  /// Written once by its worker, read once after the join. The lock is never contended: it is what
  /// lets the compiler, rather than a comment, prove that there is no race.
  final class Slot: Sendable {
    private let result = Mutex(ShardResult())

    func store(_ value: ShardResult) { result.withLock { $0 = value } }
    func take() -> ShardResult { result.withLock { $0 } }
  }
}
