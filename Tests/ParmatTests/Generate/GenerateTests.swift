import Foundation
import TestSupport
import Testing

/// Modules that are made, as users make them. Seeds are drawn anew in each run; what fails names its
/// own.
@Suite("Generated modules")
struct GenerateTests {
  static let seeds = (0..<3).map { _ in UInt64.random(in: 0...UInt64.max) }

  private func bytes(_ options: [String], in folder: TemporaryFolder) throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: GeneratedProgram(options, in: folder).path))
  }

  @Test(
    "the same seed and knobs give the same bytes, another seed gives others",
    arguments: [["--profile", "tiny"], ["--functions", "300"]])
  func determinism(options: [String]) throws {
    let folder = try TemporaryFolder()
    let first = try bytes(options + ["--seed", "7"], in: folder)
    #expect(try bytes(options + ["--seed", "7"], in: folder) == first)
    #expect(try bytes(options + ["--seed", "8"], in: folder) != first)
    // To standard output too.
    let output = folder.path("piped.bc")
    try runSuccessfully(
      "sh",
      ["-c", "\"$0\" \"$@\" > \(output)", Parmat.path, "generate", "-o", "-", "--seed", "7"]
        + options)
    #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == first)
  }

  @Test("a linked program returns what the plan's interpreter predicts", arguments: seeds)
  func linkedTiny(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    for threads in [1, 8] {
      let program = try GeneratedProgram(
        ["--profile", "tiny", "--seed", "\(seed)"], in: folder)
      try #require(program.predictions.count >= 5)
      #expect(
        try program.results(threads: threads) == program.predictions.map(\.result),
        "seed \(seed), \(threads) shards")
    }
  }

  @Test("so does one of Julia's shape", arguments: seeds.prefix(1))
  func linkedJulia(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(["--functions", "300", "--seed", "\(seed)"], in: folder)
    #expect(
      try program.results(threads: 8) == program.predictions.map(\.result), "seed \(seed)")
  }

  @Test("2,000 functions of Julia's shape verify, are optimized, split into 8 shards and emitted")
  func twoThousand() throws {
    let seed = Self.seeds[0]
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(["--functions", "2000", "--seed", "\(seed)"], in: folder)
    let verified = try run(
      Tools.opt, ["-passes=verify", "-disable-output", program.path])
    #expect(verified.status == 0 && verified.errors.isEmpty, "seed \(seed): \(verified.errors)")
    #expect(
      try program.results(threads: 8) == program.predictions.map(\.result), "seed \(seed)")
  }

  @Test(
    "knobs at their ends give modules that verify",
    arguments: [
      ["--functions", "1"], ["--functions", "2"], ["--functions", "5"],
      ["--functions", "200", "--debug-info", "0"], ["--functions", "200", "--metadata", "0"],
      ["--functions", "200", "--debug-info", "1", "--metadata", "0.5"],
      ["--functions", "100", "--mean-instructions", "8"],
      ["--functions", "100", "--mean-instructions", "2000", "--tail", "0.9"],
      ["--functions", "100", "--globals", "40"], ["--functions", "10", "--globals", "5000"],
      ["--profile", "tiny", "--functions", "1000"],
    ])
  func ends(options: [String]) throws {
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(options, in: folder)
    let verified = try run(Tools.opt, ["-passes=verify", "-disable-output", program.path])
    #expect(verified.status == 0 && verified.errors.isEmpty, "\(verified.errors)")
  }

  @Test("LLVM's own count of instructions and blocks is the report's")
  func counts() throws {
    let folder = try TemporaryFolder()
    let program = try GeneratedProgram(["--functions", "500"], in: folder)
    let plan = try Parmat.json(["partition", program.path, "--threads", "2", "--summary"])
    let summary = try #require(plan["summary"] as? [String: Any])
    let info = try #require(summary["info"] as? [String: Any])
    #expect(info["instructions"] as? Int == program[number: "instructions"])
    #expect(info["basicBlocks"] as? Int == program[number: "blocks"])
    #expect(info["functions"] as? Int == program[number: "functions"])
    #expect(
      info["weight"] as? Int == program[number: "functionWeight"] + program[number: "variables"]
    )
  }
}
