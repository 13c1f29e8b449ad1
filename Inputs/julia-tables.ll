; A module of the shape that Julia's image emission partitions (aotcompile.cpp, "text"), written by
; hand: internal functions, wrappers and lazy thunks, and the tables that name functions and
; variables by index. It is already lowered: no julia.* intrinsics, no address spaces.
;
; Typed pointers, for LLVM 14: llvm-as-14 writes julia-tables.bc of it, which newer LLVMs read.

target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-f80:128-S128-ni:10:11:12:13"
target triple = "x86_64-unknown-linux-gnu"

; What the loader fills in: constants, a type, a module and a symbol of the heap image.
@"jl_global#20" = internal global {}* null, !julia.constgv !0
@"jl_global#21" = internal global {}* null, !julia.constgv !0
@"jl_global#22" = internal global {}* null, !julia.constgv !0
@"+Core.Int64#23" = internal global {}* null, !julia.constgv !0
@"-Main#24" = internal global {}* null, !julia.constgv !0
@"jl_sym#negative#25" = internal global {}* null, !julia.constgv !0

; Strings, coefficients, and the caches of two calls into C libraries.
@_j_str_1 = internal unnamed_addr constant [6 x i8] c"hypot\00"
@_j_str_2 = internal unnamed_addr constant [5 x i8] c"labs\00"
@_j_const_1 = internal unnamed_addr constant [4 x double]
    [double 1.000000e+00, double -5.000000e-01, double 2.500000e-01, double -1.250000e-01]
@ccalllib_libm26 = internal global i8* null
@jlplt_hypot_15_got = internal global double (double, double)* @jlplt_hypot_15
@jlplt_labs_16_got = internal global i64 (i64)* @jlplt_labs_16

; Neither table is in the order of the module.
@jl_fvars = hidden constant [14 x i64*] [
    i64* bitcast (i64 (i64, i64)* @julia_gcd_3 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_gcd_4 to i64*),
    i64* bitcast (i64 (i64)* @julia_square_1 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_square_2 to i64*),
    i64* bitcast (i64 (i64)* @julia_collatz_5 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_collatz_6 to i64*),
    i64* bitcast (double (double*, i64)* @julia_norm_7 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_norm_8 to i64*),
    i64* bitcast (i64 (i64)* @julia_sum_squares_9 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_sum_squares_10 to i64*),
    i64* bitcast (double (double)* @julia_horner_11 to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @jfptr_horner_12 to i64*),
    i64* bitcast (i64 (i64, i64)* @"julia_+_13" to i64*),
    i64* bitcast ({}* ({}*, {}**, i32)* @"jfptr_+_14" to i64*)]
@jl_fvar_idxs = hidden constant [14 x i32]
    [i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12,
    i32 13]
@jl_gvars = hidden constant [6 x i64*] [
    i64* bitcast ({}** @"jl_sym#negative#25" to i64*),
    i64* bitcast ({}** @"jl_global#20" to i64*),
    i64* bitcast ({}** @"+Core.Int64#23" to i64*),
    i64* bitcast ({}** @"jl_global#22" to i64*),
    i64* bitcast ({}** @"-Main#24" to i64*),
    i64* bitcast ({}** @"jl_global#21" to i64*)]
@jl_gvar_idxs = hidden constant [6 x i32] [i32 0, i32 1, i32 2, i32 3, i32 4, i32 5]

; What @ccallable exports.
@parmat_gcd = alias i64 (i64, i64), i64 (i64, i64)* @jlcapi_gcd_17

declare {}* @ijl_box_int64(i64)
declare {}* @ijl_box_float64(double)
declare i8* @ijl_load_and_lookup(i8*, i8*, i8**)
declare void @ijl_throw({}*) #2
declare void @ijl_type_error({}*, {}*, {}*) #2
declare { i64, i1 } @llvm.sadd.with.overflow.i64(i64, i64)

; Compile unit of numbers.jl.

define internal i64 @julia_square_1(i64 %x) #0 !dbg !10 {
top:
  %product = mul i64 %x, %x, !dbg !30
  ret i64 %product, !dbg !30
}

define internal {}* @jfptr_square_2({}* %function, {}** %args, i32 %nargs) #0 !dbg !11 {
top:
  %boxed = load {}*, {}** %args, align 8, !dbg !31
  %pointer = bitcast {}* %boxed to i64*, !dbg !31
  %x = load i64, i64* %pointer, align 8, !dbg !31
  %value = call i64 @julia_square_1(i64 %x), !dbg !31
  %result = call {}* @ijl_box_int64(i64 %value), !dbg !31
  ret {}* %result, !dbg !31
}

define internal i64 @julia_gcd_3(i64 %a, i64 %b) #0 !dbg !12 {
top:
  %got.a = load atomic i64 (i64)*, i64 (i64)** @jlplt_labs_16_got unordered, align 8, !dbg !32
  %positive.a = call i64 %got.a(i64 %a), !dbg !32
  %positive.b = call i64 %got.a(i64 %b), !dbg !32
  br label %L1, !dbg !32
L1:
  %left = phi i64 [ %positive.a, %top ], [ %right, %L2 ]
  %right = phi i64 [ %positive.b, %top ], [ %rest, %L2 ]
  %done = icmp eq i64 %right, 0, !dbg !33
  br i1 %done, label %L3, label %L2, !dbg !33
L2:
  %rest = srem i64 %left, %right, !dbg !33
  br label %L1, !dbg !33
L3:
  ret i64 %left, !dbg !33
}

define internal {}* @jfptr_gcd_4({}* %function, {}** %args, i32 %nargs) #0 !dbg !13 {
top:
  %boxed.a = load {}*, {}** %args, align 8, !dbg !34
  %pointer.a = bitcast {}* %boxed.a to i64*, !dbg !34
  %a = load i64, i64* %pointer.a, align 8, !dbg !34
  %slot.b = getelementptr inbounds {}*, {}** %args, i64 1, !dbg !34
  %boxed.b = load {}*, {}** %slot.b, align 8, !dbg !34
  %pointer.b = bitcast {}* %boxed.b to i64*, !dbg !34
  %b = load i64, i64* %pointer.b, align 8, !dbg !34
  %value = call i64 @julia_gcd_3(i64 %a, i64 %b), !dbg !34
  %result = call {}* @ijl_box_int64(i64 %value), !dbg !34
  ret {}* %result, !dbg !34
}

; Steps of the Collatz sequence; it throws for what is not positive.
define internal i64 @julia_collatz_5(i64 %start) #0 !dbg !14 {
top:
  %negative = icmp slt i64 %start, 1, !dbg !35
  br i1 %negative, label %error, label %L1, !dbg !35
error:
  %exception = load {}*, {}** @"jl_sym#negative#25", align 8, !dbg !35
  call void @ijl_throw({}* %exception), !dbg !35
  unreachable, !dbg !35
L1:
  %number = phi i64 [ %start, %top ], [ %next, %L2 ]
  %steps = phi i64 [ 0, %top ], [ %more, %L2 ]
  %one = icmp eq i64 %number, 1, !dbg !36
  br i1 %one, label %L3, label %L2, !dbg !36
L2:
  %bit = and i64 %number, 1, !dbg !36
  %odd = icmp ne i64 %bit, 0, !dbg !36
  %half = ashr i64 %number, 1, !dbg !36
  %triple = mul i64 %number, 3, !dbg !36
  %up = add i64 %triple, 1, !dbg !36
  %next = select i1 %odd, i64 %up, i64 %half, !dbg !36
  %more = add i64 %steps, 1, !dbg !36
  br label %L1, !dbg !36
L3:
  ret i64 %steps, !dbg !36
}

define internal {}* @jfptr_collatz_6({}* %function, {}** %args, i32 %nargs) #0 !dbg !15 {
top:
  %boxed = load {}*, {}** %args, align 8, !dbg !37
  %pointer = bitcast {}* %boxed to i64*, !dbg !37
  %start = load i64, i64* %pointer, align 8, !dbg !37
  %value = call i64 @julia_collatz_5(i64 %start), !dbg !37
  %result = call {}* @ijl_box_int64(i64 %value), !dbg !37
  ret {}* %result, !dbg !37
}

; To be cloned for targets 1 and 2: it weighs three times as much.
define internal i64 @julia_sum_squares_9(i64 %count) #3 !dbg !16 {
top:
  %limit = call i64 @julia_clamp_18(i64 %count), !dbg !38
  br label %L1, !dbg !38
L1:
  %number = phi i64 [ 1, %top ], [ %next, %L2 ]
  %sum = phi i64 [ 0, %top ], [ %total, %L2 ]
  %done = icmp sgt i64 %number, %limit, !dbg !39
  br i1 %done, label %L3, label %L2, !dbg !39
L2:
  %square = call i64 @julia_square_1(i64 %number), !dbg !39
  %total = call i64 @"julia_+_13"(i64 %sum, i64 %square), !dbg !39
  %next = add i64 %number, 1, !dbg !39
  br label %L1, !dbg !39
L3:
  ret i64 %sum, !dbg !39
}

define internal {}* @jfptr_sum_squares_10({}* %function, {}** %args, i32 %nargs) #0 !dbg !17 {
top:
  %boxed = load {}*, {}** %args, align 8, !dbg !40
  %pointer = bitcast {}* %boxed to i64*, !dbg !40
  %count = load i64, i64* %pointer, align 8, !dbg !40
  %value = call i64 @julia_sum_squares_9(i64 %count), !dbg !40
  %result = call {}* @ijl_box_int64(i64 %value), !dbg !40
  ret {}* %result, !dbg !40
}

define internal i64 @"julia_+_13"(i64 %left, i64 %right) #0 !dbg !18 {
top:
  %pair = call { i64, i1 } @llvm.sadd.with.overflow.i64(i64 %left, i64 %right), !dbg !41
  %overflow = extractvalue { i64, i1 } %pair, 1, !dbg !41
  br i1 %overflow, label %error, label %pass, !dbg !41
error:
  %exception = load {}*, {}** @"jl_global#20", align 8, !dbg !41
  call void @ijl_throw({}* %exception), !dbg !41
  unreachable, !dbg !41
pass:
  %sum = extractvalue { i64, i1 } %pair, 0, !dbg !41
  ret i64 %sum, !dbg !41
}

; Checks its arguments' types, as wrappers of methods with loose signatures do.
define internal {}* @"jfptr_+_14"({}* %function, {}** %args, i32 %nargs) #0 !dbg !19 {
top:
  %boxed.left = load {}*, {}** %args, align 8, !dbg !42
  %header = bitcast {}* %boxed.left to {}**, !dbg !42
  %slot.type = getelementptr inbounds {}*, {}** %header, i64 -1, !dbg !42
  %type = load {}*, {}** %slot.type, align 8, !dbg !42
  %wanted = load {}*, {}** @"+Core.Int64#23", align 8, !dbg !42
  %same = icmp eq {}* %type, %wanted, !dbg !42
  br i1 %same, label %pass, label %error, !dbg !42
error:
  %module = load {}*, {}** @"-Main#24", align 8, !dbg !42
  call void @ijl_type_error({}* %module, {}* %wanted, {}* %boxed.left), !dbg !42
  unreachable, !dbg !42
pass:
  %pointer.left = bitcast {}* %boxed.left to i64*, !dbg !42
  %left = load i64, i64* %pointer.left, align 8, !dbg !42
  %slot.right = getelementptr inbounds {}*, {}** %args, i64 1, !dbg !42
  %boxed.right = load {}*, {}** %slot.right, align 8, !dbg !42
  %pointer.right = bitcast {}* %boxed.right to i64*, !dbg !42
  %right = load i64, i64* %pointer.right, align 8, !dbg !42
  %value = call i64 @"julia_+_13"(i64 %left, i64 %right), !dbg !42
  %result = call {}* @ijl_box_int64(i64 %value), !dbg !42
  ret {}* %result, !dbg !42
}

; In no table: it is inlined into every shard that calls it.
define internal i64 @julia_clamp_18(i64 %x) #1 !dbg !20 {
top:
  %above = icmp sgt i64 %x, 1000, !dbg !43
  %clamped = select i1 %above, i64 1000, i64 %x, !dbg !43
  ret i64 %clamped, !dbg !43
}

; What C calls by the alias.
define internal i64 @jlcapi_gcd_17(i64 %a, i64 %b) #0 !dbg !21 {
top:
  %value = call i64 @julia_gcd_3(i64 %a, i64 %b), !dbg !44
  ret i64 %value, !dbg !44
}

; Compile unit of reals.jl.

define internal double @julia_norm_7(double* %values, i64 %count) #0 !dbg !22 {
top:
  %empty = icmp slt i64 %count, 1, !dbg !45
  br i1 %empty, label %L2, label %L1, !dbg !45
L1:
  %index = phi i64 [ 0, %top ], [ %next, %L1 ]
  %norm = phi double [ 0.000000e+00, %top ], [ %longer, %L1 ]
  %slot = getelementptr inbounds double, double* %values, i64 %index, !dbg !45
  %value = load double, double* %slot, align 8, !dbg !45
  %got = load atomic double (double, double)*, double (double, double)** @jlplt_hypot_15_got
      unordered, align 8, !dbg !45
  %longer = call double %got(double %norm, double %value), !dbg !45
  %next = add nuw nsw i64 %index, 1, !dbg !45
  %done = icmp eq i64 %next, %count, !dbg !45
  br i1 %done, label %L2, label %L1, !dbg !45
L2:
  %result = phi double [ 0.000000e+00, %top ], [ %longer, %L1 ]
  ret double %result, !dbg !45
}

define internal {}* @jfptr_norm_8({}* %function, {}** %args, i32 %nargs) #0 !dbg !23 {
top:
  %boxed = load {}*, {}** %args, align 8, !dbg !46
  %vector = bitcast {}* %boxed to { double*, i64 }*, !dbg !46
  %slot.data = getelementptr inbounds { double*, i64 }, { double*, i64 }* %vector, i64 0, i32 0,
      !dbg !46
  %data = load double*, double** %slot.data, align 8, !dbg !46
  %slot.count = getelementptr inbounds { double*, i64 }, { double*, i64 }* %vector, i64 0, i32 1,
      !dbg !46
  %count = load i64, i64* %slot.count, align 8, !dbg !46
  %value = call double @julia_norm_7(double* %data, i64 %count), !dbg !46
  %result = call {}* @ijl_box_float64(double %value), !dbg !46
  ret {}* %result, !dbg !46
}

; A polynomial whose coefficients are a constant array.
define internal double @julia_horner_11(double %x) #0 !dbg !24 {
top:
  br label %L1, !dbg !47
L1:
  %index = phi i64 [ 3, %top ], [ %next, %L1 ]
  %value = phi double [ 0.000000e+00, %top ], [ %sum, %L1 ]
  %slot = getelementptr inbounds [4 x double], [4 x double]* @_j_const_1, i64 0, i64 %index,
      !dbg !47
  %coefficient = load double, double* %slot, align 8, !dbg !47
  %product = fmul double %value, %x, !dbg !47
  %sum = fadd double %product, %coefficient, !dbg !47
  %next = add nsw i64 %index, -1, !dbg !47
  %done = icmp eq i64 %index, 0, !dbg !47
  br i1 %done, label %L2, label %L1, !dbg !47
L2:
  ret double %sum, !dbg !47
}

; Gives constants of the heap image where the polynomial is no number, or nothing.
define internal {}* @jfptr_horner_12({}* %function, {}** %args, i32 %nargs) #0 !dbg !25 {
top:
  %boxed = load {}*, {}** %args, align 8, !dbg !48
  %pointer = bitcast {}* %boxed to double*, !dbg !48
  %x = load double, double* %pointer, align 8, !dbg !48
  %value = call double @julia_horner_11(double %x), !dbg !48
  %number = fcmp ord double %value, 0.000000e+00, !dbg !48
  br i1 %number, label %L1, label %nan, !dbg !48
nan:
  %not.a.number = load {}*, {}** @"jl_global#21", align 8, !dbg !48
  ret {}* %not.a.number, !dbg !48
L1:
  %zero = fcmp oeq double %value, 0.000000e+00, !dbg !48
  br i1 %zero, label %nothing, label %box, !dbg !48
nothing:
  %null = load {}*, {}** @"jl_global#22", align 8, !dbg !48
  ret {}* %null, !dbg !48
box:
  %result = call {}* @ijl_box_float64(double %value), !dbg !48
  ret {}* %result, !dbg !48
}

; Lazy thunks: the first call looks the C function up and puts it where the thunk was.

define internal double @jlplt_hypot_15(double %0, double %1) #0 {
top:
  %found = call i8* @ijl_load_and_lookup(i8* null,
      i8* getelementptr inbounds ([6 x i8], [6 x i8]* @_j_str_1, i64 0, i64 0),
      i8** @ccalllib_libm26)
  %hypot = bitcast i8* %found to double (double, double)*
  store atomic double (double, double)* %hypot, double (double, double)** @jlplt_hypot_15_got
      release, align 8
  %2 = musttail call double %hypot(double %0, double %1)
  ret double %2
}

define internal i64 @jlplt_labs_16(i64 %0) #0 {
top:
  %found = call i8* @ijl_load_and_lookup(i8* null,
      i8* getelementptr inbounds ([5 x i8], [5 x i8]* @_j_str_2, i64 0, i64 0),
      i8** @ccalllib_libm26)
  %labs = bitcast i8* %found to i64 (i64)*
  store atomic i64 (i64)* %labs, i64 (i64)** @jlplt_labs_16_got release, align 8
  %1 = musttail call i64 %labs(i64 %0)
  ret i64 %1
}

attributes #0 = { "frame-pointer"="all" }
attributes #1 = { alwaysinline "frame-pointer"="all" }
attributes #2 = { noreturn }
attributes #3 = { "frame-pointer"="all" "julia.mv.clones"="6" }

!llvm.module.flags = !{!1, !2, !3}
!llvm.dbg.cu = !{!4, !5}

!0 = !{}
!1 = !{i32 2, !"Dwarf Version", i32 4}
!2 = !{i32 2, !"Debug Info Version", i32 3}
; Behaviour 1 is Error: shards that are linked to one module again must not disagree.
!3 = !{i32 1, !"julia.mv.suffix", !"_0"}
!4 = distinct !DICompileUnit(language: DW_LANG_Julia, file: !6, producer: "julia",
    isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, nameTableKind: GNU)
!5 = distinct !DICompileUnit(language: DW_LANG_Julia, file: !7, producer: "julia",
    isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, nameTableKind: GNU)
!6 = !DIFile(filename: "numbers.jl", directory: ".")
!7 = !DIFile(filename: "reals.jl", directory: ".")
!8 = !DISubroutineType(types: !9)
!9 = !{null}
!10 = distinct !DISubprogram(name: "square;", file: !6, line: 1, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!11 = distinct !DISubprogram(name: "jfptr_square_2", file: !6, line: 1, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!12 = distinct !DISubprogram(name: "gcd;", file: !6, line: 5, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!13 = distinct !DISubprogram(name: "jfptr_gcd_4", file: !6, line: 5, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!14 = distinct !DISubprogram(name: "collatz;", file: !6, line: 13, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!15 = distinct !DISubprogram(name: "jfptr_collatz_6", file: !6, line: 13, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!16 = distinct !DISubprogram(name: "sum_squares;", file: !6, line: 23, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!17 = distinct !DISubprogram(name: "jfptr_sum_squares_10", file: !6, line: 23, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!18 = distinct !DISubprogram(name: "+;", file: !6, line: 30, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!19 = distinct !DISubprogram(name: "jfptr_+_14", file: !6, line: 30, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!20 = distinct !DISubprogram(name: "clamp;", file: !6, line: 34, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!21 = distinct !DISubprogram(name: "jlcapi_gcd_17", file: !6, line: 5, type: !8, spFlags: DISPFlagDefinition, unit: !4)
!22 = distinct !DISubprogram(name: "norm;", file: !7, line: 1, type: !8, spFlags: DISPFlagDefinition, unit: !5)
!23 = distinct !DISubprogram(name: "jfptr_norm_8", file: !7, line: 1, type: !8, spFlags: DISPFlagDefinition, unit: !5)
!24 = distinct !DISubprogram(name: "horner;", file: !7, line: 9, type: !8, spFlags: DISPFlagDefinition, unit: !5)
!25 = distinct !DISubprogram(name: "jfptr_horner_12", file: !7, line: 9, type: !8, spFlags: DISPFlagDefinition, unit: !5)
!30 = !DILocation(line: 1, scope: !10)
!31 = !DILocation(line: 1, scope: !11)
!32 = !DILocation(line: 6, scope: !12)
!33 = !DILocation(line: 8, scope: !12)
!34 = !DILocation(line: 5, scope: !13)
!35 = !DILocation(line: 14, scope: !14)
!36 = !DILocation(line: 17, scope: !14)
!37 = !DILocation(line: 13, scope: !15)
!38 = !DILocation(line: 24, scope: !16)
!39 = !DILocation(line: 26, scope: !16)
!40 = !DILocation(line: 23, scope: !17)
!41 = !DILocation(line: 31, scope: !18)
!42 = !DILocation(line: 30, scope: !19)
!43 = !DILocation(line: 34, scope: !20)
!44 = !DILocation(line: 5, scope: !21)
!45 = !DILocation(line: 3, scope: !22)
!46 = !DILocation(line: 1, scope: !23)
!47 = !DILocation(line: 11, scope: !24)
!48 = !DILocation(line: 9, scope: !25)
