internal import Experiments
public import Trials

/// What `reproduce` prints: a block that a person can paste into an issue as it is.
public struct EvidenceBlock {
  private let environment: TrialEnvironment
  private let configuration: Configuration
  private let trials: [Trial]
  private let counts: TrialCounts

  public init(
    _ trials: [Trial], of configuration: Configuration, in environment: TrialEnvironment
  ) {
    self.trials = trials
    self.configuration = configuration
    self.environment = environment
    counts = TrialCounts(of: trials)
  }

  public var text: String {
    var block = headline + "\n"
    block += section("environment", environmentRows)
    block += section("command", [("", configuration.commandLine)])
    block += section("treatment", [("", treatment)])
    block += section("outcomes", outcomeRows)
    if let trial = trials.first(where: { $0.fault != nil }), let fault = trial.fault {
      block += FaultText(fault, of: trial).text
    }
    if let hang = trials.first(where: { $0.threads != nil }) {
      block += section("hang (trial \(hang.trial)), all threads when it was ended", [])
      for thread in hang.threads ?? [] { block += FaultText.threadLine(thread) }
    }
    for trial in trials {
      guard let lines = trial.sandboxLog, !lines.isEmpty else { continue }
      block += section(
        "runsc's debug log (trial \(trial.trial))", lines.prefix(8).map { ("", $0) })
      break
    }
    return block
  }

  private var headline: String {
    let crashes = counts.crashes
    let what =
      crashes.trials == 0
      ? "no trial of \(counts.trials) ran to an end of its own"
      : "\(crashes.successes) of \(crashes.trials) trials crashed (95 % interval "
        + "\(percent(crashes.lower)) to \(percent(crashes.upper)) %)"
    return "=== parmat \(environment.parmat): \(what)"
  }

  private var environmentRows: [(String, String)] {
    var rows = [
      (
        "kernel",
        "\(environment.kernel), \(environment.processors) CPUs, "
          + "\(fixed(Double(environment.memory) / 1_073_741_824, 1)) GiB"
      )
    ]
    if let runsc = environment.runsc {
      rows.append(("sandbox", "gVisor, \(runsc)\(platform)"))
    } else if environment.insideGVisor {
      rows.append(("sandbox", "gVisor, seen from inside: no view of the host"))
    }
    let llvm = environment.llvm.map { "LLVM \($0), " } ?? ""
    let malloc =
      configuration.allocator.name == "glibc" ? "" : ", allocator \(configuration.allocator.name)"
    rows.append(("libraries", "\(llvm)glibc \(environment.glibc)\(malloc)"))
    rows.append(
      (
        "limits",
        "vm.max_map_count \(environment.mapLimit.map(String.init) ?? "not visible"), stack "
          + "\(bytes(environment.stackLimit)), address space \(bytes(environment.addressSpaceLimit))"
      ))
    return rows
  }

  private var platform: String {
    if case .runsc(let runsc) = configuration.launcher, let platform = runsc.platform {
      return ", platform \(platform)"
    }
    return ""
  }

  private var treatment: String {
    let treatment = configuration.treatment
    guard treatment.onFault != .none else { return "no witness" }
    let reaction =
      switch treatment.onFault {
      case .none: ""
      case .record: "record only"
      case .retry: "retries, then the record"
      case .relieve: "retries, then relief"
      }
    let sham = treatment.reserve == 0 ? " (the sham treatment: nothing is released)" : ""
    let ballast =
      treatment.ballast == 0
      ? "no ballast" : "ballast of \(treatment.ballast) mappings, occupied before the workload"
    return "witness: \(reaction); reserve of \(treatment.reserve) mappings\(sham); \(ballast)"
  }

  private var outcomeRows: [(String, String)] {
    var rows = counts.outcomes.map { outcome, count in
      let reason = trials.first { $0.outcome == outcome }?.reason.map { " (\($0))" } ?? ""
      return (outcome.rawValue, "\(count) of \(counts.trials)\(reason)")
    }
    if let seconds = counts.medianSeconds {
      let peak = trials.compactMap(\.peakRSS).max().map {
        ", peak memory \(fixed(Double($0) / 1e6, 1)) MB"
      }
      rows.append(("took", "median \(fixed(seconds, 3)) s\(peak ?? "")"))
    }
    let peaks = trials.compactMap { $0.host?.peakMappings }
    if let least = peaks.min(), let most = peaks.max() {
      let limit = environment.mapLimit.map { ", limit \($0)" } ?? ""
      rows.append(
        (
          "host mappings",
          "peak \(least == most ? "\(most)" : "\(least) to \(most)") in one process\(limit)"
        ))
    }
    return rows
  }
}

/// A heading and its rows.
func section(_ heading: String, _ rows: [(String, String)]) -> String {
  let width = rows.map(\.0.count).max() ?? 0
  return "\n\(heading)\n"
    + rows.map { label, text in
      let space = String(repeating: " ", count: width - label.count + (width == 0 ? 0 : 2))
      return "  \(label)\(space)\(text)\n"
    }.joined()
}

func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

func percent(_ share: Double) -> String { fixed(share * 100, 0) }

/// A number with so many decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = Int((abs(value) * scale).rounded())
  let sign = value < 0 && rounded > 0 ? "-" : ""
  guard decimals > 0 else { return sign + String(rounded) }
  let digits = String(rounded % Int(scale))
  return "\(sign)\(rounded / Int(scale))."
    + String(repeating: "0", count: decimals - digits.count) + digits
}

func bytes(_ count: Int?) -> String {
  guard let count else { return "unlimited" }
  return "\(fixed(Double(count) / 1_048_576, 0)) MiB"
}
