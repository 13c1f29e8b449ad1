internal import Glibc
internal import SystemPackage
internal import Trials

/// Where trial lines go (`--export-jsonl`): opened before the first trial, each written at once, so
/// that no finished trial is lost.
struct TrialExport {
  private let file: FileDescriptor
  private let path: String

  init(_ path: String) throws {
    self.path = path
    guard path != "-" else {
      file = .standardOutput
      return
    }
    do {
      file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
  }

  /// Appends to a file, of which only the first bytes are kept.
  init(_ path: String, keeping count: Int) throws {
    self.path = path
    do {
      file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      guard ftruncate(file.rawValue, off_t(count)) == 0 else { throw Errno(rawValue: errno) }
      try file.seek(offset: 0, from: .end)
    } catch let error as Errno {
      throw Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
    }
  }

  func append(_ trial: Trial) throws {
    let line = try json(trial, lines: true)
    guard path != "-" else { return try Output.write(line) }
    do {
      try file.writeAll(line.utf8)
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
