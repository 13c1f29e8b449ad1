public import Trials

/// What became of the reproducer when it was tried, before anybody is sent it.
public struct ReproducerCheck: Sendable {
  public let sandboxCommand: String
  public let sandboxed: [Trial]
  public let native: [Trial]
  /// What the compiler calls itself.
  public let compiler: String

  public init(sandboxCommand: String, sandboxed: [Trial], native: [Trial], compiler: String) {
    self.sandboxCommand = sandboxCommand
    self.sandboxed = sandboxed
    self.native = native
    self.compiler = compiler
  }

  public var crashes: Int { sandboxed.count { $0.outcome == .crashed } }
  public var completions: Int { native.count { $0.outcome == .completed } }

  /// It does what the report says, every time.
  public var holds: Bool {
    !sandboxed.isEmpty && !native.isEmpty && crashes == sandboxed.count
      && completions == native.count
  }

  /// Lines of runsc's debug log that say why.
  public var debugLog: [String] { sandboxed.compactMap(\.sandboxLog).first { !$0.isEmpty } ?? [] }
}
