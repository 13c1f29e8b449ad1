internal import CGlibcGaps
internal import Glibc

/// What this machine is, and what it allows.
public enum HostLimits {
  /// vm.max_map_count; nil inside gVisor, which does not tell its host's.
  public static var maxMapCount: Int? { HostMappings.limit }

  public static var isInGVisor: Bool { HostMappings.isInGVisor }

  /// `Linux 6.1.0 x86_64`
  public static var kernel: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
  }

  public static var glibc: String { String(cString: parmat_glibc_version()) }

  public static var processors: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Bytes.
  public static var memory: Int {
    Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Bytes; nil for no limit.
  public static var stackLimit: Int? { limit(RLIMIT_STACK) }
  public static var addressSpaceLimit: Int? { limit(RLIMIT_AS) }

  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur == rlim_t.max ? nil : Int(clamping: limit.rlim_cur)
  }

  /// The first line of `runsc --version`; nil where it does not run.
  public static func runscVersion(_ path: String) -> String? {
    Tool.output(of: [path, "--version"], timeout: 10).flatMap {
      String(decoding: $0, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
  }
}
