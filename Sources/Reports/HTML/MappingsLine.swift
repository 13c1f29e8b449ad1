internal import Trials

/// One trial's host mappings over time, thinned to what can be drawn.
struct MappingsLine {
  /// By time.
  let points: [(seconds: Double, mappings: Double)]
  let allocator: String
  let hasCrashed: Bool
  /// Of all counts.
  let peak: Double
  private let trial: Trial

  /// Stretches of time, of each of which the lowest and the highest count are kept: a chart is a few
  /// hundred units wide, and no peak gets lost.
  private static let buckets = 40

  static func hasSamples(_ trial: Trial) -> Bool {
    trial.host?.samples?.contains { isSound($0) } ?? false
  }

  init(_ trial: Trial) {
    self.trial = trial
    allocator = trial.cell.allocator
    hasCrashed = trial.outcome == .crashed
    let samples = (trial.host?.samples ?? []).filter(Self.isSound).map {
      (seconds: $0[0], mappings: $0[1])
    }.sorted { $0.seconds < $1.seconds }
    peak = samples.map(\.mappings).max() ?? 0
    points = Self.thinned(samples)
  }

  /// Where the trial crashed: the count that was taken when the first fault line came, or the last
  /// one where no moment is known.
  var crash: (seconds: Double, mappings: Double)? {
    guard hasCrashed, let last = points.last else { return nil }
    guard let fault = trial.faultSeconds else { return last }
    return points.first { $0.seconds >= fault } ?? last
  }

  var lastSecond: Double { points.last?.seconds ?? 0 }

  /// Two numbers that a chart has room for; a record can hold anything.
  private static func isSound(_ sample: [Double]) -> Bool {
    sample.count >= 2 && (0...1e9).contains(sample[0]) && (0...1e9).contains(sample[1])
  }

  private static func thinned(
    _ samples: [(seconds: Double, mappings: Double)]
  ) -> [(seconds: Double, mappings: Double)] {
    guard samples.count > 2 * buckets, let first = samples.first, let last = samples.last else {
      return samples
    }
    let width = max(last.seconds - first.seconds, 1e-9) / Double(buckets)
    var kept = [first]
    var start = 1
    while start < samples.count - 1 {
      let bucket = Int((samples[start].seconds - first.seconds) / width)
      var (low, high, end) = (start, start, start)
      while end < samples.count - 1,
        Int((samples[end].seconds - first.seconds) / width) == bucket
      {
        if samples[end].mappings < samples[low].mappings { low = end }
        if samples[end].mappings > samples[high].mappings { high = end }
        end += 1
      }
      kept.append(samples[min(low, high)])
      if low != high { kept.append(samples[max(low, high)]) }
      start = end
    }
    return kept + [last]
  }

  /// Escaped.
  var title: String {
    "trial \(trial.trial): \(escaped(allocator, atMost: 60)), \(threadsText(trial.cell.threads)), "
      + "\(trial.outcome.rawValue), peak \(grouped(Int(peak))) mappings"
  }

  var row: String {
    "<tr><th scope=\"row\">\(trial.trial)</th><td class=\"text\">\(escaped(allocator, atMost: 60))"
      + "</td><td>\(threadsName(trial.cell.threads))</td><td class=\"text\">"
      + "\(trial.outcome.rawValue)</td><td>\(grouped(Int(peak)))</td><td>\(measure(lastSecond))</td></tr>\n"
  }
}
