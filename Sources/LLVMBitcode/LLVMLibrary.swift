internal import CLLVM

/// The LLVM that this program was built against, and what it does when it gives up.
public enum LLVMLibrary {
  /// The version of the headers, such as `16.0.6`.
  public static var builtVersion: String { LLVM_VERSION_STRING }

  /// The major version of the headers.
  public static var major: Int { Int(LLVM_VERSION_MAJOR) }

  /// What LLVM calls before it would abort; nil restores the default, which prints `LLVM ERROR` and
  /// aborts. The handler must not return. Wraps `LLVMInstallFatalErrorHandler`.
  public static func setFatalErrorHandler(
    _ handler: (@convention(c) (UnsafePointer<CChar>?) -> Void)?
  ) {
    LLVMResetFatalErrorHandler()
    if let handler { LLVMInstallFatalErrorHandler(handler) }
  }
}
