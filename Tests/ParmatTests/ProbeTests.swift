import Foundation
import TestSupport
import Testing

@Suite("probe")
struct ProbeTests {
  private func record(_ outcome: Outcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(value as? [String: Any])
  }

  @Test("natively page growth reaches the cap, and a PROT_NONE page faults with SEGV_ACCERR")
  func native() throws {
    // Twice the usual vm.max_map_count.
    let record = try record(Parmat.run(["probe", "--cap", "131072", "--format", "json"]))
    #expect(record["schema"] as? String == "parmat.probe/1")
    #expect(record["gvisor"] as? Bool == false)
    #expect(record["siCode"] as? Int == 2)
    let limit = try #require(record["mapLimit"] as? [String: Any])
    #expect(limit["growths"] as? Int == 131_072)
    #expect(limit["atLeast"] as? Bool == true)
    #expect(limit["signal"] is NSNull)
    let count = try String(contentsOfFile: "/proc/sys/vm/max_map_count", encoding: .utf8)
    #expect(record["maxMapCount"] as? Int == Int(count.dropLast()))
  }

  @Test(
    "in gVisor the host's own limit is found, which the sandbox does not tell",
    .enabled(if: Sandbox.works, "needs runsc, and the right to start it"))
  func sandbox() throws {
    let text = try String(contentsOfFile: "/proc/sys/vm/max_map_count", encoding: .utf8)
    let hostLimit = try #require(Int(text.dropLast()))
    try #require(hostLimit < 200_000, "a host whose limit was raised needs a higher --cap")
    let record = try record(Sandbox.run([Parmat.path, "probe", "--format", "json"]))
    #expect(record["gvisor"] as? Bool == true)
    let limit = try #require(record["mapLimit"] as? [String: Any])
    let growths = try #require(limit["growths"] as? Int)
    // Some mappings are the program's own.
    #expect(growths > hostLimit * 9 / 10 && growths <= hostLimit)
    #expect(limit["signal"] as? Int == 11)
    #expect(limit["atLeast"] as? Bool == false)
  }

  @Test("the static binary says what the command says")
  func staticBinary() throws {
    let folder = try TemporaryFolder()
    let sources = projectFolder.appendingPathComponent("Sources/CProbe")
    let files = ["CProbe.c", "CProbeText.c", "Main.c"].map {
      sources.appendingPathComponent($0).path
    }
    let program = folder.path("probe")
    try runSuccessfully(
      "gcc",
      ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-I"]
        + [sources.appendingPathComponent("include").path] + files + ["-o", program])
    let ours = try Parmat.run(["probe", "--cap", "1000"])
    let alone = try run(program, ["1000"])
    #expect(alone.status == 0)
    #expect(alone.output == ours.output)
    #expect(ours.output.contains("map limit: at least 1000 pages (the cap)"))
    #expect(try run(program, ["many"]).status == 64)
  }

  @Test("a memory limit is told apart from the map limit")
  func memoryLimit() throws {
    // Address space for the program, but not for two regions of 4 GiB.
    let outcome = try run(
      "prlimit", ["--as=3000000000", Parmat.path, "probe", "--cap", "2000000", "--format", "json"])
    let limit = try #require(record(outcome)["mapLimit"] as? [String: Any])
    #expect(limit["errno"] as? Int == Int(ENOMEM))
    #expect(limit["growths"] as? Int == 0)
  }

  @Test("a bad cap is a usage error", arguments: ["0", "-1", "many", "99999999999"])
  func badCap(value: String) throws {
    let outcome = try Parmat.run(["probe", "--cap", value])
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
  }
}
