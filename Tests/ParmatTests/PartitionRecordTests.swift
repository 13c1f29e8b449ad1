import Foundation
import TestSupport
import Testing

@Suite("What `partition` reports")
struct PartitionRecordTests {
  private let source = """
    static int twice(int x) { return x + x; }
    static int thrice(int x) { return 3 * x; }
    int (*const table[])(int) = {twice, thrice};
    int alone(int x) { return x - 1; }
    int other(int x) { return x - 2; }
    """

  @Test("the record lists every global once, with the keys that scripts rely on")
  func keys() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(source, named: "plan.c", in: folder)
    let record = try Parmat.json(["partition", module, "--threads", "3"])
    #expect(record["schema"] as? String == "parmat.partition/1")
    #expect(record["threads"] as? Int == 3)
    #expect(record["globals"] as? Int == 5)
    #expect(record["components"] as? Int == 3)
    let shards = try #require(record["shards"] as? [[String: Any]])
    let names = shards.map { $0["globals"] as? [String] ?? [] }
    #expect(names.flatMap { $0 }.sorted() == ["alone", "other", "table", "thrice", "twice"])
    let weights = shards.compactMap { $0["weight"] as? Int }
    #expect(weights.reduce(0, +) == record["weight"] as? Int)
    #expect(names.contains { Set($0) == ["table", "thrice", "twice"] })
  }

  @Test("weights are 1 + instructions + blocks, as llvm-dis shows them")
  func weights() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(
      """
      int branches(int x) { if (x > 3) return x * 7; while (x) x /= 2; return x + 1; }
      int variable = 3;
      """, named: "weights.c", in: folder)
    let text = try runSuccessfully(Tools.llvmDis, [module, "-o", "-"])
    let body = try #require(
      text.components(separatedBy: "define").dropFirst().first?.components(separatedBy: "\n}").first
    )
    let lines = body.components(separatedBy: "\n").dropFirst()
    let instructions = lines.count { $0.hasPrefix("  ") }
    // Every block but the first has a label line.
    let blocks = 1 + lines.count { $0.contains(":") && !$0.hasPrefix(" ") }
    let record = try Parmat.json(["partition", module, "--threads", "1"])
    #expect(record["weight"] as? Int == 1 + instructions + blocks + 1)
  }

  @Test("the same module gives the same plan in every run, name by name")
  func determinism() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(source, named: "plan.c", in: folder)
    let arguments = ["partition", module, "--threads", "3"]
    let first = try Parmat.run(arguments).output
    for _ in 0..<5 { #expect(try Parmat.run(arguments).output == first) }
  }

  @Test("the text says why each global is where it is")
  func text() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(source, named: "plan.c", in: folder)
    let text = try Parmat.run(["partition", module, "--threads", "2", "--ties", "stable"]).output
    #expect(text.contains("2 shards, weight"))
    #expect(text.contains("lightest shard, at 0"))
    #expect(text.contains("with table, which names it in a constant"))
  }

  @Test("the summary tells kinds, linkage, weights, components and bytes")
  func summary() throws {
    let folder = try TemporaryFolder()
    let module = try Tools.compile(source, named: "plan.c", in: folder)
    let record = try Parmat.json(["partition", module, "--threads", "2", "--summary"])
    let summary = try #require(record["summary"] as? [String: Any])
    let info = try #require(summary["info"] as? [String: Int])
    #expect(info["functions"] == 4 && info["globals"] == 5)
    let groups = try #require(summary["definitions"] as? [[String: Any]])
    let local = groups.first { $0["linkage"] as? String == "internal" }
    #expect(local?["count"] as? Int == 2, "linkage as the input had it")
    let bytes = try #require(summary["bytes"] as? [String: Int])
    let file = try #require(bytes["file"])
    let functions = try #require(bytes["functionBlocks"])
    #expect(functions > 0 && functions < file)
  }
}
