import Foundation
import TestSupport
import Testing

/// What makes a generated module one of Julia's shape, read by LLVM's own tools.
@Suite("The structure of generated modules")
struct GeneratedStructureTests {
  /// The module as text IR.
  private func text(_ options: [String]) throws -> [String] {
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(options, in: folder)
    let output = folder.path("module.ll")
    try runSuccessfully(Tools.llvmDis, [program.path, "-o", output])
    return try String(contentsOfFile: output, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("functions are of every kind, all internal; what is declared is Julia's run-time library's")
  func functions() throws {
    let lines = try text(["--functions", "600"])
    let defined = lines.filter { $0.hasPrefix("define ") }
    #expect(defined.count == 600)
    #expect(defined.allSatisfy { $0.hasPrefix("define internal ") })
    for prefix in ["@julia_", "@jfptr_", "@japi1_", "@jlplt_", "@tojlinvoke"] {
      #expect(defined.contains { $0.contains(prefix) }, "\(prefix)")
    }
    let declared = lines.filter { $0.hasPrefix("declare ") }
    #expect(declared.allSatisfy { $0.contains("@ijl_") || $0.contains("@llvm.") })
    #expect(!lines.contains { $0.contains("@julia.") || $0.contains("addrspace(") })
  }

  @Test("each thunk is tied to its variable, and nothing else is tied to anything")
  func components() throws {
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(["--functions", "600"], in: folder)
    let plan = try Parmat.json(["partition", program.path, "--threads", "8"])
    let shards = try #require(plan["shards"] as? [[String: Any]])
    let names = shards.map { Set($0["globals"] as? [String] ?? []) }
    let thunks = names.flatMap { $0 }.filter { $0.hasPrefix("jlplt_") && !$0.hasSuffix("_got") }
    #expect(thunks.count > 5)
    for thunk in thunks {
      #expect(names.contains { $0.contains(thunk) && $0.contains(thunk + "_got") }, "\(thunk)")
    }
    #expect(plan["components"] as? Int == (plan["globals"] as? Int ?? 0) - thunks.count)
  }

  @Test("Julia's tables list the functions and variables that an image finds by number")
  func tables() throws {
    let lines = try text(["--profile", "tiny"])
    func table(_ name: String) -> String {
      lines.first { $0.hasPrefix("@\(name) = hidden constant") } ?? ""
    }
    #expect(table("jl_fvars").components(separatedBy: "@julia_").count == 1 + 24)
    #expect(table("jl_fvars").components(separatedBy: "@jfptr_").count == 1 + 24)
    #expect(table("jl_fvars").components(separatedBy: "@japi1_").count == 1 + 5)
    #expect(table("jl_gvars").components(separatedBy: "jl_global#").count == 1 + 10)
    #expect(table("jl_fvar_idxs").contains("[i32 0, i32 1, i32 2"))
    #expect(table("jl_gvar_idxs").contains("[i32 0, i32 1, i32 2"))
  }

  @Test("bodies have what Julia's have: phis, guards, calls, constant tables, attributes, metadata")
  func bodies() throws {
    let text = try text(["--profile", "tiny", "--functions", "300"]).joined(separator: "\n")
    for words in [
      " = phi i64 ", "getelementptr inbounds ", "@_j_const_", "call void @ijl_bounds_error_int(",
      "call void @ijl_undefined_var_error(", "load atomic ", "musttail call ", "alwaysinline",
      "\"frame-pointer\"=\"all\"", "\"probe-stack\"=\"inline-asm\"", "\"julia.mv.clones\"=\"2\"",
      "!\"jtbaa\"", "!\"jtbaa_gcframe\"", "!\"jnoalias_stack\"", "!alias.scope ", "!noalias ",
      "DW_LANG_Julia", "emissionKind: FullDebug", "!julia.constgv ", "!\"julia.mv.suffix\"",
      "inlinedAt: ", "@parmat_entry = alias ",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test("every body has a compile unit of its own, and its debug information in its own block")
  func compileUnits() throws {
    let lines = try text(["--functions", "400"])
    let bodies = lines.filter {
      $0.hasPrefix("define ") && ($0.contains("@julia_") || $0.contains("@japi1_"))
        && $0.contains(" !dbg ")
    }
    let units = lines.filter { $0.contains("distinct !DICompileUnit(") }
    #expect(bodies.count > 150 && units.count == bodies.count)
    let wrappers = lines.filter { $0.hasPrefix("define ") && $0.contains("@jfptr_") }
    #expect(wrappers.allSatisfy { !$0.contains(" !dbg ") })
  }

  @Test("knobs of zero leave out debug information, alias tags")
  func knobsOfZero() throws {
    let without = try text(["--functions", "100", "--debug-info", "0", "--metadata", "0"])
    #expect(!without.contains { $0.contains("DICompileUnit") || $0.contains("!dbg") })
    #expect(!without.contains { $0.contains("!tbaa") || $0.contains("!alias.scope") })
  }
}
