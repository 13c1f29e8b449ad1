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

  @Test(
    "a module that an older LLVM wrote is weighed as this LLVM writes it",
    arguments: ["c-program", "cxx-program"])
  func olderModule(name: String) throws {
    // LLVM 16 declares some intrinsics of LLVM 14 anew: functions change their places meanwhile.
    let module = projectFolder.appendingPathComponent("Inputs/\(name).bc").path
    let folder = try TemporaryFolder()
    let rewritten = folder.path("rewritten.bc")
    try runSuccessfully(Tools.opt, [module, "-o", rewritten])
    let shards = try [module, rewritten].map { path in
      let record = try Parmat.json(["partition", path, "--threads", "3"])
      return try #require(record["shards"] as? [[String: Any]])
    }
    let weights = shards.map { $0.compactMap { $0["weight"] as? Int } }
    #expect(weights[0].count == 3 && weights[0] == weights[1])
    let names = shards.map { $0.map { $0["globals"] as? [String] ?? [] } }
    #expect(names[0] == names[1])
  }

  @Test(
    "a module of several MB, made by CMakeHelpers of Debian's C++ libraries, runs when split",
    arguments: ["real-module", "real-small"])
  func cmakeModule(target: String) throws {
    let folder = try TemporaryFolder()
    let build = folder.path("build")
    let helpers = projectFolder.appendingPathComponent("CMakeHelpers").path
    try runSuccessfully(
      "cmake",
      ["-S", helpers, "-B", build, "-G", "Ninja", "-DLLVM_CONFIG=llvm-config-\(Tools.major)"])
    try runSuccessfully("ninja", ["-C", build, target])
    let module = "\(build)/\(target).bc"
    let size = try FileManager.default.attributesOfItem(atPath: module)[.size] as? Int ?? 0
    #expect(size > 3_000_000)
    let program = try SplitProgram(modules: [module], in: folder)
    #expect(program.expected.status == 0 && !program.expected.output.isEmpty)
    #expect(!program.expected.output.contains("FAILED"), "what the program checks of itself")
    let outcome = try program.run(threads: 3)
    #expect(outcome.output == program.expected.output)
  }

  @Test("a real module whose headers are missing says which package has them, and only that one")
  func missingHeaders() throws {
    let folder = try TemporaryFolder()
    let build = folder.path("build")
    let helpers = projectFolder.appendingPathComponent("CMakeHelpers").path
    try runSuccessfully(
      "cmake",
      ["-S", helpers, "-B", build, "-G", "Ninja", "-DLLVM_CONFIG=llvm-config-\(Tools.major)"]
        + ["-DPARMAT_EIGEN_HEADERS=\(folder.path("nowhere"))"])
    let medium = try TestSupport.run("ninja", ["-C", build, "real-medium"])
    #expect(medium.status != 0)
    #expect(
      medium.output.contains(
        "the headers of real-medium are missing; run: apt-get install libeigen3-dev"))
    let small = try runSuccessfully("ninja", ["-C", build, "-t", "commands", "real-small"])
    #expect(small.contains("-o \(build)/real-small.bc") && !small.contains("headers of"))
  }

  @Test("the allocation picture counts each worker's requests, and weighs what it materialized")
  func allocationPicture() throws {
    let module = projectFolder.appendingPathComponent("Inputs/cxx-program.bc").path
    let script = projectFolder.appendingPathComponent("Tests/Performance/allocation-picture").path
    let folder = try TemporaryFolder()
    let columns = folder.path("columns.json")
    try runSuccessfully(
      script, ["--parmat", Parmat.path, "--without-julia", "--json", columns, module, "1", "3"])
    let data = try Data(contentsOf: URL(fileURLWithPath: columns))
    let column = try #require(
      (JSONSerialization.jsonObject(with: data) as? [[String: Any]])?.first)
    let cells = try #require(column["cells"] as? [String: [String: Double]])
    let one = try #require(cells["1"])
    let three = try #require(cells["3"])

    // The program has no debug info, so that no calls of debug intrinsics are weighed.
    let plan = try Parmat.json(["partition", module, "--threads", "1", "--summary"])
    let weights = try #require((plan["summary"] as? [String: Any])?["functionWeights"])
    let weight = try #require((weights as? [String: Any])?["sum"] as? Double)
    #expect(one["weight"] == weight)
    // Bodies that no worker may drop before all is read are read by several.
    #expect(try #require(three["weight"]) >= weight && #require(three["weight"]) < 1.05 * weight)
    // Every worker loads the module, and drops what is not its own; each body is read by one.
    let loads = try #require(three["load"]) / #require(one["load"])
    #expect(loads > 2.7 && loads < 3.9)
    let requests = try #require(three["requests"]) / #require(one["requests"])
    #expect(requests > 0.9 && requests < 1.5)
    #expect(try #require(one["kept"]) < #require(one["requested"]) * 1.5)
    #expect(try #require(one["mprotect"]) > 0)
    let classes = try #require(column["classes"] as? [[Double]])
    #expect(classes.count == 8)
    for part in 0..<2 { #expect(abs(classes.map { $0[part] }.reduce(0, +) - 100) < 0.001) }
  }
}
