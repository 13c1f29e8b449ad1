public import Experiments
public import Trials

/// A whole diagnosis as one document (`parmat.diagnosis/1`); scripts rely on its keys.
public struct DiagnosisReport: Codable, Sendable {
  public struct Row: Codable, Sendable {
    public let experiment: String
    public let title: String
    public let trials: Int
    public let crashed: Int
    /// By the verdict's hypothesis; null where it says nothing.
    @NullEncoded public var expected: String?
    public let observed: String
    /// Null where nothing was predicted, or so few trials cannot say.
    @NullEncoded public var supports: Bool?
    /// Of what the experiment takes away: `necessary`, `without effect`, `unknown`; of a control:
    /// `sufficient`; null where there is nothing to say.
    @NullEncoded public var effect: String?
    @NullEncoded public var removes: String?
    /// Fisher's p against the baseline; null for the baseline.
    @NullEncoded public var p: Double?
    public let command: String
    /// Median of a trial.
    @NullEncoded public var seconds: Double?
  }

  public struct RemedyRow: Codable, Sendable {
    public struct Cost: Codable, Sendable {
      /// Natively, as ratios to no remedy; null where they were not measured.
      @NullEncoded public var wall: Double?
      @NullEncoded public var rss: Double?
    }
    public let setting: String
    @NullEncoded public var forJulia: String?
    public let works: Bool
    public let trials: Int
    public let completed: Int
    /// Wilson's 95 % interval of the share that it completes.
    public let lower: Double
    public let upper: Double
    public let cost: Cost
    /// Under the workload's own launcher, median of the trials that it completes.
    @NullEncoded public var seconds: Double?
  }

  public struct CrashPointRow: Codable, Sendable {
    public let predicted: CrashPoint
    /// Mean over the baseline's faults.
    @NullEncoded public var observedArenaBytes: Int?
    /// Predicted over observed.
    @NullEncoded public var ratio: Double?
  }

  public struct Skipped: Codable, Sendable {
    public let experiment: String
    public let reason: String
  }

  public let schema: String
  public let verdict: Verdict
  public let reasons: [String]
  public let environment: TrialEnvironment
  public let command: String
  /// Mappings that the witness holds to be released, and occupies beyond them.
  public let reserve: Int
  public let ballast: Int
  public let trials: Int
  public let budget: Int
  public let evidence: [Row]
  /// Hypothesis -> the experiments that contradict it.
  public let refuted: [String: [String]]
  public let skipped: [Skipped]
  /// The most crashes of an experiment that would still count as fewer than the baseline's.
  @NullEncoded public var largestVisible: Int?
  public let trialsPerExperiment: Int
  @NullEncoded public var crashPoint: CrashPointRow?
  public let remedies: [RemedyRow]
  /// What only avoids the work, or was not tried.
  public let otherRemedies: [String]
  public let notEstablished: [String]
  public let knownDefects: [KnownDefect]

  /// - Parameters:
  ///   - trials: all, those of remedies among them.
  ///   - showsRemedies: they were asked for.
  ///   - isJulias: the workload is Julia, or the replica of what it does.
  public init(
    _ diagnosis: Diagnosis, _ trials: [Trial], budget: Int, crashPoint: CrashPoint? = nil,
    showsRemedies: Bool = true, isJulias: Bool = true,
    notEstablished: [String] = [], knownDefects: [KnownDefect] = [],
    in environment: TrialEnvironment
  ) {
    schema = "parmat.diagnosis/1"
    verdict = diagnosis.verdict
    reasons = diagnosis.reasons
    self.environment = environment
    command = diagnosis[.baseline]?.trials.first?.command ?? ""
    reserve = diagnosis[.baseline]?.trials.first?.reserve ?? 0
    ballast = diagnosis[.baseline]?.trials.first?.ballast ?? 0
    self.trials = trials.count
    self.budget = budget
    let base = diagnosis[.baseline]
    evidence = diagnosis.evidence.map { evidence in
      let observation = evidence.observation
      let experiment = observation.experiment
      let p = base.flatMap { base in
        experiment == .baseline || base.ended == 0 || observation.ended == 0
          ? nil
          : FisherExact(
            observation.crashed, of: observation.ended, base.crashed, of: base.ended
          ).p
      }
      return Row(
        experiment: experiment.rawValue, title: experiment.title,
        trials: observation.trials.count, crashed: observation.crashed,
        expected: evidence.prediction?.rawValue, observed: observation.text,
        supports: evidence.supports, effect: diagnosis.effect(of: experiment)?.rawValue,
        removes: experiment.removes, p: p, command: observation.trials.first?.command ?? "",
        seconds: Median(of: observation.trials.map(\.seconds))?.value)
    }
    let winner = Hypothesis(rawValue: diagnosis.verdict.rawValue)
    refuted = Dictionary(
      uniqueKeysWithValues: Hypothesis.allCases.filter { $0 != winner }.map {
        ($0.rawValue, diagnosis.refutations(of: $0).map(\.rawValue))
      })
    skipped = Experiment.order.compactMap { experiment in
      diagnosis.context.absent[experiment].map {
        Skipped(experiment: experiment.rawValue, reason: $0)
      }
    }
    _largestVisible = NullEncoded(wrappedValue: diagnosis.largestVisible)
    trialsPerExperiment = diagnosis.context.size
    _crashPoint = NullEncoded(
      wrappedValue: crashPoint.map { predicted in
        let observed = CrashPoint.observed(in: base?.trials ?? [])
        return CrashPointRow(
          predicted: predicted, observedArenaBytes: observed,
          ratio: observed.flatMap { observed in
            predicted.arenaBytes.map { Double($0) / Double(observed) }
          })
      })
    let results = showsRemedies ? RemedyResult.all(in: trials, for: diagnosis.verdict) : []
    let absent = Set(diagnosis.context.absent.keys.map(\.rawValue))
    remedies = results.filter { !absent.contains($0.id) }.map { result in
      RemedyRow(
        setting: result.setting, forJulia: result.forJulia, works: result.works,
        trials: result.completed.trials, completed: result.completed.successes,
        lower: result.completed.lower, upper: result.completed.upper,
        cost: RemedyRow.Cost(wall: result.wall?.value, rss: result.peakRSS),
        seconds: result.seconds)
    }
    otherRemedies =
      showsRemedies ? Self.otherRemedies(diagnosis.verdict, isJulias: isJulias) : []
    self.notEstablished = notEstablished
    self.knownDefects = knownDefects
  }

  private static func otherRemedies(_ verdict: Verdict, isJulias: Bool) -> [String] {
    guard verdict == .hostMappingExhaustion else { return [] }
    let host =
      "on the host: sysctl vm.max_map_count=4194304, as gVisor's FAQ recommends, or the kvm platform "
      + "(not tried: parmat leaves the host as it is)"
    let avoiding =
      "precompile_workload = false in LocalPreferences.toml only avoids the work; it mends nothing"
    return isJulias ? [host, avoiding] : [host]
  }
}
