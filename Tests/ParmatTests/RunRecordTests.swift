import Foundation
import TestSupport
import Testing

/// A module big enough for Julia's rule to take threads: weight over 1000, over 200 globals.
private let manyFunctions =
  (0..<250).map { "int f\($0)(int x) { return x * \($0) + x / (\($0) + 1); }" }
  .joined(separator: "\n") + "\nint main(void) { return f3(1) - 3; }\n"

@Suite("What `run` reports")
struct RunRecordTests {
  @Test("the JSON record has the keys that scripts rely on")
  func keys() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(manyFunctions, named: "many.c", in: folder)
    let record = try Parmat.json(["run", module, "--threads", "4"])
    #expect(record["schema"] as? String == "parmat.run/1")
    #expect((record["llvm"] as? String)?.hasPrefix("\(Tools.major).") == true)
    #expect(record["julia"] as? String == "1.11")
    #expect(record["threads"] as? Int == 4)
    #expect((record["peakRSS"] as? Int ?? 0) > 10_000_000)
    // A sanitizer brings a malloc of its own, in the program itself.
    let malloc = try #require(record["malloc"] as? String)
    #expect(malloc.hasSuffix("/libc.so.6") || malloc == Parmat.path)
    #expect(record["growthPages"] is Int == malloc.hasSuffix("/libc.so.6"))
    #expect(record["growthPages"] != nil, "null, not left out")
    #expect((record["outputs"] as? [String])?.isEmpty == true)

    let input = try #require(record["module"] as? [String: Any])
    let size = try FileManager.default.attributesOfItem(atPath: module)[.size] as? Int
    #expect(input["path"] as? String == module)
    #expect(input["bytes"] as? Int == size)
    let sum = try runSuccessfully("sha256sum", [module]).prefix(64)
    #expect(input["sha256"] as? String == String(sum))

    let seconds = try #require(record["seconds"] as? [String: Double])
    let parts = ["parse", "partition", "serialize", "output"].compactMap { seconds[$0] }
    #expect(parts.count == 4)
    #expect(parts.reduce(0, +) <= seconds["total"] ?? 0)

    let shards = try #require(record["shards"] as? [[String: Any]])
    #expect(shards.compactMap { $0["index"] as? Int } == [0, 1, 2, 3])
    #expect(shards.compactMap { $0["globals"] as? Int }.reduce(0, +) == 251)
    #expect(shards.compactMap { $0["functions"] as? Int }.reduce(0, +) == 251)
    for shard in shards {
      let stages = try #require(shard["seconds"] as? [String: Double])
      #expect(Set(stages.keys) == ["deserialize", "materialize", "construct", "optimize", "emit"])
      #expect((stages["deserialize"] ?? 0) > 0 && (stages["materialize"] ?? 0) > 0)
      #expect(stages["optimize"] == 0)
    }
  }

  @Test("another allocator is named, and glibc's arenas are not asked for then")
  func preloadedAllocator() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(manyFunctions, named: "many.c", in: folder)
    let source = try folder.write(
      """
      #include <stddef.h>
      void *__libc_malloc(size_t);
      void *malloc(size_t size) { return __libc_malloc(size); }
      """, to: "allocator.c")
    let allocator = folder.path("allocator.so")
    try runSuccessfully("gcc", ["-shared", "-fPIC", source, "-o", allocator])
    let record = try Parmat.json(
      ["run", module, "--threads", "8"], environment: ["LD_PRELOAD": allocator])
    let malloc = try #require(record["malloc"] as? String)
    // A sanitizer's own comes before any that is preloaded.
    #expect(malloc == allocator || malloc == Parmat.path)
    #expect(record["growthPages"] is NSNull)
  }

  @Test("one thread stays in place, unless it is always split")
  func inPlace() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(manyFunctions, named: "many.c", in: folder)
    let inPlace = try Parmat.json(["run", module, "--threads", "1"])
    #expect(inPlace["split"] as? Bool == false)
    let split = try Parmat.json(["run", module, "--threads", "1", "--always-split"])
    #expect(split["split"] as? Bool == true)
    #expect((split["seconds"] as? [String: Double])?["serialize"] ?? 0 > 0)
  }

  @Test("auto takes JULIA_IMAGE_THREADS, but a module below weight 1000 takes one thread")
  func autoThreads() throws {
    let folder = try TemporaryFolder()
    let many = try Tools.compile(manyFunctions, named: "many.c", in: folder)
    let environment: [String: String?] = ["JULIA_IMAGE_THREADS": "3"]
    #expect(try Parmat.json(["run", many], environment: environment)["threads"] as? Int == 3)
    let few = try Tools.compile("int f(int x) { return x; }", named: "few.c", in: folder)
    #expect(try Parmat.json(["run", few], environment: environment)["threads"] as? Int == 1)
  }

  @Test("--repeat gives one record each")
  func repetitions() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile("int f(int x) { return x; }", named: "few.c", in: folder)
    let arguments = ["run", module, "--threads", "2", "--repeat", "3"]
    let lines = try Parmat.run(arguments + ["--format", "jsonl"]).output.split(separator: "\n")
    #expect(lines.count == 3)
    let array = try JSONSerialization.jsonObject(
      with: Data(try Parmat.run(arguments + ["--format", "json"]).output.utf8))
    #expect((array as? [Any])?.count == 3)
  }

  @Test("empty shards are loaded, materialized and reported like any other")
  func emptyShards() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile("int f(int x) { return x; }", named: "few.c", in: folder)
    let record = try Parmat.json(["run", module, "--threads", "20"])
    let shards = try #require(record["shards"] as? [[String: Any]])
    #expect(shards.count == 20)
    #expect(shards.count { $0["globals"] as? Int == 0 } == 19)
  }

  @Test("JULIA_IMAGE_TIMINGS=1 prints Julia's report to stderr")
  func imageTimings() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(manyFunctions, named: "many.c", in: folder)
    let environment: [String: String?] = ["JULIA_IMAGE_TIMINGS": "TRUE"]
    let split = try Parmat.run(["run", module, "--threads", "2"], environment: environment)
    let lines = split.complaints
    let rule = "===" + String(repeating: "-", count: 73) + "==="
    #expect(lines.first == rule)
    #expect(
      lines.dropFirst().first?.hasSuffix("Time to optimize and emit LLVM module text") == true)
    for name in ["Partition module", "Serialize module", "Add outputs", "Total"] {
      #expect(lines.contains { $0.hasSuffix("  \(name)") }, "\(name)")
    }
    #expect(lines.contains { $0.hasSuffix("shard_1 : Timings for text module shard 1") })
    #expect(lines.contains("Time (s)  Name  Description"))
    let stage = try Regex(#"\d+\.\d{3}  materialize_0  Materialize declarations"#)
    #expect(lines.contains { $0.wholeMatch(of: stage) != nil })
    #expect(!lines.contains { $0.contains("optimize_0") }, "a stage that did not run")
    let weights = try Regex(#"Partition weights: \[\d+, \d+\]"#)
    #expect(lines.last?.wholeMatch(of: weights) != nil)

    let inPlace = try Parmat.run(["run", module, "--threads", "1"], environment: environment)
    #expect(inPlace.complaints.contains { $0.hasSuffix("  Add outputs") })
    #expect(!inPlace.errors.contains("Partition"))
  }

  @Test("no report where the variable says 0, Julia's warning where it says nothing")
  func noImageTimings() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile("int f(int x) { return x; }", named: "few.c", in: folder)
    let off = try Parmat.run(["run", module], environment: ["JULIA_IMAGE_TIMINGS": "0"])
    #expect(off.errors.isEmpty)
    let odd = try Parmat.run(["run", module], environment: ["JULIA_IMAGE_TIMINGS": "often"])
    #expect(odd.complaints == ["WARNING: Invalid value for JULIA_IMAGE_TIMINGS: often"])
    #expect(odd.status == 0)
  }

  @Test("a module on standard input is read like a file")
  func standardInput() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile("int f(int x) { return x; }", named: "few.c", in: folder)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: module))
    let outcome = try Parmat.run(["run", "-", "--threads", "2"], input: bytes)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("-: 2 threads"))
  }
}
