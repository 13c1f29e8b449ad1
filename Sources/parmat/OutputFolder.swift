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
    // Whoever interrupts now gets whole files or none.
    let mask = SignalMask(holding: [SIGINT, SIGTERM, SIGHUP])
    defer { mask.restore() }
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

  /// Shards of another run that lie in the folder: linked together with these, they would define
  /// everything twice.
  func strangers(besides written: [String]) -> [String] {
    guard let entries = opendir(path.string) else { return [] }
    defer { closedir(entries) }
    let own = Set(written.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
    // `text#0.o` -> `text#`, `.o`
    func kind(_ name: String) -> String {
      name.prefix { $0 != "#" } + "#" + name.drop { $0 != "." }
    }
    let kinds = Set(own.map(kind))
    var found: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if kinds.contains(kind(name)) && !own.contains(name) { found.append(name) }
    }
    return found.sorted()
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

/// Signals that are held back for a while.
private struct SignalMask {
  private var before = sigset_t()

  init(holding signals: [Int32]) {
    var held = sigset_t()
    sigemptyset(&held)
    for signal in signals { sigaddset(&held, signal) }
    sigprocmask(SIG_BLOCK, &held, &before)
  }

  func restore() {
    var mask = before
    sigprocmask(SIG_SETMASK, &mask, nil)
  }
}
