internal import Trials

/// Causes by the signs in the faults.
extension Judge {
  func byFault(_ baseline: Observation) -> Finding {
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
  func example(_ baseline: Observation) -> String {
    baseline.trials.compactMap(\.fault).first?.summary
      ?? "signal \(baseline.trials.compactMap(\.signal).first ?? 0)"
  }

  func exhaustion(_ baseline: Observation) -> Finding {
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
  var ingredients: Set<Experiment> {
    usesArenas
      ? [
        .oneArena, .native, .memfdAllocator, .preGrownArenas, .otherAllocator, .bumpAllocator,
        .oneThread,
      ]
      : [.native, .otherAllocator]
  }

  func stack(_ baseline: Observation) -> Finding {
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
  func limit(_ baseline: Observation, _ sign: String) -> Finding? {
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
  func withoutLauncher(_ baseline: Observation, _ sign: String, _ limit: Int) -> Finding {
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
  func corruption(_ baseline: Observation) -> Finding? {
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
}
