internal import ArgumentParser
internal import Experiments
internal import Glibc
internal import LLVMBitcode
internal import Reports
internal import SystemPackage
internal import Trials

/// Whom a report is for.
enum Upstream: String, ExpressibleByArgument, CaseIterable {
  case gvisor, julia, llvm, glibc
}

/// A folder with what an upstream can act on, made of a diagnosis's recorded trials. What it claims is
/// tried before anything is written.
struct UpstreamBundle {
  private let upstream: Upstream
  private let trials: [Trial]
  private let runsc: String

  /// How often the reproducer is tried, in the sandbox and natively.
  private static let checks = 5

  init(for upstream: Upstream, _ trials: [Trial], runsc: String) {
    self.upstream = upstream
    self.trials = trials
    self.runsc = runsc
  }

  /// The paths of what was written.
  func write(to folder: String) throws -> [String] {
    let files = try self.files()
    let isNew = mkdir(folder, 0o777) == 0
    guard isNew || errno == EEXIST else {
      throw Failure(.cannotWrite, "cannot write to '\(folder)': \(Errno(rawValue: errno))")
    }
    var written: [String] = []
    do {
      for (name, text) in files {
        try ResultFile.write(text, to: "\(folder)/\(name)")
        written.append("\(folder)/\(name)")
      }
    } catch {
      for path in written { unlink(path) }
      if isNew { rmdir(folder) }
      throw error
    }
    return written
  }

  private func files() throws -> [(name: String, text: String)] {
    let report = try diagnosisReport()
    switch upstream {
    case .llvm: return [("llvm.md", NothingToFile.llvm(report))]
    case .glibc: return [("glibc.md", NothingToFile.glibc(report))]
    case .julia:
      return [("julia.md", JuliaNote(report, trials: trials).markdown)]
    case .gvisor:
      let check = try checkReproducer()
      guard check.holds else {
        throw Failure(
          .unavailable,
          "the reproducer does not hold here: in the sandbox \(check.crashes) of "
            + "\(check.sandboxed.count) runs crash, natively \(check.completions) of "
            + "\(check.native.count) complete; nothing was written")
      }
      var files = [
        ("report.md", GVisorReport(report, trials: trials, check: check).markdown),
        (Reproducer.fileName, Reproducer.source),
      ]
      // Where the trials have no view of the host, those of the check do.
      if let picture = MappingsPicture(trials).svg ?? MappingsPicture(check.sandboxed).svg {
        files.append(("mappings.svg", picture))
      }
      return files
    }
  }

  /// The diagnosis once more, of its trials alone.
  private func diagnosisReport() throws -> DiagnosisReport {
    let named = trials.filter { $0.experiment != nil }
    let baseline = named.filter { $0.experiment == Experiment.baseline.rawValue }
    guard !baseline.isEmpty else {
      throw Failure(
        .unusableInput,
        "these are no trials of a diagnosis; make them by parmat diagnose --export-jsonl FILE")
    }
    // Inside gVisor a trial has no view of the host.
    guard baseline.allSatisfy({ $0.cell.launcher.contains("runsc") || $0.host == nil }) else {
      throw Failure(
        .unusableInput,
        "these trials were not made in gVisor (\(baseline[0].cell.launcher)): a report needs a "
          + "diagnosis there")
    }
    // Its experiments had as many trials as the sham, which is complete where the verdict stands.
    let size = named.count { $0.experiment == Experiment.sham.rawValue }
    let diagnosis = Diagnosis(
      of: named, Diagnosis.Context(size: size > 0 ? size : baseline.count))
    guard diagnosis.verdict == .hostMappingExhaustion else {
      throw Failure(
        .unusableInput,
        "the verdict of these trials is \(diagnosis.verdict.rawValue): there is nothing that "
          + "\(upstream.rawValue) could act on")
    }
    return DiagnosisReport(
      diagnosis, named, budget: named.count,
      in: TrialEnvironment(
        parmat: version, llvm: LLVMLibrary.builtVersion, launcher: .runsc(sandbox)))
  }

  /// The one that the trials ran in; else Debian's, with the platform that needs nothing of the host.
  private var sandbox: Launcher.Runsc {
    for trial in trials {
      if case .runsc(var found)? = try? Launcher(trial.cell.launcher) {
        found.path = runsc
        return found
      }
    }
    var found = Launcher.Runsc(platform: "ptrace")
    found.path = runsc
    return found
  }

  // The reproducer.

  private func checkReproducer() throws -> ReproducerCheck {
    let folder = try TemporaryFolder()
    let source = folder.path + "/" + Reproducer.fileName
    try ResultFile.write(Reproducer.source, to: source)
    let program = folder.path + "/exhaust"
    guard let version = Tool.output(of: ["cc", "--version"], timeout: 20) else {
      throw Failure(
        .unavailable, "there is no C compiler to check it with; run: apt-get install gcc libc6-dev")
    }
    let compiler = String(decoding: version, as: UTF8.self).split(separator: "\n").first ?? "cc"
    let words = ["cc", "-O2", "-Wall", "-Wextra", "-static", "-pthread", source, "-o", program]
    guard let compiled = Tool.run(words, timeout: 120), compiled.exit == 0,
      compiled.errors.isEmpty
    else {
      throw Failure(.defect, "the reproducer does not compile without a word by '\(compiler)'")
    }
    let supervisor = try startSupervisor()
    var logging = sandbox
    logging.debugLog = folder.path + "/log"
    mkdir(logging.debugLog ?? "", 0o755)
    // The log costs time: one run has it.
    var sandboxed = [try run(program, .runsc(logging), supervisor)]
    for _ in 1..<Self.checks { sandboxed.append(try run(program, .runsc(sandbox), supervisor)) }
    var native: [Trial] = []
    for _ in 0..<Self.checks { native.append(try run(program, .native, supervisor)) }
    if let signal = supervisor.interruption { dieBy(signal) }
    ProgressDisplay.clear()
    return ReproducerCheck(
      sandboxCommand: ShellWords.join(sandbox.words), sandboxed: sandboxed, native: native,
      compiler: String(compiler))
  }

  private func run(
    _ program: String, _ launcher: Launcher, _ supervisor: Supervisor
  ) throws -> Trial {
    ProgressDisplay.announce("checking the reproducer, \(launcher.name)")
    let workload = Workload(name: "exhaust", threads: 8, command: [program], entry: .preload)
    let configuration = Configuration(
      workload: workload, launcher: launcher, treatment: Treatment(onFault: .none), timeout: 120,
      preloadLibrary: "", isQuiet: true)
    do {
      return try supervisor.run(configuration, trial: 1)
    } catch {
      throw Failure(
        .unavailable,
        error.sentence + (error.program == runsc ? "; run: apt-get install runsc" : ""))
    }
  }
}

/// A folder that goes when its owner does.
private final class TemporaryFolder {
  let path: String

  init() throws {
    let base = parmat.environment()["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/parmat-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(.cannotWrite, "cannot write to '\(base)': \(Errno(rawValue: errno))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = Tool.run(["rm", "-rf", "--", path], timeout: 60) }
}
