internal import Trials

/// From observations to a verdict. A verdict needs a sign in the faults themselves, and each
/// experiment that could contradict it to have been made; else it is `undecided`, with what is
/// missing.
struct Judge {
  struct Finding {
    var verdict: Verdict
    var reasons: [String]
    var isSettled = true
    /// Experiments that could still change the verdict.
    var wanted: Set<Experiment> = []
  }

  let observations: [Experiment: Observation]
  let context: Diagnosis.Context
  let predictions: Predictions
  let usesArenas: Bool

  init(
    _ observations: [Observation], _ context: Diagnosis.Context, _ predictions: Predictions,
    usesArenas: Bool
  ) {
    self.observations = Dictionary(
      uniqueKeysWithValues: observations.map { ($0.experiment, $0) })
    self.context = context
    self.predictions = predictions
    self.usesArenas = usesArenas
  }

  /// Two hangs decide a hang; so do two kills by the kernel, or two refusals.
  static let enough = 2
  /// Below this share of a processor a hang waits, and does not work.
  static let idleShare = 0.1

  var finding: Finding {
    guard let baseline = observations[.baseline] else {
      return open("no trial was run", [.baseline])
    }
    if baseline.count(.refusedInput) > 0 {
      let words = baseline.trials.compactMap(\.reason).first.map { ": \($0)" } ?? ""
      return Finding(
        verdict: .refusedInput,
        reasons: ["the replica refuses the module before any thread starts" + words],
        isSettled: baseline.count(.refusedInput) >= Self.enough, wanted: [.baseline])
    }
    if let finding = hang(baseline) ?? kill(baseline) ?? silence(baseline) { return finding }
    guard isComplete(baseline) else {
      return open(
        "the baseline needs \(context.size) trials, and has \(baseline.trials.count)",
        [.baseline])
    }
    if baseline.crashed == 0 { return withoutCrash(baseline) }
    guard isReproducible(baseline) else { return flaky(baseline) }
    return byFault(baseline)
  }

  func open(_ reason: String, _ wanted: Set<Experiment>) -> Finding {
    Finding(verdict: .undecided, reasons: [reason], isSettled: false, wanted: wanted)
  }

  func undecided(_ reason: String) -> Finding {
    Finding(verdict: .undecided, reasons: [reason])
  }

  // Ends that are no crash.

  /// Without the witness in it nothing of a workload is known but how it ends; under a launcher not
  /// even that it began.
  func silence(_ baseline: Observation) -> Finding? {
    guard !baseline.trials.isEmpty, baseline.trials.allSatisfy({ $0.witnessed == false }) else {
      return nil
    }
    let failed = baseline.trials.filter { $0.outcome == .failed }
    if failed.count == baseline.trials.count, failed[0].cell.launcher != "native" {
      let words = failed.compactMap(\.reason).first.map { ": \($0)" } ?? ""
      return Finding(
        verdict: .undecided,
        reasons: ["the launcher ended with an error, and no sign of the workload came\(words)"],
        isSettled: failed.count >= Self.enough, wanted: [.baseline])
    }
    guard baseline.crashed > 0 else { return nil }
    return Finding(
      verdict: .undecided,
      reasons: [
        "it crashes, but the witness is not in it (statically linked?): nothing could be tried"
      ], isSettled: baseline.crashed >= Self.enough, wanted: [.baseline])
  }

  func hang(_ baseline: Observation) -> Finding? {
    let hangs = baseline.trials.filter { $0.outcome == .timedOut }
    guard !hangs.isEmpty else { return nil }
    let idle = hangs.count { $0.seconds > 0 && $0.cpu / $0.seconds < Self.idleShare }
    if idle >= Self.enough {
      return Finding(
        verdict: .hang,
        reasons: [
          "\(idle) trials waited until the time-out, using no processor; a longer --timeout tells a "
            + "long wait from an endless one"
        ])
    }
    if hangs.count - idle >= Self.enough {
      return undecided(
        "it was still at work at the time-out: a longer --timeout tells a slow run from an endless "
          + "one")
    }
    // Among many that end one says nothing.
    return mayGoOn(baseline) ? open("one trial timed out", [.baseline]) : nil
  }

  func kill(_ baseline: Observation) -> Finding? {
    let kills = baseline.trials.filter { $0.outcome == .killed }
    guard !kills.isEmpty else { return nil }
    let byMemory = kills.count { $0.reason?.hasPrefix("out of memory") ?? false }
    if byMemory >= Self.enough {
      return Finding(
        verdict: .memoryLimit, reasons: ["the kernel's OOM killer ended \(byMemory) trials"])
    }
    if kills.count - byMemory >= Self.enough {
      return undecided(
        "\(kills.count - byMemory) trials were killed, and nothing tells by whom: "
          + (kills.first { $0.reason != nil }?.reason ?? "no reason is known"))
    }
    return mayGoOn(baseline) ? open("one trial was killed", [.baseline]) : nil
  }

  func mayGoOn(_ baseline: Observation) -> Bool {
    baseline.trials.count < 2 * context.size
  }

  /// As many as were asked for; twice as many where these do not say whether it crashes.
  func isComplete(_ baseline: Observation) -> Bool {
    !mayGoOn(baseline)
      || (baseline.trials.count >= context.size && isReproducible(baseline))
  }

  /// Often enough that an experiment of as many trials without a crash would tell.
  func isReproducible(_ baseline: Observation) -> Bool {
    guard baseline.crashed > 0 else { return false }
    return FisherExact(baseline.crashed, of: baseline.ended, 0, of: context.size).p
      < Observation.significance
  }

  func withoutCrash(_ baseline: Observation) -> Finding {
    let failed = baseline.count(.failed)
    if failed > 0, let finding = limit(baseline, "\(failed) trials end with an error status") {
      return finding
    }
    guard baseline.ended > 0 else {
      return undecided("no trial ran to an end of its own")
    }
    let most = BinomialInterval(wilson: 0, of: baseline.ended).upper
    var reasons = [
      "0 of \(baseline.ended) trials crash: the rate is below \(percentage(most)) % (95 %)"
    ]
    if failed > 0 {
      reasons.append("\(failed) end with an error status of their own, without a signal")
    }
    // How it would be with host mappings used up as gVisor does; it does not change the verdict.
    let control =
      !isAvailable(.native) && isAvailable(.memfdAllocator) && failed == 0
      && (observations[.memfdAllocator]?.trials.count ?? 0) < context.size
    return Finding(
      verdict: .notReproduced, reasons: reasons, isSettled: !control,
      wanted: control ? [.memfdAllocator] : [])
  }

  func flaky(_ baseline: Observation) -> Finding {
    let rate = Double(baseline.crashed) / Double(baseline.ended)
    let needed = (context.size...10_000).first { size in
      let crashes = Int((rate * Double(size)).rounded())
      return FisherExact(crashes, of: size, 0, of: size).p < Observation.significance
    }
    let sign = baseline.signs.max { $0.value < $1.value }
    var reason =
      "it crashes in \(baseline.crashed) of \(baseline.ended) trials, too rarely for experiments "
      + "of \(context.size)"
    if let needed { reason += "; --budget \(8 * needed) gives each \(needed)" }
    if let sign, sign.key != .other {
      reason += "; the faults so far: \(sign.value) of \(baseline.crashed) \(words(sign.key))"
    }
    return undecided(reason)
  }
}
