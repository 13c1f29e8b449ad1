internal import Glibc
internal import SystemPackage

/// What is seen of a trial while it runs.
struct Watch {
  let start: Double
  var stream: RecordStream
  var faults = FaultAssembly()
  var host: HostMappings
  var timedOut = false
  /// Seconds that all processes of the trial had used when the time was over; those that are killed
  /// by us are in nobody's accounts.
  var cpuAtTimeOut: Double = 0
  /// The first fault line came: the host's mappings are to be counted now.
  var wantsLook = false
  private(set) var faultSeconds: Double?
  private(set) var outputIsOpen = true
  private(set) var errorsAreOpen = true
  /// Our own worker's record.
  private(set) var output: [UInt8] = []
  /// The last of what the workload or its launcher said.
  private(set) var lastErrors: [UInt8] = []
  /// Of this process when the trial started, bytes.
  let ownPeakRSS: Int
  private let busyAtStart: Double?
  private var busyAtEnd: Double?
  private var pending: [UInt8] = []
  private let keepsOutput: Bool
  private let isQuiet: Bool

  private static let mostOutput = 64 << 20
  private static let mostErrors = 1 << 16

  init(_ child: pid_t, _ configuration: Configuration, token: String, start: Double) {
    self.start = start
    stream = RecordStream(token: token)
    host = HostMappings(of: child, from: start)
    ownPeakRSS = HostMappings.peakRSS(of: "self") ?? 0
    busyAtStart = Self.busySeconds
    keepsOutput = configuration.workload.entry == .ownWorker
    isQuiet = configuration.isQuiet
  }

  var isOpen: Bool { outputIsOpen || errorsAreOpen }

  mutating func readOutput(_ descriptor: FileDescriptor) {
    outputIsOpen = Self.read(descriptor) { bytes in
      if keepsOutput {
        if output.count < Self.mostOutput { output.append(contentsOf: bytes) }
      } else {
        // Results go to standard output, and these are the workload's, not ours.
        pass(bytes)
      }
    }
  }

  mutating func readErrors(_ descriptor: FileDescriptor) {
    errorsAreOpen = Self.read(descriptor) { use(stream.take($0)) }
  }

  /// Nothing came for a while: what is held is passed on.
  mutating func flush() {
    if stream.isHolding { use(stream.flush()) }
  }

  mutating func finish() {
    flush()
    // A reader that is slow has some seconds; one that does not read, no more.
    let deadline = now() + 5
    while isWriting && now() < deadline {
      writePending()
      if isWriting { usleep(5000) }
    }
    pending = []
    busyAtEnd = Self.busySeconds
  }

  /// What the rest of the machine used; what the supervisor itself takes is part of it.
  func otherCPU(than own: Double) -> Double? {
    guard let busyAtStart, let busyAtEnd else { return nil }
    return (max(0, busyAtEnd - busyAtStart - own) * 100).rounded() / 100
  }

  /// Of all processors together, since the start of the machine: /proc/stat's user, nice, system,
  /// irq and softirq.
  private static var busySeconds: Double? {
    guard !HostMappings.isInGVisor, let line = smallFile("/proc/stat")?.split(separator: "\n").first
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 7 else { return nil }
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6])
      / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private mutating func use(_ piece: RecordStream.Piece) {
    for record in piece.records {
      faults.add(record)
      if case .fault = record.content, faults.faultCount == 1 {
        wantsLook = true
        faultSeconds = ((now() - start) * 1000).rounded() / 1000
      }
    }
    guard !piece.passed.isEmpty else { return }
    piece.passed.withUnsafeBytes { pass($0) }
    lastErrors += piece.passed
    if lastErrors.count > 2 * Self.mostErrors {
      lastErrors.removeFirst(lastErrors.count - Self.mostErrors)
    }
  }

  /// False at the end.
  private static func read(
    _ descriptor: FileDescriptor, _ body: (UnsafeRawBufferPointer) -> Void
  ) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      guard let count = try? descriptor.read(into: buffer), count > 0 else { return false }
      body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      return true
    }
  }

  /// To our own standard error; whoever does not listen there loses nothing of the trial.
  private mutating func pass(_ bytes: UnsafeRawBufferPointer) {
    if isQuiet { return }
    pending.append(contentsOf: bytes)
    writePending()
  }

  /// Whether something waits for a reader of our own standard error.
  var isWriting: Bool { !pending.isEmpty }

  /// No more is read from a workload while nobody reads from us.
  var isFull: Bool { pending.count > 1 << 20 }

  /// Writes what can be written without waiting: a pipe that is ready takes 4,096 bytes (PIPE_BUF).
  mutating func writePending() {
    var written = 0
    defer { pending.removeFirst(written) }
    while written < pending.count {
      var polled = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
      guard poll(&polled, 1, 0) > 0 else { return }
      let piece = pending[written...].prefix(4096)
      let count = piece.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
      // Whoever does not listen there loses nothing of the trial.
      written += count > 0 ? count : pending.count - written
    }
  }
}
