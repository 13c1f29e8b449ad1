internal import Glibc

/// runsc's debug log: files that a trial adds to a folder, and the lines in them that explain a
/// crash.
struct SandboxLog {
  private let folder: String
  private let before: Set<String>

  init(in folder: String) {
    self.folder = folder
    before = Set(Self.files(in: folder))
  }

  private static let needles = [
    "Unhandled user fault", "cannot allocate memory", "panic:", "fatal error:",
    "Uncaught signal",
  ]
  /// A crash of many threads says the same many times.
  private static let most = 40

  /// What the trial's own files say.
  func lines() -> [String] {
    var found: [String] = []
    var shortages: [String] = []
    for name in Self.files(in: folder).sorted() where !before.contains(name) {
      guard let stream = fopen("\(folder)/\(name)", "re") else { continue }
      defer { fclose(stream) }
      var line: UnsafeMutablePointer<CChar>?
      var capacity = 0
      defer { free(line) }
      while getline(&line, &capacity, stream) > 0, let bytes = line {
        // A log has millions of lines: what cannot be telling is not made a string.
        guard Self.needles.contains(where: { strstr(bytes, $0) != nil }) else { continue }
        let text = String(cString: bytes)
        // The witness's own drills, which fault on purpose.
        if text.contains("addr=8 ") { continue }
        let shown = String(text.prefix { !$0.isNewline }.prefix(400))
        if text.contains("cannot allocate memory") {
          if shortages.count < Self.most { shortages.append(shown) }
        } else if found.count < Self.most {
          found.append(shown)
        }
      }
    }
    // What explains the crash first.
    return Array((shortages + found).prefix(Self.most))
  }

  private static func files(in folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.first != "." { names.append(name) }
    }
    return names
  }
}
