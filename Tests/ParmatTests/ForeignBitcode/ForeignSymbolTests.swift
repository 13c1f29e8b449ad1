import Foundation
import TestSupport
import Testing

/// Symbols that others see: module-level assembly, shared libraries.
@Suite("Symbols of foreign bitcode")
struct ForeignSymbolTests {
  @Test("module-level assembly and code see each other's symbols") func moduleAssembly() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      __asm__(
          ".text\\n"
          ".globl asm_global\\n"
          ".type asm_global, @function\\n"
          "asm_global: lea (%rdi,%rdi), %eax\\nret\\n"
          ".type asm_local, @function\\n"
          "asm_local: lea 100(%rdi), %eax\\nret\\n"
          ".globl asm_calls\\n"
          ".type asm_calls, @function\\n"
          "asm_calls: jmp from_c@PLT\\n"
          ".globl asm_calls_static\\n"
          "asm_calls_static: jmp static_in_c\\n"
          ".data\\nasm_data: .long 11\\n.text\\n");
      int asm_global(int);
      __attribute__((visibility("hidden"))) int asm_local(int);
      int asm_calls(int);
      __attribute__((visibility("hidden"))) int asm_calls_static(int);
      extern int asm_data __attribute__((visibility("hidden")));
      int from_c(int x) { return x + 3; }
      __attribute__((used)) static int static_in_c(int x) { return x + 4; }
      __attribute__((noinline)) int a(void) { return asm_global(5) + asm_local(6); }
      __attribute__((noinline)) int b(void) { return asm_calls(7) + asm_calls_static(8); }
      __attribute__((noinline)) int c(void) { return ++asm_data; }
      int main(void) { printf("%d %d %d\\n", a(), b(), c()); return asm_data; }
      """, named: "assembly.c")
    try program.expectSameWhenSplit(printing: "116 22 12\n", status: 12)
  }

  private static let library = """
    #include <stdexcept>
    #include <string>
    #include <vector>
    #define API extern "C"
    API int plain(int x) { return x; }
    API __attribute__((visibility("hidden"))) int hidden(int x) { return x + 1; }
    API __attribute__((visibility("protected"))) int shielded(int x) { return hidden(x) + 1; }
    API __attribute__((weak)) int soft(int x) { return shielded(x); }
    static int internal_number = 3;
    int exported_number = 4;
    extern "C" int renamed(int) __attribute__((alias("plain")));
    thread_local int each = 5;
    struct Base { virtual ~Base(); virtual int value() { return 1; } };
    Base::~Base() {}
    struct Derived : Base { int value() override { return internal_number++; } };
    template <typename T> T largest(const std::vector<T> &v) {
      static T best;
      for (auto &x : v) if (best < x) best = x;
      return best;
    }
    static __attribute__((noinline)) std::string join(const std::vector<std::string> &v) {
      if (v.empty()) throw std::invalid_argument("empty");
      return v.front() + largest(v);
    }
    API int use(int x) {
      Derived d;
      std::vector<int> v(x, x);
      return join({"a", "b"}).size() + d.value() + largest(v) + each++;
    }
    inline namespace hush { __attribute__((visibility("hidden"))) int quiet() { return 6; } }
    API int call() { return soft(exported_number) + quiet(); }
    """

  @Test(
    "a shared library from shards exports what the unsplit one exports", arguments: [[], ["-g"]])
  func sharedLibrary(debug: [String]) throws {
    let program = try ForeignProgram(
      Self.library, named: "library.cpp", options: ["-O1", "-fPIC", "-std=c++17"] + debug,
      linkOptions: ["-shared"])
    let options = ["-D", "--defined-only"]
    let whole = try symbols(of: try program.linkWhole(), options)
    #expect(whole.contains("T plain") && whole.contains("T renamed"))
    #expect(!whole.contains { $0.hasSuffix(" hidden") })
    for materializer in ForeignProgram.materializers {
      for shards in [1, 2, 3, 8] {
        let split = try symbols(of: try program.linkSplit(into: shards, materializer), options)
        #expect(
          split == whole,
          "\(shards) shards: \(Set(split).symmetricDifference(whole).sorted())")
      }
    }
  }

  @Test("a shared library from shards works as the unsplit one does") func sharedLibraryRuns()
    throws
  {
    let program = try ForeignProgram(
      Self.library, named: "library.cpp", options: ["-O1", "-fPIC", "-std=c++17"],
      linkOptions: ["-shared"])
    let caller = try program.folder.write(
      """
      #include <stdio.h>
      int use(int); int call(void); int renamed(int); int shielded(int);
      int main(void) { printf("%d %d %d %d\\n", use(4), use(9), call(), renamed(8)); return 0; }
      """, to: "caller.c")
    func output(_ library: String) throws -> String {
      let path = library + "-caller"
      try runSuccessfully(Tools.clang, [caller, library, "-o", path])
      return try runSuccessfully(path)
    }
    let whole = try output(try program.linkWhole())
    #expect(whole.hasSuffix(" 8\n"))
    for materializer in ForeignProgram.materializers {
      for shards in [1, 2, 3, 8] {
        try #expect(output(try program.linkSplit(into: shards, materializer)) == whole)
      }
    }
  }

  @Test("symbol versions are kept") func symbolVersions() throws {
    let script = "ONE { global: number; local: *; };\nTWO { global: number; } ONE;\n"
    let program = try ForeignProgram(
      """
      __asm__(".symver old_number, number@ONE");
      __asm__(".symver new_number, number@@TWO");
      int old_number(void) { return 1; }
      int new_number(void) { return 2; }
      int unrelated(int x) { return x * old_number(); }
      """, named: "versions.c")
    let map = try program.folder.write(script, to: "versions.map")
    let link = ["-shared", "-Wl,--version-script=\(map)"]
    func versions(_ library: String) throws -> [String] {
      try symbols(of: library, ["-D", "--defined-only"]).filter { $0.contains("number") }
    }
    let whole = try versions(try program.linkWhole(link))
    #expect(whole == ["T number@@TWO", "T number@ONE"])
    for shards in [1, 2, 3, 8] {
      let split = try program.linkSplit(into: shards, "module", link)
      try #expect(versions(split) == whole, "\(shards) shards")
    }
  }

  @Test("definitions keep the visibility that the source gave them") func visibility() throws {
    let program = try ForeignProgram(
      Self.library, named: "library.cpp", options: ["-O1", "-fPIC", "-std=c++17"],
      linkOptions: ["-shared"])
    let texts = try program.shardTexts(3)
    func definition(_ name: String) throws -> Substring {
      let lines = texts.flatMap { $0.split(separator: "\n") }
      return try #require(lines.first { $0.hasPrefix("define") && $0.contains("@\(name)(") })
    }
    try #expect(definition("hidden").contains(" hidden "))
    try #expect(definition("shielded").contains(" protected "))
    try #expect(definition("soft").hasPrefix("define weak "))
    let plain = try definition("plain")
    #expect(!plain.contains(" hidden ") && !plain.contains(" protected "))
  }
}
