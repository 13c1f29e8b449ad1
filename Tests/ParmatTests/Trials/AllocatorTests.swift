import Foundation
import TestSupport
import Testing

/// Which malloc a workload gets, and that it really gets it.
@Suite("Allocators")
struct AllocatorTests {
  private func build(_ source: String, _ options: [String] = []) throws -> (TemporaryFolder, String)
  {
    let folder = try TemporaryFolder()
    let file = try folder.write(source, to: "allocator.c")
    let library = folder.path("allocator.so")
    try runSuccessfully("gcc", ["-O1", "-fPIC", "-shared", file, "-o", library] + options)
    return (folder, library)
  }

  @Test(
    "the object that serves malloc is named",
    arguments: [
      ("glibc", "libc.so"), ("glibc:arena_max=1:top_pad=64M", "libc.so"),
      ("mimalloc", "libmimalloc"), ("jemalloc", "libjemalloc"), ("tcmalloc", "libtcmalloc"),
    ])
  func served(name: String, object: String) throws {
    for workload in [["--arenas", "2x2"], ["--", "sleep", "0"]] {
      let (trials, _) = try Parmat.reproduce(["--trials", "1", "--allocator", name] + workload)
      #expect(trials[0].outcome == "completed")
      #expect((trials[0].json["malloc"] as? String)?.contains(object) == true, "\(workload)")
      let cell = trials[0].json["cell"] as? [String: Any]
      #expect(cell?["allocator"] as? String == name)
    }
  }

  @Test("tunables take effect: one arena has no secondary arenas to grow")
  func tunables() throws {
    func pages(_ name: String) throws -> Int? {
      let (trials, _) = try Parmat.reproduce(
        ["--trials", "1", "--allocator", name, "--arenas", "4x8"])
      return trials[0].json["growthPages"] as? Int
    }
    #expect(try pages("glibc") ?? 0 > 7000)
    #expect(try pages("glibc:arena_max=1") == 0)
  }

  @Test("a library that is no allocator did not take effect, which is an error")
  func noAllocator() throws {
    let (folder, library) = try build("int nothing;")
    let outcome = try Parmat.run(
      ["reproduce", "--trials", "1", "--allocator", library, "--arenas", "1x1"])
    #expect(outcome.status == 69)
    #expect(
      outcome.errors.contains("the allocator '\(library)' did not take effect"), "\(outcome.errors)"
    )
    #expect(folder.entries.count == 2)
  }

  @Test("a library for another processor is refused")
  func otherProcessor() throws {
    let (folder, library) = try build("int nothing;")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: library))
    bytes[18] = 183  // EM_AARCH64
    let other = try folder.write(bytes, to: "other.so")
    let outcome = try Parmat.run(
      ["reproduce", "--trials", "1", "--allocator", other, "--arenas", "1x1"])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("is for another processor (ELF machine 183)"))
  }

  @Test("a library that does not load, or crashes as it loads, is no row that looks healthy")
  func broken() throws {
    let (first, crashing) = try build(
      "#include <stdlib.h>\n__attribute__((constructor)) static void begin(void) { abort(); }")
    let crash = try Parmat.run(
      ["reproduce", "--trials", "1", "--allocator", crashing, "--format", "jsonl"]
        + ["--arenas", "1x1"])
    #expect(crash.status == 69)
    #expect(
      crash.errors.contains("did not take effect: the program died of signal 6 before it began"),
      "\(crash.errors)")
    let (second, unloadable) = try build(
      "extern int missing(void); void *malloc(unsigned long n) { return (void *)(long)missing(); }",
      ["-Wl,-z,now"])
    let outcome = try Parmat.run(
      ["reproduce", "--trials", "1", "--allocator", unloadable, "--arenas", "1x1"])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("undefined symbol: missing"), "\(outcome.errors)")
    // The folders go with their last reference.
    #expect(first.entries.count == 2 && second.entries.count == 2)
  }
}
