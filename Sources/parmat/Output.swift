internal import Glibc
internal import LLVMBitcode
internal import SystemPackage

/// Standard output and standard error. A result that cannot be written is an error, not a silence.
enum Output {
  /// Writes a result to stdout.
  static func write(_ text: String) throws(Failure) {
    try writing { file in _ = try file.writeAll(text.utf8) }
  }

  /// The same for bytes.
  static func write(_ bytes: SharedBytes) throws(Failure) {
    try writing { file in _ = try bytes.withUnsafeBytes { try file.writeAll($0) } }
  }

  private static func writing(_ write: (FileDescriptor) throws -> Void) throws(Failure) {
    do {
      try write(.standardOutput)
    } catch Errno.brokenPipe {
      // Whoever read has had enough (`parmat partition ... | head`).
      Glibc.exit(ExitStatus.done.rawValue)
    } catch {
      throw Failure(.cannotWrite, "cannot write to standard output: \(error)")
    }
  }

  /// Nothing is buffered; `--help` and `--version` go through the library's own print.
  static func flush() throws(Failure) {
    guard fflush(nil) == 0 else {
      throw Failure(.cannotWrite, "cannot write to standard output: \(Errno(rawValue: errno))")
    }
  }

  /// Writes a line to stderr. Where even that fails, only the exit status is left.
  static func complain(_ line: String) {
    var text = line + "\n"
    _ = text.withUTF8 { try? FileDescriptor.standardError.writeAll($0) }
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorsAreTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
