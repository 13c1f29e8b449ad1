import Foundation
import TestSupport
import Testing

/// Standard error belongs to the workload: only our own records are taken out.
@Suite("What a workload prints")
struct PassThroughTests {
  private func errors(of script: String, _ options: [String] = []) throws -> String {
    try Parmat.run(
      ["reproduce", "--trials", "1", "--format", "jsonl"] + options + ["--", "bash", "-c", script]
    ).errors
  }

  @Test(
    "lines that only look like records are passed on unchanged",
    arguments: [
      #"parmat-record 1 {\"kind\":\"fault\",\"pid\":1,\"token\":\"forged\"}\n"#,
      #"\nparmat-record 1 {\"kind\":\"fault\",\"pid\":1,\"token\":\"\"}\n"#,
      #"\nparmat-record one {}\n"#, #"\nparmat-record 1 no json\n"#, #"\n\n\nparmat-rec\n\n"#,
      #"\nparmat-record "#, #"half a line"#, #"\n"#, #"\n\n\n"#, #"\nparmat-record 1 {"#,
      #"bytes \xff\xfe\x00 and \r\n"#,
    ])
  func forged(text: String) throws {
    let printed = try errors(of: "printf '\(text)' >&2")
    let plain = try run("bash", ["-c", "printf '\(text)' >&2"]).errors
    #expect(printed == plain)
  }

  @Test("a record in the middle of a line leaves the line whole")
  func middle() throws {
    let dies = try Programs.path("dies.c")
    let printed = try errors(of: "printf 'before ' >&2; \(dies) store; printf 'after' >&2")
    // The shell tells of the death in a line of its own.
    #expect(printed.hasPrefix("before "), "\(printed)")
    #expect(printed.hasSuffix("after"), "\(printed)")
    #expect(!printed.contains("parmat-record"))
  }

  @Test("a long output without line feeds and one of many lines come through whole")
  func long() throws {
    let printed = try errors(
      of: "head -c 300000 /dev/zero | tr '\\0' x >&2; for i in $(seq 1 5000); do echo $i >&2; done")
    let numbers = (1...5000).map(String.init).joined(separator: "\n") + "\n"
    #expect(printed == String(repeating: "x", count: 300_000) + numbers)
  }

  @Test("standard output of any program goes to standard error, and input is empty")
  func output() throws {
    let outcome = try Parmat.run(
      ["reproduce", "--trials", "1", "--format", "jsonl", "--", "sh", "-c", "echo out; cat"])
    #expect(outcome.errors == "out\n")
    #expect(try TrialRecord.all(in: outcome.output).count == 1)
  }
}
