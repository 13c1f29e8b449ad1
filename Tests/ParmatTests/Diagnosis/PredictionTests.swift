import Foundation
import TestSupport
import Testing

/// `parmat run --predict`, on a generated module.
@Suite("Foretelling the crash point")
struct PredictionTests {
  @Test("a low limit is met on the way, a high one never, and one thread meets none")
  func points() throws {
    let folder = try TemporaryFolder()
    let module = folder.path("module.bc")
    try Parmat.run(["generate", "-o", module, "--functions", "300", "--quiet"])
    func points(limit: Int) throws -> [Int: [String: Any]] {
      let record = try Parmat.json(["run", module, "--predict", "--map-limit", String(limit)])
      #expect(record["schema"] as? String == "parmat.prediction/1")
      let points = try #require(record["points"] as? [[String: Any]])
      return Dictionary(
        uniqueKeysWithValues: points.compactMap { point in
          (point["threads"] as? Int).map { ($0, point) }
        })
    }
    let low = try points(limit: 600)
    #expect(Set(low.keys) == [1, 2, 4, 8, 16])
    #expect(low[1]?["arenaBytes"] is NSNull)
    for threads in [4, 8, 16] {
      let crash = try #require(low[threads]?["arenaBytes"] as? Int)
      let all = try #require(low[threads]?["allArenaBytes"] as? Int)
      // Each mapping is a page at least.
      #expect(crash < all && crash >= 400 * 4096, "\(threads) threads: \(crash) of \(all)")
      let share = try #require(low[threads]?["shareOfFunctions"] as? Double)
      #expect((0.0...1.0).contains(share))
      #expect((low[threads]?["mappingsAtEnd"] as? Int ?? 0) > 600)
    }
    let never = try points(limit: 10_000_000)
    #expect(never.values.allSatisfy { $0["arenaBytes"] is NSNull })
  }

  @Test(
    "options that do not go together are refused",
    arguments: [
      ["--map-limit", "1000"], ["--predict", "--map-limit", "0"], ["--predict", "--repeat", "2"],
      ["--predict", "--emit", "bc", "-o", "out"],
    ])
  func badOptions(options: [String]) throws {
    let module = projectFolder.appendingPathComponent("Inputs/c-program.bc").path
    #expect(try Parmat.run(["run", module] + options).status == 64)
  }

  @Test("what is no module is refused as by any run")
  func noModule() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("no bitcode", to: "text.bc")
    let outcome = try Parmat.run(["run", path, "--predict"])
    #expect(outcome.status == 65 && outcome.errors.contains("not LLVM bitcode"))
  }
}
