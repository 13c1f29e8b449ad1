/// The optimizer's passes: Julia's outline at -O2 in stock LLVM's textual form. What Julia adds of
/// its own (AllocOpt, MultiVersioning, CPUFeatures, GC lowering, CombineMulAdd) is left out, and so
/// is what stock LLVM cannot name in all of the tested majors.
///
/// Not `default<O2>`: that has a general inliner and interprocedural passes, which lose much when a
/// module is split; Julia's has only AlwaysInliner, so that splitting loses almost nothing.
enum Pipeline {
  static let passes = [
    "forceattrs,constmerge",
    "function(lower-expect,dce,simplifycfg,sroa)",
    "always-inline,function(float2int),strip-dead-prototypes",
    "function(sroa,instcombine,jump-threading,correlated-propagation,reassociate,early-cse)",
    "globaldce",
    // Loop group.
    "function(loop-mssa(loop-rotate,licm,simple-loop-unswitch<nontrivial>),irce,instcombine)",
    "function(simplifycfg,loop(indvars,loop-deletion,loop-unroll-full))",
    // Scalar group.
    "function(sroa,gvn,memcpyopt,sccp,correlated-propagation,dce,irce,instcombine)",
    "function(jump-threading,dse,simplifycfg,loop-distribute)",
    // Vector group.
    "function(loop-vectorize,loop-load-elim,slp-vectorizer,vector-combine,adce,loop-unroll)",
    "function(instcombine,simplifycfg,div-rem-pairs,gvn)",
  ].joined(separator: ",")
}
