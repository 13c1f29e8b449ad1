/// A median with its bootstrap interval.
public struct Median: Equatable, Sendable {
  public let value: Double
  /// 95 %, by percentiles; the value itself where there is one measurement only.
  public let lower: Double
  public let upper: Double
  public let count: Int

  /// Resamples of the bootstrap (B. Efron, "Bootstrap Methods", Annals of Statistics 7, 1979).
  public static let resamples = 2000

  /// nil for no measurement. The same seed gives the same interval.
  /// - Complexity: O(n log n + resamples).
  public init?(of measurements: [Double], seed: UInt64 = 1) {
    guard !measurements.isEmpty else { return nil }
    var generator = SplitMix64(seed: seed)
    value = median(measurements)
    count = measurements.count
    guard measurements.count > 1 else {
      (lower, upper) = (value, value)
      return
    }
    let bootstrap = MedianBootstrap(measurements)
    (lower, upper) = percentiles((0..<Self.resamples).map { _ in bootstrap.draw(&generator) })
  }
}

/// How two cells' medians relate, with its bootstrap interval.
public struct MedianRatio: Equatable, Sendable {
  public let value: Double
  public let lower: Double
  public let upper: Double

  /// nil where either has no measurement, or the reference's median is 0.
  public init?(of measurements: [Double], to reference: [Double], seed: UInt64 = 1) {
    guard !measurements.isEmpty, !reference.isEmpty, median(reference) != 0 else { return nil }
    value = median(measurements) / median(reference)
    var generator = SplitMix64(seed: seed)
    let (above, below) = (MedianBootstrap(measurements), MedianBootstrap(reference))
    let ratios = (0..<Median.resamples).compactMap { _ -> Double? in
      let divisor = below.draw(&generator)
      return divisor == 0 ? nil : above.draw(&generator) / divisor
    }
    (lower, upper) = percentiles(ratios)
  }
}

/// The middle value; the mean of the two middle ones of an even number.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// The 2.5th and 97.5th, by linear interpolation.
private func percentiles(_ values: [Double]) -> (Double, Double) {
  let sorted = values.sorted()
  guard let first = sorted.first else { return (0, 0) }
  func percentile(_ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted.last ?? first }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
  return (percentile(0.025), percentile(0.975))
}
