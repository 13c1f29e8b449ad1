internal import CLLVM

/// An `llvm::LLVMContext` of one's own: types, constants and metadata of one module. Never shared
/// between threads; a module is parsed into it and takes it over.
///
/// What LLVM reports through the context is kept, not printed: without a handler an error ends the
/// process by `exit(1)` (`LLVMContext::diagnose`).
public struct Context: ~Copyable {
  let ref: LLVMContextRef
  private let diagnostics: Unmanaged<Diagnostics>

  /// Wraps `LLVMContextCreate`. `discardValueNames` drops the names of arguments, blocks and
  /// instructions as they are read (`LLVMContextSetDiscardValueNames`, Julia 1.12 on).
  public init(discardValueNames: Bool = false) {
    ref = LLVMContextCreate()
    diagnostics = Unmanaged.passRetained(Diagnostics())
    LLVMContextSetDiagnosticHandler(ref, collectDiagnostic, diagnostics.toOpaque())
    if discardValueNames { LLVMContextSetDiscardValueNames(ref, 1) }
  }

  deinit {
    LLVMContextDispose(ref)
    diagnostics.release()
  }

  /// The errors reported so far, in order; warnings and remarks are not kept.
  var errors: [String] { diagnostics._withUnsafeGuaranteedRef { $0.errors } }

  /// `fallback` where LLVM failed without a word.
  func error(otherwise fallback: String) -> LLVMError {
    LLVMError(errors.isEmpty ? fallback : errors.joined(separator: "; "))
  }
}

private final class Diagnostics {
  var errors: [String] = []
}

private func collectDiagnostic(
  _ diagnostic: LLVMDiagnosticInfoRef?, _ state: UnsafeMutableRawPointer?
) {
  guard let diagnostic, let state else { return }
  guard LLVMGetDiagInfoSeverity(diagnostic) == LLVMDSError else { return }
  // Further lines quote the source and point at a column.
  let text = takeMessage(LLVMGetDiagInfoDescription(diagnostic)).prefix { $0 != "\n" }
  Unmanaged<Diagnostics>.fromOpaque(state).takeUnretainedValue().errors.append(String(text))
}

/// A string that LLVM-C handed over: copied, and given back by `LLVMDisposeMessage`.
func takeMessage(_ message: UnsafeMutablePointer<CChar>?) -> String {
  guard let message else { return "" }
  defer { LLVMDisposeMessage(message) }
  return String(cString: message)
}
