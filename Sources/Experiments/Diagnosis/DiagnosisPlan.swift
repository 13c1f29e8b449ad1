public import Trials

/// Which trial comes next, so that few trials decide.
public struct DiagnosisPlan: Sendable {
  public let context: Diagnosis.Context
  /// Trials of all experiments together.
  public let budget: Int
  /// Go through every experiment, although the verdict stands.
  public let isExhaustive: Bool

  /// Fewer cannot tell 5 of 5 from 0 of 5 (Fisher's p = 0.008).
  public static let leastTrials = 5
  public static let mostExperiments = 8

  public init(
    budget: Int, absent: [Experiment: String] = [:], probedLimit: Int? = nil,
    isExhaustive: Bool = false
  ) {
    self.budget = budget
    self.isExhaustive = isExhaustive
    context = Diagnosis.Context(
      size: max(Self.leastTrials, budget / Self.mostExperiments), absent: absent,
      probedLimit: probedLimit)
  }

  /// The same with an experiment that turned out to be impossible.
  public func without(_ experiment: Experiment, because reason: String) -> DiagnosisPlan {
    var absent = context.absent
    absent[experiment] = reason
    return DiagnosisPlan(
      budget: budget, absent: absent, probedLimit: context.probedLimit, isExhaustive: isExhaustive)
  }

  /// The experiment whose trial is next; nil where the verdict is settled, the budget is used up, or
  /// nothing is left to try.
  public func next(after trials: [Trial]) -> Experiment? {
    guard trials.count < budget else { return nil }
    let diagnosis = Diagnosis(of: trials, context)
    func isBegun(_ experiment: Experiment) -> Bool {
      (diagnosis[experiment]?.trials.count ?? 0) > 0 && !diagnosis.isDone(experiment)
    }
    if diagnosis.wanted.contains(.baseline) && !diagnosis.isSettled { return .baseline }
    // One that cannot be completed would be lost.
    func fits(_ experiment: Experiment) -> Bool {
      isBegun(experiment) || trials.count + context.size <= budget
    }
    let candidates = Experiment.order.filter { experiment in
      diagnosis.context.absent[experiment] == nil && experiment != .baseline
        && !diagnosis.isDone(experiment) && fits(experiment)
    }
    if let begun = candidates.first(where: isBegun) { return begun }
    if !diagnosis.isSettled, let next = candidates.first(where: diagnosis.wanted.contains) {
      return next
    }
    guard isExhaustive, diagnosis.isSettled, (diagnosis[.baseline]?.crashed ?? 0) > 0 else {
      return nil
    }
    return candidates.first { experiment in
      switch experiment {
      case .oneArena, .preGrownArenas, .oneThread, .memfdAllocator: diagnosis.usesArenas
      // Only where the faults point there.
      case .liftedLimit, .largerStack: false
      // One other allocator is enough where all cannot be had for the budget.
      case .bumpAllocator: context.absent[.otherAllocator] != nil
      default: true
      }
    }
  }
}
