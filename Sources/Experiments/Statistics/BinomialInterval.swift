/// A rate with its interval.
public struct BinomialInterval: Equatable, Sendable {
  public let successes: Int
  public let trials: Int
  public let lower: Double
  public let upper: Double

  /// The quantile of the normal distribution that leaves 2.5 % above it.
  private static let z = 1.959963984540054

  /// The 95 % interval of Wilson's score: E. B. Wilson, "Probable Inference, the Law of Succession,
  /// and Statistical Inference", JASA 22 (1927). It does not collapse at 0 of n or n of n.
  public init(wilson successes: Int, of trials: Int) {
    self.successes = successes
    self.trials = trials
    guard trials > 0 else {
      (lower, upper) = (0, 1)
      return
    }
    let n = Double(trials)
    let rate = Double(successes) / n
    let square = Self.z * Self.z
    let center = rate + square / (2 * n)
    let spread = Self.z * (rate * (1 - rate) / n + square / (4 * n * n)).squareRoot()
    let scale = 1 + square / n
    lower = successes == 0 ? 0 : max(0, (center - spread) / scale)
    upper = successes == trials ? 1 : min(1, (center + spread) / scale)
  }
}
