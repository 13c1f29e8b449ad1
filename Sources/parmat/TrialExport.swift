internal import Glibc
internal import SystemPackage
internal import Trials

/// Where trial lines go (`--export-jsonl`): opened before the first trial, each written at once, so
/// that no finished trial is lost.
struct TrialExport {
  private let file: FileDescriptor
  private let path: String

  /// A new file, or one that is written anew.
  init(_ path: String) throws {
    try self.init(locking: path)
    guard path != "-" else { return }
    try keep(0, endingLine: false)
  }

  /// A file as it is. One that another parmat writes is refused: two would garble it.
  init(locking path: String) throws {
    self.path = path
    guard path != "-" else {
      file = .standardOutput
      return
    }
    do {
      file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
    if flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      throw Failure(.cannotWrite, "cannot write to '\(path)': another parmat is writing it")
    }
  }

  /// Keeps only the first bytes; a last line without its end gets one.
  func keep(_ count: Int, endingLine: Bool) throws {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    guard ftruncate(file.rawValue, off_t(count)) == 0 else {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(Errno(rawValue: errno))")
    }
    if endingLine { try write("\n") }
  }

  func append(_ trial: Trial) throws {
    let line = try json(trial, lines: true)
    guard path != "-" else { return try Output.write(line) }
    try write(line)
  }

  private func write(_ text: String) throws {
    do {
      try file.writeAll(text.utf8)
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
  }
}

/// The bytes of a file of trial records; `-` is standard input.
///
/// - Parameter orEmpty: a file that does not exist has none.
func trialBytes(_ path: String, orEmpty: Bool = false) throws -> [UInt8] {
  do {
    let file =
      path == "-"
      ? FileDescriptor.standardInput : try FileDescriptor.open(FilePath(path), .readOnly)
    defer { if path != "-" { try? file.close() } }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(file.rawValue, &status) == 0 { bytes.reserveCapacity(Int(status.st_size)) }
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
    defer { chunk.deallocate() }
    while case let count = try file.read(into: chunk), count > 0 {
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  } catch Errno.noSuchFileOrDirectory where orEmpty {
    return []
  } catch let error as Errno {
    throw Failure(.unusableInput, "cannot read '\(path)': \(error)")
  }
}
