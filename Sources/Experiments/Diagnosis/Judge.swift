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

  private let observations: [Experiment: Observation]
  private let context: Diagnosis.Context
  private let predictions: Predictions
  private let usesArenas: Bool

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
  private static let enough = 2
  /// Below this share of a processor a hang waits, and does not work.
  private static let idleShare = 0.1

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

  private func open(_ reason: String, _ wanted: Set<Experiment>) -> Finding {
    Finding(verdict: .undecided, reasons: [reason], isSettled: false, wanted: wanted)
  }

  private func undecided(_ reason: String) -> Finding {
    Finding(verdict: .undecided, reasons: [reason])
  }

  // Ends that are no crash.

  /// Without the witness in it nothing of a workload is known but how it ends; under a launcher not
  /// even that it began.
  private func silence(_ baseline: Observation) -> Finding? {
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

  private func hang(_ baseline: Observation) -> Finding? {
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

  private func kill(_ baseline: Observation) -> Finding? {
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

  private func mayGoOn(_ baseline: Observation) -> Bool {
    baseline.trials.count < 2 * context.size
  }

  /// As many as were asked for; twice as many where these do not say whether it crashes.
  private func isComplete(_ baseline: Observation) -> Bool {
    !mayGoOn(baseline)
      || (baseline.trials.count >= context.size && isReproducible(baseline))
  }

  /// Often enough that an experiment of as many trials without a crash would tell.
  private func isReproducible(_ baseline: Observation) -> Bool {
    guard baseline.crashed > 0 else { return false }
    return FisherExact(baseline.crashed, of: baseline.ended, 0, of: context.size).p
      < Observation.significance
  }

  private func withoutCrash(_ baseline: Observation) -> Finding {
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

  private func flaky(_ baseline: Observation) -> Finding {
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

  // Crashes.

  private func byFault(_ baseline: Observation) -> Finding {
    let signs = baseline.signs
    func all(_ sign: FaultSign) -> Bool { signs[sign, default: 0] == baseline.crashed }
    if all(.relief) { return exhaustion(baseline) }
    if all(.late) {
      return Finding(
        verdict: .lostProtectionChange,
        reasons: ["every failed store went through at a retry: the change came late"])
    }
    if all(.changed) {
      return undecided(
        "every failed store went through at a retry, on pages that are not glibc's: somebody, the "
          + "program itself perhaps, changes their protection meanwhile; \(example(baseline))")
    }
    if all(.untried) {
      let hint =
        isAtHostLimit(baseline)
        ? "; the host counted as many mappings as its limit allows, which points to "
          + Verdict.hostMappingExhaustion.rawValue : ""
      return undecided(
        "the program's own handler takes the faults, so that nothing was tried\(hint)")
    }
    if all(.belowHeapEnd) {
      return Finding(
        verdict: .lostProtectionChange,
        reasons: [
          "every fault is on a page that glibc's own books have writable, and the maps do not "
            + "(heap_info.mprotect_size); releasing mappings heals none"
        ])
    }
    if all(.stackGuard) { return stack(baseline) }
    if signs[.relief, default: 0] + signs[.late, default: 0] > 0 {
      return undecided("the faults disagree: \(list(signs)); more trials may tell")
    }
    let failures = signs[.null, default: 0] + signs[.abort, default: 0]
    if failures == baseline.crashed {
      if let finding = limit(baseline, "every fault is \(list(signs))") { return finding }
      let limited = baseline.trials.contains { $0.addressSpaceLimit != nil }
      return undecided(
        "\(example(baseline)): every fault is \(list(signs)), and "
          + (limited
            ? "it is not the limit of the address space"
            : "no limit of the address space was set as it started")
          + "; none of the hypotheses covers that")
    }
    return corruption(baseline)
      ?? undecided(
        "\(example(baseline)): the faults are \(list(signs)); none of the hypotheses covers that")
  }

  /// One of the faults.
  private func example(_ baseline: Observation) -> String {
    baseline.trials.compactMap(\.fault).first?.summary
      ?? "signal \(baseline.trials.compactMap(\.signal).first ?? 0)"
  }

  private func exhaustion(_ baseline: Observation) -> Finding {
    guard let sham = observations[.sham], sham.trials.count >= context.size else {
      return missing(.sham, "the sham treatment")
    }
    if sham.relieved + sham.late > 0 {
      return undecided("a store went through although nothing was released")
    }
    guard
      sham.crashed > 0,
      FisherExact(baseline.relieved, of: baseline.crashed, 0, of: sham.crashed).p
        < Observation.significance
    else {
      return undecided(
        "under the sham treatment \(sham.crashed) of \(sham.ended) trials crash: too few to "
          + "compare")
    }
    var corroborated = isAtHostLimit(baseline) ? 1 : 0
    if context.probedLimit != nil { corroborated += 1 }
    var contradicted: [Experiment] = []
    for (experiment, observation) in observations
    where experiment.removes != nil || experiment == .memfdAllocator {
      guard
        let prediction = predictions.prediction(of: .hostMappingExhaustion, for: experiment),
        let fits = observation.matches(prediction, baseline: baseline)
      else { continue }
      if fits { corroborated += 1 } else { contradicted.append(experiment) }
    }
    let open = ingredients.filter { observations[$0] == nil && isAvailable($0) }
    let place: Set<Experiment> =
      isAvailable(.native) ? [.native, .memfdAllocator] : [.oneThread]
    let settled = open.isEmpty || (corroborated >= 2 && place.isDisjoint(with: open))
    var reasons = [
      "releasing \(released(baseline)) mappings heals the failed store in \(baseline.relieved) of "
        + "\(baseline.crashed) crashes, after \(retries(baseline)) retries that did not; with "
        + "nothing released it heals in 0 of \(sham.crashed) (Fisher's p = "
        + "\(pText(baseline.relieved, baseline.crashed, 0, sham.crashed)))"
    ]
    if let limit = baseline.trials.compactMap({ $0.host?.mapLimit }).max(),
      let peak = baseline.trials.compactMap({ $0.host?.peakMappings }).max()
    {
      reasons.append("the host counted \(peak) mappings in one process, of at most \(limit)")
    }
    if let limit = context.probedLimit {
      reasons.append("the probe, run in the same place, died after \(limit) mappings")
    }
    reasons += contradicted.map {
      "\($0.title) does not fit: \(observations[$0]?.text ?? "")"
    }
    return Finding(
      verdict: .hostMappingExhaustion, reasons: reasons, isSettled: settled, wanted: open)
  }

  /// What of the exhaustion's ingredients can be taken away.
  private var ingredients: Set<Experiment> {
    usesArenas
      ? [
        .oneArena, .native, .memfdAllocator, .preGrownArenas, .otherAllocator, .bumpAllocator,
        .oneThread,
      ]
      : [.native, .otherAllocator]
  }

  private func stack(_ baseline: Observation) -> Finding {
    let sign = "every fault is in the guard below its thread's stack, near the stack pointer"
    guard isAvailable(.largerStack) else {
      let why = context.absent[.largerStack].map { [$0] } ?? []
      return Finding(verdict: .stackOverflow, reasons: [sign] + why)
    }
    guard let larger = observations[.largerStack], isDone(larger) else {
      return missing(.largerStack, "a larger stack")
    }
    switch larger.matches(.followsTheStack, baseline: baseline) {
    case true?:
      let how =
        larger.crashed == 0
        ? "with a larger one it completes" : "with a larger one the crash moves to its end"
      return Finding(verdict: .stackOverflow, reasons: [sign, how])
    case false?: return undecided("a larger stack changes nothing: \(larger.text)")
    case nil: return undecided("under a larger stack no trial ran to an end of its own")
    }
  }

  /// Allocation failure, where there is a limit that could be lifted; nil where there is none.
  private func limit(_ baseline: Observation, _ sign: String) -> Finding? {
    guard let limit = baseline.trials.compactMap(\.addressSpaceLimit).first else { return nil }
    guard isAvailable(.liftedLimit) else { return withoutLauncher(baseline, sign, limit) }
    guard let lifted = observations[.liftedLimit], isDone(lifted) else {
      return missing(.liftedLimit, "the limit lifted")
    }
    let before = baseline.crashed + baseline.count(.failed)
    let after = lifted.crashed + lifted.count(.failed)
    if FisherExact(before, of: baseline.ended, after, of: lifted.ended).p
      < Observation.significance, after < before
    {
      return Finding(
        verdict: .allocationFailure,
        reasons: [
          sign,
          "the address space is limited to \(limit) bytes (RLIMIT_AS); without the limit "
            + lifted.text,
        ])
    }
    // Memory itself may run out then.
    if lifted.count(.killed) + lifted.count(.timedOut) >= Self.enough {
      return Finding(
        verdict: .allocationFailure,
        reasons: [
          sign,
          "the address space is limited to \(limit) bytes (RLIMIT_AS); without the limit it "
            + "goes on, until \(lifted.text)",
        ])
    }
    return nil
  }

  /// A hard limit stays, but it may be the launcher's.
  private func withoutLauncher(_ baseline: Observation, _ sign: String, _ limit: Int) -> Finding {
    let fixed =
      context.absent[.liftedLimit] ?? "RLIMIT_AS (\(limit) bytes) cannot be lifted"
    guard isAvailable(.native) else { return undecided(fixed) }
    guard let native = observations[.native], isDone(native) else {
      return missing(.native, "the workload without its launcher")
    }
    let isFree = native.trials.allSatisfy { $0.addressSpaceLimit == nil }
    let goesOn = native.count(.killed) >= Self.enough
    guard isFree, goesOn || native.completesInstead(of: baseline) else {
      return undecided(fixed + "; without the launcher \(native.text)")
    }
    return Finding(
      verdict: .allocationFailure,
      reasons: [
        sign, "\(fixed); without the launcher there is none, and \(native.text)",
      ])
  }

  /// nil where nothing points to it.
  private func corruption(_ baseline: Observation) -> Finding? {
    let telling: Set<FaultSign> = [.allocatorAbort, .beyondHeapEnd, .insideAllocator]
    let signed = baseline.signs.filter { telling.contains($0.key) }.values.reduce(0, +)
    let wild = baseline.signs[.wild, default: 0]
    // Signals of other kinds have other causes.
    guard (signed + wild) * 2 > baseline.crashed else { return nil }
    if isAvailable(.native) {
      guard let native = observations[.native], isDone(native) else {
        return missing(.native, "the workload natively")
      }
      guard native.matches(.crashes, baseline: baseline) == true else {
        return undecided(
          "natively \(native.text), and in the place under examination nothing heals the faults "
            + "(\(list(baseline.signs))): a defect of that place that none of the hypotheses covers"
        )
      }
    }
    if signed * 2 > baseline.crashed && signed >= Self.enough {
      return Finding(
        verdict: .heapCorruption,
        reasons: [
          "the faults are \(list(baseline.signs)); nothing heals them, and the crash needs no "
            + "sandbox"
        ])
    }
    for experiment in [Experiment.otherAllocator, .bumpAllocator] where isAvailable(experiment) {
      guard let observation = observations[experiment], isDone(observation)
      else { return missing(experiment, experiment.title) }
      if observation.completesInstead(of: baseline) {
        return Finding(
          verdict: .heapCorruption,
          reasons: [
            "the program follows wild pointers (\(example(baseline))), and that depends on the "
              + "allocator: \(experiment.title), \(observation.text); nothing heals the faults"
          ])
      }
    }
    return nil
  }

  // Words and small questions.

  private func isDone(_ observation: Observation) -> Bool {
    observation.trials.count >= context.size || observation.count(.killed) >= Self.enough
  }

  private func isAvailable(_ experiment: Experiment) -> Bool {
    context.absent[experiment] == nil
  }

  private func missing(_ experiment: Experiment, _ words: String) -> Finding {
    guard isAvailable(experiment) else {
      return undecided("\(words) cannot be tried: \(context.absent[experiment] ?? "")")
    }
    return open("\(words) was not tried", [experiment])
  }

  /// A fault's host side counted no more mappings than the limit allows, and hardly fewer.
  private func isAtHostLimit(_ baseline: Observation) -> Bool {
    baseline.trials.contains { trial in
      guard trial.outcome == .crashed, let peak = trial.host?.peakMappings,
        let limit = trial.host?.mapLimit
      else { return false }
      return Double(peak) > 0.97 * Double(limit)
    }
  }

  private func released(_ baseline: Observation) -> Int {
    baseline.trials.first.map { $0.reserve + $0.ballast } ?? 0
  }

  private func retries(_ baseline: Observation) -> Int {
    baseline.trials.compactMap { $0.fault?.retries }.max() ?? 0
  }

  private func list(_ signs: [FaultSign: Int]) -> String {
    signs.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { signs.count == 1 ? words($0.key) : "\($0.value) \(words($0.key))" }
      .joined(separator: ", ")
  }

  private func words(_ sign: FaultSign) -> String {
    switch sign {
    case .relief: "healed by relief"
    case .late: "healed by a retry"
    case .changed: "healed by a retry, outside of glibc's arenas"
    case .untried: "left to the program's own handler"
    case .wild: "at a wild address"
    case .belowHeapEnd: "on a page that glibc has made writable"
    case .beyondHeapEnd: "past the end of an arena heap"
    case .stackGuard: "in a stack's guard"
    case .null: "at a NULL pointer"
    case .allocatorAbort: "glibc's own abort over broken books"
    case .insideAllocator: "inside the allocator, at a wild address"
    case .abort: "an abort of the program's"
    case .other: "of another kind"
    }
  }

  private func percentage(_ share: Double) -> Int { Int((share * 100).rounded()) }

  private func pText(_ a: Int, _ aTrials: Int, _ b: Int, _ bTrials: Int) -> String {
    let p = FisherExact(a, of: aTrials, b, of: bTrials).p
    if p < 0.001 { return "less than 0.001" }
    let thousandths = String(Int((p * 1000).rounded()))
    return "0." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}
