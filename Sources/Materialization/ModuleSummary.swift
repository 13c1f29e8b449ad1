public import LLVMBitcode

/// What the partitioner has to know of a module: its definitions, their weights, and which of them
/// must stay together. A value: from here on planning needs no LLVM.
public struct ModuleSummary: Sendable {
  /// One definition, in the order of `llvm::Module::global_values()`.
  public struct Definition: Sendable, Equatable {
    public let kind: GlobalValue.Kind
    /// Linkage as the input had it, before promotion.
    public let linkage: Linkage
    public let weight: UInt64
    /// Whether the partitioner places it. Without a node a definition is in every shard
    /// (`alwaysinline` before Julia 1.12, `available_externally`) or is made anew in each
    /// (`llvm.used`).
    public let isNode: Bool
    /// Position in Julia's `jl_fvars` / `jl_gvars`.
    public let fvar: UInt32?
    public let gvar: UInt32?
  }

  /// Why two definitions must be in one shard.
  public struct Tie: Sendable, Equatable {
    public enum Reason: String, Sendable { case constant, comdat, associated, assembly }
    /// The definition whose address is needed, as an index into `definitions`.
    public let target: UInt32
    /// Who needs it, or another member of the same comdat group or assembly.
    public let user: UInt32
    public let reason: Reason
  }

  public internal(set) var info = ModuleInfo()
  public internal(set) var names = NameTable()
  public internal(set) var definitions: [Definition] = []
  /// In the order in which Julia merges: by target, then by use list.
  public internal(set) var ties: [Tie] = []
  /// A definition that module-level assembly mentions: the assembly goes where it goes.
  public internal(set) var assemblyAnchor: UInt32?
  /// How many entries Julia's tables have; nil where the module has no tables.
  public internal(set) var tableSizes: TableSizes?

  public struct TableSizes: Sendable, Equatable {
    public let fvars: Int
    public let gvars: Int
  }

  public init() {}

  /// Adds a definition by hand: for plans of modules that LLVM never saw.
  public mutating func append(name: String, _ definition: Definition) {
    var name = name
    name.withUTF8 { names.append(UnsafeRawBufferPointer($0)) }
    definitions.append(definition)
  }

  /// Ties two definitions by hand.
  public mutating func tie(_ target: Int, _ user: Int, _ reason: Tie.Reason = .constant) {
    ties.append(Tie(target: UInt32(target), user: UInt32(user), reason: reason))
  }
}
