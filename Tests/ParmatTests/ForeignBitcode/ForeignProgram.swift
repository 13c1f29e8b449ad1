import Foundation
import TestSupport
import Testing

/// A program in one bitcode module, to be linked whole and from shards.
struct ForeignProgram {
  /// Both ways to read bodies, as `--materializer` names them.
  static let materializers = ["module", "functions"]

  let folder: TemporaryFolder
  let module: String
  /// What every link gets besides.
  var linkOptions: [String] = []
  /// What every `parmat run` gets besides.
  var runOptions: [String] = []

  /// Compiles C or C++ (by the name's extension).
  init(
    _ source: String, named name: String, options: [String] = ["-O1", "-fPIC"],
    linkOptions: [String] = []
  ) throws {
    folder = try TemporaryFolder()
    module = try Tools.compile(source, named: name, in: folder, options: options)
    self.linkOptions = linkOptions
  }

  /// Assembles text IR in `Tools.dialect` notation.
  init(ir text: String, linkOptions: [String] = [], runOptions: [String] = []) throws {
    folder = try TemporaryFolder()
    module = try Tools.assemble(text, in: folder)
    self.linkOptions = linkOptions
    self.runOptions = runOptions
  }

  /// Links the module as it is, by clang.
  func linkWhole(_ options: [String] = []) throws -> String {
    let path = folder.path("whole")
    try runSuccessfully(
      Tools.clangxx,
      ["-fPIC", "-Wno-override-module", module, "-o", path] + linkOptions + options)
    return path
  }

  /// Splits the module with parmat, and returns what it wrote, in shard order.
  func split(into shards: Int, _ materializer: String = "module", emit: String = "obj") throws
    -> [String]
  {
    let output = folder.path("\(materializer)-\(shards)-\(emit)")
    let arguments =
      [
        "run", module, "--threads", "\(shards)", "--always-split", "--materializer", materializer,
        "--emit", emit, "-o", output, "--quiet",
      ] + runOptions
    try runSuccessfully(Parmat.path, arguments)
    let stem = emit == "bc" ? "text_unopt#" : "text#"
    let suffix = emit == "obj" ? "o" : "bc"
    return (0..<shards).map { "\(output)/\(stem)\($0).\(suffix)" }
  }

  /// Links the module from shards; the linker complains about every symbol that is missing or
  /// defined twice.
  func linkSplit(into shards: Int, _ materializer: String = "module", _ options: [String] = [])
    throws -> String
  {
    let objects = try split(into: shards, materializer)
    let path = folder.path("split-\(materializer)-\(shards)")
    try runSuccessfully(Tools.clangxx, objects + ["-o", path] + linkOptions + options)
    return path
  }

  /// Runs the whole program and the same from 1, 2, 3 and 8 shards, read both ways: all print
  /// `output` and end with `status`. `inspect` is given each program's path.
  func expectSameWhenSplit(
    printing output: String, status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation,
    inspect: (String) throws -> Void = { _ in }
  ) throws {
    func expect(_ program: String) throws {
      let outcome = try run(program)
      #expect(
        outcome.output == output && outcome.status == status && outcome.signal == nil,
        "\(program) ended with \(outcome.status): \(outcome.output)\(outcome.errors)",
        sourceLocation: sourceLocation)
      try inspect(program)
    }
    try expect(try linkWhole())
    for materializer in Self.materializers {
      for shards in [1, 2, 3, 8] { try expect(try linkSplit(into: shards, materializer)) }
    }
  }

  /// The text IR of each of so many shards as they stand after `materializePreserved`.
  func shardTexts(_ shards: Int, _ materializer: String = "module") throws -> [String] {
    try split(into: shards, materializer, emit: "bc").map {
      // Two lines name the file, not the module.
      try runSuccessfully(Tools.llvmDis, [$0, "-o", "-"]).split(separator: "\n")
        .filter { !$0.hasPrefix("; ModuleID") }.joined(separator: "\n")
    }
  }

  /// The lines of the shards' text that define or declare the symbol, first word first.
  func headings(of symbol: String, _ shards: Int) throws -> [String] {
    try shardTexts(shards).flatMap { text in
      text.split(separator: "\n").map(String.init).filter {
        ($0.hasPrefix("define") || $0.hasPrefix("declare")) && $0.contains("@\(symbol)(")
      }
    }
  }
}

/// Symbols as `nm` lists them: type and name, sorted.
func symbols(of file: String, _ options: [String] = []) throws -> [String] {
  try runSuccessfully(Tools.nm, options + [file]).split(separator: "\n")
    .map { $0.split(separator: " ").suffix(2).joined(separator: " ") }.sorted()
}
