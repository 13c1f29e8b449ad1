/// One ingredient switched off, or one control. The names stand in trial records.
public enum Experiment: String, CaseIterable, Codable, Sendable {
  /// The workload as it was given, with relief.
  case baseline
  /// The same with nothing to release: retries, and no relief.
  case sham
  case largerStack = "larger-stack"
  case liftedLimit = "lifted-limit"
  case oneArena = "one-arena"
  /// Without the launcher.
  case native
  /// Natively, with host mappings used up as gVisor does: the positive control.
  case memfdAllocator = "lab-memfd"
  case preGrownArenas = "pre-grown-arenas"
  case otherAllocator = "other-allocator"
  /// Never frees, and grows without mprotect.
  case bumpAllocator = "lab-bump"
  /// One thread does the work of all: in a sandbox slower than everything else.
  case oneThread = "one-thread"

  /// The most telling first, the slowest last.
  public static let order = allCases

  /// What a reader is told of it.
  public var title: String {
    switch self {
    case .baseline: "baseline, relief"
    case .sham: "sham: nothing is released"
    case .largerStack: "a larger stack"
    case .liftedLimit: "RLIMIT_AS lifted"
    case .oneArena: "one malloc arena"
    case .preGrownArenas: "arenas grown 64 MiB at once"
    case .native: "natively"
    case .otherAllocator: "another allocator"
    case .bumpAllocator: "lab:bump"
    case .oneThread: "one thread, same total"
    case .memfdAllocator: "natively, a mapping a page"
    }
  }

  /// The ingredient that it takes away; nil for a control.
  public var removes: String? {
    switch self {
    case .baseline, .sham, .memfdAllocator: nil
    case .largerStack: "a stack of that size"
    case .liftedLimit: "the limit of the address space (RLIMIT_AS)"
    case .oneArena: "more than one malloc arena"
    case .preGrownArenas: "arenas that grow page by page"
    case .native: "the launcher"
    case .otherAllocator, .bumpAllocator: "the workload's own malloc"
    case .oneThread: "more than one thread"
    }
  }
}

/// What is expected of an experiment.
public enum Prediction: String, Codable, Sendable {
  /// It crashes, and each fault goes through once mappings are released.
  case heals
  /// It crashes, and no store goes through, whatever is tried.
  case staysBroken = "stays broken"
  /// It crashes, and releasing mappings heals no fault; a mere retry may.
  case noRelief = "no relief"
  case crashes
  case completes
  /// It completes, or the crash moves to the end of the larger stack.
  case followsTheStack = "follows the stack"
  /// It is ended from outside.
  case killed
}
