/// What a workload is started by.
public enum Launcher: Equatable, Sendable {
  case native
  case runsc(Runsc)
  /// Words that stand before the command: `docker run --runtime=runsc ...`, `strace -f ...`.
  case prefix([String])

  /// gVisor's `runsc do`: the host's files, read-only, with an overlay.
  public struct Runsc: Equatable, Sendable {
    /// `ptrace`, `kvm`, `systrap`; nil leaves it to runsc.
    public var platform: String?
    public var path = "runsc"
    public var flags: [String] = []
    /// Where runsc's debug log goes.
    public var debugLog: String?

    public init(platform: String? = nil) { self.platform = platform }

    /// Everything before the command.
    public var words: [String] {
      var words = [path]
      if let platform { words.append("--platform=\(platform)") }
      words.append("--network=none")
      if let debugLog { words += ["--debug", "--debug-log=\(debugLog)/"] }
      return words + flags + ["do"]
    }
  }

  /// `native`, `runsc`, `runsc:PLATFORM`, or a prefix command in shell words.
  public init(_ text: String) throws(LauncherProblem) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch parts.first {
    case "native" where parts.count == 1: self = .native
    case "runsc" where parts.count == 1: self = .runsc(Runsc())
    case "runsc" where !parts[1].isEmpty && parts[1].allSatisfy({ $0.isLetter || $0.isNumber }):
      self = .runsc(Runsc(platform: String(parts[1])))
    default:
      let words: [String]
      do throws(ShellWords.Problem) {
        words = try ShellWords.split(text)
      } catch {
        switch error {
        case .unbalancedQuote(let quote):
          throw LauncherProblem("has a \(quote) that is not closed")
        case .trailingBackslash: throw LauncherProblem("ends with a backslash")
        }
      }
      guard let first = words.first, !first.isEmpty else {
        throw LauncherProblem("is empty; it takes native, runsc[:PLATFORM] or a prefix command")
      }
      self = .prefix(words)
    }
  }

  /// As a cell's key.
  public var name: String {
    switch self {
    case .native: "native"
    case .runsc(let runsc): runsc.platform.map { "runsc:\($0)" } ?? "runsc"
    case .prefix(let words): ShellWords.join(words)
    }
  }

  /// Words before the command; empty natively.
  public var words: [String] {
    switch self {
    case .native: []
    case .runsc(let runsc): runsc.words
    case .prefix(let words): words
    }
  }

  public var isRunsc: Bool {
    if case .runsc = self { true } else { false }
  }
}

/// Why a text is no launcher: the end of a sentence that begins with it.
public struct LauncherProblem: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
