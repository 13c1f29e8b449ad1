internal import Glibc
internal import LLVMBitcode
internal import SystemPackage

/// A file that a result goes to: whole or not at all.
enum ResultFile {
  /// Writes under a temporary name first and renames, so that a full disk leaves no half of a file. A
  /// link stays a link, a file keeps its mode; a device or a pipe is written to as it is. `-` is
  /// standard output.
  static func write(_ text: String, to path: String) throws {
    guard path != "-" else { return try Output.write(text) }
    try write(to: path) { _ = try $0.writeAll(text.utf8) }
  }

  /// The same for bytes.
  static func write(_ bytes: SharedBytes, to path: String) throws {
    guard path != "-" else { return try Output.write(bytes) }
    try write(to: path) { file in _ = try bytes.withUnsafeBytes { try file.writeAll($0) } }
  }

  /// Finds out whether one may write there, before the work that makes the result.
  static func check(_ path: String) throws {
    guard path != "-" else { return }
    var status = stat()
    let exists = stat(path, &status) == 0
    do {
      if exists && status.st_mode & S_IFMT == S_IFDIR { throw Errno.isDirectory }
      guard !exists || status.st_mode & S_IFMT == S_IFREG else { return }
      let temporary = temporary(exists ? resolved(path) : path)
      try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: .ownerReadWrite
      ).close()
      unlink(temporary)
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
  }

  private static func temporary(_ path: String) -> String { "\(path).\(getpid()).partial" }

  private static func write(
    to path: String, _ fill: (FileDescriptor) throws -> Void
  ) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    do {
      guard !exists || status.st_mode & S_IFMT == S_IFREG else {
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
        defer { try? file.close() }
        try fill(file)
        return
      }
      let mode = FilePermissions(rawValue: exists ? status.st_mode & 0o7777 : 0o644)
      try replace(exists ? resolved(path) : path, mode, fill)
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
  }

  private static func replace(
    _ path: String, _ mode: FilePermissions, _ fill: (FileDescriptor) throws -> Void
  ) throws {
    let temporary = temporary(path)
    do {
      let file = try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: mode)
      do {
        try fill(file)
        try file.close()
      } catch {
        try? file.close()
        throw error
      }
      guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }
}

/// What tells one version of a file from another; empty where it cannot be read.
func fileDigest(_ path: String) -> String {
  guard let bytes = try? trialBytes(path),
    let shared = try? SharedBytes(count: bytes.count, fill: { $0.copyBytes(from: bytes) })
  else { return "" }
  return shared.sha256
}
