import Foundation
import TestSupport
import Testing

/// What can be told of the handler from its code and from the host.
@Suite("The handler's own code and mappings")
struct HandlerCodeTests {
  @Test("until the reserve is released no function of another library is called")
  func calls() throws {
    let folder = try TemporaryFolder()
    let sources = projectFolder.appendingPathComponent("Sources/CWitness")
    for name in ["Line", "Mappings", "Steps", "Handler", "ProgramHandler", "Episode"] {
      let object = folder.path("\(name).o")
      try runSuccessfully(
        Tools.clang,
        ["-O2", "-fPIC", "-fno-builtin", "-fno-stack-protector", "-c"]
          + [sources.appendingPathComponent("\(name).c").path, "-o", object]
          + ["-I", sources.appendingPathComponent("include").path])
      // What the object needs of others must be the witness's own, and hidden: then it is called
      // without the global offset table.
      let relocations = try runSuccessfully("readelf", ["-rW", object])
      #expect(!relocations.contains("GOTPCREL"), "\(name): \(relocations)")
      let symbols = try runSuccessfully("readelf", ["-sW", object]).split(separator: "\n")
      for symbol in symbols where symbol.contains(" UND ") && symbol.contains("GLOBAL") {
        #expect(symbol.contains("HIDDEN"), "\(name) calls \(symbol)")
      }
    }
  }

  @Test("reserve and ballast are host mappings of their own, natively")
  func reserve() throws {
    let trial = try Parmat.trial(["--reserve", "3000", "--ballast", "5000"], of: ["sleep", "1"])
    let peak = try #require(trial.host?["peakMappings"] as? Int)
    #expect((8000...8100).contains(peak), "\(peak)")
  }

  @Test(
    "and in a sandbox",
    .enabled(if: Sandbox.works, "runsc does not start here: not tested"))
  func reserveInSandbox() throws {
    let trial = try Parmat.trial(
      ["--launcher", "runsc:ptrace", "--reserve", "3000", "--ballast", "5000"],
      of: ["sleep", "4"])
    let peak = try #require(trial.host?["peakMappings"] as? Int)
    #expect((8000...8300).contains(peak), "\(peak)")
  }
}
