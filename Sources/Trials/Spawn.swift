internal import CGlibcGaps
internal import CSpawn
internal import Glibc
internal import SystemPackage

/// A program that was started, in a process group of its own. swift-subprocess, whose Teardown is the
/// model for how it is ended, gives no resource usage; that and the parent's death are why this is
/// our own.
struct Child: ~Copyable {
  let pid: pid_t
  /// Read ends.
  let output: FileDescriptor
  let errors: FileDescriptor

  /// Starts `words`; the environment is this process's with `additions` in front.
  ///
  /// - Parameter input: standard input; nil is /dev/null.
  init(
    _ words: [String], additions: [(String, String)] = [], input: FileDescriptor? = nil
  ) throws(Errno) {
    let added = Set(additions.map(\.0))
    let kept = environmentEntries().filter { entry in
      !added.contains(String(entry.prefix { $0 != "=" }))
    }
    let null: FileDescriptor
    let output: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
    let errors: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
    let file = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    null = FileDescriptor(rawValue: file)
    output = try Self.pipe()
    errors = try Self.pipe()
    let arguments = words.map { strdup($0) } + [nil]
    let variables = (additions.map { "\($0.0)=\($0.1)" } + kept).map { strdup($0) } + [nil]
    var child = pid_t()
    let error = parmat_spawn(
      arguments, variables, (input ?? null).rawValue, output.writeEnd.rawValue,
      errors.writeEnd.rawValue, &child)
    for string in arguments + variables { free(string) }
    try? null.close()
    try? output.writeEnd.close()
    try? errors.writeEnd.close()
    guard error == 0 else {
      try? output.readEnd.close()
      try? errors.readEnd.close()
      throw Errno(rawValue: error)
    }
    pid = child
    self.output = output.readEnd
    self.errors = errors.readEnd
  }

  deinit {
    try? output.close()
    try? errors.close()
  }

  private static func pipe() throws(Errno) -> (readEnd: FileDescriptor, writeEnd: FileDescriptor) {
    var ends: [Int32] = [0, 0]
    let error = parmat_pipe(&ends)
    guard error == 0 else { throw Errno(rawValue: error) }
    return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
  }

  /// How it ended, if it has. Wraps `wait4`.
  func reap(waiting: Bool = false) -> Ending? {
    var status: Int32 = 0
    var usage = rusage()
    guard parmat_wait(pid, &status, waiting ? 1 : 0, &usage) == pid else { return nil }
    return Ending(status: status, usage: usage)
  }

  func signal(_ signal: Int32) { kill(pid, signal) }
  func signalGroup(_ signal: Int32) { kill(-pid, signal) }
}

/// How a program ended, and what it took.
struct Ending: Equatable, Sendable {
  /// nil where a signal ended it.
  let exit: Int?
  let signal: Int?
  /// Seconds, user and system, of it and all that it waited for.
  let cpu: Double
  /// Bytes, of the largest of them.
  let peakRSS: Int

  /// As wait(2) encodes it: the signal in the low seven bits, else the status above eight.
  init(status: Int32, usage: rusage) {
    let number = Int(status & 0x7F)
    signal = number == 0 ? nil : number
    exit = number == 0 ? Int(status >> 8 & 0xFF) : nil
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    peakRSS = usage.ru_maxrss * 1024
  }
}
