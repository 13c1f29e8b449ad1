/// What each hypothesis predicts for each experiment. Where it says nothing, either result fits it.
public struct Predictions: Sendable {
  /// Whether the baseline's malloc is glibc's: its arenas are what some experiments change.
  private let usesArenas: Bool

  public init(usesArenas: Bool) { self.usesArenas = usesArenas }

  public func prediction(of hypothesis: Hypothesis, for experiment: Experiment) -> Prediction? {
    if let prediction = Self.always[hypothesis]?[experiment] { return prediction }
    return usesArenas ? Self.withArenas[hypothesis]?[experiment] : nil
  }

  private static let always: [Hypothesis: [Experiment: Prediction]] = [
    .hostMappingExhaustion: [
      .baseline: .heals, .sham: .staysBroken, .largerStack: .crashes, .liftedLimit: .crashes,
    ],
    .lostProtectionChange: [
      .baseline: .noRelief, .sham: .noRelief, .largerStack: .crashes, .liftedLimit: .crashes,
    ],
    .allocationFailure: [
      .baseline: .staysBroken, .sham: .staysBroken, .liftedLimit: .completes,
      .largerStack: .crashes,
    ],
    .memoryLimit: [.baseline: .killed],
    .stackOverflow: [
      .baseline: .staysBroken, .sham: .staysBroken, .largerStack: .followsTheStack,
    ],
    .heapCorruption: [
      .baseline: .staysBroken, .sham: .staysBroken, .native: .crashes, .largerStack: .crashes,
      .liftedLimit: .crashes,
    ],
  ]

  /// Arenas grow by an mprotect a page; an arena that grows alone is one mapping on the host, and so
  /// are allocators that take their memory in large pieces.
  private static let withArenas: [Hypothesis: [Experiment: Prediction]] = [
    .hostMappingExhaustion: [
      .oneArena: .completes, .preGrownArenas: .completes, .native: .completes,
      .memfdAllocator: .heals,
      .otherAllocator: .completes, .bumpAllocator: .completes, .oneThread: .completes,
    ],
    // One arena alone is the main one, which grows by brk.
    .lostProtectionChange: [.oneArena: .completes, .bumpAllocator: .completes],
  ]
}
