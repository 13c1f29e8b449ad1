internal import CLLVM
internal import CLLVMGaps
internal import Glibc

/// A module whose function bodies are still on disk: globals, initializers, aliases, attributes and
/// module-level metadata are read, bodies are not. What is dropped before `materializeAll` is never
/// read.
public struct LazyModule: ~Copyable {
  /// Everything but the bodies may be read and changed.
  public let module: Module

  /// Wraps `LLVMGetBitcodeModuleInContext2` (`llvm::getLazyBitcodeModule`) over the shared bytes,
  /// which have to outlive the module. `name` becomes the module's identifier.
  public init(
    _ bytes: SharedBytes, named name: String, in context: consuming Context
  ) throws(LLVMError) {
    var ref: LLVMModuleRef?
    // Takes the wrapper over, also where it fails.
    let buffer = bytes.makeBuffer(named: name)
    let failed = LLVMGetBitcodeModuleInContext2(context.ref, buffer, &ref) != 0
    guard !failed, let ref else {
      throw context.error(otherwise: "LLVM refuses it without saying why")
    }
    module = Module(taking: ref, in: context)
  }

  /// Reads every body that is left. Wraps `llvm::Module::materializeAll`, which also runs the
  /// verifier where there is debug info and aborts the process if it finds something.
  public func materializeAll() throws(LLVMError) {
    try Self.throwing(parmat_Module_materializeAll(module.ref))
  }

  /// The same, counting each function's blocks and instructions while its body is fresh in the
  /// cache. O(module).
  public func materializeAllAndCount() throws(LLVMError) -> FunctionSizes {
    let zeros = [UInt64](repeating: 0, count: module.functions.reduce(0) { count, _ in count + 1 })
    var sizes = FunctionSizes(basicBlocks: zeros, instructions: zeros)
    try Self.throwing(
      parmat_Module_materializeAllAndCount(
        module.ref, &sizes.basicBlocks, &sizes.instructions, &sizes.seconds))
    return sizes
  }

  private static func throwing(_ message: UnsafeMutablePointer<CChar>?) throws(LLVMError) {
    guard let message else { return }
    defer { free(message) }
    throw LLVMError(String(cString: message))
  }

  /// Reads every body that is left, one function at a time and by LLVM-C alone: running a function
  /// pass manager with no passes materializes the function it is given
  /// (`legacy::FunctionPassManager::run`). No verifier runs, and LLVM does not note that all is read.
  ///
  /// - Parameter afterEach: called after each body.
  public func materializeFunctions(afterEach: (() -> Void)? = nil) {
    let passes = LLVMCreateFunctionPassManagerForModule(module.ref)
    defer { LLVMDisposePassManager(passes) }
    for function in module.functions where function.isLazy {
      LLVMRunFunctionPassManager(passes, function.ref)
      afterEach?()
    }
  }

  /// The module, once its bodies are read.
  public consuming func materialized() -> Module { module }
}
