/// A possible cause of a crash: what the experiments tell apart.
public enum Hypothesis: String, CaseIterable, Codable, Sendable {
  /// The host gives the address space no more mappings (vm.max_map_count).
  case hostMappingExhaustion = "host-mapping-exhaustion"
  /// An `mprotect` that was answered did not happen, or came late.
  case lostProtectionChange = "lost-protection-change"
  /// malloc returned NULL, and the program used it.
  case allocationFailure = "allocation-failure"
  /// Bytes ran out, and the kernel or the sandbox killed the program.
  case memoryLimit = "memory-limit"
  case stackOverflow = "stack-overflow"
  /// The program, or its allocator, writes where it must not; a race of its own among them.
  case heapCorruption = "heap-corruption"
}

/// What a diagnosis ends in. Scripts rely on the names.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case hostMappingExhaustion = "host-mapping-exhaustion"
  case lostProtectionChange = "lost-protection-change"
  case allocationFailure = "allocation-failure"
  case memoryLimit = "memory-limit"
  case stackOverflow = "stack-overflow"
  case heapCorruption = "heap-corruption"
  case refusedInput = "refused-input"
  case hang
  case notReproduced = "not-reproduced"
  case undecided
}
