internal import Glibc

/// Which malloc a workload gets, and how: by a preloaded library, by glibc's tunables, or both.
public struct Allocator: Equatable, Sendable {
  /// As it was asked for; a cell's key.
  public let name: String
  /// The library that is preloaded; nil for glibc's own.
  let library: String?
  let additions: [Variable]
  /// Somebody asked for it by name: then it has to serve malloc. Else a program may have its own.
  let isChosen: Bool

  struct Variable: Equatable, Sendable {
    let name: String
    let value: String
  }

  /// Whatever malloc a program comes with, glibc's as a rule.
  public static let glibc = Allocator(name: "glibc", library: nil, additions: [], isChosen: false)

  private init(name: String, library: String?, additions: [Variable], isChosen: Bool = true) {
    self.isChosen = isChosen
    self.name = name
    self.library = library
    self.additions = additions
  }

  /// `glibc`, `glibc:TUNABLE=VALUE:...` (values take K, M, G), `mimalloc`, `jemalloc`, `tcmalloc`,
  /// `lab:NAME`, or a path to a `.so`.
  ///
  /// - Parameter lab: where libparmat-lab.so is.
  public init(_ name: String, lab: String) throws(AllocatorProblem) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if name.contains("/") {
      try self.init(path: name)
    } else if parts[0] == "glibc" {
      try self.init(name, tunables: Array(parts.dropFirst()))
    } else if parts[0] == "lab", parts.count == 2 {
      guard Self.labNames.contains(parts[1]) else {
        throw AllocatorProblem(
          .usage, "the lab has no allocator '\(parts[1])'; it has \(Self.list(Self.labNames))")
      }
      guard access(lab, R_OK) == 0 else {
        throw AllocatorProblem(
          .missing, "the lab's library is missing (\(lab)); build it with swift build")
      }
      self.init(
        name: name, library: lab,
        additions: [Variable(name: "PARMAT_LAB", value: parts[1])])
    } else if let packaged = Self.packaged.first(where: { $0.name == name }) {
      guard let path = packaged.path else {
        throw AllocatorProblem(
          .missing, "\(name) is not installed; run: apt-get install \(packaged.package)")
      }
      self.init(name: name, library: path, additions: [])
    } else {
      throw AllocatorProblem(
        .usage,
        "there is no allocator '\(name)'; take glibc, glibc:TUNABLE=VALUE, mimalloc, jemalloc, "
          + "tcmalloc, lab:NAME, or a path to a .so")
    }
  }

  /// The preloaded library's path; nil for glibc's own.
  public var libraryPath: String? { library }

  public static let labNames = ["bump", "pagewise", "contiguous", "locked", "memfd", "racy"]

  /// Debian's packages.
  struct Packaged {
    let name: String
    let package: String
    let files: [String]

    var path: String? {
      let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib"]
      return folders.flatMap { folder in files.map { file -> String in "\(folder)/\(file)" } }
        .first { candidate in access(candidate, R_OK) == 0 }
    }
  }

  static let packaged = [
    Packaged(
      name: "mimalloc", package: "libmimalloc2.0",
      files: ["libmimalloc.so.2", "libmimalloc.so.2.0"]),
    Packaged(name: "jemalloc", package: "libjemalloc2", files: ["libjemalloc.so.2"]),
    Packaged(
      name: "tcmalloc", package: "libtcmalloc-minimal4",
      files: ["libtcmalloc_minimal.so.4", "libtcmalloc.so.4"]),
  ]

  /// Names of the packaged allocators, with where they are (nil: not installed) and what installs them.
  public static var installed: [(name: String, path: String?, package: String)] {
    packaged.map { ($0.name, $0.path, $0.package) }
  }

  private init(path: String) throws(AllocatorProblem) {
    guard access(path, R_OK) == 0 else {
      throw AllocatorProblem(
        .missing, "cannot read the allocator '\(path)': \(String(cString: strerror(errno)))")
    }
    guard let machine = ObjectFile.sharedObjectMachine(of: path) else {
      throw AllocatorProblem(.missing, "the allocator '\(path)' is no shared object")
    }
    guard machine == ObjectFile.x8664 else {
      throw AllocatorProblem(
        .missing, "the allocator '\(path)' is for another processor (ELF machine \(machine))")
    }
    // The loader and the workload may run in another folder.
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    self.init(name: path, library: resolved.map { String(cString: $0) } ?? path, additions: [])
  }

  /// `arena_max=1`, as `GLIBC_TUNABLES` has it: `glibc.malloc.arena_max=1`. glibc passes over what
  /// it does not know in silence, so that a wrong name is found here.
  private init(_ name: String, tunables: [String]) throws(AllocatorProblem) {
    var settings: [String] = []
    let known = Self.knownTunables
    for tunable in tunables {
      let parts = tunable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Self.number(parts[1]) else {
        throw AllocatorProblem(
          .usage, "'\(tunable)' is no tunable of glibc's malloc: take NAME=NUMBER")
      }
      guard known.isEmpty || known.contains(String(parts[0])) else {
        throw AllocatorProblem(
          .usage,
          "glibc has no tunable malloc.\(parts[0]); it has \(Self.list(known.sorted()))")
      }
      settings.append("glibc.malloc.\(parts[0])=\(value)")
    }
    self.init(
      name: name, library: nil,
      additions: settings.isEmpty
        ? [] : [Variable(name: "GLIBC_TUNABLES", value: settings.joined(separator: ":"))])
  }

  private static func number(_ text: Substring) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last, let factor = units[Character(last.uppercased())] else {
      return Int(text).flatMap { $0 < 0 ? nil : $0 }
    }
    guard let number = Int(text.dropLast()), number >= 0 else { return nil }
    let (value, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : value
  }

  /// What the loader itself lists; empty where it cannot be asked.
  private static let knownTunables: Set<String> = {
    guard let output = Tool.output(of: ["/lib64/ld-linux-x86-64.so.2", "--list-tunables"]) else {
      return []
    }
    let prefix = "glibc.malloc."
    return Set(
      String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line in
        line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count).prefix { $0 != ":" }) : nil
      })
  }()

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  /// Why `object`, which serves malloc in the workload, is not what was asked for; nil where it is.
  func complaint(aboutServing object: String) -> String? {
    guard isChosen else { return nil }
    func resolved(_ path: String) -> String {
      guard let text = realpath(path, nil) else { return path }
      defer { free(text) }
      return String(cString: text)
    }
    if let library {
      guard resolved(object) != resolved(library) else { return nil }
      return "\(library) was preloaded, but \(object) serves malloc"
    }
    guard !(object.split(separator: "/").last ?? "").hasPrefix("libc.so") else { return nil }
    return "glibc's malloc was asked for, but \(object) serves it (LD_PRELOAD?)"
  }
}

/// Why an allocator cannot be had.
public struct AllocatorProblem: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// There is no such name.
    case usage
    /// It is not here, or cannot be loaded.
    case missing
  }
  public let kind: Kind
  public let sentence: String

  init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}
