/// Whose rules the replica follows. Each property is one difference between releases; the text
/// names the change in Julia.
public enum JuliaVersion: String, CaseIterable, Sendable, Codable, Comparable {
  case v110 = "1.10"
  case v111 = "1.11"
  case v112 = "1.12"
  case v113 = "1.13"

  public static func < (a: JuliaVersion, b: JuliaVersion) -> Bool { a.order < b.order }

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// `alwaysinline` functions are nodes of the partitioner; foreign shards keep their bodies for
  /// inlining (commit 882f9401ec).
  var partitionsAlwaysInline: Bool { self >= .v112 }

  /// `inlinehint` functions are kept for inlining as well.
  var keepsInlineHint: Bool { self >= .v113 }

  /// Values lose their names as they are read (#56702).
  var discardsValueNames: Bool { self >= .v112 }

  /// COFF images of more than 64,000 globals take one thread (#50874, removed by #59736).
  var limitsCOFFGlobals: Bool { self <= .v111 }

  /// The number of CPUs heeds the affinity mask (#59916).
  var heedsAffinity: Bool { self >= .v113 }

  /// x86-64 Linux images use the medium code model (#53391).
  var usesMediumCodeModel: Bool { self >= .v111 }

  /// Function tables are absolute pointers and variable tables are offsets (#52865).
  var hasPointerTables: Bool { self >= .v111 }

  /// Variables with a DLL storage class do not become dso_local.
  var heedsDLLStorage: Bool { self >= .v111 }

  /// Each shard carries converters for bfloat16 too.
  var convertsBFloat16: Bool { self >= .v111 }

  /// Compile units without debug info are renamed too (#59649).
  var renamesNoDebugUnits: Bool { self >= .v113 }
}
