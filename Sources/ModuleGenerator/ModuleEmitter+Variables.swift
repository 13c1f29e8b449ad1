internal import LLVMBitcode

extension ModuleEmitter {
  /// All variables, as Julia names them.
  func addVariables() {
    let counts = plan.variables
    var number = 0
    func next() -> Int {
      number += 1
      return number
    }
    func word(_ index: Int) -> String { MethodNames.all[index % MethodNames.all.count] }

    let contents = ConstantTables(plan)
    for table in 0..<plan.tableCount {
      tables.append(
        module.addVariable(
          "_j_const_\(next())", initializer: module.numbers(contents.numbers(table)),
          isConstant: true, alignment: 8))
    }
    for table in tables { firstElements.append(module.firstElement(of: table)) }
    for _ in 0..<(counts.constants - plan.tableCount) {
      let name = next()
      // First what thunks look up.
      let text =
        strings.count < CFunction.allCases.count
        ? CFunction.allCases[strings.count].rawValue : word(name)
      strings.append(
        module.addVariable(
          "_j_str_\(text)_\(name)", initializer: module.string(text), isConstant: true, alignment: 1
        ))
    }
    let signs = ["+", "-", "*"]
    for index in 0..<counts.bindings {
      let binding = MethodNames.bindings[index % MethodNames.bindings.count]
      bindings.append(addObject("\(signs[index % 3])\(binding)#\(next())"))
    }
    for _ in 0..<counts.objects { objects.append(addObject("jl_global#\(next())")) }
    for index in 0..<counts.symbols { symbols.append(addObject("jl_sym#\(word(index))#\(next())")) }
    addThunkVariables(next)
  }

  /// A pointer that the loader sets.
  private func addObject(_ name: String) -> GlobalValue {
    let variable = module.addVariable(
      name, initializer: module.null(types.box), alignment: 8, isAddressInsignificant: true)
    module.attach(tags.empty, kind: "julia.constgv", to: variable)
    return variable
  }

  private func addThunkVariables(_ number: () -> Int) {
    for index in 0..<plan.variables.caches {
      let name =
        index < plan.thunks.count
        ? "ccall_\(plan.cFunction(of: plan.thunks[index]).rawValue)_\(number())"
        : "ccalllib_libc\(number())"
      caches.append(
        module.addVariable(name, initializer: module.null(types.thunkPointer), alignment: 8))
    }
    for thunk in plan.thunks {
      gots.append(
        module.addVariable(
          plan.name(of: thunk) + "_got", initializer: IRValue(functions[thunk]), alignment: 8))
    }
  }
}
