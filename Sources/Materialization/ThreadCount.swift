internal import CGlibcGaps
internal import Glibc

/// How many threads Julia would take (`compute_image_thread_count`).
public struct ThreadCount: Sendable, Equatable {
  public let threads: Int
  /// Julia's own warnings about environment variables that it cannot read, in order.
  public let warnings: [String]

  /// - Parameters:
  ///   - info: the module's definitions and weight.
  ///   - cpus: what Julia takes for the number of CPUs, see ``cpuCount(for:)``.
  ///   - isCOFF: the target is Windows.
  ///   - environment: JULIA_IMAGE_THREADS and JULIA_CPU_THREADS are read.
  ///
  /// The order of the rules is Julia's; rules 1 (32-bit build) and 2 (`-time-passes`) cannot apply
  /// here.
  public init(
    for info: ModuleInfo, julia: JuliaVersion, cpus: Int, isCOFF: Bool,
    environment: [String: String]
  ) {
    var warnings: [String] = []
    func number(_ variable: String) -> Int? {
      guard let text = environment[variable] else { return nil }
      if let value = parseUnsigned(text), value > 0 { return value }
      warnings.append("WARNING: invalid value '\(text)' for \(variable)")
      return nil
    }

    if julia.limitsCOFFGlobals && isCOFF && info.globals > 64_000 {
      self.init(threads: 1, warnings: [])
      return
    }
    if info.weight < 1000 {
      self.init(threads: 1, warnings: [])
      return
    }
    var threads = max(cpus / 2, 1)
    threads = min(threads, info.globals / 100)
    if let images = number("JULIA_IMAGE_THREADS") {
      threads = images
    } else if threads > 1, let limit = number("JULIA_CPU_THREADS") {
      threads = min(threads, limit)
    }
    self.init(threads: max(threads, 1), warnings: warnings)
  }

  /// A number that was asked for.
  public init(threads: Int) {
    self.init(threads: threads, warnings: [])
  }

  private init(threads: Int, warnings: [String]) {
    self.threads = threads
    self.warnings = warnings
  }

  /// Online CPUs (`jl_cpu_threads`); from Julia 1.13 on not more than this process may run on
  /// (`jl_effective_threads`).
  public static func cpuCount(for julia: JuliaVersion) -> Int {
    let online = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
    guard julia.heedsAffinity else { return online }
    let allowed = Int(parmat_allowed_cpus())
    return allowed > 0 ? min(online, allowed) : online
  }
}

/// What `strtoul(text, &end, 10)` reads if it reads the whole text: white space and a sign may
/// stand before the digits, nothing after. More than an Int is as large as can be.
func parseUnsigned(_ text: String) -> Int? {
  var digits = Substring(text).drop { " \t\n\u{B}\u{C}\r".contains($0) }
  // strtoul wraps a negative number round to a huge one; nobody means that.
  if digits.first == "+" { digits.removeFirst() }
  guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
  return Int(digits) ?? Int.max
}
