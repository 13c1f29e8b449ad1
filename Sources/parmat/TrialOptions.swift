internal import ArgumentParser
internal import Glibc
internal import SystemPackage
internal import Trials

/// How a trial is run.
struct TrialOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Which runsc.", valueName: "path"))
  var runsc = "runsc"

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A flag for runsc; may be repeated.", valueName: "flag"))
  var runscFlag: [String] = []

  @Option(
    help: ArgumentHelp(
      "Folder for runsc's debug log; lines that explain a crash go into the record.",
      valueName: "folder"))
  var debugLog: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds after which a trial is ended.", valueName: "seconds"))
  var timeout = 300.0

  @OptionGroup var witness: WitnessOptions

  func validate() throws {
    guard timeout >= 0.01 && timeout <= 1e7 else {
      throw ValidationError("--timeout takes a number of seconds from 0.01 to 1e7.")
    }
  }

  /// Checks launchers as the user wrote them, and the options that belong to runsc's.
  func validate(launchers: [String]) throws {
    let hasSandbox = try launchers.map(Self.parsed).contains {
      if case .runsc = $0 { true } else { false }
    }
    if !hasSandbox && (!runscFlag.isEmpty || debugLog != nil || runsc != "runsc") {
      throw ValidationError("--runsc, --runsc-flag and --debug-log need --launcher runsc.")
    }
  }

  private static func parsed(_ launcher: String) throws -> Launcher {
    do {
      return try Launcher(launcher)
    } catch {
      throw ValidationError("--launcher '\(launcher)' \(error).")
    }
  }

  /// The configuration of a workload; checks what can be known before the first trial.
  func configuration(
    of workload: Workload, launcher text: String, allocator: Allocator = .glibc
  ) throws -> Configuration {
    var launcher = try Self.parsed(text)
    if case .runsc(var runsc) = launcher {
      runsc.path = self.runsc
      runsc.flags = runscFlag
      if let debugLog {
        guard mkdir(debugLog, 0o777) == 0 || errno == EEXIST else {
          throw Failure(
            .cannotWrite, "cannot write to '\(debugLog)': \(Errno(rawValue: errno))")
        }
        runsc.debugLog = debugLog
      }
      launcher = .runsc(runsc)
    }
    try checkMappings()
    let configuration = Configuration(
      workload: workload, launcher: launcher, allocator: allocator,
      treatment: witness.treatment, timeout: timeout, preloadLibrary: PreloadLibrary.path)
    if workload.entry == .preload && witness.onFault != .none {
      guard access(PreloadLibrary.path, R_OK) == 0 else {
        throw Failure(
          .unavailable,
          "the witness's library is missing (\(PreloadLibrary.path)); build it with swift build")
      }
    }
    return configuration
  }

  /// A sandbox may have its limit elsewhere, but not above this host's.
  private func checkMappings() throws {
    guard let limit = HostLimits.maxMapCount else { return }
    // What a program has by itself, generously.
    let own = 1000
    if witness.onFault != .none && witness.reserve + witness.ballast + own > limit {
      throw Failure(
        .usage,
        "--reserve \(witness.reserve) and --ballast \(witness.ballast) leave no room below this "
          + "host's limit of \(limit) mappings (vm.max_map_count); a ballast of "
          + "\(max(0, limit - own - witness.reserve)) is the most")
    }
  }
}

/// The preload libraries, which a plain `swift build` lays beside the program.
enum PreloadLibrary {
  /// The witness's.
  static var path: String { path(of: "libparmat-witness.so", in: "CWitnessPreload") }

  /// - Parameter target: whose resource it is.
  static func path(of name: String, in target: String) -> String {
    let folder = ownPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let beside = "\(folder)/\(name)"
    return access(beside, R_OK) == 0 ? beside : "\(folder)/parmat_\(target).resources/\(name)"
  }
}

/// This program's path.
var ownPath: String {
  var path = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &path, path.count - 1)
  return count > 0
    ? String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : "parmat"
}
