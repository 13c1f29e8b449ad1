/// What a function is to Julia.
public enum FunctionKind: UInt8, Sendable, CaseIterable {
  /// `julia_*`: a method with its arguments as they are.
  case julia
  /// `jfptr_*`: takes boxed arguments, calls its `julia_*`, boxes the result.
  case jfptr
  /// `japi1_*`: a method that takes boxed arguments itself.
  case japi1
  /// `jlplt_*`: looks a C function up when it is called first, and puts it where itself was.
  case jlplt
  /// `tojlinvoke*`: calls a method that has no code.
  case tojlinvoke
  /// `julia_*` that is `alwaysinline`.
  case inlined
  /// The `julia_*` that calls the others, one after the other.
  case entry
}

/// One function, before its body is thought of.
public struct FunctionPlan: Sendable {
  public let kind: FunctionKind
  /// The method's name, by its place in a list.
  let word: Int
  /// The number that ends the name; unique.
  let number: Int
  /// Exactly as many as the body will have.
  public internal(set) var instructions: Int
  public internal(set) var blocks: Int
  /// 64-bit arguments (boxed ones of `japi1_*` too).
  public internal(set) var arity: Int
  /// Of the body and of its locations.
  let seed: UInt64
  /// `jfptr_*`: its `julia_*`. `jlplt_*`: the number of its variable. Else unused.
  let partner: Int
  /// Targets that it is to be cloned for, besides the first; 0 for none.
  public internal(set) var clones = 0

  /// What the partitioner will say.
  public var weight: Int { (1 + instructions + blocks) * (1 + clones) }

  /// Functions call functions of lower layers only (where the call is reached at all), so that no
  /// call tree is deep: each makes ``BodyPlanner/mostCalls`` of them at most.
  var layer: Int { Int(seed >> 56) % FunctionPlan.layers }
  static let layers = 4

  /// What may be called with numbers and gives a number.
  var isCallable: Bool { kind == .julia }
}
