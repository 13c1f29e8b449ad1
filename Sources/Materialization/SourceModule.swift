public import LLVMBitcode

/// A whole module, read and verified, with the weight of each of its definitions.
public struct SourceModule: ~Copyable {
  let module: Module
  let weights: Weights

  /// What the module's definitions amount to.
  public var info: ModuleInfo { weights.info }

  /// The target triple; empty where the module names none.
  public var triple: String { module.triple }

  /// Reads and verifies a whole module (`llvm::Module::materializeAll`, `LLVMVerifyModule`). LLVM's
  /// bitcode reader can crash on broken bytes. Throws LLVM's own words. O(module).
  ///
  /// - Parameter times: receives the seconds of reading, verifying and weighing.
  public init(
    _ bytes: SharedBytes, named name: String, times: inout SourceTimes
  ) throws(LLVMError) {
    let lazy = try times.parse.measure { () throws(LLVMError) in
      try LazyModule(bytes, named: name, in: Context())
    }
    let sizes = try times.parse.measure { () throws(LLVMError) in
      try lazy.materializeAllAndCount()
    }
    times.parse.wall -= sizes.seconds
    times.weigh.wall += sizes.seconds
    let module = lazy.materialized()
    if let finding = times.verify.measure({ module.verify() }) {
      let first = finding.split(separator: "\n").first.map(String.init) ?? "no details"
      throw LLVMError("the module is broken, says LLVM's verifier (\(first))")
    }
    if let reason = ForeignBitcode.refusal(of: module) { throw LLVMError(reason) }
    weights = times.weigh.measure { Weights(of: module, sizes) }
    self.module = module
  }

  /// Splits the module: names, promotes, plans, serializes, and frees the source module with its
  /// context, as Julia does before it starts a worker.
  ///
  /// - Parameters:
  ///   - shards: one worker each, at least 1; more than there are definitions gives empty shards.
  ///   - times: receives the seconds of each step.
  public consuming func split(
    into shards: Int, julia: JuliaVersion = .v111, ties: PartitionPlan.Ties = .libstdcxx,
    times: inout SourceTimes
  ) throws(MaterializationError) -> SplitModule {
    let plan = try plan(shards: shards, julia: julia, ties: ties, times: &times)
    let bytes = times.serialize.measure { module.serialize() }
    return SplitModule(plan: plan, bytes: bytes)
  }

  /// The plan alone. The module is changed (named, promoted, without Julia's tables) and is of no
  /// other use afterwards.
  public consuming func plan(
    into shards: Int, julia: JuliaVersion = .v111, ties: PartitionPlan.Ties = .libstdcxx,
    times: inout SourceTimes
  ) throws(MaterializationError) -> PartitionPlan {
    try plan(shards: shards, julia: julia, ties: ties, times: &times)
  }

  private borrowing func plan(
    shards: Int, julia: JuliaVersion, ties: PartitionPlan.Ties, times: inout SourceTimes
  ) throws(MaterializationError) -> PartitionPlan {
    precondition(shards >= 1, "a module is split into at least one shard")
    let summary = try times.union.measure { () throws(MaterializationError) in
      try ModuleSummary(preparing: module, weights: weights, julia: julia)
    }
    let components = times.union.measure { Components(of: summary) }
    let plan = times.fill.measure {
      PartitionPlan(components: components, summary, shards: shards, ties: ties)
    }
    let violations = times.check.measure { plan.violations() }
    if let first = violations.first {
      let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
      throw .unusable("it cannot be partitioned: \(first)\(more)")
    }
    return plan
  }

  /// Julia's way with one thread: nothing is split, renamed or read anew; the module is optimized
  /// and emitted where it is, by the caller's thread.
  public consuming func emitInPlace(
    _ emission: Emission, progress: ShardProgress = ShardProgress()
  ) throws(MaterializationError) -> ShardReport {
    var timers = ShardTimers()
    timers.begin = now()
    let hasTables = ImageTables.exist(in: module)
    if hasTables && emission.stopAfter >= .construct {
      try ShardTables.replace(in: module, suffix: "_0", julia: emission.julia)
    }
    let outputs = try addOutputImpl(
      module, emission, hasImageTables: hasTables, timers: &timers, progress: progress)
    progress.finish()
    return ShardReport(
      index: 0, weight: info.weight, globals: info.globals, functions: info.functions,
      timers: timers, outputs: outputs, growthPagesOfAll: ArenaGrowth.isMeasurable ? 0 : nil)
  }
}

/// What the steps before the workers took, 0 where one did not run.
public struct SourceTimes: Sendable, Equatable {
  public var parse = Elapsed()
  public var verify = Elapsed()
  public var weigh = Elapsed()
  /// Naming, promoting, noting ties, and joining what they tie.
  public var union = Elapsed()
  public var fill = Elapsed()
  /// Checking the plan.
  public var check = Elapsed()
  public var serialize = Elapsed()

  public init() {}

  /// Julia's `partition` timer.
  public var partition: Elapsed { weigh + union + fill + check }
}
