internal import LLVMBitcode

/// What one worker brings back.
struct ShardResult: Sendable {
  var timers = ShardTimers()
  var outputs = ShardOutputs()
  /// Heap growth of the thread's arenas when its work was done.
  var growth = ArenaGrowth()
  var error: LLVMError?
}

/// One worker, step by step (aotcompile.md 1.6). Reads the shared bytes and its own partition,
/// writes nothing that another worker sees.
struct Worker: Sendable {
  let bytes: SharedBytes
  let partition: Partition
  let summary: ModuleSummary
  let emission: Emission
  let progress: ShardProgress

  func run() -> ShardResult {
    var result = ShardResult()
    do throws(LLVMError) {
      try run(&result)
    } catch {
      result.error = error
    }
    progress.finish()
    return result
  }

  /// Inlined, so that a stack shows the thread's closure right above `materializePreserved`.
  @inline(__always)
  private func run(_ result: inout ShardResult) throws(LLVMError) {
    let index = partition.index
    progress.enter(.deserialize)
    let context = Context(discardValueNames: emission.julia.discardsValueNames)
    let start = now()
    let lazy = try LazyModule(bytes, named: "Optimized", in: context)
    result.timers.deserialize = now() - start

    if emission.stopAfter >= .materialize {
      progress.enter(.materialize)
      let start = now()
      try materializePreserved(lazy, partition, of: summary, emission)
      result.timers.materialize = now() - start
    }
    let module = lazy.materialized()
    if emission.stopAfter >= .construct {
      progress.enter(.construct)
      try timed(&result.timers.construct) { () throws(LLVMError) in
        try construct(in: module, index: index)
      }
    }
    if emission.stopAfter >= .materialize {
      result.outputs = try addOutputImpl(
        module, emission, hasImageTables: summary.tableSizes != nil, timers: &result.timers,
        progress: progress)
    }
    // While the module is alive: free memory is given back from an arena's top.
    result.growth = ArenaGrowth.current()
  }

  private func construct(in module: borrowing Module, index: Int) throws(LLVMError) {
    let suffix = "_\(index)"
    if summary.tableSizes != nil {
      try ShardTables.construct(
        partition, of: summary, in: module, suffix: suffix, julia: emission.julia)
    }
    module.setFlag("julia.mv.suffix", to: suffix, behavior: .error)
    module.setCompileUnitFiles(
      name: "julia#\(index)", directory: ".",
      skippingNoDebug: !emission.julia.renamesNoDebugUnits)
  }
}
