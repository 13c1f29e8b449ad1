internal import Glibc
internal import LLVMBitcode
internal import Materialization
internal import SystemPackage

/// Where shards are written: under temporary names first, renamed only when all are whole, so that a
/// full disk or an interruption leaves no half of a file.
struct OutputFolder {
  private let path: FilePath

  /// Makes the folder if it is missing (not its parents), and finds out whether one may write there.
  init(_ path: String) throws {
    self.path = FilePath(path)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw Self.failure(path, Errno(rawValue: errno))
    }
    do {
      let probe = try FileDescriptor.open(
        temporary("probe"), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
      try probe.close()
      unlink(temporary("probe").string)
    } catch let error as Errno {
      throw Self.failure(path, error)
    }
  }

  /// Writes what the shards brought and returns the paths, in shard order.
  func write(_ shards: [ShardReport]) throws -> [String] {
    let files = shards.flatMap(files(of:))
    var renamed: [String] = []
    do {
      for (name, bytes) in files { try write(bytes, to: temporary(name)) }
      for (name, _) in files {
        let target = path.appending(name).string
        guard rename(temporary(name).string, target) == 0 else { throw Errno(rawValue: errno) }
        renamed.append(target)
      }
    } catch let error as Errno {
      for (name, _) in files { unlink(temporary(name).string) }
      for target in renamed { unlink(target) }
      throw Self.failure(path.string, error)
    }
    return renamed
  }

  /// Removes the folder if nothing is in it.
  func removeIfEmpty() { rmdir(path.string) }

  private func files(of shard: ShardReport) -> [(String, SharedBytes)] {
    let index = shard.index
    let candidates: [(String, SharedBytes?)] = [
      ("text_unopt#\(index).bc", shard.outputs.unopt), ("text_opt#\(index).bc", shard.outputs.opt),
      ("text#\(index).o", shard.outputs.obj), ("text#\(index).s", shard.outputs.asm),
    ]
    return candidates.compactMap { name, bytes in bytes.map { (name, $0) } }
  }

  private func write(_ bytes: SharedBytes, to file: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    do {
      _ = try bytes.withUnsafeBytes { try descriptor.writeAll($0) }
    } catch {
      try? descriptor.close()
      throw error
    }
    try descriptor.close()
  }

  private func temporary(_ name: String) -> FilePath {
    path.appending(".\(name).\(getpid()).partial")
  }

  private static func failure(_ path: String, _ error: Errno) -> Failure {
    Failure(.cannotWrite, "cannot write to '\(path)': \(error)")
  }
}
