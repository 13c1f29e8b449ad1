internal import Glibc
internal import SystemPackage

/// Counts the mappings of a trial's processes, as the host has them: natively the program's own, in a
/// sandbox those of its stub processes. The kernel's limit holds for each address space, so the
/// largest counts.
///
/// 65,000 lines take 33 ms to read. The sampler takes at most 3 % of one core: after a look that took
/// t seconds it waits at least t / 0.03.
public struct HostMappings {
  private let root: pid_t
  private let start: Double
  private var nextLook: Double
  private(set) var samples: [[Double]] = []
  private(set) var peak: Int?
  /// Bytes, of the largest process, at the last looks.
  private(set) var peakRSS: Int?
  private let buffer = SampleBuffer()

  private static let share = 0.03
  private static let shortestPause = 0.05

  /// - Parameter root: the trial's first process; it and its descendants are looked at.
  init(of root: pid_t, from start: Double) {
    self.root = root
    self.start = start
    nextLook = start + 0.02
  }

  /// Seconds until the next look.
  func pause(at time: Double) -> Double { max(0, nextLook - time) }

  /// Looks if it is time.
  mutating func look(at time: Double) {
    if time >= nextLook { look() }
  }

  /// Looks now: after a fault line.
  mutating func look() {
    let begin = now()
    var largest: Int?
    // Which processes there are is found out anew: a sandbox makes one for each address space.
    for process in Self.descendants(of: root) {
      if let count = buffer.countLines("/proc/\(process)/maps"), count > 0 {
        largest = max(largest ?? 0, count)
      }
      if let bytes = Self.peakRSS(of: "\(process)") { peakRSS = max(peakRSS ?? 0, bytes) }
    }
    let end = now()
    if let largest {
      peak = max(peak ?? 0, largest)
      samples.append([((begin - start) * 1000).rounded() / 1000, Double(largest)])
    }
    nextLook = end + max(Self.shortestPause, (end - begin) / Self.share)
  }

  /// `VmHWM` of /proc/PID/status, in bytes.
  public static func peakRSS(of process: String) -> Int? {
    guard let text = smallFile("/proc/\(process)/status"), let start = text.firstRange(of: "VmHWM:")
    else { return nil }
    let digits = text[start.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber }
    return Int(digits).map { $0 * 1024 }
  }

  /// A process and all below it, by /proc/PID/task/TID/children.
  static func descendants(of root: pid_t) -> [pid_t] {
    var found = [root]
    var next = 0
    while next < found.count, found.count < 4096 {
      let process = found[next]
      next += 1
      for thread in entries(of: "/proc/\(process)/task") {
        guard let text = smallFile("/proc/\(process)/task/\(thread)/children") else { continue }
        found += text.split(separator: " ").compactMap { pid_t($0) }
      }
    }
    return found
  }

  /// CPU time of a process and its descendants, of all their threads, children that were waited for
  /// among them: /proc/PID/stat's utime, stime, cutime and cstime.
  static func cpuSeconds(ofTree root: pid_t) -> Double {
    let ticks = descendants(of: root).reduce(0.0) { sum, process in
      guard let text = smallFile("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else {
        return sum
      }
      // Behind the name: state is the third field, utime the fourteenth.
      let fields = text[end...].split(separator: " ").dropFirst()
      return sum + fields.dropFirst(11).prefix(4).compactMap { Double($0) }.reduce(0, +)
    }
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Inside gVisor there is no host to be seen, only the guest's own account.
  static let limit: Int? =
    isInGVisor ? nil : smallFile("/proc/sys/vm/max_map_count").flatMap { Int($0) }

  /// What gVisor's kernel says of itself in all releases (pkg/sentry/syscalls/linux/linux64.go).
  public static let isInGVisor: Bool = {
    var name = utsname()
    guard uname(&name) == 0 else { return false }
    let version = withUnsafeBytes(of: &name.version) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return version.contains("Sun Jan 10 15:06:54 PST 2016")
  }()
}

/// Names in a folder of /proc.
private func entries(of path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name.first?.isNumber == true { names.append(name) }
  }
  return names
}

/// A small file's text without the line feed at its end.
func smallFile(_ path: String) -> String? {
  guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else {
    return nil
  }
  defer { try? file.close() }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = bytes.withUnsafeMutableBytes { (try? file.read(into: $0)) ?? 0 }
  var text = String(decoding: bytes[..<count], as: UTF8.self)
  while text.last?.isNewline == true { text.removeLast() }
  return text
}

/// Memory for looks at /proc/PID/maps.
private final class SampleBuffer {
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)

  deinit { memory.deallocate() }

  func countLines(_ path: String) -> Int? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    else { return nil }
    defer { try? file.close() }
    var lines = 0
    while let count = try? file.read(into: memory), count > 0 {
      lines += lineFeeds(in: count)
    }
    return lines
  }

  private func lineFeeds(in count: Int) -> Int {
    guard let start = memory.baseAddress else { return 0 }
    let end = start + count
    var found = 0
    var position = start
    while position < end, let next = memchr(position, 0x0A, end - position) {
      found += 1
      position = next + 1
    }
    return found
  }
}
