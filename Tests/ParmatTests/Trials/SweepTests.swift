import Foundation
import TestSupport
import Testing

/// The matrix, its order, and what is left of a sweep that was cut off.
@Suite("Sweeps", .serialized)
struct SweepTests {
  private static let matrix = [
    "sweep", "--arenas-total", "4", "--threads", "1,2", "--threads", "4", "--allocator",
    "glibc,glibc:arena_max=1", "--trials", "4", "--format", "jsonl",
  ]

  /// (cell, round) of each trial, in the order in which they were run.
  private func order(_ trials: [TrialRecord]) -> [[Int]] {
    trials.compactMap { trial in
      let sweep = trial.json["sweep"] as? [String: Any]
      return [sweep?["cell"] as? Int ?? -1, sweep?["round"] as? Int ?? -1]
    }
  }

  private func sweep(_ options: [String] = []) throws -> [TrialRecord] {
    let outcome = try Parmat.run(Self.matrix + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try TrialRecord.all(in: outcome.output)
  }

  @Test("each round has every cell once, in an order that only the seed decides")
  func order() throws {
    let first = order(try sweep(["--seed", "7"]))
    let again = order(try sweep(["--seed", "7"]))
    let other = order(try sweep(["--seed", "8"]))
    #expect(first == again)
    #expect(first != other)
    for trials in [first, other] {
      #expect(trials.count == 24)
      for round in 1...4 {
        let cells = trials[(6 * (round - 1))..<(6 * round)]
        #expect(cells.allSatisfy { $0[1] == round })
        #expect(cells.map { $0[0] }.sorted() == Array(0..<6))
      }
      // Not the matrix's own order in every round.
      #expect((1...4).contains { trials[(6 * ($0 - 1))..<(6 * $0)].map { $0[0] } != Array(0..<6) })
    }
  }

  @Test("cells are the product of threads, allocators and launchers")
  func cells() throws {
    let trials = try sweep()
    let keys = Set(
      trials.compactMap { trial -> String? in
        guard let cell = trial.json["cell"] as? [String: Any] else { return nil }
        return "\(cell["allocator"] ?? "") \(cell["threads"] ?? "") \(cell["launcher"] ?? "")"
      })
    let expected = ["glibc", "glibc:arena_max=1"].flatMap { allocator in
      [1, 2, 4].map { "\(allocator) \($0) native" }
    }
    #expect(keys == Set(expected))
  }

  @Test("killed ten times at random and resumed, it equals, trial for trial, one that was not")
  func resume() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix(seed: seed)
    let folder = try TemporaryFolder()
    let file = folder.path("sweep.jsonl")
    let whole = order(try sweep())
    for _ in 0..<10 {
      let delay = Double.random(in: 0.05...0.5, using: &generator)
      try run(
        "timeout", ["-s", "KILL", "\(delay)", Parmat.path] + Self.matrix + ["--resume", file])
    }
    let outcome = try Parmat.run(Self.matrix + ["--resume", file])
    #expect(outcome.status == 0, "\(outcome.errors), seed \(seed)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(order(try TrialRecord.all(in: text)) == whole, "seed \(seed)")
    // Once more: there is nothing left to do.
    let again = try Parmat.run(Self.matrix + ["--resume", file])
    #expect(again.output == "" && again.status == 0)
  }

  @Test("half a line at the end is dropped, and its trial run again")
  func halfLine() throws {
    let folder = try TemporaryFolder()
    let lines = try Parmat.run(Self.matrix).output.split(separator: "\n").map { $0 + "\n" }
    let file = try folder.write(lines.prefix(10).joined() + lines[10].prefix(100), to: "half.jsonl")
    let outcome = try Parmat.run(Self.matrix + ["--resume", file])
    #expect(outcome.status == 0)
    #expect(
      outcome.complaints == [
        "'\(file)' ends in half a line, which is dropped: its trial is run again"
      ])
    let trials = try TrialRecord.all(in: String(contentsOfFile: file, encoding: .utf8))
    #expect(order(trials) == order(try TrialRecord.all(in: lines.joined())))
  }

  @Test(
    "a file of another sweep, schema or kind is refused, and left as it is",
    arguments: [
      (#"{"schema":"parmat.trial/2"}"#, "line 1 has the schema 'parmat.trial/2'"),
      ("no JSON", "line 1 is no trial record"), (#"{"a":1}"#, "line 1 is no trial record"),
    ])
  func strangers(line: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(line + "\n", to: "strange.jsonl")
    let outcome = try Parmat.run(Self.matrix + ["--resume", file])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("cannot resume '\(file)': \(sentence)"), "\(outcome.errors)")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == line + "\n")
    let report = try Parmat.run(["report", file])
    #expect(report.status == 65)
    #expect(report.errors.contains("cannot read '\(file)': \(sentence)"), "\(report.errors)")
  }

  @Test("two sweeps do not write one file")
  func locked() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("sweep.jsonl")
    let script = """
      flock -x "$1" sleep 5 & sleep 1
      "$0" sweep --arenas 1x1 --trials 1 --resume "$1"; echo $?
      """
    let outcome = try run("bash", ["-c", script, Parmat.path, file])
    #expect(outcome.output == "73\n")
    #expect(outcome.errors.contains("another parmat is writing it"), "\(outcome.errors)")
  }

  @Test("lines of a sweep with other options are refused")
  func otherOptions() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(try Parmat.run(Self.matrix).output, to: "sweep.jsonl")
    for option in [["--seed", "2"], ["--trials", "5"], ["--timeout", "7"], ["--reserve", "3"]] {
      let outcome = try Parmat.run(Self.matrix + option + ["--resume", file])
      #expect(outcome.status == 65, "\(option)")
      #expect(outcome.errors.contains("line 1 is of another sweep"), "\(outcome.errors)")
    }
  }

  @Test(
    "wrong matrices are refused in one sentence",
    arguments: [
      (["--arenas", "1x1", "--allocator", "nomalloc"], Int32(64), "no allocator 'nomalloc'"),
      (["--arenas", "1x1", "--allocator", "glibc:nothing=1"], 64, "no tunable malloc.nothing"),
      (["--arenas", "1x1", "--allocator", "glibc:arena_max"], 64, "take NAME=NUMBER"),
      (["--arenas", "1x1", "--allocator", "/no/such.so"], 69, "cannot read the allocator"),
      (["--arenas", "1x1", "--allocator", "/etc/passwd"], 69, "is no shared object"),
      (["--arenas", "1x1", "--allocator", "lab:nothing"], 64, "the lab has no allocator"),
      (["--arenas-total", "4", "--threads", "1,1"], 64, "has a cell twice"),
      (["--arenas-total", "4", "--threads", "8"], 64, "at least one for each"),
      (["--arenas-total", "4", "--threads", "1,x"], 64, "threads"),
      (["--arenas", "1x1", "--threads", "2"], 64, "--threads is for a module"),
      (["--arenas", "1x1", "--trials", "0"], 64, "--trials takes"),
      ([], 64, "One workload is needed"),
    ])
  func usage(arguments: [String], status: Int32, sentence: String) throws {
    let outcome = try Parmat.run(["sweep"] + arguments)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
  }

  @Test("growth calls are counted under strace")
  func growthCalls() throws {
    let outcome = try Parmat.run(
      ["sweep", "--arenas", "2x20", "--trials", "1", "--count-growths", "--format", "jsonl"])
    let trial = try #require(try TrialRecord.all(in: outcome.output).first, "\(outcome.errors)")
    let calls = try #require(trial.json["growthCalls"] as? Int)
    let pages = try #require(trial.json["growthPages"] as? Int)
    // 40 MiB a page at a time, and what the program does besides.
    #expect(abs(pages - 10240) < 300 && calls >= pages && calls < pages + 500, "\(pages) \(calls)")
  }
}
