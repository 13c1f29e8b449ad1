internal import Glibc

/// How glibc's secondary arenas grow while a workload runs natively, one `mprotect` after the other,
/// in the order in which the kernel saw them: what a sandbox makes host mappings of.
public struct GrowthSteps: Sendable {
  /// Bytes that all arena heaps have writable after each step.
  public let bytes: [Int]
  /// Of our own worker: how many functions had been materialized at each step.
  public let functions: [Int]
  public let allFunctions: Int

  /// From strace's lines. A heap begins with an `mprotect` at a multiple of its size
  /// (malloc/arena.c, HEAP_MAX_SIZE); all within it are its growth. Others, of thread stacks and of
  /// the loader, are not. An `mprotect` of no bytes is our worker's mark: one function more.
  ///
  /// - Complexity: O(text).
  public init(strace text: [UInt8]) {
    var bytes: [Int] = []
    var functions: [Int] = []
    var heaps: Set<UInt> = []
    var total = 0
    var marks = 0
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let call = Self.call(in: line) else { continue }
      if call.length == 0 {
        marks += 1
        continue
      }
      let heap = call.address & ~(Self.heapSize - 1)
      if call.address == heap && call.length < Self.heapSize { heaps.insert(heap) }
      guard heaps.contains(heap) else { continue }
      total += Int(call.length)
      bytes.append(total)
      functions.append(marks)
    }
    self.bytes = bytes
    self.functions = functions
    allFunctions = marks
  }

  private static let heapSize: UInt = 64 << 20

  /// `[pid 7] mprotect(0x7f8c40021000, 4096, PROT_READ|PROT_WRITE) = 0`, or an unfinished one.
  private static func call(in line: ArraySlice<UInt8>) -> (address: UInt, length: UInt)? {
    let name = Array("mprotect(".utf8)
    guard let open = line.firstIndex(of: name[name.count - 1]),
      open - name.count + 1 >= line.startIndex,
      line[(open - name.count + 1)...open].elementsEqual(name)
    else { return nil }
    let fields = line[(open + 1)...].split(separator: UInt8(ascii: ","), maxSplits: 2)
    guard fields.count == 3, fields[2].starts(with: Array(" PROT_READ|PROT_WRITE".utf8)) else {
      return nil
    }
    let address = String(decoding: fields[0], as: UTF8.self)
    let length = String(decoding: fields[1].dropFirst(), as: UTF8.self)
    guard let bytes = UInt(length) else { return nil }
    if address == "NULL" { return (0, bytes) }
    guard address.hasPrefix("0x"), let start = UInt(address.dropFirst(2), radix: 16) else {
      return nil
    }
    return (start, bytes)
  }

  /// Runs a configuration once, natively and without a witness, under strace.
  ///
  /// - Throws: one sentence, where that cannot be done.
  public static func measured(of configuration: Configuration) throws(GrowthStepsProblem)
    -> GrowthSteps
  {
    let strace = [
      "strace", "--seccomp-bpf", "-f", "-qq", "-e", "trace=mprotect", "-e", "signal=none",
    ]
    guard Tool.output(of: ["strace", "--version"], timeout: 10) != nil else {
      throw GrowthStepsProblem("strace is not installed; run: apt-get install strace")
    }
    var words = configuration.nativeWords
    if configuration.workload.marksProgress { words.append("--mark-progress") }
    guard let result = Tool.run(strace + words, timeout: configuration.timeout), !result.timedOut
    else { throw GrowthStepsProblem("the native run under strace came to no end") }
    // Inside a sandbox it may crash as the workload does, and is then half a measurement.
    guard result.exit == 0 else {
      throw GrowthStepsProblem("the run under strace did not complete")
    }
    let steps = GrowthSteps(strace: result.errors)
    guard !steps.bytes.isEmpty else {
      throw GrowthStepsProblem("natively no secondary arena grows")
    }
    return steps
  }
}

/// Why growth cannot be measured: a clause.
public struct GrowthStepsProblem: Error, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
