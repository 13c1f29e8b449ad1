import Foundation
import TestSupport
import Testing

/// The command line and the environment.
@Suite("Bad options")
struct BadOptionsTests {
  /// Status 64: a sentence, then perhaps how it is used.
  @Test(
    "an option's bad value is refused in one sentence",
    arguments: [
      ["--threads", "0"], ["--threads", "-1"], ["--threads", "many"], ["--threads", ""],
      ["--threads", "1.5"], ["--threads", "99999999999999999999"], ["--threads", "4 "],
      ["--stack-size", "100"], ["--stack-size", "0"], ["--stack-size", "-8M"],
      ["--stack-size", "8X"], ["--stack-size", "99999999999G"], ["--stack-size", "M"],
      ["--julia", "1.9"], ["--julia", ""], ["--ties", "any"], ["--materializer", "none"],
      ["--stop-after", "never"], ["--parse-limit", "0"], ["--parse-limit", "-1"],
      ["--parse-limit", "nan"], ["--parse-limit", "inf"], ["--repeat", "0"], ["--repeat", "x"],
      ["--format", "xml"], ["--color", "red"], ["--emit", "obj"], ["--emit", "exe", "-o", "out"],
      ["--emit", "", "-o", "out"], ["--emit", "obj,", "-o", "out"], ["-o", "out"],
      ["--emit", "obj", "-o", "out", "--stop-after", "optimize"],
      ["--emit", "bc", "-o", "out", "--stop-after", "deserialize"], ["--unknown"], ["extra.bc"],
    ])
  func badValue(options: [String]) throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let before = folder.entries
    let outcome = try TestSupport.run(Parmat.path, ["run", module] + options, in: folder.url)
    #expect(outcome.status == 64 && outcome.signal == nil, "\(outcome.status)")
    let complaints = outcome.complaints
    #expect(complaints.first?.hasPrefix("Error: ") == true, "\(outcome.errors)")
    #expect(
      complaints.dropFirst().allSatisfy {
        $0.hasPrefix("Usage: ") || $0.hasPrefix("  ") || $0.hasPrefix("Help: ")
      }, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(folder.entries == before)
  }

  @Test("a command that does not exist and a module that is not named are refused")
  func badCommand() throws {
    for arguments in [["split", "x.bc"], ["run"], ["partition"]] {
      let outcome = try Parmat.run(arguments)
      #expect(outcome.status == 64 && outcome.signal == nil && outcome.output.isEmpty)
      #expect(outcome.complaints.first?.hasPrefix("Error: ") == true)
    }
  }

  @Test("an output folder named empty is refused") func emptyFolderName() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let before = folder.entries
    let outcome = try TestSupport.run(
      Parmat.path, ["run", module, "--emit", "obj", "-o", ""], in: folder.url)
    #expect([64, 73].contains(outcome.status) && outcome.signal == nil)
    #expect(outcome.errors.hasPrefix("Error: ") && outcome.output.isEmpty)
    #expect(folder.entries == before)
  }

  // MARK: The environment

  /// Shards of a run whose number of threads is Julia's to decide, and what stood on stderr.
  private func threads(_ environment: [String: String]) throws -> (count: Int?, errors: String) {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.heavyModule(in: folder)
    let outcome = try Parmat.run(
      ["run", module, "--format", "json", "-q"],
      environment: environment.mapValues { Optional($0) })
    #expect(outcome.status == 0 && outcome.signal == nil)
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return ((report as? [String: Any])?["threads"] as? Int, outcome.errors)
  }

  @Test("JULIA_IMAGE_THREADS decides the number of threads") func imageThreads() throws {
    let result = try threads(["JULIA_IMAGE_THREADS": "5"])
    #expect(result.count == 5 && result.errors.isEmpty)
  }

  @Test(
    "an absurd JULIA_IMAGE_THREADS is refused in one sentence",
    arguments: ["1000001", "99999999999", "99999999999999999999"])
  func absurdThreads(value: String) throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.heavyModule(in: folder)
    let outcome = try Parmat.run(["run", module], environment: ["JULIA_IMAGE_THREADS": value])
    #expect(outcome.status == 64)
    #expect(
      outcome.complaints == ["Error: JULIA_IMAGE_THREADS asks for more than 1000000 threads"])
  }

  @Test(
    "an invalid JULIA_IMAGE_THREADS brings Julia's warning, and the default",
    arguments: ["x", "", "0", "3x", "1.5"])
  func invalidImageThreads(value: String) throws {
    let normal = try threads([:])
    #expect(normal.errors.isEmpty)
    let result = try threads(["JULIA_IMAGE_THREADS": value])
    #expect(result.errors == "WARNING: invalid value '\(value)' for JULIA_IMAGE_THREADS\n")
    #expect(result.count == normal.count)
  }

  @Test("an invalid JULIA_CPU_THREADS brings Julia's warning only where it is read")
  func invalidCPUThreads() throws {
    let both = try threads(["JULIA_IMAGE_THREADS": "2", "JULIA_CPU_THREADS": "x"])
    #expect(both.errors.isEmpty && both.count == 2)
  }

  @Test("an invalid JULIA_IMAGE_TIMINGS brings Julia's warning, and no report")
  func invalidTimings() throws {
    let folder = try TemporaryFolder()
    let module = try BadInputTests.goodModule(in: folder)
    let outcome = try Parmat.run(
      ["run", module, "--threads", "2"], environment: ["JULIA_IMAGE_TIMINGS": "maybe"])
    #expect(outcome.status == 0 && !outcome.output.isEmpty)
    #expect(outcome.errors == "WARNING: Invalid value for JULIA_IMAGE_TIMINGS: maybe\n")
  }
}
