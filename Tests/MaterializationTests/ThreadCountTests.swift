import Testing

@testable import Materialization

@Suite("Julia's thread count, rule by rule")
struct ThreadCountTests {
  /// Enough of everything, unless a test says otherwise.
  private func threads(
    globals: Int = 10_000, weight: Int = 1_000_000, cpus: Int = 16,
    julia: JuliaVersion = .v111, isCOFF: Bool = false, _ environment: [String: String] = [:]
  ) -> ThreadCount {
    ThreadCount(
      for: ModuleInfo(globals: globals, weight: weight), julia: julia, cpus: cpus, isCOFF: isCOFF,
      environment: environment)
  }

  @Test(
    "half the CPUs, at least one", arguments: [(1, 1), (2, 1), (3, 1), (4, 2), (8, 4), (16, 8)])
  func cpus(cpus: Int, expected: Int) {
    #expect(threads(cpus: cpus).threads == expected)
  }

  @Test("a weight below 1000 takes one thread, whatever the environment says")
  func lightModule() {
    #expect(threads(weight: 999, ["JULIA_IMAGE_THREADS": "7"]).threads == 1)
    #expect(threads(weight: 1000, ["JULIA_IMAGE_THREADS": "7"]).threads == 7)
  }

  @Test("a thread for each hundred globals, but the environment overrides it")
  func fewGlobals() {
    #expect(threads(globals: 399).threads == 3)
    #expect(threads(globals: 99).threads == 1)
    #expect(threads(globals: 99, ["JULIA_IMAGE_THREADS": "5"]).threads == 5)
  }

  @Test("COFF with more than 64000 globals takes one thread, up to Julia 1.11")
  func coff() {
    let image = ["JULIA_IMAGE_THREADS": "4"]
    #expect(threads(globals: 64_001, julia: .v111, isCOFF: true, image).threads == 1)
    #expect(threads(globals: 64_000, julia: .v111, isCOFF: true, image).threads == 4)
    #expect(threads(globals: 64_001, julia: .v112, isCOFF: true, image).threads == 4)
    #expect(threads(globals: 64_001, julia: .v110, isCOFF: false, image).threads == 4)
  }

  @Test("JULIA_CPU_THREADS only lowers, and only where JULIA_IMAGE_THREADS is not set")
  func cpuThreads() {
    #expect(threads(["JULIA_CPU_THREADS": "3"]).threads == 3)
    #expect(threads(["JULIA_CPU_THREADS": "30"]).threads == 8)
    #expect(threads(["JULIA_CPU_THREADS": "3", "JULIA_IMAGE_THREADS": "12"]).threads == 12)
  }

  @Test(
    "what is no positive number is warned of in Julia's words, and ignored",
    arguments: ["0", "", "x", "4x", "-3", "1.5"])
  func invalidNumbers(value: String) {
    let count = threads(["JULIA_IMAGE_THREADS": value])
    #expect(count.threads == 8)
    #expect(count.warnings == ["WARNING: invalid value '\(value)' for JULIA_IMAGE_THREADS"])
    let limited = threads(["JULIA_CPU_THREADS": value])
    #expect(limited.warnings == ["WARNING: invalid value '\(value)' for JULIA_CPU_THREADS"])
  }

  @Test("clones are the bits of a hexadecimal number of any length")
  func clones() {
    #expect(countClones("6") == 2)
    #expect(countClones("ffffffffffffffffffffffff") == 96)
    #expect(countClones("0") == 0)
  }
}
