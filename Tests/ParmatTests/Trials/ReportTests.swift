import Foundation
import TestSupport
import Testing

/// What `parmat report` makes of recorded trials.
@Suite("Reports")
struct ReportTests {
  /// Records of a small sweep, with a crash among them.
  private static let records = Result {
    let dies = try Programs.path("dies.c")
    let sweep = try Parmat.run(
      ["sweep", "--arenas-total", "4", "--threads", "1,2", "--trials", "3", "--format", "jsonl"])
    let crash = try Parmat.run(
      ["reproduce", "--trials", "2", "--format", "jsonl", "--", dies, "store"])
    return sweep.output + crash.output
  }

  private func report(_ format: String) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.records.get(), to: "trials.jsonl")
    return try runSuccessfully(Parmat.path, ["report", file, "--as", format])
  }

  @Test("CSV has a row a cell, as Python's own reader sees it")
  func csv() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(try report("csv"), to: "cells.csv")
    let script = """
      import csv, json, sys
      print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='')))))
      """
    let output = try runSuccessfully("python3", ["-c", script, file])
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: String]])
    #expect(rows.count == 3)
    let crashed = try #require(rows.first { $0["crashed"] == "2" })
    #expect(crashed["of"] == "2" && crashed["allocator"] == "glibc")
    #expect(rows.filter { $0["outcome_completed"] == "3" }.map { $0["threads"] } == ["1", "2"])
  }

  @Test("Markdown has a heading, a rule and a row a cell")
  func markdown() throws {
    let lines = try report("markdown").split(separator: "\n")
    let table = lines.filter { $0.hasPrefix("|") }
    #expect(table.count == 2 + 3)
    #expect(Set(table.map { $0.split(separator: "|").count }).count == 1, "\(table)")
  }

  @Test("JSON has rates, medians with intervals, and null for what is not there")
  func json() throws {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(try report("json").utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "parmat.report/1")
    #expect(document["trials"] as? Int == 8)
    let cells = try #require(document["cells"] as? [[String: Any]])
    #expect(cells.count == 3)
    for cell in cells {
      let rate = try #require(cell["crashRate"] as? [String: Any])
      let lower = try #require(rate["lower"] as? Double)
      let upper = try #require(rate["upper"] as? Double)
      #expect(lower < upper)
      let wall = try #require(cell["wall"] as? [String: Any])
      #expect(wall["median"] is Double)
      #expect(cell["crashP"] is NSNull)
    }
  }

  @Test("text says what a cell of no crashes can still hide")
  func text() throws {
    let text = try report("text")
    #expect(text.contains("at most 56 %"), "\(text)")
    #expect(text.contains("2/2"))
    #expect(text.contains("warning: fewer than 5 trials"))
  }

  @Test("a link stays a link, a file keeps its mode, a pipe is written to")
  func targets() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.records.get(), to: "trials.jsonl")
    let script = """
      cd "$1" && touch real && chmod 600 real && ln -s real link && mkfifo pipe
      "$0" report trials.jsonl --as csv -o link && test -L link && stat -c %a real && head -c 8 real
      cat pipe | head -c 8 & "$0" report trials.jsonl --as csv -o pipe; wait; test -p pipe && ls
      """
    let outcome = try run("bash", ["-c", script, Parmat.path, folder.url.path])
    #expect(
      outcome.output.split(separator: "\n").joined(separator: " ").hasPrefix(
        "600 workloadworkload"), "\(outcome.output) \(outcome.errors)")
    #expect(folder.entries == ["link", "pipe", "real", "trials.jsonl"], "\(file)")
  }

  @Test("a file that does not exist, has no trial, or cannot be written")
  func badFiles() throws {
    let folder = try TemporaryFolder()
    let missing = try Parmat.run(["report", folder.path("none")])
    #expect(missing.status == 65 && missing.errors.contains("cannot read"))
    let empty = try Parmat.run(["report", try folder.write("", to: "empty")])
    #expect(empty.status == 65 && empty.errors.contains("there is no trial"))
    let file = try folder.write(Self.records.get(), to: "trials.jsonl")
    let output = try Parmat.run(["report", file, "--as", "csv", "-o", "/no/folder/x.csv"])
    #expect(output.status == 73 && output.errors.contains("cannot write to '/no/folder/x.csv'"))
    let twice = try Parmat.run(["report", file, file])
    #expect(twice.complaints == ["6 trials stand there more than once, and are counted once"])
    let unended = try folder.write(String(try Self.records.get().dropLast(1)), to: "unended.jsonl")
    #expect(try Parmat.run(["report", unended]).complaints == [])
    let half = try folder.write(String(try Self.records.get().dropLast(50)), to: "half.jsonl")
    let passed = try Parmat.run(["report", half])
    #expect(passed.status == 0)
    #expect(passed.complaints == ["'\(half)' ends in half a line, which is passed over"])
  }
}
