import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
  @Test("the built program is found") func programExists() throws {
    let outcome = try Parmat.run(["--version"])
    #expect(outcome.status == 0)
    #expect(Tools.major >= 14)
  }
}
