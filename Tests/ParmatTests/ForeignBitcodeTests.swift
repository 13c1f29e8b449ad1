import Foundation
import TestSupport
import Testing

/// What clang makes of C and C++, and Julia never does (aotcompile.md, section 9.1).
@Suite("Bitcode of C and C++ programs")
struct ForeignBitcodeTests {
  @Test("comdat groups stay together and are linked once") func comdats() throws {
    let program = try ForeignProgram(
      """
      #include <cstdio>
      #include <map>
      #include <string>
      template <typename T> struct Counter {
        static int count;
        virtual ~Counter() {}
        virtual int next() { static int step = sizeof(T); return count += step; }
      };
      template <typename T> int Counter<T>::count = 1;
      inline int &shared() { static int value = std::puts("first"); return ++value; }
      __attribute__((noinline)) int one() { Counter<char> c; return c.next() + shared(); }
      __attribute__((noinline)) int two() { Counter<long> c; return c.next() - shared(); }
      int main() {
        std::map<std::string, int> names;
        for (int i = 0; i < 100; ++i) names[std::to_string(i % 7)] += one() + two();
        for (auto &[name, sum] : names) std::printf("%s %d\\n", name.c_str(), sum > 0);
        return names.size();
      }
      """, named: "comdat.cpp", options: ["-O1", "-fPIC", "-std=c++17"])
    try program.expectSameWhenSplit(
      printing: "first\n" + (0..<7).map { "\($0) 1\n" }.joined(), status: 7)
  }

  @Test("exceptions pass from shard to shard") func exceptions() throws {
    let program = try ForeignProgram(
      """
      #include <cstdio>
      #include <stdexcept>
      struct Noise { const char *name; ~Noise() { std::puts(name); } };
      __attribute__((noinline)) void deep(int n) {
        Noise noise{"deep"};
        if (n == 0) throw std::runtime_error("thrown");
        deep(n - 1);
      }
      __attribute__((noinline)) void middle() { Noise noise{"middle"}; deep(1); }
      int main() {
        try { middle(); } catch (const std::exception &e) { std::puts(e.what()); return 3; }
      }
      """, named: "exceptions.cpp")
    try program.expectSameWhenSplit(printing: "deep\ndeep\nmiddle\nthrown\n", status: 3)
  }

  @Test("what is marked used survives the optimizer") func used() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      static int kept_number __attribute__((used)) = 7;
      static int kept_function(void) __attribute__((used));
      static int kept_function(void) { return 1; }
      static int plain(int x) { return x + 1; }
      int (*volatile hidden)(int) = plain;
      int main(void) { printf("%d\\n", hidden(2)); return 0; }
      """, named: "used.c")
    try program.expectSameWhenSplit(printing: "3\n") { path in
      let names = try symbols(of: path).compactMap { $0.split(separator: " ").last }
      for name in ["kept_number", "kept_function"] {
        #expect(names.contains(Substring(name)), "\(name) is missing in \(path)")
      }
      #expect(!names.contains { $0.hasPrefix("llvm.") })
    }
  }

  @Test("what is marked retained survives the linker's collection of sections")
  func retained() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      static int kept_number __attribute__((used, retain, section("kept_data"))) = 8;
      __attribute__((used, retain, section("kept_code"))) static int kept_function(void) {
        return kept_number;
      }
      static __attribute__((noinline)) int plain(int x) { return x + 1; }
      int main(int count, char **names) { printf("%d\\n", plain(count)); return 0; }
      """, named: "retained.c", linkOptions: ["-Wl,--gc-sections"])
    try program.expectSameWhenSplit(printing: "2\n") { path in
      let names = try symbols(of: path).compactMap { $0.split(separator: " ").last }
      for name in ["kept_number", "kept_function"] {
        #expect(names.contains(Substring(name)), "\(name) is missing in \(path)")
      }
    }
  }

  @Test("constructors and destructors run once each, in the order of their priorities")
  func constructors() throws {
    let first = ["d", "b", "a"].map { "+\($0)\n" }.joined()
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      __attribute__((constructor(300))) static void a(void) { puts("+a"); }
      __attribute__((constructor(200))) static void b(void) { puts("+b"); }
      __attribute__((destructor(200))) static void c(void) { puts("-c"); }
      __attribute__((constructor(150))) void d(void) { puts("+d"); }
      __attribute__((destructor(300))) void e(void) { puts("-e"); }
      __attribute__((constructor)) static void f(void) { puts("+f"); }
      __attribute__((constructor)) static void g(void) { puts("+g"); }
      __attribute__((destructor)) static void h(void) { puts("-h"); }
      int main(void) { puts("main"); return 4; }
      """, named: "constructors.c")
    try program.expectSameWhenSplit(printing: first + "+f\n+g\nmain\n-h\n-e\n-c\n", status: 4)
  }

  @Test("static constructors of C++ keep their order within the module")
  func staticConstructors() throws {
    let program = try ForeignProgram(
      """
      #include <cstdio>
      struct Loud {
        const char *name;
        Loud(const char *n) : name(n) { std::printf("+%s\\n", name); }
        ~Loud() { std::printf("-%s\\n", name); }
      };
      static Loud a("a");
      __attribute__((init_priority(500))) Loud b("b");
      Loud c("c");
      template <typename T> struct Holder { static Loud loud; };
      template <typename T> Loud Holder<T>::loud("t");
      template struct Holder<int>;
      inline Loud d("d");
      int main() { std::puts(Holder<int>::loud.name); }
      """, named: "statics.cpp", options: ["-O1", "-fPIC", "-std=c++17"])
    let whole = try run(try program.linkWhole()).output
    #expect(whole.contains("+b\n") && whole.contains("-d\n"))
    try program.expectSameWhenSplit(printing: whole)
  }

  @Test("an extern inline function is inlined or found in its library")
  func availableExternally() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      extern inline __attribute__((gnu_inline)) int toascii(int c) { return c & 0x7f; }
      __attribute__((noinline)) int apply(int (*f)(int), int x) { return f(x); }
      __attribute__((noinline)) int direct(int x) { return toascii(x + 1); }
      int main(void) { printf("%d %d\\n", apply(toascii, 200), direct(200)); return 0; }
      """, named: "inline.c", options: ["-O1", "-fPIC", "-Xclang", "-disable-llvm-passes"])
    try #expect(
      runSuccessfully(Tools.llvmDis, [program.module, "-o", "-"])
        .contains("define available_externally"))
    try program.expectSameWhenSplit(printing: "72 73\n") { path in
      try #expect(symbols(of: path).contains { $0.hasPrefix("U toascii") })
    }
  }

  @Test("a static table of labels leads into its function") func computedGoto() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      __attribute__((noinline)) int interpret(const char *code) {
        static const void *const table[] = {&&add, &&twice, &&stop};
        int value = 1;
        goto *table[*code++ - 'a'];
      add: value += 3; goto *table[*code++ - 'a'];
      twice: value *= 2; goto *table[*code++ - 'a'];
      stop: return value;
      }
      __attribute__((noinline)) int other(void) { return interpret("bbac"); }
      int main(void) { printf("%d\\n", other()); return interpret("aabc"); }
      """, named: "labels.c")
    try program.expectSameWhenSplit(printing: "7\n", status: 14)
  }

  @Test("an ifunc resolves to the same function from every shard") func ifuncs() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      static int slow(int x) { return x + 1; }
      static int fast(int x) { return x + 100; }
      static int (*choose(void))(int) { return fast; }
      int work(int) __attribute__((ifunc("choose")));
      static int (*choose_slow(void))(int) { return slow; }
      static int inner(int) __attribute__((ifunc("choose_slow")));
      int (*table[])(int) = {work, slow};
      __attribute__((noinline)) int a(int x) { return work(x) + 1; }
      __attribute__((noinline)) int b(int x) { return work(x) + inner(x); }
      int main(void) { printf("%d %d %d\\n", a(1), b(1), table[0](5)); return work(2); }
      """, named: "ifunc.c")
    try program.expectSameWhenSplit(printing: "102 103 105\n", status: 102)
  }

  @Test("common and weak undefined symbols keep their meaning") func commonAndWeak() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      int tentative;
      extern int absent(void) __attribute__((weak));
      __attribute__((weak)) int optional(void) { return 5; }
      __attribute__((noinline)) int a(void) { return absent ? absent() : ++tentative; }
      __attribute__((noinline)) int b(void) { return absent ? 0 : tentative + optional(); }
      int main(void) { int x = a(); printf("%d %d\\n", x, b()); return tentative; }
      """, named: "common.c", options: ["-O1", "-fPIC", "-fcommon"])
    try program.expectSameWhenSplit(printing: "1 6\n", status: 1)
  }

  @Test("sections are gathered between their start and stop symbols") func sections() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      typedef int (*Hook)(void);
      #define HOOK(name, value) \\
        static int name(void) { return value; } \\
        static Hook name##_entry __attribute__((used, section("hooks"))) = name;
      HOOK(one, 1) HOOK(two, 20) HOOK(three, 300)
      extern Hook __start_hooks[], __stop_hooks[];
      int main(void) {
        int sum = 0;
        for (Hook *h = __start_hooks; h < __stop_hooks; ++h) sum += (*h)();
        printf("%d %d\\n", sum, (int)(__stop_hooks - __start_hooks));
        return 0;
      }
      """, named: "sections.c")
    try program.expectSameWhenSplit(printing: "321 3\n")
  }

  @Test(
    "functions whose types are checked at run time are emitted with their types",
    .enabled(if: Tools.major >= 16, "clang's -fsanitize=function is for C++ before 16: not tested"))
  func checkedFunctionTypes() throws {
    let program = try ForeignProgram(
      """
      extern "C" int printf(const char *, ...);
      // What clang's runtime has: never called here, since all types are right.
      extern "C" void __ubsan_handle_function_type_mismatch_v1() {}
      extern "C" void __ubsan_handle_function_type_mismatch_v1_abort() {}
      extern "C" void __ubsan_handle_function_type_mismatch() {}
      extern "C" void __ubsan_handle_function_type_mismatch_abort() {}
      __attribute__((noinline)) int twice(int x) { return 2 * x; }
      __attribute__((noinline)) int thrice(int x) { return 3 * x; }
      int (*volatile functions[])(int) = {twice, thrice};
      int main() { printf("%d %d\\n", functions[0](4), functions[1](5)); }
      """, named: "checked.cpp", options: ["-O1", "-fPIC", "-fsanitize=function"])
    try program.expectSameWhenSplit(printing: "8 15\n", status: 0)
  }

  @Test("debug information is no hindrance") func debugInformation() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      struct Point { int x, y; };
      static struct Point origin = {1, 2};
      __attribute__((noinline)) static int sum(struct Point *p) { int s = p->x + p->y; return s; }
      __attribute__((noinline)) int scaled(struct Point *p, int k) { return sum(p) * k; }
      int main(void) { printf("%d\\n", scaled(&origin, 5)); return 0; }
      """, named: "debug.c", options: ["-O1", "-g", "-fPIC"])
    try program.expectSameWhenSplit(printing: "15\n")
  }

  @Test("large variables are reached from every shard") func largeVariables() throws {
    let program = try ForeignProgram(
      """
      #include <stdio.h>
      static int big[100000] = {1, 2, 3};
      static char bigger[3 << 20];
      __attribute__((noinline)) int a(int i) { return big[i] + (bigger[i] = 4); }
      __attribute__((noinline)) int b(int i) { return big[i + 1] + bigger[i]++; }
      int main(void) { int x = a(1); printf("%d %d\\n", x, b(1)); return bigger[1]; }
      """, named: "large.c")
    try program.expectSameWhenSplit(printing: "6 7\n", status: 5)
  }
}
