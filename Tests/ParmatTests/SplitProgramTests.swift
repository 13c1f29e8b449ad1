import Foundation
import TestSupport
import Testing

/// Programs from Inputs/sources, compiled by the clang of LLVM's own major version, with what an
/// unsplit build of the same module prints.
@Suite("Programs that are split, emitted, linked and run")
struct SplitProgramTests {
  static let shardCounts = [1, 2, 3, 8, 64]

  private func program(
    _ name: String, _ level: String, in folder: TemporaryFolder
  ) throws -> SplitProgram {
    let sources = projectFolder.appendingPathComponent("Inputs/sources/\(name)")
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path)
      .filter { $0.hasSuffix(".c") || $0.hasSuffix(".cpp") }.sorted()
    try #require(files.count > 1, "a program of several files")
    let modules = try files.map { file in
      let module = folder.path("\(file).bc")
      let compiler = file.hasSuffix(".c") ? Tools.clang : Tools.clangxx
      let source = sources.appendingPathComponent(file).path
      try runSuccessfully(
        compiler, [level, "-g", "-fPIC", "-emit-llvm", "-c", source, "-o", module])
      return module
    }
    let program = try SplitProgram(modules: modules, in: folder)
    try #require(program.expected.status == 0 && !program.expected.output.isEmpty)
    return program
  }

  @Test(
    "a C program of several files does what the unsplit build does", arguments: ["-O0", "-O2"])
  func cProgram(level: String) throws {
    let folder = try TemporaryFolder()
    let program = try program("c-program", level, in: folder)
    for threads in Self.shardCounts {
      let outcome = try program.run(threads: threads)
      #expect(outcome.status == 0, "\(threads) shards")
      #expect(outcome.output == program.expected.output, "\(threads) shards")
    }
  }

  @Test(
    "a C++ program with exceptions, comdats, thread-locals and static constructors too",
    arguments: ["-O0", "-O2"])
  func cxxProgram(level: String) throws {
    let folder = try TemporaryFolder()
    let program = try program("cxx-program", level, in: folder)
    for threads in Self.shardCounts {
      let outcome = try program.run(threads: threads)
      #expect(outcome.status == 0, "\(threads) shards")
      #expect(outcome.output == program.expected.output, "\(threads) shards")
    }
  }

  @Test("the shards define what the unsplit object defines, each symbol once")
  func symbols() throws {
    let folder = try TemporaryFolder()
    let program = try program("c-program", "-O1", in: folder)
    let whole = folder.path("whole.o")
    try runSuccessfully(Tools.clang, ["-O1", "-fPIC", "-c", program.module, "-o", whole])
    let expected = Set(try SplitProgram.definedSymbols([whole]))
    let defined = try SplitProgram.definedSymbols(try program.objects(threads: 8))
    #expect(Set(defined).count == defined.count, "each once")
    #expect(expected.subtracting(defined) == [], "none missing")
    // What is new was local before.
    let locals = try runSuccessfully("nm", ["--defined-only", "--just-symbols", whole])
    let all = Set(locals.split(separator: "\n").map(String.init))
    let promoted = Set(defined).subtracting(expected)
    #expect(promoted.allSatisfy { all.contains($0) || $0.hasPrefix(".") || $0.contains(".") })
  }

  @Test("the program survives every version's rules", arguments: ["1.10", "1.11", "1.12", "1.13"])
  func versions(julia: String) throws {
    let folder = try TemporaryFolder()
    let program = try program("cxx-program", "-O1", in: folder)
    let outcome = try program.run(threads: 3, options: ["--julia", julia])
    #expect(outcome.output == program.expected.output)
  }

  @Test("two runs with as many threads write the same bytes")
  func reproducibleObjects() throws {
    let folder = try TemporaryFolder()
    let program = try program("cxx-program", "-O1", in: folder)
    let first = try program.objects(threads: 3).map {
      try Data(contentsOf: URL(fileURLWithPath: $0))
    }
    let second = try program.objects(threads: 3).map {
      try Data(contentsOf: URL(fileURLWithPath: $0))
    }
    #expect(first == second)
  }

  @Test("assembly and objects agree: the assembled text links and runs as well")
  func assembly() throws {
    let folder = try TemporaryFolder()
    let program = try program("c-program", "-O1", in: folder)
    let output = folder.path("asm")
    let outcome = try Parmat.run(
      ["run", program.module, "--threads", "3", "--emit", "asm,bc", "--output", output])
    #expect(outcome.status == 0)
    let texts = (0..<3).map { "\(output)/text#\($0).s" }
    try runSuccessfully(
      Tools.clangxx, texts + ["-lpthread", "-lm", "-o", folder.path("assembled")])
    #expect(try TestSupport.run(folder.path("assembled")).output == program.expected.output)
    for shard in 0..<3 {
      try runSuccessfully(
        Tools.opt, ["-passes=verify", "-disable-output", "\(output)/text_opt#\(shard).bc"])
    }
  }
}
