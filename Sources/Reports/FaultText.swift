internal import Glibc
internal import Trials

/// A fault in words: what happened, what was tried, whose call it was.
struct FaultText {
  private let fault: FaultRecord
  private let trial: Trial

  init(_ fault: FaultRecord, of trial: Trial) {
    self.fault = fault
    self.trial = trial
  }

  var text: String {
    var text = section("fault (trial \(trial.trial), first of \(trial.laterFaults + 1))", rows)
    text += section("stack of \(fault.thread)", [])
    for (depth, frame) in fault.stack.enumerated() {
      text += "  #\(depth)\(depth < 10 ? " " : "") \(frame)\n"
    }
    let others = fault.threads.filter { $0.tid != fault.tid }
    if !others.isEmpty {
      text += section("other threads (innermost first)", [])
      for thread in others { text += Self.threadLine(thread) }
    }
    return text
  }

  private var rows: [(String, String)] {
    var rows = [
      ("signal", "\(signalName), si_code \(fault.code)\(codeName), address \(fault.address)"),
      ("thread", threadText), ("instruction", instructionText),
      ("guest's maps", fault.mapping ?? "no mapping holds the address"),
    ]
    if let arenas = fault.arenaBytes {
      let guest = fault.guestMappings.map { "; the guest counts \($0) mappings" } ?? ""
      rows.append(
        (
          "arenas",
          "\(fixed(Double(arenas) / 1_048_576, 1)) MiB writable in glibc's arena heaps\(guest)"
        ))
    }
    if let peak = trial.host?.peakMappings {
      let limit = trial.host?.mapLimit.map { " of at most \($0)" } ?? ""
      rows.append(("host", "\(peak) mappings in one process\(limit)"))
    } else if trial.host == nil {
      rows.append(("host", "not visible from here"))
    }
    rows.append(("access", accessText))
    if let request = fault.request {
      let caller = fault.allocatedBy.map { " by \($0)" } ?? ""
      rows.append(("request", "\(request) bytes, as malloc rounds them, asked for\(caller)"))
    }
    if !fault.isComplete { rows.append(("record", "broke off before it was complete")) }
    return rows
  }

  var signalName: String {
    let names: [Int32: String] = [
      SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT", SIGILL: "SIGILL",
      SIGFPE: "SIGFPE",
    ]
    return names[Int32(fault.signal)] ?? "signal \(fault.signal)"
  }

  /// ` (SEGV_MAPERR)`; empty where the code has no name here.
  var codeName: String {
    switch (Int32(fault.signal), fault.code) {
    case (SIGSEGV, 1): " (SEGV_MAPERR)"
    case (SIGSEGV, 2): " (SEGV_ACCERR)"
    case (_, 0): " (sent by a process)"
    case (_, -6): " (sent by a thread)"
    case (_, 128): " (by the kernel: a wild address)"
    default: ""
    }
  }

  private var threadText: String {
    var text = "\(fault.thread) (\(fault.tid) of process \(fault.pid))"
    if let shard = fault.shard { text += ", shard \(shard)" }
    if let phase = fault.phase { text += ", in \(phase)" }
    return text
  }

  private var instructionText: String {
    let place = fault.instruction
    var text = place.symbol ?? "??"
    if let file = place.file, let line = place.line { text += " \(file):\(line)" }
    guard let object = place.object, let offset = place.offset else {
      return "outside of every object"
    }
    text += " (\(object)+0x\(String(offset, radix: 16))"
    if let buildID = place.buildID, !buildID.isEmpty { text += ", build-id \(buildID)" }
    return text + ")"
  }

  private var accessText: String {
    switch fault.healed {
    case "relief":
      "failed \(fault.retries) retries, then went through once \(trial.reserve + trial.ballast) "
        + "mappings were released (healed: relief)"
    case "retry": "went through at retry \(fault.retries) (healed: retry)"
    case "no" where trial.reserve == 0 || trial.onFault != .relieve:
      "failed \(fault.retries) retries; nothing was released (healed: no)"
    case "no":
      "failed \(fault.retries) retries, and again after \(trial.reserve + trial.ballast) mappings "
        + "were released (healed: no)"
    default: "not tried again"
    }
  }

  /// `shard-3 (materialize): sysmalloc malloc.c:2950 < _int_malloc ... `
  static func threadLine(_ thread: FaultRecord.Thread) -> String {
    var head = "  \(thread.name)"
    if let phase = thread.phase { head += " (\(phase))" }
    if thread.faulted { head += ", faulted too\(thread.healed.map { ", healed: \($0)" } ?? "")" }
    let shown = thread.stack.prefix(5).joined(separator: " < ")
    let more = thread.stack.count > 5 ? " < ... \(thread.stack.count - 5) more" : ""
    return head + ": " + (thread.stack.isEmpty ? "did not answer" : shown + more) + "\n"
  }
}
