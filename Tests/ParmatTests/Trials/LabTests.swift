import Foundation
import TestSupport
import Testing

/// The allocators of the lab: correct in all but the one property that each is made for.
@Suite("The allocator lab")
struct LabTests {
  static let correct = ["bump", "pagewise", "contiguous", "locked", "memfd"]

  private static let library = URL(fileURLWithPath: Parmat.path).deletingLastPathComponent()
    .appendingPathComponent("parmat_CAllocatorLab.resources/libparmat-lab.so").path

  private func under(_ name: String, _ command: [String]) throws -> Outcome {
    try run(
      command[0], Array(command.dropFirst()),
      environment: ["LD_PRELOAD": Self.library, "PARMAT_LAB": name])
  }

  @Test("each conforms to what programs expect of malloc and its kin", arguments: correct)
  func conforms(name: String) throws {
    let outcome = try under(name, [try Programs.path("conforms.c")])
    #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output == "conforms\n")
  }

  @Test("racy conforms as long as there is one thread")
  func racy() throws {
    let outcome = try under("racy", [try Programs.path("conforms.c"), "single"])
    #expect(outcome.output == "conforms\n", "\(outcome.errors)")
  }

  @Test("the conformance program finds fault with an allocator that is wrong")
  func conformanceCanFail() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write(
      """
      #include <stddef.h>
      static char memory[1 << 26] __attribute__((aligned(16)));
      static size_t used;
      /* Never aligned for what was asked, never zeroed anew, no check for overflow. */
      void *malloc(size_t n) { void *p = memory + used; used += n + 8; return used > sizeof memory ? NULL : p; }
      void free(void *p) { (void)p; }
      void *calloc(size_t a, size_t b) { return malloc(a * b); }
      void *realloc(void *p, size_t n) { (void)p; return malloc(n); }
      """, to: "wrong.c")
    let library = folder.path("wrong.so")
    try runSuccessfully("gcc", ["-O1", "-fPIC", "-shared", "-fno-builtin", source, "-o", library])
    let outcome = try run(
      try Programs.path("conforms.c"), ["single"], environment: ["LD_PRELOAD": library])
    #expect(outcome.status != 0)
    #expect(outcome.output != "conforms\n")
  }

  @Test("CPython and clang run under each", arguments: correct)
  func programs(name: String) throws {
    let script = """
      import json, threading, subprocess
      data = json.dumps([{str(i): [i] * 10} for i in range(20000)])
      threads = [threading.Thread(target=json.loads, args=(data,)) for _ in range(4)]
      [t.start() for t in threads]; [t.join() for t in threads]
      print(len(data), len(bytes(100_000_000)), subprocess.run(['true']).returncode)
      """
    let python = try under(name, ["python3", "-c", script])
    #expect(python.status == 0, "\(python.errors)")
    #expect(python.output.hasSuffix(" 100000000 0\n"))
    let folder = try TemporaryFolder()
    let source = projectFolder.appendingPathComponent("Inputs/sources/cxx-program/Shapes.cpp").path
    func object(_ environment: [String: String?], _ file: String) throws -> Data {
      let outcome = try run(
        Tools.clangxx, ["-O2", "-c", source, "-o", folder.path(file)], environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
    }
    #expect(
      try object(["LD_PRELOAD": Self.library, "PARMAT_LAB": name], "lab.o")
        == object([:], "plain.o"))
  }

  @Test("an unknown name is refused with the list of names")
  func unknown() throws {
    for name in ["nothing", ""] {
      let outcome = try under(name, ["/bin/ls"])
      #expect(outcome.status == 69)
      #expect(
        outcome.errors.contains("memfd") && outcome.complaints.count == 1, "\(outcome.errors)")
    }
  }

  @Test("memfd exhausts the mappings of the machine itself, and relief heals it")
  func exhaustion() throws {
    let (trials, _) = try Parmat.reproduce(
      ["--trials", "1", "--allocator", "lab:memfd", "--arenas", "8x100"])
    let trial = try #require(trials.first)
    let limit = try #require(trial.host?["mapLimit"] as? Int)
    let peak = try #require(trial.host?["peakMappings"] as? Int)
    #expect(trial.outcome == "crashed" && trial.signal == 11)
    #expect(trial.fault?["code"] as? Int == 2)
    #expect(trial.healed == "relief")
    #expect((trial.fault?["mapping"] as? String)?.contains("---p") == true)
    #expect(peak > limit - 600 && peak <= limit + 2, "\(peak)")
    // Below the limit the program lives.
    let (small, _) = try Parmat.reproduce(
      ["--trials", "1", "--allocator", "lab:memfd", "--arenas", "8x20"])
    #expect(small.map(\.outcome) == ["completed"])
  }

  @Test("racy crashes under threads by its own fault, which no release heals")
  func race() throws {
    let (trials, _) = try Parmat.reproduce(
      ["--trials", "5", "--timeout", "30", "--allocator", "lab:racy", "--arenas", "8x20"])
    let crashed = trials.filter { $0.outcome == "crashed" }
    #expect(!crashed.isEmpty, "\(trials.map { $0.outcome ?? "" })")
    #expect(crashed.allSatisfy { $0.healed != "relief" })
  }

  @Test("the example of the documentation is the one that is tested, builds and works")
  func example() throws {
    let page = try String(
      contentsOf: projectFolder.appendingPathComponent(
        "Sources/parmat/Documentation.docc/BringYourOwnAllocator.md"), encoding: .utf8)
    let file = projectFolder.appendingPathComponent("Tests/Programs/own-allocator.c")
    let source = try String(contentsOf: file, encoding: .utf8)
    #expect(page.contains("```c\n\(source)```"))
    let folder = try TemporaryFolder()
    let library = folder.path("own.so")
    try runSuccessfully(
      "gcc",
      ["-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fno-builtin", file.path]
        + ["-o", library])
    let (trials, _) = try Parmat.reproduce(
      ["--trials", "1", "--allocator", library, "--arenas", "4x10"])
    #expect(trials.map(\.outcome) == ["completed"])
    #expect((trials[0].json["malloc"] as? String)?.hasSuffix("/own.so") == true)
  }
}
