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
