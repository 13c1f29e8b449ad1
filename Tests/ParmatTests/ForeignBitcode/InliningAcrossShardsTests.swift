import Foundation
import TestSupport
import Testing

/// Bodies that shards keep for inlining: each Julia's own rule.
@Suite("Functions to be inlined, by Julia version")
struct InliningAcrossShardsTests {
  /// `attribute` marks the function `twice`, which two others call.
  private func program(
    _ julia: String, _ attribute: String, linkage: String = ""
  ) throws -> ForeignProgram {
    try ForeignProgram(
      ir: """
        define \(linkage) i32 @twice(i32 %x) \(attribute) {
          %y = mul i32 %x, 2
          ret i32 %y
        }
        define i32 @a(i32 %x) noinline {
          %y = call i32 @twice(i32 %x)
          ret i32 %y
        }
        define i32 @b(i32 %x) noinline {
          %y = call i32 @twice(i32 %x)
          %z = add i32 %y, 1
          ret i32 %z
        }
        define i32 @main() {
          %a = call i32 @a(i32 4)
          %b = call i32 @b(i32 %a)
          ret i32 %b
        }
        """, runOptions: ["--julia", julia])
  }

  private func count(_ headings: [String], _ words: String) -> Int {
    headings.count { $0.hasPrefix(words) }
  }

  @Test("1.12 keeps the body of an alwaysinline function in foreign shards")
  func alwaysInlineSince112() throws {
    let headings = try program("1.12", "alwaysinline").headings(of: "twice", 4)
    #expect(headings.count == 4)
    #expect(count(headings, "define available_externally ") == 3)
    #expect(count(headings, "declare ") == 0)
  }

  @Test("1.13 keeps the body of an inlinehint function in foreign shards")
  func inlineHintSince113() throws {
    let headings = try program("1.13", "inlinehint").headings(of: "twice", 4)
    #expect(headings.count == 4)
    #expect(count(headings, "define available_externally ") == 3)
  }

  @Test("1.12 drops the body of an inlinehint function in foreign shards")
  func inlineHintIn112() throws {
    let headings = try program("1.12", "inlinehint").headings(of: "twice", 4)
    #expect(count(headings, "define available_externally ") == 0)
    #expect(count(headings, "declare ") == 3 && count(headings, "define ") == 1)
  }

  @Test(
    "before 1.12 foreign shards declare an alwaysinline function", arguments: ["1.10", "1.11"])
  func alwaysInlineBefore112(julia: String) throws {
    let headings = try program(julia, "alwaysinline").headings(of: "twice", 4)
    #expect(count(headings, "declare ") == 3 && count(headings, "define ") == 1)
  }

  @Test("before 1.12 a local alwaysinline function is in every shard", arguments: ["1.10", "1.11"])
  func localBefore112(julia: String) throws {
    let headings = try program(julia, "alwaysinline", linkage: "internal").headings(of: "twice", 4)
    #expect(count(headings, "define internal ") == 4)
  }

  @Test("since 1.12 a local alwaysinline function has one owner", arguments: ["1.12", "1.13"])
  func localSince112(julia: String) throws {
    let program = try program(julia, "alwaysinline", linkage: "internal")
    let headings = try program.headings(of: "twice", 4)
    #expect(headings.count == 4)
    #expect(count(headings, "define hidden ") == 1)
    #expect(count(headings, "define available_externally hidden ") == 3)
  }

  @Test(
    "what is to be inlined works in every version", arguments: ["1.10", "1.11", "1.12", "1.13"])
  func allWork(julia: String) throws {
    for (attribute, linkage) in [
      ("alwaysinline", ""), ("alwaysinline", "internal"), ("alwaysinline", "linkonce_odr"),
      ("alwaysinline", "weak"), ("inlinehint", ""), ("inlinehint", "internal"),
      ("inlinehint", "linkonce_odr hidden"),
    ] {
      try program(julia, attribute, linkage: linkage)
        .expectSameWhenSplit(printing: "", status: 17)
    }
  }

  @Test("a replaceable alwaysinline function is never copied to other shards")
  func replaceable() throws {
    let headings = try program("1.13", "alwaysinline", linkage: "weak").headings(of: "twice", 4)
    #expect(count(headings, "define available_externally ") == 0)
    #expect(count(headings, "declare ") == 3)
  }

  @Test(
    "a member of a comdat that is to be inlined works in every version",
    arguments: ["1.11", "1.12", "1.13"])
  func comdatMembers(julia: String) throws {
    var program = try ForeignProgram(
      """
      #include <cstdio>
      template <typename T> struct Box {
        T value;
        __attribute__((always_inline)) T get() const { return value + T(1); }
        inline T twice() const { static T calls; calls += 1; return value * calls; }
      };
      template struct Box<int>;
      __attribute__((noinline)) int a(Box<int> *b) { return b->get() + b->twice(); }
      __attribute__((noinline)) int b(Box<int> *b) { return b->get() * b->twice(); }
      int main() { Box<int> x{5}; int p = a(&x); std::printf("%d %d\\n", p, b(&x)); }
      """, named: "box.cpp", options: ["-O1", "-fPIC", "-Xclang", "-disable-llvm-passes"])
    program.runOptions = ["--julia", julia]
    try program.expectSameWhenSplit(printing: "11 60\n")
  }
}
