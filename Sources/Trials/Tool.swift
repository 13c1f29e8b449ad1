internal import CGlibcGaps
internal import Glibc
internal import SystemPackage

/// Runs a program that helps (`llvm-symbolizer`, `runsc --version`) and takes what it prints.
public enum Tool {
  /// Standard output; nil where it cannot be started, fails, or takes longer than `timeout` seconds.
  public static func output(
    of words: [String], input: [UInt8] = [], timeout: Double = 60
  ) -> [UInt8]? {
    run(words, input: input, timeout: timeout).flatMap { $0.exit == 0 ? $0.output : nil }
  }

  public struct Result: Sendable {
    /// nil: ended by a signal, or by us.
    public let exit: Int?
    public let output: [UInt8]
    public let errors: [UInt8]
    public let timedOut: Bool
  }

  /// nil where it cannot be started.
  public static func run(
    _ words: [String], input: [UInt8] = [], timeout: Double = 60
  ) -> Result? {
    // In a memory file: nothing has to be written while the program runs.
    let file = parmat_memory_file("parmat-input")
    guard file >= 0 else { return nil }
    let memory = FileDescriptor(rawValue: file)
    defer { try? memory.close() }
    guard (try? memory.writeAll(input)) != nil, (try? memory.seek(offset: 0, from: .start)) != nil,
      let child = try? Child(words, input: memory)
    else { return nil }
    let deadline = now() + timeout
    var texts: [[UInt8]] = [[], []]
    var open = [true, true]
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { buffer.deallocate() }
    while open[0] || open[1] {
      let left = deadline - now()
      guard left > 0 else {
        child.signalGroup(SIGKILL)
        _ = child.reap(waiting: true)
        return Result(exit: nil, output: texts[0], errors: texts[1], timedOut: true)
      }
      var polled = [child.output, child.errors].enumerated().map { index, descriptor in
        pollfd(fd: open[index] ? descriptor.rawValue : -1, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&polled, 2, Int32(min(left, 3600) * 1000) + 1) > 0 else { continue }
      for index in 0..<2 where polled[index].revents != 0 {
        let descriptor = index == 0 ? child.output : child.errors
        let count = (try? descriptor.read(into: buffer)) ?? 0
        texts[index].append(contentsOf: buffer[..<count])
        open[index] = count > 0
      }
    }
    let ending = child.reap(waiting: true)
    return Result(exit: ending?.exit, output: texts[0], errors: texts[1], timedOut: false)
  }
}
