public import ArgumentParser
internal import LLVMBitcode
public import ModuleGenerator

extension Profile: ExpressibleByArgument {}

/// `parmat generate`: a module of a given shape.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write a module of Julia's shape, of any size.",
    discussion: """
      The same seed and knobs give the same bytes on every run, for one version of LLVM. A profile \
      sets every knob; an option changes one. With fewer --functions the whole profile shrinks.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the bitcode goes.", valueName: "file"))
  var output: String

  @Option(help: "Whose shape: julia-sysimage (Julia 1.11's own image) or tiny.")
  var profile: Profile = .juliaSysimage

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Functions of all kinds (17940; tiny: 64).", valueName: "N"))
  var functions: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Instructions of a function, in the mean (229; tiny: 40).", valueName: "N"))
  var meanInstructions: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of all instructions in the largest 1 % of the functions, 0 to 1 (0.3; tiny: 0.15).",
      valueName: "share"))
  var tail: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Variables of all kinds (16415, or as many as go with --functions).", valueName: "N"))
  var globals: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the instructions with a source location, 0 to 1 (0.9); 0: no debug info at all.",
      valueName: "share"))
  var debugInfo: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Alias tags and scopes of memory accesses, from 0 for none to 1 for as many as the profile "
        + "has (1).", valueName: "share"))
  var metadata: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("What chance follows from (1).", valueName: "N"))
  var seed: UInt64 = 1

  @OptionGroup var display: DisplayOptions

  func run() throws {
    var options = GeneratorOptions(profile: profile, functions: functions, seed: seed)
    if let meanInstructions { options.meanInstructions = meanInstructions }
    options.tail = tail
    if let globals { options.globals = globals }
    if let debugInfo { options.debugInfo = debugInfo }
    if let metadata { options.metadata = metadata }
    let plan: ModulePlan
    do {
      plan = try ModulePlan(options)
    } catch {
      throw Failure(.usage, error.description)
    }
    try ResultFile.check(output)
    let bytes = GeneratedModule(plan).serialize()
    try ResultFile.write(bytes, to: output)
    // Standard output is the module's.
    guard output != "-" else { return }
    let report = GenerateReport(plan, path: output, bytes: bytes)
    switch display.format {
    case .json: try Output.write(json(report, lines: false))
    case .jsonl: try Output.write(json(report, lines: true))
    case .text: try Output.write(report.text)
    }
  }
}
