import Experiments
import Foundation
import TestSupport
import Testing

/// Every statistic against scipy's value.
@Suite("Statistics, against scipy")
struct StatisticsTests {
  /// A Python that has scipy: the system's own may be another than the first on PATH.
  private static let python: String? = ["python3", "/usr/bin/python3"].first { python in
    (try? run(python, ["-c", "import scipy.stats"]))?.status == 0
  }

  /// What a Python expression over numbers prints, as numbers.
  private func scipy(_ script: String) throws -> [Double] {
    let python = try #require(Self.python)
    let output = try runSuccessfully(
      python, ["-c", "import scipy.stats as st, numpy as np\n" + script])
    return output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
  }

  @Test("Wilson's interval", .enabled(if: python != nil, "scipy is not installed: not tested"))
  func wilson() throws {
    let cases = [
      (0, 1), (0, 5), (5, 5), (1, 5), (3, 10), (20, 20), (0, 20), (7, 1000), (500, 1000),
    ]
    let expected = try scipy(
      cases.map { successes, trials in
        "c = st.binomtest(\(successes), \(trials)).proportion_ci(method='wilson'); "
          + "print(repr(float(c.low)), repr(float(c.high)))"
      }.joined(separator: "\n"))
    #expect(expected.count == 2 * cases.count)
    for (index, (successes, trials)) in cases.enumerated() {
      let interval = BinomialInterval(wilson: successes, of: trials)
      #expect(abs(interval.lower - expected[2 * index]) < 1e-9, "\(successes) of \(trials)")
      #expect(abs(interval.upper - expected[2 * index + 1]) < 1e-9, "\(successes) of \(trials)")
    }
    let none = BinomialInterval(wilson: 0, of: 0)
    #expect(none.lower == 0 && none.upper == 1)
  }

  @Test(
    "Fisher's exact test, on tables of all shapes",
    .enabled(if: python != nil, "scipy is not installed: not tested"))
  func fisher() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix(seed: seed)
    var cases = [(5, 5, 0, 5), (0, 5, 0, 5), (5, 5, 5, 5), (3, 10, 7, 10), (1, 1, 0, 1)]
    for _ in 0..<200 {
      let (n, m) = (
        Int.random(in: 1...60, using: &generator), Int.random(in: 1...60, using: &generator)
      )
      cases.append(
        (Int.random(in: 0...n, using: &generator), n, Int.random(in: 0...m, using: &generator), m))
    }
    let expected = try scipy(
      cases.map { a, n, b, m in
        "print(repr(float(st.fisher_exact([[\(a), \(n - a)], [\(b), \(m - b)]])[1])))"
      }.joined(separator: "\n"))
    #expect(expected.count == cases.count)
    for (index, (a, n, b, m)) in cases.enumerated() {
      let p = FisherExact(a, of: n, b, of: m).p
      #expect(abs(p - expected[index]) < 1e-6, "\(a)/\(n) \(b)/\(m), seed \(seed)")
    }
    #expect(abs(FisherExact(5, of: 5, 0, of: 5).p - 0.007936507936) < 1e-9)
  }

  @Test(
    "medians with their bootstrap intervals, and ratios of medians",
    .enabled(if: python != nil, "scipy is not installed: not tested"))
  func bootstrap() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix(seed: seed)
    let sample = (0..<31).map { _ in Double.random(in: 1...2, using: &generator) }
    let other = (0..<31).map { _ in Double.random(in: 2...3, using: &generator) }
    let expected = try scipy(
      """
      x, y = np.array(\(sample)), np.array(\(other))
      print(repr(float(np.median(x))), repr(float(np.median(y) / np.median(x))))
      r = np.random.default_rng(1)
      b = st.bootstrap((x,), np.median, n_resamples=20000, method='percentile', random_state=r)
      print(repr(float(b.confidence_interval.low)), repr(float(b.confidence_interval.high)))
      """)
    let median = try #require(Median(of: sample))
    let ratio = try #require(MedianRatio(of: other, to: sample))
    #expect(abs(median.value - expected[0]) < 1e-12, "seed \(seed)")
    #expect(abs(ratio.value - expected[1]) < 1e-12, "seed \(seed)")
    // Two generators: as far as 2,000 resamples tell.
    #expect(abs(median.lower - expected[2]) < 0.08, "seed \(seed): \(median) \(expected)")
    #expect(abs(median.upper - expected[3]) < 0.08, "seed \(seed): \(median) \(expected)")
    #expect(ratio.lower < ratio.value && ratio.value < ratio.upper)
    #expect(Median(of: sample) == Median(of: sample), "the same seed gives the same interval")
  }

  @Test("one measurement is its own median, none has none")
  func degenerate() {
    #expect(Median(of: []) == nil)
    #expect(Median(of: [3]) == Median(of: [3]))
    #expect(Median(of: [3])?.lower == 3 && Median(of: [3])?.upper == 3)
    #expect(MedianRatio(of: [1], to: []) == nil)
    #expect(MedianRatio(of: [1], to: [0]) == nil)
    #expect(MedianRatio(of: [6], to: [3])?.value == 2)
  }
}
