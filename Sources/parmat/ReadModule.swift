internal import CWitness
internal import Glibc
internal import LLVMBitcode
internal import Materialization
internal import SystemPackage

/// A module that was read, and where it came from.
struct Input: ~Copyable {
  let path: String
  let bytes: SharedBytes
  let module: SourceModule
  let times: SourceTimes
}

/// Reads and verifies a module, and hands it to `body` to be planned and serialized. Until then
/// everything that goes wrong is the input's fault: one sentence, exit status 65. (The verifier
/// passes modules that LLVM's own bitcode writer dies of, such as constants nested a hundred
/// thousand deep.) Standard error leads nowhere as long as `body` runs.
///
/// - Parameter limit: seconds after which this is given up; nil takes 60 s + 10 s per MB.
func withModule<Result: ~Copyable>(
  _ path: String, limit: Double?, _ body: (consuming Input) throws -> Result
) throws -> Result {
  let bytes = try readBytes(path)
  if let complaint = bytes.withUnsafeBytes(complaint(about:)) { throw unusable(path, complaint) }

  let seconds = limit ?? 60 + 10 * Double(bytes.count) / 1e6
  // LLVM takes up to 30 bytes of heap for a byte of bitcode; a broken file can ask for all there is.
  let memory = UInt64(2 << 30) + 64 * UInt64(bytes.count)
  let name = String(path.map { $0.isNewline ? " " : $0 })
  let error = parmat_guard_begin(name, seconds, memory, ExitStatus.unusableInput.rawValue)
  guard error == 0 else {
    throw Failure(.unavailable, "cannot guard the parser: \(Errno(rawValue: error))")
  }
  LLVMLibrary.setFatalErrorHandler { parmat_guard_fail($0) }
  defer {
    LLVMLibrary.setFatalErrorHandler(nil)
    parmat_guard_end()
  }
  var times = SourceTimes()
  do {
    let module = try SourceModule(bytes, named: path, times: &times)
    return try body(Input(path: path, bytes: bytes, module: module, times: times))
  } catch let error as Failure {
    throw error
  } catch {
    throw unusable(path, "\(error)")
  }
}

func unusable(_ path: String, _ reason: String) -> Failure {
  Failure(.unusableInput, "cannot read '\(path)': \(reason)")
}

/// The whole file; `-` is standard input.
private func readBytes(_ path: String) throws -> SharedBytes {
  do {
    guard path != "-" else { return try readStream(.standardInput, path) }
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    defer { try? file.close() }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw unusable(path, "it is a directory")
    case S_IFREG: break
    default: return try readStream(file, path)
    }
    return try SharedBytes(count: Int(status.st_size)) { buffer in
      var filled = 0
      while filled < buffer.count {
        let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        guard count > 0 else { throw unusable(path, "it became shorter while it was read") }
        filled += count
      }
    }
  } catch let error as Errno {
    throw unusable(path, error.description.lowercasingFirst)
  } catch let error as LLVMError {
    throw unusable(path, "\(error)")
  }
}

/// Fifty times Julia's own system image.
private let mostOfStream = 4 << 30

private func readStream(_ file: FileDescriptor, _ path: String) throws -> SharedBytes {
  var collected: [UInt8] = []
  let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
  defer { chunk.deallocate() }
  while case let count = try file.read(into: chunk), count > 0 {
    collected.append(contentsOf: chunk[..<count])
    // What is no bitcode may have no end (/dev/zero).
    if collected.count == count, count >= 4,
      let complaint = chunk[..<count].withUnsafeBytes(complaint(about:))
    {
      throw unusable(path, complaint)
    }
    guard collected.count <= mostOfStream else {
      throw unusable(path, "it has no end within \(mostOfStream >> 30) GiB")
    }
  }
  return try SharedBytes(count: collected.count) { $0.copyBytes(from: collected) }
}

/// What can be told from the first bytes; LLVM's own words for these are no help.
private func complaint(about buffer: UnsafeRawBufferPointer) -> String? {
  if buffer.isEmpty { return "the file is empty" }
  let raw: [UInt8] = [0x42, 0x43, 0xC0, 0xDE]
  let wrapped: [UInt8] = [0xDE, 0xC0, 0x17, 0x0B]
  if buffer.starts(with: raw) || buffer.starts(with: wrapped) { return nil }
  let head = String(decoding: buffer.prefix(4096), as: UTF8.self)
  if ["; ModuleID", "source_filename", "target triple", "define "].contains(where: head.contains) {
    return "it is LLVM's text form; make bitcode of it with llvm-as"
  }
  let magic = buffer.prefix(4).map { padded(String($0, radix: 16), 2).replacingSpaces }.joined()
  return "not LLVM bitcode (magic \(magic)); expected 4243c0de"
}

extension String {
  /// `No such file or directory` within a sentence.
  fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
  fileprivate var replacingSpaces: String { String(map { $0 == " " ? "0" : $0 }) }
}
