import Foundation
import TestSupport
import Testing

@Suite("doctor")
struct DoctorTests {
  @Test("says which LLVM was built against and which is loaded")
  func llvm() throws {
    let outcome = try Parmat.run(["doctor"])
    #expect(outcome.status == 0)
    let line = outcome.output.split(separator: "\n").first { $0.contains("LLVM: built against") }
    #expect(line?.hasPrefix("ok") == true)
    // The loader's own word.
    let loaded = try runSuccessfully("ldd", [Parmat.path]).split(separator: "\n")
      .first { $0.contains("libLLVM") }?.drop { $0 == "\t" }
    let library = loaded?.split(separator: " ").first.map(String.init)
    #expect(line?.contains(library ?? "no libLLVM") == true, "\(line ?? "") \(loaded ?? "")")
  }

  /// Whether this process may hide a folder from a child.
  private static let canHideFolders =
    (try? run("unshare", ["--mount", "true"]))?.status == 0

  @Test(
    "goes on past what is missing, and names the package that mends it",
    .enabled(if: canHideFolders, "needs the right to make a mount namespace"))
  func missing() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      "unshare",
      ["--mount", "sh", "-c", "mount --bind $0 $1 && PATH=/nonexistent exec $2 doctor"]
        + [folder.url.path, "/usr/lib/llvm-\(Tools.major)/bin", Parmat.path])
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let missing = lines.filter { $0.hasPrefix("missing") }
    for (tool, package) in [("llvm-dis", "llvm"), ("llvm-link", "llvm"), ("clang", "clang")] {
      let line = missing.first { $0.contains("\(tool) \(Tools.major)") }
      #expect(
        line?.hasSuffix("apt-get install \(package)-\(Tools.major)") == true, "\(lines)")
    }
    for (tool, package) in [("strace", "strace"), ("runsc", "runsc")] {
      let line = missing.first { $0.contains("  \(tool): ") }
      #expect(line?.hasSuffix("apt-get install \(package)") == true, "\(lines)")
    }
  }

  @Test(
    "tries each platform of runsc and says which runs a program here",
    .enabled(if: Sandbox.works, "runsc does not start here: not tested"))
  func platforms() throws {
    let lines = try Parmat.run(["doctor"]).output.split(separator: "\n").map(String.init)
    #expect(lines.contains("ok       runsc, platform ptrace: runs a program"), "\(lines)")
    let others = lines.filter { $0.contains("platform systrap") || $0.contains("platform kvm") }
    #expect(others.count == 2)
    #expect(others.allSatisfy { $0.hasPrefix("ok") || $0.contains("does not work: ") })
  }

  @Test("the JSON record has a line for each finding")
  func record() throws {
    let record = try Parmat.run(["doctor", "--format", "jsonl"])
    let findings = record.output.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    #expect(findings.count >= 12)
    for finding in findings {
      #expect(finding["what"] is String && finding["usable"] is Bool && finding["found"] is String)
      #expect(finding["usable"] as? Bool == true || finding["mend"] is String)
    }
  }
}
