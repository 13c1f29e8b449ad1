internal import Glibc

/// One direction of a chart: which values it has room for, and which of them are labelled.
struct Axis {
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  let ticks: [Double]

  /// From 0 up to a round number that is no smaller than `most`.
  init(upTo most: Double) {
    // Times end at microseconds; a record can hold anything.
    let top = (1e-6...1e18).contains(most) ? most : 1
    let step = Self.step(top / 5)
    low = 0
    high = (top / step).rounded(.up) * step
    isLogarithmic = false
    ticks = (0...Int((high / step).rounded())).map { Double($0) * step }
  }

  /// Linear from 0; logarithmic where the smallest value would lie on the ground.
  init(covering values: [Double]) {
    let positive = values.filter { (1e-6...1e15).contains($0) }
    guard let least = positive.min(), let most = positive.max(), most / least > 20 else {
      self.init(upTo: positive.max() ?? 1)
      return
    }
    let bottom = floor(log10(least))
    let top = ceil(log10(most))
    let every = max(1, ((top - bottom) / 6).rounded(.up))
    self.init(
      low: pow(10, bottom), high: pow(10, top), isLogarithmic: true,
      ticks: stride(from: bottom, through: top, by: every).map { pow(10, $0) })
  }

  private init(low: Double, high: Double, isLogarithmic: Bool, ticks: [Double]) {
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
    self.ticks = ticks
  }

  /// 0 at the low end, 1 at the high one; what lies outside is put at the edge.
  func place(_ value: Double) -> Double {
    let share: Double
    if isLogarithmic {
      share = value <= low ? 0 : log(value / low) / log(high / low)
    } else {
      share = (value - low) / (high - low)
    }
    return share.isNaN ? 0 : min(1, max(0, share))
  }

  /// 1, 2 or 5 times a power of ten, no smaller than `least`.
  private static func step(_ least: Double) -> Double {
    let power = pow(10, floor(log10(least)))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999 } ?? power * 10
  }

  /// Ticks need no more digits than their steps differ in.
  func label(_ tick: Double) -> String {
    if tick >= 1000 || tick == tick.rounded() {
      return tick < 1e15 ? grouped(Int(tick)) : "10^\(Int(log10(tick).rounded()))"
    }
    var decimals = 1
    var scaled = tick * 10
    while decimals < 6, abs(scaled - scaled.rounded()) > 1e-6 {
      decimals += 1
      scaled *= 10
    }
    return fixed(tick, decimals)
  }
}
