internal import Glibc

/// Draws medians of resamples without drawing the resamples.
///
/// A resample of n measurements is n uniform numbers, each of which chooses the measurement at its
/// place in the sorted ones. The median asks only for the middle ones of these n numbers, and how
/// they are distributed is known: the m-th smallest is Beta(m, n + 1 - m), and the next one is the
/// smallest of n - m uniform numbers above it (H. A. David, "Order Statistics", sections 2.1 and
/// 2.5). So a draw costs the same for ten measurements as for a hundred thousand.
struct MedianBootstrap {
  private let sorted: [Double]

  /// - Parameter measurements: at least one.
  /// - Complexity: O(n log n).
  init(_ measurements: [Double]) { sorted = measurements.sorted() }

  /// The median of one resample.
  /// - Complexity: O(1).
  func draw(_ generator: inout SplitMix64) -> Double {
    let count = sorted.count
    let middle = (count + 1) / 2
    let below = Self.gamma(Double(middle), &generator)
    let above = Self.gamma(Double(count + 1 - middle), &generator)
    let first = below / (below + above)
    guard count.isMultiple(of: 2) else { return measurement(at: first) }
    let rest = pow(Self.uniform(&generator), 1 / Double(count - middle))
    return (measurement(at: first) + measurement(at: 1 - (1 - first) * rest)) / 2
  }

  private func measurement(at place: Double) -> Double {
    sorted[min(sorted.count - 1, Int(place * Double(sorted.count)))]
  }

  /// A gamma variate of a shape of at least 1 and scale 1: G. Marsaglia, W. W. Tsang, "A Simple
  /// Method for Generating Gamma Variables", ACM Transactions on Mathematical Software 26 (2000).
  private static func gamma(_ shape: Double, _ generator: inout SplitMix64) -> Double {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal(&generator)
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(uniform(&generator)) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal Deviates", Annals of
  /// Mathematical Statistics 29 (1958).
  private static func normal(_ generator: inout SplitMix64) -> Double {
    (-2 * log(uniform(&generator))).squareRoot() * cos(2 * Double.pi * uniform(&generator))
  }

  /// Above 0, whose logarithm would be infinite, and below 1.
  private static func uniform(_ generator: inout SplitMix64) -> Double {
    (Double(generator.next() >> 11) + 0.5) * 0x1p-53
  }
}
