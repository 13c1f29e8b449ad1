import Foundation
import TestSupport
import Testing

/// One sentence, the documented status, nothing left behind; never an abort.
@Suite("Bad input")
struct BadInputTests {
  /// A small module that is in order.
  static func goodModule(in folder: TemporaryFolder) throws -> String {
    try Tools.compile(
      "int a(int x) { return x + 1; }\nint b(int x) { return a(x) * 2; }\n", named: "good.c",
      in: folder)
  }

  /// A module of enough weight for more than one thread.
  static func heavyModule(in folder: TemporaryFolder, functions count: Int = 300) throws -> String {
    let functions = (0..<count).map {
      "int f\($0)(int x) { return x * x % (x + \($0 + 1)) + \($0); }"
    }
    return try Tools.compile(functions.joined(separator: "\n"), named: "heavy.c", in: folder)
  }

  /// Runs parmat on a file of the folder, asks for output, and expects status 65, one sentence, and
  /// a folder as it was.
  private func expectRefused(
    _ file: String, in folder: TemporaryFolder, saying words: String? = nil,
    _ options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.entries
    for command in [
      ["run", file, "--threads", "2", "--emit", "obj", "-o", folder.path("out")],
      ["partition", file, "--threads", "2"],
    ] {
      let outcome = try TestSupport.run(Parmat.path, command + options, in: folder.url)
      #expect(outcome.signal == nil && outcome.status == 65, sourceLocation: sourceLocation)
      #expect(
        outcome.complaints.count == 1 && (words.map { outcome.errors.contains($0) } ?? true),
        "\(outcome.errors)", sourceLocation: sourceLocation)
      #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    }
    #expect(folder.entries == before, sourceLocation: sourceLocation)
  }

  // MARK: Files

  @Test("an object file is not bitcode") func objectFile() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write("int x;\n", to: "x.c")
    try runSuccessfully(Tools.clang, ["-c", source, "-o", folder.path("x.o")])
    try expectRefused(folder.path("x.o"), in: folder, saying: "7f454c46")
  }

  @Test("a picture is not bitcode") func picture() throws {
    let folder = try TemporaryFolder()
    let bytes = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0...255))
    try expectRefused(
      try folder.write(bytes, to: "picture.png"), in: folder, saying: "89504e47")
  }

  @Test("a file of one, two or three bytes is not bitcode", arguments: 1...3)
  func tinyFile(count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = Data([0x42, 0x43, 0xC0].prefix(count))
    try expectRefused(try folder.write(bytes, to: "tiny.bc"), in: folder)
  }

  @Test("a file with bitcode's first bytes and nothing more is refused") func magicOnly() throws {
    let folder = try TemporaryFolder()
    let raw = Data([0x42, 0x43, 0xC0, 0xDE])
    try expectRefused(try folder.write(raw, to: "raw.bc"), in: folder)
    let wrapped = Data([0xDE, 0xC0, 0x17, 0x0B])
    try expectRefused(try folder.write(wrapped, to: "wrapped.bc"), in: folder)
  }

  @Test("LLVM's text form is refused with the tool that translates it") func textIR() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("; ModuleID = 'x'\ndefine void @f() {\n  ret void\n}\n", to: "x.ll")
    try expectRefused(file, in: folder, saying: "llvm-as")
  }

  @Test("an empty file is refused") func emptyFile() throws {
    let folder = try TemporaryFolder()
    try expectRefused(try folder.write(Data(), to: "empty.bc"), in: folder, saying: "empty")
  }

  @Test("a missing file is refused") func missingFile() throws {
    let folder = try TemporaryFolder()
    try expectRefused(folder.path("none.bc"), in: folder, saying: "no such file")
  }

  @Test("a directory is refused") func directory() throws {
    let folder = try TemporaryFolder()
    try expectRefused(folder.url.path, in: folder, saying: "directory")
  }

  @Test("a name with a line break makes one line all the same") func strangeName() throws {
    let folder = try TemporaryFolder()
    try expectRefused(folder.path("two\nlines.bc"), in: folder)
  }

  @Test("a file without permission to read is refused") func unreadableFile() throws {
    let folder = try TemporaryFolder()
    let module = try Self.goodModule(in: folder)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: module)
    let outcome = try Unprivileged(in: folder).run(["run", module, "--threads", "2"])
    #expect(outcome.status == 65 && outcome.signal == nil)
    #expect(outcome.complaints.count == 1 && outcome.errors.contains("ermission denied"))
    #expect(outcome.output.isEmpty)
  }

  @Test("a module cut off at any kilobyte is refused") func truncated() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: CorruptBitcodeTests.module(in: folder)))
    #expect(whole.count > 10_000)
    for count in stride(from: 1024, to: whole.count, by: 1024) {
      try expectRefused(try folder.write(whole.prefix(count), to: "cut.bc"), in: folder)
    }
  }

  @Test("a module that LLVM's verifier rejects is refused") func brokenModule() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write(
      Tools.dialect("define i32 @f() {\n  %x = add i32 %x, 1\n  ret i32 %x\n}\n"), to: "broken.ll")
    let module = folder.path("broken.bc")
    try runSuccessfully(Tools.llvmAs, ["--disable-verify", source, "-o", module])
    try expectRefused(module, in: folder, saying: "verifier")
  }

  @Test(
    "assembly that LLVM cannot assemble is refused in one line",
    arguments: [
      "module asm \"bogus one\\0Abogus two\"\ndefine void @f() {\n  ret void\n}\n",
      "define void @f() {\n  call void asm sideeffect \"bogus one\\0Abogus two\", \"\"()\n  ret void\n}\n",
    ])
  func badAssembly(source: String) throws {
    let folder = try TemporaryFolder()
    // Not by clang: from 18 on it assembles what it only translates.
    let module = try Tools.assemble(
      "target triple = \"x86_64-pc-linux-gnu\"\n\(source)define void @g() {\n  ret void\n}\n",
      in: folder)
    let before = folder.entries
    let outcome = try Parmat.run([
      "run", module, "--threads", "2", "--emit", "obj", "-o", folder.path("out"),
    ])
    #expect(outcome.status == 65 && outcome.signal == nil)
    #expect(outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(folder.entries == before)
  }

  /// The newest clang that is newer than the LLVM under test, by its major version.
  static let newerClang = (Tools.major + 1...Tools.major + 20).reversed().first {
    (try? run("clang-\($0)", ["--version"]))?.status == 0
  }

  // Needs a second, newer clang: the newest major that is installed has none to be compared with.
  @Test("bitcode of a newer LLVM is refused", .enabled(if: newerClang != nil))
  func newerBitcode() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write(
      """
      struct Big { long x[9]; };
      extern long *heap(unsigned long) __attribute__((malloc));
      struct Big make(int n) { struct Big b = {{n}}; b.x[3] = *heap(n); return b; }
      int use(int n) { struct Big b = make(n); return b.x[1] > 3; }
      """, to: "newer.c")
    let clang = "clang-\(try #require(Self.newerClang))"
    let module = folder.path("newer.bc")
    try runSuccessfully(clang, ["-O1", "-g", "-emit-llvm", "-c", source, "-o", module])
    try expectRefused(module, in: folder)
  }

  // Debian's libclc-16 is 8 MB, which takes longer than a millisecond.
  private static let large = "/usr/lib/clc/amdgcn--amdhsa.bc"

  @Test(
    "a module that is not read within the limit is refused",
    .enabled(if: FileManager.default.fileExists(atPath: large) && Tools.major >= 16))
  func parseLimit() throws {
    let folder = try TemporaryFolder()
    try expectRefused(Self.large, in: folder, saying: "0.001 s", ["--parse-limit", "0.001"])
  }

  @Test(
    "the limit holds where the parent process blocks its signal",
    .enabled(if: FileManager.default.fileExists(atPath: large) && Tools.major >= 16))
  func parseLimitUnderBlockedSignal() throws {
    let command = ["run", Self.large, "--threads", "2", "--parse-limit", "0.001"]
    let outcome = try run("env", ["--block-signal=ALRM", Parmat.path] + command)
    #expect(outcome.status == 65 && outcome.signal == nil)
    #expect(outcome.complaints.count == 1 && outcome.output.isEmpty)
  }

  // MARK: Pipes

  @Test("a dash reads standard input") func standardInput() throws {
    let folder = try TemporaryFolder()
    let module = try Data(contentsOf: URL(fileURLWithPath: Self.goodModule(in: folder)))
    let good = try Parmat.run(["run", "-", "--threads", "2"], input: module)
    #expect(good.status == 0 && good.errors.isEmpty)
    let empty = try Parmat.run(["run", "-", "--threads", "2"])
    #expect(empty.status == 65 && empty.complaints.count == 1)
  }

  @Test("a FIFO is read to its end") func fifo() throws {
    let folder = try TemporaryFolder()
    let module = try Self.goodModule(in: folder)
    let script = "mkfifo pipe && { cat \"$1\" > pipe & \"$0\" run pipe --threads 2; }"
    let outcome = try TestSupport.run("sh", ["-c", script, Parmat.path, module], in: folder.url)
    #expect(outcome.status == 0 && outcome.errors.isEmpty && !outcome.output.isEmpty)
  }
}
