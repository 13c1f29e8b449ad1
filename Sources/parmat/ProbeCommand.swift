internal import ArgumentParser
internal import CProbe
internal import SystemPackage
internal import Trials

/// `parmat probe`: what the place that it runs in does with mappings and faults.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Find out what this sandbox does with memory mappings and faults.",
    discussion: """
      A child grows two regions in turn, page by page, until it dies or the cap is reached: how \
      many host mappings a process gets here. Answers in seconds, natively and in a sandbox; \
      takes 4 KiB of memory for each page up to the cap.
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pages after which the map-limit probe stops; past it the answer is 'at least'.",
      valueName: "growths"))
  var cap = 262_144

  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard (2...1 << 32).contains(cap) else {
      throw ValidationError("--cap takes a number of pages from 2 to 4294967296.")
    }
  }

  func run() throws {
    var probe = parmat_probe()
    let error = parmat_probe_run(UInt64(cap), &probe)
    guard error == 0 else {
      throw Failure(.unavailable, "the map-limit probe does not run: \(Errno(rawValue: error))")
    }
    switch display.format {
    case .json: try Output.write(json(ProbeReport(probe), lines: false))
    case .jsonl: try Output.write(json(ProbeReport(probe), lines: true))
    case .text:
      var text = [CChar](repeating: 0, count: 4096)
      parmat_probe_describe(&probe, &text, text.count)
      try Output.write(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
  }
}

/// The record of a probe.
struct ProbeReport: Encodable {
  struct MapLimit: Encodable {
    /// Pages grown before the end.
    let growths: UInt64
    /// The cap was reached: the limit is at least this.
    let atLeast: Bool
    /// What ended the child: a signal's number, or an errno; null where it reached the cap.
    @NullEncoded var signal: Int32?
    @NullEncoded var errno: Int32?
  }

  let schema = "parmat.probe/1"
  let gvisor: Bool
  let mapLimit: MapLimit
  /// As /proc says; null where it cannot be read.
  @NullEncoded var maxMapCount: UInt64?
  /// Of a fault on a PROT_NONE page.
  let siCode: Int32

  init(_ probe: parmat_probe) {
    let limit = probe.limit
    gvisor = probe.is_gvisor != 0
    mapLimit = MapLimit(
      growths: limit.growths, atLeast: limit.signal == 0 && limit.error == 0,
      signal: limit.signal == 0 ? nil : limit.signal, errno: limit.error == 0 ? nil : limit.error)
    maxMapCount = probe.max_map_count == 0 ? nil : probe.max_map_count
    siCode = probe.si_code
  }
}
