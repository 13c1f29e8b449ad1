internal import CGlibcGaps
internal import Glibc

/// How far glibc's secondary arenas have grown, by `malloc_info`: pages that were made writable one
/// `mprotect` at a time.
struct ArenaGrowth: Sendable, Equatable {
  /// Arena number -> pages.
  private var pages: [Int: Int] = [:]

  init() {}

  /// The largest of both, arena by arena: workers end at different times.
  mutating func merge(_ other: ArenaGrowth) {
    pages.merge(other.pages) { max($0, $1) }
  }

  var total: Int { pages.values.reduce(0, +) }

  /// Whether glibc serves malloc in this process. Where another allocator does, glibc's own was never
  /// set up, and `malloc_info` would do that now, in several threads at once: it crashes
  /// (`ptmalloc_init` takes no lock).
  static var isMeasurable: Bool { objectPath(ofSymbol: "malloc")?.hasSuffix("/libc.so.6") ?? false }

  /// What is grown now; only where that is measurable.
  static func current() -> ArenaGrowth {
    var growth = ArenaGrowth()
    guard let text = parmat_malloc_info() else { return growth }
    defer { free(text) }
    growth.read(String(cString: text))
    return growth
  }

  /// `<heap nr="1">` ... `<aspace type="mprotect" size="4329472"/>` `<aspace type="subheaps"
  /// size="1"/>`: a heap starts with 132 KiB (HEAP_MIN_SIZE and its header's page) already writable.
  private mutating func read(_ xml: String) {
    for heap in xml.split(separator: "<heap nr=\"").dropFirst() {
      guard let number = Int(heap.prefix { $0 != "\"" }), number > 0 else { continue }
      guard let size = Self.size("mprotect", in: heap), let heaps = Self.size("subheaps", in: heap)
      else { continue }
      pages[number] = max(0, size - heaps * 132 * 1024) / 4096
    }
  }

  private static func size(_ type: String, in heap: Substring) -> Int? {
    let key = "<aspace type=\"\(type)\" size=\""
    guard let start = heap.firstRange(of: key)?.upperBound else { return nil }
    return Int(heap[start...].prefix { $0 != "\"" })
  }
}

/// Pages by which glibc's secondary arenas have grown in this process, by `malloc_info`; nil where
/// another allocator serves malloc.
public func arenaGrowthPages() -> Int? {
  ArenaGrowth.isMeasurable ? ArenaGrowth.current().total : nil
}

/// The object that serves a dynamic symbol in this process, links resolved; nil if none does.
/// Wraps `dlsym`, `dladdr` and `realpath`.
public func objectPath(ofSymbol name: String) -> String? {
  guard let path = parmat_object_of(name) else { return nil }
  guard let resolved = realpath(path, nil) else { return String(cString: path) }
  defer { free(resolved) }
  return String(cString: resolved)
}
