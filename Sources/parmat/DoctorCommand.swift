internal import ArgumentParser
internal import Glibc
internal import LLVMBitcode
internal import Materialization

/// `parmat doctor`: what is installed and usable here. Every line is a finding with its mend; no
/// finding stops the next.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is installed and usable here, every line with its mend.")

  @OptionGroup var display: DisplayOptions

  func run() throws {
    let findings =
      [llvm, threads, processors, tool("llvm-dis"), tool("llvm-link"), tool("clang")]
      + TrialFindings.all()
    switch display.format {
    case .json: try Output.write(json(findings, lines: false))
    case .jsonl: for finding in findings { try Output.write(json(finding, lines: true)) }
    case .text:
      for finding in findings {
        let mark = finding.usable ? "ok     " : "missing"
        let mend = finding.mend.map { "; \($0)" } ?? ""
        try Output.write("\(display.bold(mark))  \(finding.what): \(finding.found)\(mend)\n")
      }
    }
  }

  /// The major version that libLLVM's file name tells must be the headers'.
  private var llvm: Finding {
    let major = LLVMLibrary.major
    guard let loaded = objectPath(ofSymbol: "LLVMContextCreate") else {
      return Finding(
        what: "LLVM", usable: false,
        found: "built against \(LLVMLibrary.builtVersion), none loaded",
        mend: "apt-get install libllvm\(major)")
    }
    let name = loaded.split(separator: "/").last ?? ""
    let matches = name.contains("-\(major)") || name.contains(".so.\(major)")
    return Finding(
      what: "LLVM", usable: matches,
      found: "built against \(LLVMLibrary.builtVersion), loaded \(loaded)",
      mend: matches ? nil : "apt-get install libllvm\(major), and mind LD_LIBRARY_PATH")
  }

  private var threads: Finding {
    Finding(
      what: "LLVM with threads", usable: Module.isMultithreaded,
      found: Module.isMultithreaded ? "yes" : "no",
      mend: Module.isMultithreaded ? nil : "take an LLVM built with LLVM_ENABLE_THREADS")
  }

  private var processors: Finding {
    let online = ThreadCount.cpuCount(for: .v111)
    let allowed = ThreadCount.cpuCount(for: .v113)
    return Finding(
      what: "processors", usable: true,
      found: "\(online) online, \(allowed) for this process; Julia would take at most "
        + "\(max(online / 2, 1)) image threads",
      mend: nil)
  }

  /// A companion of the same major version, by its Debian name, beside libLLVM's own tools.
  private func tool(_ name: String) -> Finding {
    let major = LLVMLibrary.major
    let folders =
      (environment()["PATH"] ?? "").split(separator: ":").map(String.init)
      .map { "\($0)/\(name)-\(major)" } + ["/usr/lib/llvm-\(major)/bin/\(name)"]
    if let path = folders.first(where: { access($0, X_OK) == 0 }) {
      return Finding(what: "\(name) \(major)", usable: true, found: path, mend: nil)
    }
    let package = name == "clang" ? "clang-\(major)" : "llvm-\(major)"
    return Finding(
      what: "\(name) \(major)", usable: false, found: "not found",
      mend: "apt-get install \(package)")
  }
}

/// One line: what it is, whether it can be used, and what to do if not.
struct Finding: Encodable {
  let what: String
  let usable: Bool
  let found: String
  let mend: String?
}
