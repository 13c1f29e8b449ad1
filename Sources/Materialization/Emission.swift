/// How far each worker goes.
public enum Stage: String, CaseIterable, Sendable, Codable, Comparable {
  /// The module is loaded lazily: everything but bodies is read.
  case deserialize
  /// Foreign definitions are dropped, all others read (`materializePreserved`).
  case materialize
  /// Julia's tables are made, compile units renamed (`construct_vars`).
  case construct
  case optimize
  /// Objects or assembly are generated.
  case emit

  public static func < (a: Stage, b: Stage) -> Bool { a.order < b.order }
  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What a shard is written as.
public enum EmissionKind: String, CaseIterable, Sendable, Codable {
  case bc, obj, asm
}

/// How bodies are read.
public enum Materializer: String, CaseIterable, Sendable, Codable {
  /// `llvm::Module::materializeAll`, as Julia does.
  case module
  /// One function at a time, by LLVM-C's empty function pass manager.
  case functions
}

/// What the workers are to do with their shards.
public struct Emission: Sendable {
  public var julia: JuliaVersion
  public var materializer: Materializer
  public var stopAfter: Stage
  public var kinds: Set<EmissionKind>
  /// Bytes of stack of each worker thread.
  public var stackSize: Int
  /// Each body that is read one at a time leaves a mark for who traces the worker's `mprotect`.
  public var marksProgress = false

  /// 8 MiB: what libuv gives Julia's threads under the usual RLIMIT_STACK.
  public static let defaultStackSize = 8 << 20

  public init(
    julia: JuliaVersion = .v111, materializer: Materializer = .module,
    stopAfter: Stage = .materialize, kinds: Set<EmissionKind> = [],
    stackSize: Int = Emission.defaultStackSize
  ) {
    self.julia = julia
    self.materializer = materializer
    self.stopAfter = stopAfter
    self.kinds = kinds
    self.stackSize = stackSize
  }
}
