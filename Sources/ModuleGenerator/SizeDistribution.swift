internal import Glibc

/// `base` to the power of `exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Sizes that meet a mean and a tail: the profile's sizes, raised to a power that makes the large
/// ones larger or smaller, and scaled.
struct SizeDistribution {
  /// As many as were asked for, in instructions, in the order of the raw ones.
  let sizes: [Int]

  /// - Parameters:
  ///   - raw: sizes of bodies by the profile, in rising order; may be empty.
  ///   - least: instructions that a body has at least.
  ///   - others: rising sizes of the functions that stay as they are.
  ///   - total: instructions of all together.
  ///   - tail: the share of the largest 1 % of all, or what comes nearest to it.
  ///   - isAsked: a tail that cannot be met is an error.
  init(
    raw: [Double], least: Int, others: [Int], total: Double, tail: Double, isAsked: Bool
  ) throws(GeneratorError) {
    let fixed = others.reduce(0, +)
    guard !raw.isEmpty else {
      // Nothing can be made larger or smaller.
      let share = Double(others.suffix(max(others.count / 100, 1)).reduce(0, +)) / Double(fixed)
      guard !isAsked || abs(share - tail) <= 0.005 else {
        throw GeneratorError(
          "a tail of \(plain(tail)) cannot be met: these functions are all of a fixed size, and the "
            + "largest holds \(Self.percent(share)) of the instructions")
      }
      sizes = []
      return
    }
    let room = max(total - Double(fixed), Double(raw.count * least))
    let largest = max((raw.count + others.count) / 100, 1)

    func scaled(_ exponent: Double) -> [Double] {
      let top = raw[raw.count - 1]
      let shapes = raw.map { power($0 / top, exponent) }
      // Sums of the largest ones: those below the least size are the first so many.
      var sums = [0.0]
      sums.reserveCapacity(shapes.count + 1)
      for shape in shapes.reversed() { sums.append(sums[sums.count - 1] + shape) }
      var (low, high) = (0.0, room)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        let above = Self.count(of: shapes, from: Double(least) / middle)
        let sum = middle * sums[above] + Double(least * (shapes.count - above))
        if sum < room { low = middle } else { high = middle }
      }
      return shapes.map { max(high * $0, Double(least)) }
    }
    func share(_ sizes: [Double]) -> Double {
      let all = (sizes.suffix(largest) + others.suffix(largest).map(Double.init)).sorted()
      return all.suffix(largest).reduce(0, +) / (room + Double(fixed))
    }

    // From all alike to one that has it all.
    var (low, high) = (0.0, 64.0)
    let (lowest, highest) = (share(scaled(low)), share(scaled(high)))
    if isAsked, tail < lowest - 0.005 || tail > highest + 0.005 {
      throw GeneratorError(
        "a tail of \(plain(tail)) cannot be met: with these knobs the largest \(largest) of "
          + "\(raw.count + others.count) functions hold from \(Self.percent(lowest)) to "
          + "\(Self.percent(highest)) of the instructions")
    }
    for _ in 0..<28 {
      let middle = (low + high) / 2
      if share(scaled(middle)) < tail { low = middle } else { high = middle }
    }
    var result = scaled(high).map { Int($0.rounded()) }
    // What rounding left over is the largest one's.
    let rest = Int(room.rounded()) - result.reduce(0, +)
    result[result.count - 1] = max(result[result.count - 1] + rest, least)
    guard Double(result[result.count - 1]) <= GeneratorOptions.mostInstructionsOfOne else {
      throw GeneratorError(
        "a tail of \(plain(tail)) makes a function of \(result[result.count - 1]) instructions; "
          + "\(Int(GeneratorOptions.mostInstructionsOfOne)) are the most")
    }
    sizes = result
  }

  /// How many of the rising numbers are `least` or more.
  private static func count(of numbers: [Double], from least: Double) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < least { low = middle + 1 } else { high = middle }
    }
    return numbers.count - low
  }

  private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 1000)" }
}
