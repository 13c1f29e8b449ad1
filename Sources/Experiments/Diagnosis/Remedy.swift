public import Trials

/// A workaround that is known to help against a cause.
public struct Remedy: Sendable {
  /// Its trials' mark; that of an experiment where it is one.
  public let id: String
  /// The line to type in front of the command, or what to do.
  public let setting: String
  /// What Julia reads, where it is another.
  public let forJulia: String?
  /// With the workload's own launcher.
  public let configuration: Configuration

  public init(
    id: String, setting: String, forJulia: String? = nil, configuration: Configuration
  ) {
    self.id = id
    self.setting = setting
    self.forJulia = forJulia
    self.configuration = configuration
  }

  /// Those that fit a verdict, by the experiments that they are.
  public static func fitting(_ verdict: Verdict) -> [Experiment] {
    switch verdict {
    case .hostMappingExhaustion: [.oneArena, .preGrownArenas, .otherAllocator, .oneThread]
    case .lostProtectionChange: [.oneArena, .otherAllocator]
    case .stackOverflow: [.largerStack]
    case .allocationFailure: [.liftedLimit]
    default: []
    }
  }

  /// The mark of trials without a remedy, natively: what costs are measured against.
  public static let plainCostID = "cost:none"
  public var costID: String { "cost:\(id)" }
}

/// Whether a remedy helps, and what it costs.
public struct RemedyResult: Sendable {
  public let remedy: Remedy
  /// Trials that it completed.
  public let completed: BinomialInterval
  /// It crashes more rarely than without, and at least as many trials as not completed.
  public let works: Bool
  /// Natively, as a ratio to no remedy; nil where that was not measured.
  public let wall: MedianRatio?
  public let peakRSS: Double?
  /// Where the workload crashes without it, seconds of a trial.
  public let seconds: Double?

  public init?(_ remedy: Remedy, _ trials: [Trial]) {
    let own = trials.filter { $0.experiment == remedy.id }
    guard !own.isEmpty else { return nil }
    self.remedy = remedy
    let completed = own.filter { $0.outcome == .completed }
    self.completed = BinomialInterval(wilson: completed.count, of: own.count)
    let baseline = Observation(
      .baseline, trials.filter { $0.experiment == Experiment.baseline.rawValue })
    let broken = own.count - completed.count
    works =
      baseline.ended > 0
      && FisherExact(broken, of: own.count, baseline.crashed, of: baseline.ended).p
        < Observation.significance
      && broken * 2 < own.count
    func cost(_ id: String) -> [Trial] {
      trials.filter { $0.experiment == id && $0.outcome == .completed }
    }
    let plain = cost(Remedy.plainCostID)
    let treated = cost(remedy.costID)
    wall = MedianRatio(of: treated.map(\.seconds), to: plain.map(\.seconds))
    func memory(_ trials: [Trial]) -> Double? {
      Median(of: trials.compactMap { $0.peakRSS.map(Double.init) })?.value
    }
    if let treated = memory(treated), let plain = memory(plain), plain > 0 {
      peakRSS = treated / plain
    } else {
      peakRSS = nil
    }
    seconds = Median(of: completed.map(\.seconds))?.value
  }
}
