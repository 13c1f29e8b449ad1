import Foundation
import TestSupport
import Testing

/// Debian's libclc: real bitcode of over 10,000 functions, written by LLVM 16.
private let libclc = "/usr/lib/clc/amdgcn--amdhsa.bc"

@Suite("Real modules")
struct RealInputTests {
  @Test(
    "libclc is materialized by eight workers, each with its own eighth",
    .enabled(
      if: FileManager.default.fileExists(atPath: libclc) && Tools.major >= 16,
      "needs libclc-16, which LLVM 14 and 15 cannot read"))
  func libclcModule() throws {
    let record = try Parmat.json(["run", libclc, "--threads", "8"])
    let shards = try #require(record["shards"] as? [[String: Any]])
    let weights = shards.compactMap { $0["weight"] as? Int }
    #expect(weights.count == 8)
    #expect(weights.reduce(0, +) > 1_000_000)
    #expect((weights.max() ?? 0) - (weights.min() ?? 0) <= 1, "LPT on thousands of small units")
    #expect(shards.compactMap { $0["functions"] as? Int }.reduce(0, +) > 10_000)
    #expect((record["growthPages"] as? Int ?? 0) > 40_000, "185 MB of bodies and more")

    // Each body was read by exactly one worker.
    let folder = try TemporaryFolder()
    let output = folder.path("shards")
    try Parmat.run(
      ["run", libclc, "--threads", "8", "--emit", "bc", "--output", output, "--quiet"])
    var bodies: [Substring] = []
    for shard in 0..<8 {
      let names = try runSuccessfully(
        "llvm-nm-\(Tools.major)",
        ["--defined-only", "--just-symbol-name", "\(output)/text_unopt#\(shard).bc"])
      bodies += names.split(separator: "\n")
    }
    #expect(bodies.count > 10_000)
    #expect(Set(bodies).count == bodies.count)
  }

  @Test(
    "the programs in Inputs, written by LLVM 14, are read by every LLVM and run when split",
    arguments: ["c-program", "cxx-program"])
  func inputs(name: String) throws {
    let module = projectFolder.appendingPathComponent("Inputs/\(name).bc").path
    let folder = try TemporaryFolder()
    let program = try SplitProgram(modules: [module], in: folder)
    #expect(program.expected.status == 0 && !program.expected.output.isEmpty)
    #expect(try program.run(threads: 3).output == program.expected.output)
  }

  @Test("the module in Inputs with Julia's tables is planned without them, and emitted")
  func juliaTables() throws {
    let module = projectFolder.appendingPathComponent("Inputs/julia-tables.bc").path
    let record = try Parmat.json(["partition", module, "--threads", "4"])
    let shards = try #require(record["shards"] as? [[String: Any]])
    let names = shards.flatMap { $0["globals"] as? [String] ?? [] }
    #expect(names.count == 30 && !names.contains("jl_fvars"))
    let folder = try TemporaryFolder()
    let output = folder.path("out")
    try Parmat.run(["run", module, "--threads", "4", "--emit", "obj", "--output", output])
    for shard in 0..<4 {
      let symbols = try runSuccessfully("nm", ["\(output)/text#\(shard).o"])
      #expect(symbols.contains("jl_fvar_ptrs_\(shard)"))
      #expect(symbols.contains("jl_gvar_offsets_\(shard)"))
    }
  }

  @Test("a module of several MB, made by CMakeHelpers of Debian's C++ libraries, runs when split")
  func cmakeModule() throws {
    let folder = try TemporaryFolder()
    let build = folder.path("build")
    let helpers = projectFolder.appendingPathComponent("CMakeHelpers").path
    try runSuccessfully(
      "cmake",
      ["-S", helpers, "-B", build, "-G", "Ninja", "-DLLVM_CONFIG=llvm-config-\(Tools.major)"])
    try runSuccessfully("ninja", ["-C", build, "real-module"])
    let module = "\(build)/real-module.bc"
    let size = try FileManager.default.attributesOfItem(atPath: module)[.size] as? Int ?? 0
    #expect(size > 3_000_000)
    let program = try SplitProgram(modules: [module], in: folder)
    #expect(program.expected.status == 0 && !program.expected.output.isEmpty)
    let outcome = try program.run(threads: 3)
    #expect(outcome.output == program.expected.output)
  }
}
