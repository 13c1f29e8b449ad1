public import Trials

/// A workaround that is known to help against a cause: which trials show whether it does.
public struct Remedy: Sendable {
  /// Its trials' mark; that of an experiment where it is one.
  public let id: String
  /// With the workload's own launcher.
  public let configuration: Configuration

  public init(id: String, configuration: Configuration) {
    self.id = id
    self.configuration = configuration
  }

  /// Those that fit a verdict, by the experiments that they are; the slowest last.
  public static func fitting(_ verdict: Verdict) -> [Experiment] {
    switch verdict {
    case .hostMappingExhaustion: [.oneArena, .preGrownArenas, .otherAllocator, .oneThread]
    case .lostProtectionChange: [.oneArena, .otherAllocator]
    case .stackOverflow: [.largerStack]
    case .allocationFailure: [.liftedLimit]
    default: []
    }
  }

  /// The mark of trials under an allocator that is no experiment.
  public static let allocatorPrefix = "remedy:"
  /// The mark of trials without a remedy, natively: what costs are measured against.
  public static let plainCostID = "cost:none"
  public static func costID(_ id: String) -> String { "cost:\(id)" }
}

/// Whether a remedy helps, and what it costs: all of it from trials.
public struct RemedyResult: Sendable {
  public let id: String
  /// The line to type in front of the command, or what to do.
  public let setting: String
  /// What Julia reads, where it is another.
  public let forJulia: String?
  /// Trials that it completed.
  public let completed: BinomialInterval
  /// It crashes more rarely than the baseline, and completes most trials.
  public let works: Bool
  /// Natively, as a ratio to no remedy; nil where that was not measured.
  public let wall: MedianRatio?
  public let peakRSS: Double?
  /// Where the workload crashes without it, seconds of a trial.
  public let seconds: Double?

  /// Every remedy that has trials, in the order of `Remedy.fitting`, other allocators behind the first.
  public static func all(in trials: [Trial], for verdict: Verdict) -> [RemedyResult] {
    var ids = Remedy.fitting(verdict).map(\.rawValue)
    var seen: Set<String> = []
    let others = trials.compactMap(\.experiment).filter {
      $0.hasPrefix(Remedy.allocatorPrefix) && seen.insert($0).inserted
    }
    let place = ids.firstIndex(of: Experiment.oneThread.rawValue) ?? ids.count
    ids.insert(contentsOf: others, at: place)
    return ids.compactMap { RemedyResult($0, trials) }
  }

  private init?(_ id: String, _ trials: [Trial]) {
    let own = trials.filter { $0.experiment == id }
    guard !own.isEmpty else { return nil }
    self.id = id
    setting = Self.setting(id, own)
    forJulia = id == Experiment.oneThread.rawValue ? "JULIA_IMAGE_THREADS=1" : nil
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
    func natively(_ id: String) -> [Trial] {
      trials.filter { $0.experiment == id && $0.outcome == .completed }
    }
    func memory(_ trials: [Trial]) -> Double? {
      Median(of: trials.compactMap { $0.peakRSS.map(Double.init) })?.value
    }
    let plain = natively(Remedy.plainCostID)
    let treated = natively(Remedy.costID(id))
    wall = MedianRatio(of: treated.map(\.seconds), to: plain.map(\.seconds))
    if let treated = memory(treated), let plain = memory(plain), plain > 0 {
      peakRSS = treated / plain
    } else {
      peakRSS = nil
    }
    seconds = Median(of: completed.map(\.seconds))?.value
  }

  private static func setting(_ id: String, _ own: [Trial]) -> String {
    switch Experiment(rawValue: id) {
    case .oneArena?: return "MALLOC_ARENA_MAX=1"
    case .preGrownArenas?: return "GLIBC_TUNABLES=glibc.malloc.top_pad=67108864"
    case .oneThread?: return "one thread"
    case .largerStack?:
      return "larger thread stacks (ulimit -s, pthread_attr_setstacksize, --stack-size)"
    case .liftedLimit?: return "ulimit -v unlimited"
    default:
      let allocator = own.first?.cell.allocator ?? ""
      if allocator.hasPrefix("glibc") { return "glibc's own malloc" }
      return "LD_PRELOAD=\(own.compactMap(\.malloc).first ?? allocator)"
    }
  }
}
