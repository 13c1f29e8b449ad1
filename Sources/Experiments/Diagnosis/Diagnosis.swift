public import Trials

/// What the trials of all experiments amount to so far.
public struct Diagnosis: Sendable {
  /// What is known beside the trials.
  public struct Context: Sendable {
    /// Trials of an experiment.
    public var size: Int
    /// Experiments that cannot be made here, and why.
    public var absent: [Experiment: String]
    /// How many mappings a process gets where the workload runs, as the probe found; nil where it
    /// found no end, or was not run.
    public var probedLimit: Int?

    public init(size: Int, absent: [Experiment: String] = [:], probedLimit: Int? = nil) {
      self.size = size
      self.absent = absent
      self.probedLimit = probedLimit
    }

    func without(_ reasons: [Experiment: String]) -> Context {
      var context = self
      context.absent.merge(reasons) { $1 }
      return context
    }
  }

  /// In the order of `Experiment.order`; the baseline first.
  public let observations: [Observation]
  public let context: Context
  public let predictions: Predictions
  public let verdict: Verdict
  /// What the verdict rests on, or what is missing for one: clauses.
  public let reasons: [String]
  /// No further experiment can change the verdict.
  public let isSettled: Bool

  public init(of trials: [Trial], _ context: Context) {
    let groups = Dictionary(grouping: trials) { trial in
      trial.experiment.flatMap { Experiment(rawValue: $0) }
    }
    let context = context.without(Self.ineffective(groups))
    let observations = Experiment.order.compactMap { experiment in
      context.absent[experiment] == nil
        ? groups[experiment].map { Observation(experiment, $0) } : nil
    }
    let usesArenas = Self.usesArenas(trials)
    let predictions = Predictions(usesArenas: usesArenas)
    let finding = Judge(observations, context, predictions, usesArenas: usesArenas).finding
    self.observations = observations
    self.context = context
    self.predictions = predictions
    self.usesArenas = usesArenas
    verdict = finding.verdict
    reasons = finding.reasons
    isSettled = finding.isSettled
    wanted = finding.wanted
  }

  /// Experiments that could still change the verdict.
  let wanted: Set<Experiment>
  /// glibc's malloc serves the workload.
  public let usesArenas: Bool

  public subscript(_ experiment: Experiment) -> Observation? {
    observations.first { $0.experiment == experiment }
  }

  /// Experiments whose change did not take effect: they were not made.
  private static func ineffective(_ groups: [Experiment?: [Trial]]) -> [Experiment: String] {
    var reasons: [Experiment: String] = [:]
    let lifted = groups[.liftedLimit] ?? []
    if let limit = lifted.compactMap(\.addressSpaceLimit).first {
      reasons[.liftedLimit] = "RLIMIT_AS (\(limit) bytes) cannot be lifted: it is a hard limit"
    }
    let control = groups[.memfdAllocator] ?? []
    if !control.isEmpty, control.allSatisfy({ $0.outcome == .refusedInput }) {
      reasons[.memfdAllocator] = "the mappings are used up while the module is read, by one thread"
    }
    let before = (groups[.baseline] ?? []).compactMap { $0.fault?.stackSize }.max()
    let after = (groups[.largerStack] ?? []).compactMap { $0.fault?.stackSize }.max()
    if let before, let after, after < 2 * before {
      reasons[.largerStack] = "the stack cannot be made larger than \(after) bytes"
    }
    return reasons
  }

  /// glibc's malloc serves the baseline, as far as is known.
  private static func usesArenas(_ trials: [Trial]) -> Bool {
    let baseline = trials.filter { $0.experiment == Experiment.baseline.rawValue }
    let known = baseline.compactMap(\.malloc)
    guard let malloc = known.first else {
      return baseline.first.map { $0.cell.allocator.hasPrefix("glibc") } ?? true
    }
    return (malloc.split(separator: "/").last ?? "").hasPrefix("libc.so")
  }
}

/// A row of the evidence.
public struct Evidence: Sendable {
  public let observation: Observation
  /// By the verdict's hypothesis; nil where it says nothing.
  public let prediction: Prediction?
  /// nil where nothing was predicted, or so few trials cannot say.
  public let supports: Bool?
}

extension Diagnosis {
  /// Each experiment beside what the verdict's hypothesis predicts for it.
  public var evidence: [Evidence] {
    guard let baseline = self[.baseline] else { return [] }
    let hypothesis = Hypothesis(rawValue: verdict.rawValue)
    return observations.map { observation in
      let prediction = hypothesis.flatMap {
        predictions.prediction(of: $0, for: observation.experiment)
      }
      return Evidence(
        observation: observation, prediction: prediction,
        supports: prediction.flatMap { observation.matches($0, baseline: baseline) })
    }
  }

  /// It has its trials. The slowest is over as soon as it can tell: 0 of 3 against 5 of 5 is Fisher's
  /// p = 0.018.
  public func isDone(_ experiment: Experiment) -> Bool {
    guard let observation = self[experiment] else { return false }
    if observation.isDone(size: context.size) { return true }
    guard experiment == .oneThread, observation.trials.count >= 3, let baseline = self[.baseline]
    else { return false }
    return observation.crashesLess(than: baseline)
  }

  /// The experiments that contradict a hypothesis.
  public func refutations(of hypothesis: Hypothesis) -> [Experiment] {
    guard let baseline = self[.baseline] else { return [] }
    return observations.filter { observation in
      guard
        let prediction = predictions.prediction(of: hypothesis, for: observation.experiment)
      else { return false }
      return observation.matches(prediction, baseline: baseline) == false
    }
    .map(\.experiment)
  }

  /// What taking an ingredient away did to the crash.
  public enum Effect: String, Sendable {
    /// Without it there is no crash.
    case necessary
    case withoutEffect = "without effect"
    /// Of a control: it alone makes the same crash, where there was none.
    case sufficient
    /// So few trials cannot say.
    case unknown
  }

  public func effect(of experiment: Experiment) -> Effect? {
    if experiment == .memfdAllocator { return sufficiency }
    guard experiment.removes != nil, let baseline = self[.baseline], baseline.crashed > 0,
      let observation = self[experiment], observation.ended > 0
    else { return nil }
    if observation.completesInstead(of: baseline) { return .necessary }
    return observation.crashed == observation.ended && observation.ended > 1
      ? .withoutEffect : .unknown
  }

  /// Host mappings used up, without the sandbox, make the crash that the sandbox makes.
  private var sufficiency: Effect? {
    guard let baseline = self[.baseline], baseline.relieved > 0,
      let native = self[.native], native.crashesLess(than: baseline),
      let control = self[.memfdAllocator], control.ended > 0
    else { return nil }
    return control.relieved == control.ended ? .sufficient : .unknown
  }

  /// The most crashes of an experiment that would still have counted as fewer than the baseline's;
  /// nil where none would.
  public var largestVisible: Int? {
    guard let baseline = self[.baseline], baseline.crashed > 0 else { return nil }
    return (0...context.size).last { crashes in
      crashes * baseline.ended < baseline.crashed * context.size
        && FisherExact(crashes, of: context.size, baseline.crashed, of: baseline.ended).p
          < Observation.significance
    }
  }
}
