internal import LLVMBitcode

/// The number converters that code generators call and that Julia's run-time library has under
/// names of its own: an internal wrapper of each in every shard (`injectCRTAlias`).
enum CRTAliases {
  private struct Converter {
    let name: String
    let target: String
    let source: Module.FloatType
    let result: Module.FloatType
  }

  private static let half = [
    Converter(
      name: "__gnu_h2f_ieee", target: "julia__gnu_h2f_ieee", source: .half, result: .float),
    Converter(name: "__extendhfsf2", target: "julia__gnu_h2f_ieee", source: .half, result: .float),
    Converter(
      name: "__gnu_f2h_ieee", target: "julia__gnu_f2h_ieee", source: .float, result: .half),
    Converter(name: "__truncsfhf2", target: "julia__gnu_f2h_ieee", source: .float, result: .half),
    Converter(name: "__truncdfhf2", target: "julia__truncdfhf2", source: .double, result: .half),
  ]
  private static let bfloat = [
    Converter(
      name: "__truncsfbf2", target: "julia__truncsfbf2", source: .float, result: .bfloat),
    // Julia's own spelling of the wrapper.
    Converter(
      name: "__truncsdbf2", target: "julia__truncdfbf2", source: .double, result: .bfloat),
  ]

  /// Adds them if the shard defines any function. Duplicates are legal: they are internal.
  static func inject(into module: borrowing Module, julia: JuliaVersion) {
    let hasCode = module.functions.contains { !$0.isDeclaration && $0.name != "_DllMainCRTStartup" }
    guard hasCode else { return }
    // LLVM 14's code generator aborts on a bfloat value ("Cannot select"); Julia never paired 14 with
    // these two.
    let hasBFloat = julia.convertsBFloat16 && LLVMLibrary.major >= 15
    let converters = hasBFloat ? half + bfloat : half
    module.keepForCompiler(
      converters.map {
        module.addWrapper($0.name, calling: $0.target, from: $0.source, to: $0.result)
      })
  }
}
