internal import Glibc
internal import Materialization
internal import Synchronization

/// One line on a terminal's stderr that says how many workers have passed which stage, redrawn five
/// times a second by a thread of its own; on anything but a terminal there is none, and no thread.
final class ProgressDisplay: Sendable {
  private let ended = Atomic<Bool>(false)
  private let thread: Mutex<pthread_t>

  init?(of shards: [ShardProgress], _ display: DisplayOptions) {
    guard Output.errorsAreTerminal, !display.quiet else { return nil }
    thread = Mutex(pthread_t())
    let draw = Unmanaged.passRetained(Drawing(shards, self))
    var started = pthread_t()
    let error = pthread_create(
      &started, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Drawing>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, draw.toOpaque())
    guard error == 0 else {
      draw.release()
      return nil
    }
    thread.withLock { $0 = started }
  }

  /// A line that stands while the module is read and planned: the parser's guard keeps anything
  /// else from the terminal. Cleared by ``clear(_:)``.
  static func announce(_ text: String, _ display: DisplayOptions? = nil) {
    guard Output.errorsAreTerminal, display?.quiet != true else { return }
    write("\r\u{1B}[K\(text)")
  }

  static func clear(_ display: DisplayOptions? = nil) { announce("", display) }

  /// Straight to the terminal; what cannot be drawn is no loss.
  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Stops drawing and clears the line.
  func end() {
    ended.store(true, ordering: .relaxed)
    let thread = thread.withLock { $0 }
    pthread_join(thread, nil)
  }

  private final class Drawing: Sendable {
    private let shards: [ShardProgress]
    private let display: ProgressDisplay

    init(_ shards: [ShardProgress], _ display: ProgressDisplay) {
      self.shards = shards
      self.display = display
    }

    func run() {
      let start = nanoseconds()
      while !display.ended.load(ordering: .relaxed) {
        usleep(200_000)
        write("\r\u{1B}[K\(line), \((nanoseconds() - start) / 1_000_000_000) s")
      }
      write("\r\u{1B}[K")
    }

    private var line: String {
      let running = shards.map { $0.isFinished ? nil : $0.stage }
      let stages = Stage.allCases.compactMap { stage -> String? in
        let here = running.count { $0 == stage }
        return here > 0 ? "\(stage.rawValue) \(here)" : nil
      }
      let finished = shards.count { $0.isFinished }
      return (stages + ["done \(finished) of \(shards.count)"]).joined(separator: ", ")
    }

    private func nanoseconds() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
  }
}
