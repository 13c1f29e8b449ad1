internal import LLVMBitcode
internal import Materialization
internal import ModuleGenerator

/// The record of a generated module (`parmat.generate/1`); scripts rely on its keys.
struct GenerateReport: Encodable {
  struct File: Encodable {
    let path: String
    let bytes: Int
    let sha256: String
  }
  struct Knobs: Encodable {
    let profile: Profile
    let functions: Int
    let meanInstructions: Double
    /// As it came out; what was asked for it is near.
    let tail: Double
    let globals: Int
    let debugInfo: Double
    let metadata: Double
    let seed: UInt64
  }
  /// What the entry returns, as the plan's interpreter computes it.
  struct Result: Encodable {
    let argument: Int64
    let result: Int64
  }

  let schema = "parmat.generate/1"
  let llvm = LLVMLibrary.builtVersion
  let module: File
  let knobs: Knobs
  let functions: Int
  let instructions: Int
  let blocks: Int
  /// As the partitioner weighs functions.
  let functionWeight: Int
  let variables: Int
  /// The function that calls the others, and the exported name that C may call it by.
  let entry: String
  let alias: String?
  let results: [Result]

  /// Numbers that meet both signs, both widths and the ends.
  private static let arguments: [Int64] = [0, 1, -1, 42, 1 << 40, .min, .max]

  init(_ plan: ModulePlan, path: String, bytes: SharedBytes) {
    let options = plan.options
    module = File(path: path, bytes: bytes.count, sha256: bytes.sha256)
    instructions = plan.functions.reduce(0) { $0 + $1.instructions }
    blocks = plan.functions.reduce(0) { $0 + $1.blocks }
    functionWeight = plan.functions.reduce(0) { $0 + $1.weight }
    functions = plan.functions.count
    variables = options.globals
    knobs = Knobs(
      profile: options.profile, functions: options.functions,
      meanInstructions: options.meanInstructions, tail: plan.tail, globals: options.globals,
      debugInfo: options.debugInfo, metadata: options.metadata, seed: options.seed)
    entry = plan.name(of: plan.entry)
    alias = plan.entryAlias
    var interpreter = Interpreter(plan)
    results = Self.arguments.map { Result(argument: $0, result: interpreter.result(of: $0)) }
  }

  var text: String {
    let tail = fixed(100 * knobs.tail, 1)
    return """
      \(module.path): \(fixed(Double(module.bytes) / 1e6, 3)) MB of bitcode for LLVM \(llvm), profile \
      \(knobs.profile.rawValue), seed \(knobs.seed)
      \(functions) functions, \(blocks) blocks, \(instructions) instructions (the largest 1 % of the \
      functions hold \(tail) %), \(variables) variables
      \(alias ?? entry)(\(results[3].argument)) = \(results[3].result)\n
      """
  }
}
