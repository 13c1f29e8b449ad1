public import ArgumentParser
internal import Glibc
public import Materialization

extension JuliaVersion: ExpressibleByArgument {}
extension Stage: ExpressibleByArgument {}
extension Materializer: ExpressibleByArgument {}
extension EmissionKind: ExpressibleByArgument {}
extension PartitionPlan.Ties: ExpressibleByArgument {}

/// How many threads: a number, or Julia's own rule.
enum ThreadChoice: ExpressibleByArgument, Equatable {
  case auto
  case count(Int)

  static let most = 1_000_000

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Int(argument), (1...Self.most).contains(count) {
      self = .count(count)
    } else {
      return nil
    }
  }
}

/// Bytes, with an optional K, M or G (powers of 1,024).
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
  let bytes: Int

  var description: String { bytes % (1 << 20) == 0 ? "\(bytes >> 20)M" : "\(bytes)" }

  init(bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    var digits = Substring(argument)
    var unit = 1
    if let last = digits.last, let factor = units[Character(last.uppercased())] {
      unit = factor
      digits.removeLast()
    }
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json, jsonl }
enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// Whose rules the plan follows, and how long reading may take.
struct RuleOptions: ParsableArguments {
  @Option(help: "Whose rules: 1.10, 1.11, 1.12 or 1.13.")
  var julia: JuliaVersion = .v111

  @Option(
    help: ArgumentHelp(
      "How equal weights are told apart: libstdc++ gives Julia's plan name by name, stable one "
        + "that can be redone by hand."))
  var ties: PartitionPlan.Ties = .libstdcxx

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Give up reading the module after so many seconds (default: 60 + 10 per MB).",
      valueName: "seconds"))
  var parseLimit: Double?

  func validate() throws {
    if let limit = parseLimit, !(limit >= 0.001 && limit <= 1e8) {
      throw ValidationError("--parse-limit takes a number of seconds from 0.001 to 1e8.")
    }
  }
}

/// What every command that reads a module takes.
struct ModuleOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("LLVM bitcode; - reads standard input.", valueName: "module"))
  var module: String

  @Option(
    name: .customLong("threads"), parsing: .unconditional,
    help: ArgumentHelp(
      "Worker threads, one shard each; auto takes Julia's rule (CPUs, module size, "
        + "JULIA_IMAGE_THREADS, JULIA_CPU_THREADS).",
      valueName: "N|auto"))
  var threads: ThreadChoice = .auto

  @OptionGroup var rules: RuleOptions

  /// The number of threads, and Julia's warnings on the way to it.
  func threadCount(for module: borrowing SourceModule) throws(Failure) -> ThreadCount {
    switch threads {
    case .count(let count): return ThreadCount(threads: count)
    case .auto:
      let count = ThreadCount(
        for: module.info, julia: rules.julia, cpus: ThreadCount.cpuCount(for: rules.julia),
        isCOFF: module.triple.contains("windows"), environment: environment())
      guard count.threads <= ThreadChoice.most else {
        throw Failure(
          .usage, "JULIA_IMAGE_THREADS asks for more than \(ThreadChoice.most) threads")
      }
      return count
    }
  }
}

/// What the workers are to do, and on which stacks.
struct WorkerOptions: ParsableArguments {
  @Flag(help: "Send even one worker through the lazy path: the fair reference for thread counts.")
  var alwaysSplit = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stack of each worker thread; takes K, M, G.", valueName: "bytes"))
  var stackSize: ByteSize = ByteSize(bytes: Emission.defaultStackSize)

  @Option(
    help: ArgumentHelp(
      "How bodies are read: module (Module::materializeAll) or functions (one by one, by LLVM-C)."))
  var materializer: Materializer = .module

  @Option(
    help: ArgumentHelp(
      "Last stage: deserialize, materialize, construct, optimize or emit (default: materialize; "
        + "emit where --emit asks for obj or asm)."))
  var stopAfter: Stage?

  func validate() throws {
    guard stackSize.bytes >= 16 << 10 else {
      throw ValidationError("--stack-size takes 16K or more (PTHREAD_STACK_MIN).")
    }
  }
}

/// How results are shown.
struct DisplayOptions: ParsableArguments {
  @Option(help: "text, json, or jsonl (one record a line).")
  var format: OutputFormat = .text

  @OptionGroup var colors: ColorOptions

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// Bold, where colour is wanted.
  func bold(_ text: String) -> String { colors.bold(text) }
}

/// Whether text is set off.
struct ColorOptions: ParsableArguments {
  @Option(help: "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.")
  var color: ColorChoice = .auto

  /// Bold, where colour is wanted.
  func bold(_ text: String) -> String {
    switch color {
    case .never: return text
    case .auto where !Output.isTerminal || environment()["NO_COLOR"]?.isEmpty == false: return text
    default: return "\u{1B}[1m\(text)\u{1B}[0m"
    }
  }
}

/// The process's environment.
func environment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = environ
  while let pointer = entry.pointee {
    let text = String(cString: pointer)
    if let equals = text.firstIndex(of: "=") {
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    entry += 1
  }
  return variables
}
