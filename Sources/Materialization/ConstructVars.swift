internal import LLVMBitcode

/// Julia's tables of one shard (`construct_vars`), in the form that the loader reads: Julia's
/// multiversioning pass renames and extends them while it optimizes; stock LLVM has no such pass,
/// so that it is done here, for one target and no clones (aotcompile.md 5.1, 5.2).
enum ShardTables {
  /// Makes the tables of a shard of a split module.
  static func construct(
    _ partition: Partition, of summary: ModuleSummary, in module: borrowing Module,
    suffix: String, julia: JuliaVersion
  ) throws(LLVMError) {
    let fvars = try resolve(partition.fvars, .function, summary, in: module)
    let gvars = try resolve(partition.gvars, .variable, summary, in: module)
    add(fvars: fvars, gvars: gvars, to: module, suffix: suffix, julia: julia)
  }

  /// Replaces the tables of a module that stays whole.
  static func replace(
    in module: borrowing Module, suffix: String, julia: JuliaVersion
  ) throws(MaterializationError) {
    guard let indices = try ImageTables.take(from: module) else { return }
    add(
      fvars: entries(indices.fvars), gvars: entries(indices.gvars), to: module, suffix: suffix,
      julia: julia)
  }

  /// The loader walks one run a target, each led by its length: one target, nothing cloned.
  private static let noClones: [UInt32] = [0]

  private struct Entry {
    let number: UInt32
    let value: GlobalValue
  }

  private static func entries(_ indices: [GlobalValue: UInt32]) -> [Entry] {
    indices.map { Entry(number: $1, value: $0) }.sorted { $0.number < $1.number }
  }

  private static func resolve(
    _ entries: [Partition.ImageEntry], _ kind: GlobalValue.Kind, _ summary: ModuleSummary,
    in module: borrowing Module
  ) throws(LLVMError) -> [Entry] {
    var resolved: [Entry] = []
    for entry in entries {
      let value = summary.names.withCString(entry.definition) { module.named($0, kind) }
      guard let value, !value.isDeclaration else {
        let name = summary.names[entry.definition]
        throw LLVMError("'\(name)' is in Julia's tables, but this shard does not define it")
      }
      resolved.append(Entry(number: entry.number, value: value))
    }
    return resolved.sorted { $0.number < $1.number }
  }

  private static func add(
    fvars: [Entry], gvars: [Entry], to module: borrowing Module, suffix: String,
    julia: JuliaVersion
  ) {
    let functions = fvars.map(\.value)
    let variables = gvars.map(\.value)
    if julia.hasPointerTables {
      module.addSize("jl_fvar_count" + suffix, UInt64(fvars.count))
      module.addPointerTable("jl_fvar_ptrs" + suffix, to: functions)
      module.addTable("jl_fvar_idxs" + suffix, of: fvars.map(\.number))
      module.addOffsetTable("jl_gvar_offsets" + suffix, to: variables)
      module.addTable("jl_gvar_idxs" + suffix, of: gvars.map(\.number))
      module.addTable("jl_clone_slots" + suffix, of: [0])
      module.addPointerTable("jl_clone_ptrs" + suffix, to: [])
      module.addTable("jl_clone_idxs" + suffix, of: noClones)
    } else {
      module.addBasedOffsets(
        base: "jl_fvar_base" + suffix, offsets: "jl_fvar_offsets" + suffix, to: functions)
      module.addTable("jl_fvar_idxs" + suffix, of: fvars.map(\.number))
      module.addBasedOffsets(
        base: "jl_gvar_base" + suffix, offsets: "jl_gvar_offsets" + suffix, to: variables)
      module.addTable("jl_gvar_idxs" + suffix, of: gvars.map(\.number))
      module.addTable("jl_clone_slots" + suffix, of: [0])
      module.addTable("jl_clone_offsets" + suffix, of: [])
      module.addTable("jl_clone_idxs" + suffix, of: noClones)
    }
  }
}
