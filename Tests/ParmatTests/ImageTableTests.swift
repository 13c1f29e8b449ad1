import Foundation
import TestSupport
import Testing

/// A module with Julia's four tables, its shards, and a loader in C that finds every function and
/// variable by its number again, as Julia's own loader does.
@Suite("Julia's tables")
struct ImageTableTests {
  private static let functions = 7
  private static let variables = 5

  /// fvars in reverse order of definition, so that numbers and positions differ.
  private var module: String {
    let functions = Self.functions
    let variables = Self.variables
    var text = ""
    for index in 0..<functions {
      text += """
        define internal i64 @julia_f_\(index)(i64 %x) {
          %y = mul i64 %x, \(index + 2)
          ret i64 %y
        }

        """
    }
    for index in 0..<variables {
      text += "@\"jl_global#\(index)\" = internal global {{i64*}} null\n"
    }
    text += """
      @jlplt_memset_got = internal global {{i64 (i64)*}} @jlplt_memset
      define internal i64 @jlplt_memset(i64 %x) {
        ret i64 %x
      }
      define internal i64 @inlined(i64 %x) alwaysinline {
        %y = add i64 %x, 1000
        ret i64 %y
      }
      define i64 @exported(i64 %x) {
        %y = call i64 @inlined(i64 %x)
        %z = call i64 @julia_f_3(i64 %y)
        ret i64 %z
      }

      """
    func table(_ name: String, _ entries: [String]) -> String {
      "@\(name) = hidden constant [\(entries.count) x {{i64*}}] [\(entries.joined(separator: ", "))]\n"
    }
    func identity(_ name: String, _ count: Int) -> String {
      let numbers = (0..<count).map { "i32 \($0)" }.joined(separator: ", ")
      return "@\(name) = hidden constant [\(count) x i32] [\(numbers)]\n"
    }
    let isTyped = Tools.major < 15
    text += table(
      "jl_fvars",
      (0..<functions).reversed().map {
        isTyped ? "i64* bitcast (i64 (i64)* @julia_f_\($0) to i64*)" : "ptr @julia_f_\($0)"
      })
    text += table(
      "jl_gvars",
      (0..<variables).map {
        isTyped ? "i64* bitcast (i64** @\"jl_global#\($0)\" to i64*)" : "ptr @\"jl_global#\($0)\""
      })
    text += identity("jl_fvar_idxs", functions) + identity("jl_gvar_idxs", variables)
    return text + "!llvm.module.flags = !{!0}\n!0 = !{i32 1, !\"julia.mv.suffix\", !\"_0\"}\n"
  }

  /// The number converters that Julia's run-time library has.
  private let runtime =
    ["h2f_ieee", "f2h_ieee"].map { "void julia__gnu_\($0)(void) {}\n" }.joined()
    + ["truncdfhf2", "truncsfbf2", "truncdfbf2"].map { "void julia__\($0)(void) {}\n" }.joined()

  /// Reads the tables of `shards` shards in Julia 1.11's form and prints what it finds.
  private func loader(shards: Int, julia: String) -> String {
    let isNew = julia != "1.10"
    var text = "#include <stdint.h>\n#include <stdio.h>\ntypedef int64_t F(int64_t);\n"
    for shard in 0..<shards {
      text +=
        isNew
        ? "extern const size_t jl_fvar_count_\(shard); extern F *const jl_fvar_ptrs_\(shard)[];\n"
        : "extern const char jl_fvar_base_\(shard), jl_gvar_base_\(shard);\n"
          + "extern const int32_t jl_fvar_offsets_\(shard)[];\n"
      text += "extern const uint32_t jl_fvar_idxs_\(shard)[], jl_gvar_idxs_\(shard)[];\n"
      text += "extern const int32_t jl_gvar_offsets_\(shard)[], jl_clone_slots_\(shard)[];\n"
    }
    text += runtime + "int64_t exported(int64_t);\nint main(void) {\n"
    text += "  F *f[\(Self.functions)] = {0}; const void *g[\(Self.variables)] = {0};\n"
    for shard in 0..<shards {
      text +=
        isNew
        ? """
          for (size_t i = 0; i < jl_fvar_count_\(shard); ++i)
            f[jl_fvar_idxs_\(shard)[i]] = jl_fvar_ptrs_\(shard)[i];
          for (int i = 0; i < jl_gvar_offsets_\(shard)[0]; ++i)
            g[jl_gvar_idxs_\(shard)[i]] =
              (const char *)jl_gvar_offsets_\(shard) + jl_gvar_offsets_\(shard)[i + 1];

        """
        : """
          for (int i = 0; i < jl_fvar_offsets_\(shard)[0]; ++i)
            f[jl_fvar_idxs_\(shard)[i]] =
              (F *)(&jl_fvar_base_\(shard) + jl_fvar_offsets_\(shard)[i + 1]);
          for (int i = 0; i < jl_gvar_offsets_\(shard)[0]; ++i)
            g[jl_gvar_idxs_\(shard)[i]] = &jl_gvar_base_\(shard) + jl_gvar_offsets_\(shard)[i + 1];

        """
      text += "  if (jl_clone_slots_\(shard)[0]) return 1;\n"
    }
    text += """
        for (int i = 0; i < \(Self.functions); ++i) printf("%d ", f[i] ? (int)f[i](10) : -1);
        for (int i = 0; i < \(Self.variables); ++i) {
          if (!g[i]) return 2;
          for (int k = 0; k < i; ++k) if (g[i] == g[k]) return 3;
        }
        printf("%d\\n", (int)exported(1));
        return 0;
      }

      """
    return text
  }

  /// f(10) of each number, then exported(1) = (1 + 1000) * 5.
  private let expected = "80 70 60 50 40 30 20 5005\n"

  @Test(
    "a loader finds every entry by its number again", arguments: ["1.10", "1.11", "1.12", "1.13"],
    [1, 2, 3, 9])
  func loader(julia: String, shards: Int) throws {
    let folder = try TemporaryFolder()
    let input = try Tools.assemble(module, in: folder)
    for split in shards == 1 ? [["--always-split"], []] : [[]] {
      let output = folder.path("out\(split.count)")
      let outcome = try Parmat.run(
        ["run", input, "--threads", String(shards), "--julia", julia, "--emit", "obj", "--quiet"]
          + ["--output", output] + split)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let source = try folder.write(loader(shards: shards, julia: julia), to: "loader.c")
      let objects = (0..<shards).map { "\(output)/text#\($0).o" }
      let program = folder.path("program")
      // -w: the converters are declared without their types.
      try runSuccessfully(Tools.clang, ["-w", source] + objects + ["-o", program])
      let loaded = try run(program)
      #expect(loaded.status == 0)
      #expect(loaded.output == expected)
    }
  }

  @Test("the tables take no part in the plan, and tie nothing")
  func plan() throws {
    let folder = try TemporaryFolder()
    let input = try Tools.assemble(module, in: folder)
    let record = try Parmat.json(["partition", input, "--threads", "2"])
    let shards = try #require(record["shards"] as? [[String: Any]])
    let names = shards.flatMap { $0["globals"] as? [String] ?? [] }
    #expect(!names.contains { $0.hasPrefix("jl_fvar") || $0.hasPrefix("jl_gvar") })
    #expect(!names.contains("inlined"), "alwaysinline and local: in every shard")
    #expect(names.count == Self.functions + Self.variables + 3)
    // jlplt_memset and its _got are one component.
    #expect(record["components"] as? Int == Self.functions + Self.variables + 2)
    let newer = try Parmat.json(["partition", input, "--threads", "2", "--julia", "1.12"])
    #expect(newer["globals"] as? Int == Self.functions + Self.variables + 4)
  }

  @Test("a shard has its suffix in the module flag, and internal number converters")
  func flagsAndConverters() throws {
    let folder = try TemporaryFolder()
    let input = try Tools.assemble(module, in: folder)
    let output = folder.path("out")
    try Parmat.run(
      ["run", input, "--threads", "2", "--stop-after", "optimize", "--emit", "bc"]
        + ["--output", output])
    for shard in 0..<2 {
      let text = try runSuccessfully(Tools.llvmDis, ["\(output)/text_opt#\(shard).bc", "-o", "-"])
      #expect(text.contains("!\"julia.mv.suffix\", !\"_\(shard)\""))
      #expect(!text.contains("!\"julia.mv.suffix\", !\"_\(1 - shard)\""))
      // LLVM 14 has no code generation for bfloat.
      let bfloat = Tools.major >= 15 ? ["__truncsfbf2", "__truncsdbf2"] : []
      for name in ["__gnu_h2f_ieee", "__truncsfhf2"] + bfloat {
        let lines = text.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("define internal") && $0.contains("@\(name)(") })
      }
    }
  }

  @Test("a module without the tables gets no jl_ symbol")
  func noTables() throws {
    let folder = try TemporaryFolder()
    let input = try Tools.compile(
      "static int s(int x) { return x * 3; }\nint f(int x) { return s(x) + s(x + 1); }",
      named: "plain.c", in: folder)
    let output = folder.path("out")
    try Parmat.run(["run", input, "--threads", "2", "--emit", "obj", "--output", output])
    for shard in 0..<2 {
      let symbols = try runSuccessfully("nm", ["\(output)/text#\(shard).o"])
      #expect(!symbols.contains("jl_") && !symbols.contains("__gnu_h2f"))
    }
  }

  @Test("a table that lists something twice, or no global at all, is refused in one sentence")
  func brokenTables() throws {
    let folder = try TemporaryFolder()
    let isTyped = Tools.major < 15
    let entry = isTyped ? "i64* bitcast (i64 ()* @f to i64*)" : "ptr @f"
    let twice = try Tools.assemble(
      """
      define internal i64 @f() {
        ret i64 1
      }
      @jl_fvars = hidden constant [2 x {{i64*}}] [\(entry), \(entry)]
      """, in: folder, as: "twice")
    let outcome = try Parmat.run(["run", twice, "--threads", "2"])
    #expect(outcome.status == 65)
    #expect(
      outcome.complaints == [
        "Error: cannot read '\(twice)': its table jl_fvars lists 'f' twice"
      ])
    let number = try Tools.assemble(
      "@jl_gvars = hidden constant [1 x {{i64*}}] [{{i64*}} inttoptr (i64 4096 to {{i64*}})]",
      in: folder, as: "number")
    let refused = try Parmat.run(["run", number, "--threads", "2"])
    #expect(refused.status == 65)
    #expect(refused.complaints.count == 1)
  }

  @Test("a table that code reads as well is refused in one sentence")
  func usedTable() throws {
    let folder = try TemporaryFolder()
    let isTyped = Tools.major < 15
    let entry = isTyped ? "i64* bitcast (i64 ()* @f to i64*)" : "ptr @f"
    let table = isTyped ? "[1 x i64*]* @jl_fvars to i64" : "ptr @jl_fvars to i64"
    let input = try Tools.assemble(
      """
      define i64 @f() {
        ret i64 ptrtoint (\(table))
      }
      @jl_fvars = hidden constant [1 x {{i64*}}] [\(entry)]
      """, in: folder, as: "used")
    let outcome = try Parmat.run(["run", input, "--threads", "2"])
    #expect(outcome.status == 65)
    #expect(
      outcome.complaints == [
        "Error: cannot read '\(input)': its table jl_fvars is used by something else of the module"
      ])
  }

  @Test("empty tables are read as empty")
  func emptyTables() throws {
    let folder = try TemporaryFolder()
    let input = try Tools.assemble(
      """
      define i64 @f() {
        ret i64 1
      }
      @jl_fvars = hidden constant [0 x {{i64*}}] zeroinitializer
      @jl_gvars = hidden constant [0 x {{i64*}}] zeroinitializer
      @jl_fvar_idxs = hidden constant [0 x i32] zeroinitializer
      @jl_gvar_idxs = hidden constant [0 x i32] zeroinitializer
      """, in: folder)
    let output = folder.path("out")
    let outcome = try Parmat.run(
      ["run", input, "--threads", "2", "--emit", "obj", "--output", output])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let symbols = try runSuccessfully("nm", ["\(output)/text#1.o"])
    #expect(symbols.contains("jl_fvar_count_1"))
  }
}
