extension ModuleShape {
  /// Julia 1.11.7's system image just before it is partitioned, as it was measured with stock
  /// LLVM 16.0.6. What was counted stands here as it was counted; what can only be seen in sums
  /// (bits, allocations) was fitted, and says to what.
  static let juliaSysimage = ModuleShape(
    // 17,940 functions: 17,802 that are placed, and 138 alwaysinline, which weigh 5 each.
    functions: FunctionCounts(pairs: 8337, japi1: 766, jlplt: 335, other: 27, inlined: 138),
    // 16,415 variables, Julia's four tables besides.
    variables: VariableCounts(
      constants: 6987, bindings: 4794, objects: 3211, symbols: 735, caches: 353, gots: 335),
    // 4,101,897 instructions; the largest 179 functions hold 30 % of them.
    meanInstructions: 4_101_897.0 / 17_940,
    tail: 0.30,
    // Weights. Median 92 and maximum 34,241 are those of julia_*. The shares between follow from the
    // percentiles of all functions: above the median of 100 instructions there are only bodies, so
    // that p90 of all (1,780 functions above) is the share 1 - 1,780 / 9,103 = 0.804 of the bodies;
    // likewise p95 0.902, p99 0.9804, p99.9 0.998. What lies between them was set so that the sums
    // are right (4,197,558 and 297,013).
    bodySizes: Quantiles(points: [
      (0, 6), (0.077, 22), (0.25, 41), (0.5, 92), (0.7, 275), (0.804, 630), (0.902, 1125),
      (0.955, 2100), (0.9804, 3980), (0.992, 5600), (0.998, 13_000), (1, 34_900),
    ]),
    japi1Sizes: Quantiles(points: [
      (0, 8), (0.1, 22), (0.5, 92), (0.8, 390), (0.9, 850), (0.98, 3000), (1, 9131),
    ]),
    // Sum 121,310, median 13, maximum 95; p10 of all is 10.
    jfptrSizes: Quantiles(points: [
      (0, 7), (0.05, 10), (0.21, 10), (0.27, 13), (0.65, 13), (0.8, 16), (0.93, 21), (0.98, 28),
      (1, 95),
    ]),
    // 4,101,897 instructions in 501,943 blocks; jfptr_* have one block for 12.5.
    instructionsPerBlock: 8.13,
    locationShare: 0.9,
    // jfptr_* and prologues are 3.2 % of all.
    bodyLocations: 1.033,
    // 145,178 subprograms, 9,103 of them the bodies' own, for 3,990,000 instructions of bodies: one
    // for 29.3. Places are 2.5 times as many (bits of metadata blocks).
    instructionsPerInlining: 11.2,
    newInlineeShare: 0.387,
    // Fitted: function blocks are 53 % of the bits, most of what is not instructions in them changes
    // of the location (83 bits each).
    instructionsPerLine: 10,
    // Fitted together: attachments are 24 % of the bits, and of the requests 33 % are of up to 48
    // bytes, 19 % of 129 to 160, 34 % are freed again. An instruction with five nodes takes 145 bits
    // and, in LLVM 16, vectors of 48 (freed) and 112 bytes, 48 for a sort and 144 for a list in the
    // verifier (both freed); one with three 95 bits, 48 bytes and 32 (freed).
    loadTagShare: 0.71,
    storeTagShare: 0.3,
    // Fitted: value symbol tables are 9 % of the bits. Below 786,432 names in all, where LLVM's table
    // of names doubles; it would be 7 bytes more per unit of weight.
    nameShare: 0.065,
    blockNameShare: 1,
    // Julia's image is for one target and has no clones. One body in a hundred, below the median,
    // makes no difference that the tables could show.
    clonedShare: 0.01,
    hasAliases: false,
    // The 27 others weigh 50 at most.
    entryCalls: 10,
    // Fitted to the sizes of requests: an instruction takes 64 bytes and 32 an operand, address
    // computations and calls of one argument 144 and more, arithmetic 128, loads and casts 96.
    mix: OperationMix(
      arithmetic: 1, intrinsic: 2, overflow: 1, select: 1.5, narrow: 8, tableLoad: 3,
      stackStore: 6, stackLoad: 20, rootLoad: 10, rootStore: 9, rootRead: 8, thunkCall: 0.3,
      inlinedCall: 0.5, coldCall: 16, runtimeCall: 2, allocation: 6, jump: 12, undefinedGuard: 14,
      boundsGuard: 4, conditional: 12, cold: 22, diamond: 8, loop: 3))
}
