internal import CLLVM
internal import CLLVMGaps

/// An `llvm::Module` in a context of its own; both end with it.
///
/// Values handed out (`GlobalValue`) are references into the module: they must not be used after it.
public struct Module: ~Copyable {
  let ref: LLVMModuleRef
  let context: Context

  init(taking ref: LLVMModuleRef, in context: consuming Context) {
    self.ref = ref
    self.context = context
  }

  deinit {
    LLVMDisposeModule(ref)
  }

  /// What the verifier finds, nil if nothing. Wraps `LLVMVerifyModule`. O(module).
  public func verify() -> String? {
    var message: UnsafeMutablePointer<CChar>?
    let broken = LLVMVerifyModule(ref, LLVMReturnStatusAction, &message) != 0
    let text = takeMessage(message)
    return broken ? text : nil
  }

  /// Module block, symbol table and string table in one buffer, as Julia's serialize stage writes
  /// them. Wraps `LLVMWriteBitcodeToMemoryBuffer`.
  public func serialize() -> SharedBytes {
    SharedBytes(taking: LLVMWriteBitcodeToMemoryBuffer(ref))
  }

  /// The module as text IR. Wraps `LLVMPrintModuleToString`.
  public var text: String { takeMessage(LLVMPrintModuleToString(ref)) }

  /// The target triple; empty where the module names none.
  public var triple: String { LLVMGetTarget(ref).map { String(cString: $0) } ?? "" }

  /// Module-level inline assembly. Wraps `LLVMGetModuleInlineAsm` / `LLVMSetModuleInlineAsm2`.
  public var inlineAssembly: String {
    get {
      var length = 0
      guard let text = LLVMGetModuleInlineAsm(ref, &length) else { return "" }
      return String(
        decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
    }
    nonmutating set {
      var newValue = newValue
      newValue.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) {
          LLVMSetModuleInlineAsm2(ref, $0.baseAddress, $0.count)
        }
      }
    }
  }

  /// The symbols that module-level assembly speaks of. Wraps
  /// `llvm::ModuleSymbolTable::CollectAsmSymbols`; the targets have to be initialized.
  public var assemblySymbols: [AssemblySymbol] {
    final class Found { var symbols: [AssemblySymbol] = [] }
    let found = Found()
    parmat_ModuleSymbolTable_CollectAsmSymbols(
      ref,
      { name, length, flags, state in
        let found = Unmanaged<Found>.fromOpaque(state!).takeUnretainedValue()
        found.symbols.append(
          AssemblySymbol(
            name: String(
              decoding: UnsafeRawBufferPointer(start: name, count: length), as: UTF8.self),
            isDefined: flags & parmat_SF_Undefined == 0,
            isGlobal: flags & parmat_SF_Global != 0))
      }, Unmanaged.passUnretained(found).toOpaque())
    return found.symbols
  }

  /// How a module flag meets the same flag of another module when both are linked
  /// (`llvm::Module::ModFlagBehavior`).
  public enum FlagBehavior: UInt32, Sendable { case error = 1 }

  /// Adds or replaces a module flag. Wraps `llvm::Module::setModuleFlag`.
  public func setFlag(_ key: String, to value: String, behavior: FlagBehavior) {
    var value = value
    let metadata = value.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        LLVMMDStringInContext2(context.ref, $0.baseAddress, $0.count)
      }
    }
    parmat_Module_setModuleFlag(ref, behavior.rawValue, key, key.utf8.count, metadata)
  }

  /// Whether LLVM was built with threads. Wraps `LLVMIsMultithreaded`.
  public static var isMultithreaded: Bool { LLVMIsMultithreaded() != 0 }
}

/// A symbol of module-level assembly.
public struct AssemblySymbol: Sendable {
  public let name: String
  public let isDefined: Bool
  /// Bound globally, so that other objects see it.
  public let isGlobal: Bool
}
