internal import LLVMBitcode

/// Writes a plan as an LLVM module: variables and declarations first, then the bodies in module order,
/// last Julia's tables.
final class ModuleEmitter {
  let plan: ModulePlan
  let module: ModuleBuilder
  let write: InstructionBuilder
  let types: EmittedTypes
  let tags: AliasTags
  let runtime: RuntimeLibrary
  let intrinsics: Intrinsics
  let attributes: FunctionAttributes
  /// Constants that stand everywhere.
  let zero: IRValue
  let noBox: IRValue
  /// Shares, of 65,536.
  let thresholds: (name: UInt64, blockName: UInt64, loadTag: UInt64, storeTag: UInt64)

  /// By number in the plan.
  var functions: [GlobalValue] = []
  var tables: [GlobalValue] = []
  /// The tables' addresses, as pointers to numbers.
  var firstElements: [IRValue] = []
  var strings: [GlobalValue] = []
  var bindings: [GlobalValue] = []
  var objects: [GlobalValue] = []
  var symbols: [GlobalValue] = []
  var caches: [GlobalValue] = []
  var gots: [GlobalValue] = []

  init(_ plan: ModulePlan) {
    self.plan = plan
    // What Julia takes on x86-64 Linux: LLVM's layout, with address spaces 10 to 13 non-integral.
    module = ModuleBuilder(
      named: "text", triple: "x86_64-unknown-linux-gnu", dataLayout: Self.dataLayout)
    write = InstructionBuilder(for: module)
    types = EmittedTypes(module)
    tags = AliasTags(module)
    runtime = RuntimeLibrary(module, types)
    intrinsics = Intrinsics(module, types)
    attributes = FunctionAttributes(module)
    zero = module.constant(0, types.number)
    noBox = module.null(types.box)
    let shares = [
      plan.shape.nameShare, plan.shape.blockNameShare,
      plan.options.metadata * plan.shape.loadTagShare,
      plan.options.metadata * plan.shape.storeTagShare,
    ].map { UInt64($0 * 65_536) }
    thresholds = (shares[0], shares[1], shares[2], shares[3])
  }

  /// LLVM 18 aligned 128-bit integers anew, and says so in the layout.
  private static var dataLayout: String {
    let integers = LLVMLibrary.major >= 18 ? "i64:64-i128:128-f80:128" : "i64:64-f80:128"
    return "e-m:e-p270:32:32-p271:32:32-p272:64:64-\(integers)-n8:16:32:64-S128-ni:10:11:12:13"
  }

  /// The whole module. O(instructions).
  func emit() {
    setFlags()
    declareFunctions()
    addVariables()
    for index in plan.functions.indices { emitBody(of: index) }
    addAliases()
    addTables()
  }

  private func setFlags() {
    if plan.options.debugInfo > 0 {
      module.addFlag("Dwarf Version", 4, behavior: .warning)
      module.addFlag("Debug Info Version", 3, behavior: .warning)
    }
    module.setFlag("julia.mv.suffix", to: "_0")
  }

  private func declareFunctions() {
    functions.reserveCapacity(plan.functions.count)
    for (index, function) in plan.functions.enumerated() {
      let type =
        switch function.kind {
        case .julia, .inlined, .entry: types.numeric[function.arity]
        case .jlplt: types.thunk
        case .jfptr, .japi1, .tojlinvoke: types.boxed
        }
      let value = module.addFunction(plan.name(of: index), type, linkage: .internal)
      value.add(attributes.framePointer)
      value.add(attributes.probeStack)
      if function.kind == .inlined { value.add(attributes.alwaysInline) }
      if function.clones > 0 { value.add(attributes.clones[function.clones - 1]) }
      functions.append(value)
    }
  }

  private func emitBody(of index: Int) {
    switch plan.functions[index].kind {
    case .julia, .japi1, .inlined: BodyEmitter(self, index).emit()
    case .jfptr: emitWrapper(index)
    case .jlplt: emitThunk(index)
    case .tojlinvoke: emitInvocation(index)
    case .entry: emitEntry(index)
    }
  }

  /// What C may call.
  private func addAliases() {
    guard let alias = plan.entryAlias else { return }
    module.addAlias(alias, of: functions[plan.entry])
  }

  /// Julia's tables: which function and variable has which number in the image.
  private func addTables() {
    let fvars = plan.tabled.map { functions[$0] }
    let gvars = bindings + objects + symbols
    module.addPointerTable("jl_fvars", to: fvars)
    module.addTable("jl_fvar_idxs", of: (0..<UInt32(fvars.count)).map { $0 })
    module.addPointerTable("jl_gvars", to: gvars)
    module.addTable("jl_gvar_idxs", of: (0..<UInt32(gvars.count)).map { $0 })
  }
}
