/// A trace in Chrome's JSON object format, which Perfetto (ui.perfetto.dev) and chrome://tracing
/// open: a lane for each thread with its spans, and counters beside them. The format: "Trace Event
/// Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
///
/// Whatever is handed in, what comes out can be drawn: within a lane, begins and ends balance, times
/// ascend, and no span overlaps another.
public struct ChromeTrace: Sendable {
  /// What a thread did from one moment to another, in seconds since the start.
  public struct Span: Sendable {
    public let name: String
    public let start: Double
    public let end: Double

    public init(_ name: String, from start: Double, to end: Double) {
      self.name = name
      self.start = start
      self.end = end
    }
  }

  /// A thread.
  public struct Lane: Sendable {
    public let name: String
    public let spans: [Span]

    public init(_ name: String, _ spans: [Span]) {
      self.name = name
      self.spans = spans
    }
  }

  /// A number over time.
  public struct Counter: Sendable {
    public let name: String
    /// Seconds since the start.
    public let samples: [(seconds: Double, value: Double)]

    public init(_ name: String, _ samples: [(seconds: Double, value: Double)]) {
      self.name = name
      self.samples = samples
    }
  }

  /// A moment: a crash.
  public struct Instant: Sendable {
    public let name: String
    public let seconds: Double
    /// Whose moment it is, as an index of `lanes`; nil for the whole process's.
    public let lane: Int?

    public init(_ name: String, at seconds: Double, lane: Int? = nil) {
      self.name = name
      self.seconds = seconds
      self.lane = lane
    }
  }

  private let process: String
  private let lanes: [Lane]
  private let counters: [Counter]
  private let instants: [Instant]

  /// The trace has one process; any number is as good as another.
  private static let pid = 1

  /// - Parameter process: the name above the lanes.
  public init(
    process: String, lanes: [Lane], counters: [Counter] = [], instants: [Instant] = []
  ) {
    self.process = process
    self.lanes = lanes
    self.counters = counters
    self.instants = instants
  }

  /// JSON, an event a line; times are microseconds.
  /// - Complexity: O(n log n) in spans and samples.
  public var text: String {
    let events = names + lanes.indices.flatMap(spans) + counters.flatMap(samples) + instantEvents
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
      + events.joined(separator: ",\n") + "\n]}\n"
  }

  /// Threads are numbered from 1, in the order of the lanes: 0 is the process itself.
  private var names: [String] {
    [metadata("process_name", thread: 0, "\"name\":\(quoted(process))")]
      + lanes.indices.flatMap { lane in
        [
          metadata("thread_name", thread: lane + 1, "\"name\":\(quoted(lanes[lane].name))"),
          metadata("thread_sort_index", thread: lane + 1, "\"sort_index\":\(lane)"),
        ]
      }
  }

  private func metadata(_ kind: String, thread: Int, _ arguments: String) -> String {
    "{\"ph\":\"M\",\"name\":\"\(kind)\",\"pid\":\(Self.pid),\"tid\":\(thread),"
      + "\"args\":{\(arguments)}}"
  }

  /// A span that begins before the last one has ended is cut at that end: stages follow each other,
  /// and clocks that were read by different threads may disagree by a little.
  private func spans(of lane: Int) -> [String] {
    let sorted = lanes[lane].spans.compactMap { span -> (name: String, start: Int, end: Int)? in
      guard let start = microseconds(span.start), let end = microseconds(span.end) else {
        return nil
      }
      return (span.name, start, end)
    }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    var events: [String] = []
    var free = 0
    for span in sorted {
      let start = max(span.start, free)
      free = max(span.end, start)
      events.append(event("B", span.name, at: start, thread: lane + 1))
      events.append(event("E", span.name, at: free, thread: lane + 1))
    }
    return events
  }

  private func samples(of counter: Counter) -> [String] {
    counter.samples.compactMap { sample -> (time: Int, value: Double)? in
      guard let time = microseconds(sample.seconds), sample.value.isFinite else { return nil }
      return (time, sample.value)
    }.sorted { $0.time < $1.time }.map { time, value in
      // Whole numbers without a fraction: these are counts.
      let number = Int(exactly: value).map(String.init) ?? value.description
      return event("C", counter.name, at: time, thread: 0, ",\"args\":{\"value\":\(number)}")
    }
  }

  private var instantEvents: [String] {
    instants.compactMap { instant in
      guard let time = microseconds(instant.seconds) else { return nil }
      guard let lane = instant.lane, lanes.indices.contains(lane) else {
        return event("i", instant.name, at: time, thread: 0, ",\"s\":\"p\"")
      }
      return event("i", instant.name, at: time, thread: lane + 1, ",\"s\":\"t\"")
    }
  }

  private func event(
    _ phase: String, _ name: String, at time: Int, thread: Int, _ more: String = ""
  ) -> String {
    "{\"ph\":\"\(phase)\",\"name\":\(quoted(name)),\"pid\":\(Self.pid),\"tid\":\(thread),"
      + "\"ts\":\(time)\(more)}"
  }
}

/// nil for what is no time; before the start is the start, and after 30,000 years is then.
private func microseconds(_ seconds: Double) -> Int? {
  seconds.isNaN ? nil : Int((min(max(seconds, 0), 1e12) * 1e6).rounded())
}

/// A JSON string (RFC 8259, section 7).
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
