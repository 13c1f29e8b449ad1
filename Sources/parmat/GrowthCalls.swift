internal import Glibc
internal import Trials

/// How many `mprotect` calls a workload makes: glibc's own cannot be interposed, so that it is run
/// once more under strace, natively, and counted there.
struct GrowthCalls {
  private let isWanted: Bool
  private var known: [String: Int?] = [:]

  init(isWanted: Bool) { self.isWanted = isWanted }

  /// Before the first trial, not after it.
  static func checkTool() throws(Failure) {
    guard Tool.output(of: ["strace", "--version"], timeout: 10) != nil else {
      throw Failure(
        .unavailable, "--count-growths needs strace; run: apt-get install strace")
    }
  }

  /// Once for each command and allocator; nil where it is not wanted, or the run came to no end.
  mutating func count(of configuration: Configuration) throws -> Int? {
    guard isWanted else { return nil }
    var native = configuration
    native.launcher = .native
    native.treatment = Treatment(onFault: .none)
    let key = native.commandLine
    if let count = known[key] { return count }
    let count = try measure(native)
    known[key] = .some(count)
    return count
  }

  private func measure(_ configuration: Configuration) throws -> Int? {
    let words = ["strace", "--seccomp-bpf", "-f", "-c", "-e", "trace=mprotect"]
    guard let result = Tool.run(words + configuration.nativeWords, timeout: configuration.timeout)
    else { return nil }
    // `100.00  0.212  4  46634  mprotect`: the calls are the fourth column.
    let lines = String(decoding: result.errors, as: UTF8.self).split(separator: "\n")
    let columns = lines.last { $0.hasSuffix(" mprotect") }?.split(separator: " ") ?? []
    return columns.count >= 5 ? Int(columns[3]) : nil
  }
}
