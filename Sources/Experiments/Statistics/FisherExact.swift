internal import Glibc

/// R. A. Fisher's exact test of a table of two rows: how likely is a table at least as unlikely, if
/// both rows had the same rate? ("The Logic of Inductive Inference", J. Royal Statistical Society 98,
/// 1935.) Two-sided by summing all tables that are no likelier than the one seen, as R and scipy do.
public struct FisherExact: Equatable, Sendable {
  public let p: Double

  /// - Complexity: O(smaller margin).
  public init(_ a: Int, of aTrials: Int, _ b: Int, of bTrials: Int) {
    let successes = a + b
    let total = aTrials + bTrials
    func logProbability(_ x: Int) -> Double {
      logChoose(aTrials, x) + logChoose(bTrials, successes - x) - logChoose(total, successes)
    }
    let seen = logProbability(a)
    // As far as tables are equal but for rounding (scipy takes the same margin).
    let margin = 1e-7
    var sum = 0.0
    for x in max(0, successes - bTrials)...min(aTrials, successes) {
      let value = logProbability(x)
      if value <= seen + margin { sum += exp(value) }
    }
    p = min(1, sum)
  }
}

private func logChoose(_ n: Int, _ k: Int) -> Double {
  logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

private func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }
