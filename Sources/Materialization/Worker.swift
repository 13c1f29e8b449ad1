internal import LLVMBitcode

/// What one worker brings back.
struct ShardResult: Sendable {
  var timers = ShardTimers()
  var outputs = ShardOutputs()
  /// Heap growth of the thread's arenas when its work was done.
  var growth = ArenaGrowth()
  var error: MaterializationError?
}

/// One worker, step by step (aotcompile.md 1.6). Reads the shared bytes and its own partition,
/// writes nothing that another worker sees.
struct Worker: Sendable {
  let bytes: SharedBytes
  let partition: Partition
  let summary: ModuleSummary
  let emission: Emission
  let progress: ShardProgress
  let measuresGrowth: Bool

  func run() -> ShardResult {
    var result = ShardResult()
    do throws(MaterializationError) {
      try run(&result)
    } catch {
      result.error = error
    }
    progress.finish()
    return result
  }

  /// Inlined, so that a stack shows the thread's closure right above `materializePreserved`.
  @inline(__always)
  private func run(_ result: inout ShardResult) throws(MaterializationError) {
    progress.enter(.deserialize)
    let context = Context(discardValueNames: emission.julia.discardsValueNames)
    var start = now()
    result.timers.begin = start
    let lazy: LazyModule
    do {
      lazy = try LazyModule(bytes, named: "Optimized", in: context)
    } catch {
      throw .defect("the serialized module cannot be loaded (\(error))")
    }
    result.timers.deserialize = now() - start
    if emission.stopAfter < .materialize { return }

    progress.enter(.materialize)
    start = now()
    do {
      try materializePreserved(lazy, partition, of: summary, emission)
    } catch {
      throw .defect("the module cannot be materialized (\(error))")
    }
    result.timers.materialize = now() - start

    let module = lazy.materialized()
    if emission.stopAfter >= .construct {
      progress.enter(.construct)
      start = now()
      try construct(in: module)
      result.timers.construct = now() - start
    }
    result.outputs = try addOutputImpl(
      module, emission, hasImageTables: summary.tableSizes != nil, timers: &result.timers,
      progress: progress)
    // While the module is alive: free memory is given back from an arena's top.
    if measuresGrowth { result.growth = ArenaGrowth.current() }
  }

  private func construct(in module: borrowing Module) throws(MaterializationError) {
    let suffix = "_\(partition.index)"
    if summary.tableSizes != nil {
      do {
        try ShardTables.construct(
          partition, of: summary, in: module, suffix: suffix, julia: emission.julia)
      } catch {
        throw .defect("Julia's tables cannot be made (\(error))")
      }
    }
    module.setFlag("julia.mv.suffix", to: suffix, behavior: .error)
    module.setCompileUnitFiles(
      name: "julia#\(partition.index)", directory: ".",
      skippingNoDebug: !emission.julia.renamesNoDebugUnits)
  }
}
