import Foundation

/// A program as one bitcode module, and as an executable that was never split.
public struct SplitProgram {
  public let module: String
  public let expected: Outcome
  private let folder: TemporaryFolder
  private let linkOptions: [String]

  /// Links the modules to one, and builds and runs the unsplit program.
  public init(
    modules: [String], in folder: TemporaryFolder, linkOptions: [String] = ["-lm", "-lpthread"]
  ) throws {
    self.folder = folder
    self.linkOptions = linkOptions
    module = folder.path("whole.bc")
    try runSuccessfully(Tools.llvmLink, modules + ["-o", module])
    let whole = folder.path("whole")
    try runSuccessfully(Tools.clangxx, ["-fPIC", module, "-o", whole] + linkOptions)
    expected = try TestSupport.run(whole)
  }

  /// Splits the module by parmat and returns the shards' objects in index order.
  public func objects(threads: Int, options: [String] = []) throws -> [String] {
    let output = folder.path("shards-\(UUID().uuidString)")
    let arguments =
      ["run", module, "--threads", String(threads), "--always-split", "--emit", "obj"]
      + ["--output", output, "--quiet"] + options
    let outcome = try Parmat.run(arguments)
    guard outcome.status == 0, outcome.signal == nil else {
      throw CommandFailure(
        description: "parmat \(arguments.joined(separator: " ")): \(outcome.status)\n"
          + outcome.errors)
    }
    return (0..<threads).map { "\(output)/text#\($0).o" }
  }

  /// Splits, links (which finds doubled and missing symbols) and runs.
  public func run(threads: Int, options: [String] = []) throws -> Outcome {
    let program = folder.path("split-\(threads)")
    let objects = try objects(threads: threads, options: options)
    let linked = try TestSupport.run(Tools.clangxx, objects + ["-o", program] + linkOptions)
    guard linked.status == 0, linked.errors.isEmpty else {
      throw CommandFailure(description: "the shards do not link:\n\(linked.errors)")
    }
    return try TestSupport.run(program)
  }

  /// Names of the symbols that objects define for others (`nm --defined-only --extern-only`).
  public static func definedSymbols(_ objects: [String]) throws -> [String] {
    try runSuccessfully("nm", ["--defined-only", "--extern-only", "--just-symbols"] + objects)
      .split(separator: "\n").map(String.init).filter { !$0.hasSuffix(":") }
  }
}
