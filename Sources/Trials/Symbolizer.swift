internal import FoundationEssentials
internal import Glibc

/// Function names, files and lines by `llvm-symbolizer`, which finds Debian's separate debug files
/// (`libc6-dbg`) by their build-ids.
public struct Symbolizer: Sendable {
  /// Where it is.
  public let path: String

  struct Query: Hashable, Sendable {
    let path: String
    let buildID: String
    let offset: Int
  }

  struct Symbol: Equatable, Sendable {
    let symbol: String
    let file: String?
    let line: Int?
  }

  /// The newest that is installed: by its plain name, or Debian's.
  public init?() {
    let folders = (environmentVariable("PATH") ?? "/usr/bin").split(separator: ":").map(String.init)
    let names = ["llvm-symbolizer"] + (14...21).reversed().map { "llvm-symbolizer-\($0)" }
    let candidates =
      names.flatMap { name in folders.map { "\($0)/\(name)" } }
      + (14...21).reversed().map { "/usr/lib/llvm-\($0)/bin/llvm-symbolizer" }
    guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
    self.path = path
  }

  /// What is known of each place; several symbols where functions were inlined, innermost first.
  /// Files that are not the build that was seen give none: a sandbox may have others at the same
  /// paths.
  func symbols(for queries: [Query]) -> [Query: [Symbol]] {
    var isSame: [String: Bool] = [:]
    let usable = queries.filter { query in
      let known = isSame[query.path]
      let same = known ?? (ObjectFile.buildID(of: query.path) == query.buildID)
      isSame[query.path] = same
      return same
    }
    guard !usable.isEmpty else { return [:] }
    let input = usable.map { "CODE \"\($0.path)\" 0x\(String($0.offset, radix: 16))\n" }.joined()
    guard
      let output = Tool.output(
        of: [path, "--output-style=JSON", "--inlines", "--demangle", "--relativenames"],
        input: Array(input.utf8))
    else { return [:] }
    var found: [Query: [Symbol]] = [:]
    let lines = output.split(separator: UInt8(ascii: "\n"))
    for (query, line) in zip(usable, lines) {
      guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else { continue }
      found[query] = answer.symbols
    }
    return found
  }

  private struct Answer: Decodable {
    struct Entry: Decodable {
      let functionName: String
      let fileName: String
      let line: Int

      enum CodingKeys: String, CodingKey {
        case functionName = "FunctionName"
        case fileName = "FileName"
        case line = "Line"
      }
    }
    let entries: [Entry]?

    enum CodingKeys: String, CodingKey { case entries = "Symbol" }

    var symbols: [Symbol] {
      (entries ?? []).filter { !$0.functionName.isEmpty }.map { entry in
        Symbol(
          symbol: SwiftName.demangled(entry.functionName),
          file: entry.fileName.isEmpty || entry.line == 0
            ? nil : entry.fileName.split(separator: "/").last.map(String.init),
          line: entry.line == 0 ? nil : entry.line)
      }
    }
  }
}
