internal import LLVMBitcode

/// The optimizer's passes: Julia's outline at -O2 in stock LLVM's textual form. What Julia adds of
/// its own (AllocOpt, MultiVersioning, CPUFeatures, GC lowering, CombineMulAdd) is left out, and so
/// is what stock LLVM cannot name in all of the tested majors.
///
/// Not `default<O2>`: that has a general inliner and interprocedural passes, which lose much when a
/// module is split; Julia's has only AlwaysInliner, so that splitting loses almost nothing.
enum Pipeline {
  /// From 18 on the textual form ends the process where one iteration did not reach a fixpoint; the
  /// default pipelines ask for this form.
  private static let instCombine =
    LLVMLibrary.major >= 18 ? "instcombine<no-verify-fixpoint>" : "instcombine"

  static let passes = [
    "forceattrs,constmerge",
    "function(lower-expect,dce,simplifycfg,sroa)",
    "always-inline,function(float2int),strip-dead-prototypes",
    "function(sroa,\(instCombine),jump-threading,correlated-propagation,reassociate,early-cse)",
    "globaldce",
    // Loop group.
    "function(loop-mssa(loop-rotate,licm,simple-loop-unswitch<nontrivial>),irce,\(instCombine))",
    "function(simplifycfg,loop(indvars,loop-deletion,loop-unroll-full))",
    // Scalar group.
    "function(sroa,gvn,memcpyopt,sccp,correlated-propagation,dce,irce,\(instCombine))",
    "function(jump-threading,dse,simplifycfg,loop-distribute)",
    // Vector group.
    "function(loop-vectorize,loop-load-elim,slp-vectorizer,vector-combine,adce,loop-unroll)",
    "function(\(instCombine),simplifycfg,div-rem-pairs,gvn)",
  ].joined(separator: ",")
}
