public import LLVMBitcode

/// What a shard was written as; bytes as they go into a file.
public struct ShardOutputs: Sendable {
  /// Bitcode before the optimizer.
  public internal(set) var unopt: SharedBytes?
  /// Bitcode after the optimizer.
  public internal(set) var opt: SharedBytes?
  public internal(set) var obj: SharedBytes?
  public internal(set) var asm: SharedBytes?

  init() {}
}

/// Optimizes and emits one shard, as far as asked (`add_output_impl`, aotcompile.md 1.7): its own
/// target machine, a second one for the optimizer, a code generator run for each kind of output.
func addOutputImpl(
  _ module: borrowing Module, _ emission: Emission, hasImageTables: Bool,
  timers: inout ShardTimers, progress: ShardProgress
) throws(MaterializationError) -> ShardOutputs {
  var outputs = ShardOutputs()
  let wantsBitcode = emission.kinds.contains(.bc)
  if wantsBitcode && emission.stopAfter < .optimize {
    outputs.unopt = timed(&timers.unopt) { module.serialize() }
  }
  guard emission.stopAfter >= .optimize else { return outputs }

  let triple = module.triple.isEmpty ? TargetMachine.defaultTriple : module.triple
  let codeModel = codeModel(for: triple, emission.julia)
  let emitter = try targetMachine(triple, codeModel)

  progress.enter(.optimize)
  try timed(&timers.optimize) { () throws(MaterializationError) in
    let optimizer = try targetMachine(triple, codeModel)
    do {
      try optimizer.run(Pipeline.passes, on: module)
    } catch {
      throw .defect("the optimizer refuses its passes: \(error)")
    }
    if hasImageTables { CRTAliases.inject(into: module, julia: emission.julia) }
  }
  if wantsBitcode { outputs.opt = timed(&timers.opt) { module.serialize() } }
  guard emission.stopAfter >= .emit else { return outputs }

  progress.enter(.emit)
  if emission.kinds.contains(.obj) {
    outputs.obj = try timed(&timers.obj) { () throws(MaterializationError) in
      try emit(.obj, of: module, with: emitter)
    }
  }
  if emission.kinds.contains(.asm) {
    outputs.asm = try timed(&timers.asm) { () throws(MaterializationError) in
      try emit(.asm, of: module, with: emitter)
    }
  }
  return outputs
}

private func targetMachine(
  _ triple: String, _ codeModel: TargetMachine.CodeModel
) throws(MaterializationError) -> TargetMachine {
  do {
    return try TargetMachine(triple: triple, codeModel: codeModel)
  } catch {
    throw .unavailable("\(error)")
  }
}

/// What the code generator refuses is in the module: an instruction of inline assembly, say.
private func emit(
  _ output: TargetMachine.Output, of module: borrowing Module, with emitter: borrowing TargetMachine
) throws(MaterializationError) -> SharedBytes {
  do {
    return try emitter.emit(output, of: module)
  } catch {
    throw .unusable("LLVM generates no code for it: \(error)")
  }
}

/// Medium on x86-64 Linux from Julia 1.11 on, whose LLVM is 16: before that, LLVM's medium model
/// puts absolute addresses of hidden functions into position-independent code.
private func codeModel(for triple: String, _ julia: JuliaVersion) -> TargetMachine.CodeModel {
  let isLargeTarget = triple.hasPrefix("x86_64") && triple.contains("linux")
  return julia.usesMediumCodeModel && isLargeTarget && LLVMLibrary.major >= 16 ? .medium : .small
}
