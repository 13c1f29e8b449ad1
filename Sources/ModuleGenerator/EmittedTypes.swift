internal import LLVMBitcode

/// The types of generated modules. A boxed number is a pointer to it; where LLVM's pointers have types
/// (14) each is to what it points at, so that no instruction is a cast.
struct EmittedTypes {
  let void: IRType
  let number: IRType
  let int32: IRType
  let byte: IRType
  /// A boxed number, or any object.
  let box: IRType
  /// The array of boxed arguments.
  let boxes: IRType
  /// `julia_*` of 0, 1, 2, 3 numbers.
  let numeric: [IRType]
  /// `jfptr_*`, `japi1_*`, `tojlinvoke*`: function, arguments, their count.
  let boxed: IRType
  let thunk: IRType
  let thunkPointer: IRType

  init(_ module: borrowing ModuleBuilder) {
    let number = module.integer(64)
    void = module.void
    self.number = number
    int32 = module.integer(32)
    byte = module.integer(8)
    box = module.pointer(to: number)
    boxes = module.pointer(to: box)
    var numeric: [IRType] = []
    for arity in 0...3 {
      numeric.append(
        module.function([IRType](repeating: number, count: arity), returning: number))
    }
    self.numeric = numeric
    boxed = module.function([box, boxes, int32], returning: box)
    thunk = numeric[1]
    thunkPointer = module.pointer(to: thunk)
  }
}

/// What Julia's run-time library gives; declared, and defined by whoever links the module.
struct RuntimeLibrary {
  let undefined: IRFunction
  let boundsError: IRFunction
  let queueRoot: IRFunction
  let allocate: IRFunction
  let boxNumber: IRFunction
  let invoke: IRFunction
  let lookUp: IRFunction

  init(_ module: borrowing ModuleBuilder, _ types: EmittedTypes) {
    let noReturn = module.attribute(enum: "noreturn")
    let pointerToByte = module.pointer(to: types.byte)
    let raise = module.addFunction(
      "ijl_undefined_var_error", module.function([types.box], returning: types.void))
    raise.add(noReturn)
    let bounds = module.addFunction(
      "ijl_bounds_error_int", module.function([types.box, types.number], returning: types.void))
    bounds.add(noReturn)
    undefined = IRFunction(raise)
    boundsError = IRFunction(bounds)
    queueRoot = IRFunction(
      module.addFunction(
        "ijl_gc_queue_root", module.function([types.box], returning: types.void)))
    allocate = IRFunction(
      module.addFunction(
        "ijl_gc_pool_alloc_instrumented",
        module.function(
          [types.box, types.int32, types.int32, types.box], returning: types.box)))
    boxNumber = IRFunction(
      module.addFunction(
        "ijl_box_int64", module.function([types.number], returning: types.box)))
    invoke = IRFunction(
      module.addFunction(
        "ijl_invoke",
        module.function([types.box, types.boxes, types.int32, types.box], returning: types.box)))
    lookUp = IRFunction(
      module.addFunction(
        "ijl_load_and_lookup",
        module.function(
          [pointerToByte, pointerToByte, module.pointer(to: types.thunkPointer)],
          returning: types.thunkPointer)))
  }
}

/// LLVM's own functions that bodies call.
struct Intrinsics {
  /// By `IntegerIntrinsic`'s numbers.
  let integers: [IRFunction]
  let addWithOverflow: IRFunction
  let memset: IRFunction

  init(_ module: borrowing ModuleBuilder, _ types: EmittedTypes) {
    var integers: [IRFunction] = []
    for intrinsic in IntegerIntrinsic.allCases {
      integers.append(module.intrinsic(intrinsic.name, overloads: [types.number]))
    }
    self.integers = integers
    addWithOverflow = module.intrinsic("llvm.sadd.with.overflow", overloads: [types.number])
    memset = module.intrinsic("llvm.memset", overloads: [types.box, types.number])
  }
}

/// What functions carry.
struct FunctionAttributes {
  let framePointer: IRAttribute
  let probeStack: IRAttribute
  let alwaysInline: IRAttribute
  /// For one more target, and for two.
  let clones: [IRAttribute]

  init(_ module: borrowing ModuleBuilder) {
    framePointer = module.attribute("frame-pointer", "all")
    probeStack = module.attribute("probe-stack", "inline-asm")
    alwaysInline = module.attribute(enum: "alwaysinline")
    // A set of targets, in hexadecimal; bit 0 is not used.
    clones = [module.attribute("julia.mv.clones", "2"), module.attribute("julia.mv.clones", "6")]
  }
}
