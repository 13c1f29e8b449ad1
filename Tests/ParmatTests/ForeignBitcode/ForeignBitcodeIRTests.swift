import Foundation
import TestSupport
import Testing

/// What only text IR says precisely.
@Suite("Bitcode of other compilers")
struct ForeignBitcodeIRTests {
  @Test("definitions that the linker may drop are kept where another shard needs them")
  func droppableLinkages() throws {
    let linkages = ["linkonce", "linkonce_odr", "weak", "weak_odr"]
    let functions = linkages.map { linkage in
      """
      @\(linkage)_data = \(linkage) global i32 2
      define \(linkage) i32 @\(linkage)_code() noinline {
        %x = load i32, {{i32*}} @\(linkage)_data
        ret i32 %x
      }
      define i32 @use_\(linkage)() noinline {
        %x = call i32 @\(linkage)_code()
        %y = load i32, {{i32*}} @\(linkage)_data
        %z = mul i32 %x, %y
        ret i32 %z
      }
      """
    }.joined(separator: "\n")
    let program = try ForeignProgram(
      ir: functions + """

        define i32 @main() {
          %a = call i32 @use_linkonce()
          %b = call i32 @use_linkonce_odr()
          %c = call i32 @use_weak()
          %d = call i32 @use_weak_odr()
          %ab = add i32 %a, %b
          %cd = add i32 %c, %d
          %s = add i32 %ab, %cd
          ret i32 %s
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 16)
  }

  @Test("addresses of blocks may be kept in variables and used by other functions")
  func blockAddresses() throws {
    let program = try ForeignProgram(
      ir: """
        @kept = global {{i8*}} blockaddress(@f, %ten)
        @list = internal constant [2 x {{i8*}}] [{{i8*}} blockaddress(@f, %ten), \
        {{i8*}} blockaddress(@f, %twenty)]
        define i32 @f({{i8*}} %target) noinline {
          indirectbr {{i8*}} %target, [label %ten, label %twenty]
        ten:
          ret i32 10
        twenty:
          ret i32 20
        }
        define i32 @g() noinline {
          %r = call i32 @f({{i8*}} blockaddress(@f, %twenty))
          ret i32 %r
        }
        define i32 @h() noinline {
          %p = load {{i8*}}, {{i8**}} @kept
          %r = call i32 @f({{i8*}} %p)
          ret i32 %r
        }
        define i32 @k(i64 %i) noinline {
          %e = getelementptr [2 x {{i8*}}], {{[2 x i8*]*}} @list, i64 0, i64 %i
          %p = load {{i8*}}, {{i8**}} %e
          %r = call i32 @f({{i8*}} %p)
          ret i32 %r
        }
        define i32 @main() {
          %g = call i32 @g()
          %h = call i32 @h()
          %k = call i32 @k(i64 1)
          %gh = add i32 %g, %h
          %s = add i32 %gh, %k
          ret i32 %s
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 50)
  }

  /// Three functions that catch, by a personality of the module's own.
  private static let ownPersonality: String = {
    let catcher = { (name: String, result: Int) in
      """
      define i32 @\(name)() noinline personality {{i32 (i32, i32, i64, i8*, i8*)*}} @own {
        invoke void @throw() to label %none unwind label %caught
      none:
        ret i32 0
      caught:
        %pad = landingpad { {{i8*}}, i32 } catch {{i8*}} null
        %object = extractvalue { {{i8*}}, i32 } %pad, 0
        %start = call {{i8*}} @__cxa_begin_catch({{i8*}} %object)
        call void @__cxa_end_catch()
        ret i32 \(result)
      }
      """
    }
    return """
      @_ZTIi = external constant i8
      declare i32 @__gxx_personality_v0(i32, i32, i64, {{i8*}}, {{i8*}})
      declare {{i8*}} @__cxa_allocate_exception(i64)
      declare void @__cxa_throw({{i8*}}, {{i8*}}, {{i8*}})
      declare {{i8*}} @__cxa_begin_catch({{i8*}})
      declare void @__cxa_end_catch()
      define internal i32 @own(i32 %v, i32 %a, i64 %c, {{i8*}} %e, {{i8*}} %x) {
        %r = call i32 @__gxx_personality_v0(i32 %v, i32 %a, i64 %c, {{i8*}} %e, {{i8*}} %x)
        ret i32 %r
      }
      define void @throw() noinline {
        %e = call {{i8*}} @__cxa_allocate_exception(i64 4)
        call void @__cxa_throw({{i8*}} %e, {{i8*}} @_ZTIi, {{i8*}} null)
        unreachable
      }
      \(catcher("one", 1))
      \(catcher("two", 2))
      \(catcher("four", 4))
      define i32 @main() {
        %a = call i32 @one()
        %b = call i32 @two()
        %c = call i32 @four()
        %ab = add i32 %a, %b
        %s = add i32 %ab, %c
        ret i32 %s
      }
      """
  }()

  @Test("a personality function of the module's own serves functions in other shards")
  func personality() throws {
    let program = try ForeignProgram(ir: Self.ownPersonality)
    try program.expectSameWhenSplit(printing: "", status: 7)
  }

  @Test("functions with the same personality are not forced together")
  func personalityTiesNothing() throws {
    let program = try ForeignProgram(ir: Self.ownPersonality)
    let plan = try Parmat.json(["partition", program.module, "--threads", "6"])
    #expect(plan["components"] as? Int == 6)
    let shards = try #require(plan["shards"] as? [[String: Any]])
    let names = try shards.map { try #require($0["globals"] as? [String]) }
    #expect(names.allSatisfy { $0.count == 1 })
    #expect(names.flatMap { $0 }.sorted() == ["four", "main", "one", "own", "throw", "two"])
  }

  @Test("prefix and prologue data may name another function") func prefixAndPrologue() throws {
    // The prologue jumps over its own four bytes.
    let offset = "i32 trunc (i64 sub (i64 ptrtoint ({{i32 ()*}} @g to i64), "
    let program = try ForeignProgram(
      ir: """
        target triple = "x86_64-pc-linux-gnu"
        define i32 @g() noinline {
          ret i32 30
        }
        define i32 @f() noinline prefix \(offset)i64 ptrtoint ({{i32 ()*}} @f to i64)) to i32) {
          ret i32 1
        }
        define i32 @p() noinline prologue <{ i8, i8, i32 }> <{ i8 -21, i8 4, \
        \(offset)i64 ptrtoint ({{i32 ()*}} @p to i64)) to i32) }> {
          ret i32 2
        }
        define i32 @behind() noinline {
          %f = ptrtoint {{i32 ()*}} @f to i64
          %a = sub i64 %f, 4
          %q = inttoptr i64 %a to {{i32*}}
          %d = load i32, {{i32*}} %q
          %e = sext i32 %d to i64
          %t = add i64 %f, %e
          %c = inttoptr i64 %t to {{i32 ()*}}
          %r = call i32 %c()
          ret i32 %r
        }
        define i32 @main() {
          %a = call i32 @f()
          %b = call i32 @p()
          %c = call i32 @behind()
          %ab = add i32 %a, %b
          %s = add i32 %ab, %c
          ret i32 %s
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 33)
  }

  @Test("a variable with appending linkage that is not LLVM's own is refused")
  func appendingVariable() throws {
    let program = try ForeignProgram(
      ir: """
        @list = appending global [1 x i32] [i32 1]
        define i32 @main() {
          ret i32 0
        }
        """)
    let outcome = try Parmat.run([
      "run", program.module, "--threads", "2", "--emit", "obj", "-o", program.folder.path("out"),
    ])
    #expect(outcome.status == 65 && outcome.signal == nil)
    #expect(outcome.complaints.count == 1 && outcome.errors.contains("'list'"))
    #expect(outcome.output.isEmpty)
    #expect(program.folder.entries == ["module.bc", "module.ll"])
  }

  @Test("private and unnamed definitions are found from other shards") func privateNames() throws {
    let program = try ForeignProgram(
      ir: """
        @.Lsecret = private global i32 1
        @"\\01.Lmangled" = private global i32 2
        @0 = private global i32 4
        @1 = internal global i32 8
        @jl_ext_0 = internal global i32 16
        @private_data = private unnamed_addr constant [2 x i32] [i32 0, i32 32]
        define private i32 @.Lcode() noinline {
          %x = load i32, {{i32*}} @.Lsecret
          %y = load i32, {{i32*}} @0
          %z = or i32 %x, %y
          ret i32 %z
        }
        define internal i32 @2() noinline {
          %x = load i32, {{i32*}} @"\\01.Lmangled"
          %y = load i32, {{i32*}} @1
          %z = or i32 %x, %y
          ret i32 %z
        }
        define i32 @c(i64 %i) noinline {
          %p = getelementptr [2 x i32], {{[2 x i32]*}} @private_data, i64 0, i64 %i
          %x = load i32, {{i32*}} %p
          %y = load i32, {{i32*}} @jl_ext_0
          %z = or i32 %x, %y
          ret i32 %z
        }
        define i32 @main() {
          %a = call i32 @.Lcode()
          %b = call i32 @2()
          %c = call i32 @c(i64 1)
          %ab = or i32 %a, %b
          %s = or i32 %ab, %c
          ret i32 %s
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 63)
  }

  @Test("constructors may name what they belong to") func constructorData() throws {
    let entry = { (name: String, data: String) in
      "{ i32, {{void ()*}}, {{i8*}} } { i32 9, {{void ()*}} @\(name), {{i8*}} \(data) }"
    }
    let program = try ForeignProgram(
      ir: """
        $group = comdat any
        @group = linkonce_odr global i8 0, comdat
        @sum = internal global i32 0
        @llvm.global_ctors = appending global [2 x { i32, {{void ()*}}, {{i8*}} }] [
          \(entry("first", "@group")), \(entry("second", "null"))]
        define internal void @first() comdat($group) {
          store i8 1, {{i8*}} @group
          call void @add(i32 3)
          ret void
        }
        define internal void @second() {
          call void @add(i32 4)
          ret void
        }
        define internal void @add(i32 %x) noinline {
          %s = load i32, {{i32*}} @sum
          %t = mul i32 %s, 10
          %u = add i32 %t, %x
          store i32 %u, {{i32*}} @sum
          ret void
        }
        define i32 @main() {
          %s = load i32, {{i32*}} @sum
          %g = load i8, {{i8*}} @group
          %h = zext i8 %g to i32
          %r = add i32 %s, %h
          ret i32 %r
        }
        """)
    try program.expectSameWhenSplit(printing: "", status: 35)
  }

  @Test("an available_externally variable is defined by no shard") func availableVariable() throws {
    let program = try ForeignProgram(
      ir: """
        @stdout = available_externally global {{i8*}} null
        @group = available_externally constant i32 5
        declare i32 @fputs({{i8*}}, {{i8*}})
        @text = private constant [3 x i8] c"hi\\00"
        define i32 @say() noinline {
          %out = load {{i8*}}, {{i8**}} @stdout
          %p = getelementptr [3 x i8], {{[3 x i8]*}} @text, i64 0, i64 0
          %r = call i32 @fputs({{i8*}} %p, {{i8*}} %out)
          %x = load i32, {{i32*}} @group
          ret i32 %x
        }
        define i32 @main() {
          %r = call i32 @say()
          ret i32 %r
        }
        """)
    for shards in [1, 3] {
      for object in try program.split(into: shards) {
        let defined = try symbols(of: object, ["--defined-only"])
        #expect(!defined.contains { $0.hasSuffix(" stdout") || $0.hasSuffix(" group") })
      }
    }
  }

  @Test("metadata ties a variable to the section of another") func associatedMetadata() throws {
    let program = try ForeignProgram(
      ir: """
        @note = internal global i32 6, section "notes", !associated !0
        @llvm.used = appending global [1 x {{i8*}}] [{{i8*}} bitcast ({{i32*}} @note to {{i8*}})], \
        section "llvm.metadata"
        @__start_notes = external hidden global i32
        define i32 @main() section ".text.main" {
          %x = load i32, {{i32*}} @__start_notes
          ret i32 %x
        }
        !0 = !{ {{i32 ()*}} @main }
        """)
    try program.expectSameWhenSplit(printing: "", status: 6)
  }
}
