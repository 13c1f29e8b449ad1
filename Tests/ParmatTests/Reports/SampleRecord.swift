import Foundation

/// A made-up trial record, as `parmat.trial/1` says it.
struct SampleRecord {
  var trial = 1
  var hasCrashed = false
  /// Host mappings go up to it; nil where the host is not visible.
  var peak: Int?
  /// Innermost of its fault.
  var frame = "sysmalloc malloc.c:2950"
  /// Of its fault.
  var healed = "relief"
  /// Of a diagnosis.
  var experiment: String?
  private let cell: [String: any Sendable]
  private let threads: Int

  init(_ threads: Int, _ allocator: String, _ launcher: String, _ workload: String) {
    self.threads = threads
    cell = [
      "threads": threads, "allocator": allocator, "launcher": launcher, "workload": workload,
    ]
  }

  /// With its end.
  var line: String {
    let null = NSNull()
    // Times differ from trial to trial, so that medians have intervals.
    let seconds = 8 / Double(threads) + Double(trial % 5) / 100
    let record: [String: Any] = [
      "schema": "parmat.trial/1", "trial": trial, "cell": cell,
      "outcome": hasCrashed ? "crashed" : "completed", "reason": null,
      "exit": hasCrashed ? 139 : 0, "signal": hasCrashed ? 11 : null, "seconds": seconds,
      "cpu": seconds * 1.5, "peakRSS": 80_000_000, "malloc": null, "growthPages": null,
      "growthCalls": null, "guestMappings": null, "host": host(seconds) ?? null,
      "fault": hasCrashed ? fault : null, "laterFaults": 0, "threads": null, "reserve": 512,
      "ballast": 0, "experiment": experiment ?? null, "onFault": "relieve", "sandboxLog": null,
      "run": null, "sweep": null,
    ]
    guard let data = try? JSONSerialization.data(withJSONObject: record, options: .sortedKeys)
    else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private func host(_ seconds: Double) -> [String: Any]? {
    peak.map { peak in
      let samples = (0...11).map {
        [seconds * Double($0) / 12, Double(26 + (peak - 26) * $0 / 11)]
      }
      return ["mapLimit": 65_530, "peakMappings": peak, "samples": samples]
    }
  }

  private var fault: [String: Any] {
    [
      "signal": 11, "code": 1, "address": "0x7f1f4620c058", "pid": 1, "tid": 9,
      "thread": "arena-7", "phase": "malloc", "instruction": ["symbol": "sysmalloc"],
      "mapping": "7f1f44000000-7f1f4620d000 rw-p 00000000 00:00 0", "retries": 8,
      "healed": healed,
      "stack": [
        frame, "_int_malloc malloc.c:4403", "__libc_malloc malloc.c:3323", "allocate CArenas.c:31",
      ],
      "stackBounds": ["0x7f1f50e01000", "0x7f1f51601000"], "registers": [:] as [String: String],
      "threads": [] as [String], "isComplete": true,
    ]
  }
}
