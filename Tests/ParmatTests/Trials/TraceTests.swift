import Foundation
import TestSupport
import Testing

/// Chrome traces, as Perfetto would read them.
@Suite("Traces")
struct TraceTests {
  /// The trace event format, as far as it is used ("Trace Event Format", JSON object format).
  private static let schema = """
    {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
     "required": ["traceEvents"],
     "properties": {"displayTimeUnit": {"enum": ["ms", "ns"]}, "traceEvents": {
       "type": "array", "minItems": 1, "items": {
         "type": "object", "required": ["ph", "name", "pid", "tid"],
         "properties": {"ph": {"enum": ["M", "B", "E", "C", "i"]}, "name": {"type": "string"},
           "pid": {"type": "integer"}, "tid": {"type": "integer"},
           "ts": {"type": "integer", "minimum": 0}, "args": {"type": "object"}},
         "oneOf": [
           {"properties": {"ph": {"const": "M"}}, "required": ["args"]},
           {"properties": {"ph": {"enum": ["B", "E"]}}, "required": ["ts"]},
           {"properties": {"ph": {"const": "C"},
              "args": {"additionalProperties": {"type": "number"}, "minProperties": 1}},
            "required": ["ts", "args"]},
           {"properties": {"ph": {"const": "i"}, "s": {"enum": ["g", "p", "t"]}},
            "required": ["ts", "s"]}]}}}}
    """

  private static let python: String? = ["python3", "/usr/bin/python3"].first { python in
    (try? run(python, ["-c", "import jsonschema"]))?.status == 0
  }

  /// Begins and ends balance in each lane, times ascend, nothing overlaps; returns the lanes' names.
  private func check(_ path: String, mapLimit: Int) throws -> [String] {
    if let python = Self.python {
      let folder = try TemporaryFolder()
      let schema = try folder.write(Self.schema, to: "schema.json")
      try runSuccessfully(
        python,
        [
          "-c",
          "import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
          path, schema,
        ])
    }
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        as? [String: Any])
    let events = try #require(document["traceEvents"] as? [[String: Any]])
    var open: [Int: String] = [:]
    var last: [Int: Int] = [:]
    for event in events {
      let lane = event["tid"] as? Int ?? -1
      let name = event["name"] as? String ?? ""
      switch event["ph"] as? String {
      case "B":
        let time = try #require(event["ts"] as? Int)
        #expect(open[lane] == nil, "\(name) begins within \(open[lane] ?? "")")
        #expect(time >= last[lane] ?? 0)
        (open[lane], last[lane]) = (name, time)
      case "E":
        let time = try #require(event["ts"] as? Int)
        #expect(open[lane] == name && time >= last[lane] ?? 0)
        (open[lane], last[lane]) = (nil, time)
      case "C":
        let value = (event["args"] as? [String: Double])?.values.first ?? -1
        #expect(value >= 0 && Int(value) <= mapLimit + 2, "\(value)")
      default: break
      }
    }
    #expect(open.isEmpty)
    return events.compactMap { event in
      guard event["name"] as? String == "thread_name" else { return nil }
      return (event["args"] as? [String: Any])?["name"] as? String
    }
  }

  @Test("a run has a lane a worker with its stages")
  func lanes() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trace.json")
    let module = projectFolder.appendingPathComponent("Inputs/cxx-program.bc").path
    try runSuccessfully(
      Parmat.path, ["run", module, "--threads", "3", "--stop-after", "emit", "--trace", file])
    let lanes = try check(file, mapLimit: 1 << 31)
    #expect(lanes == ["main", "shard-0", "shard-1", "shard-2"])
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for stage in ["parse", "partition", "materialize", "optimize"] {
      #expect(text.contains("\"\(stage)\""), "\(stage)")
    }
  }

  @Test("a trial that crashes has the host's mappings as a counter, and the moment of the crash")
  func trial() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("trace.json")
    let outcome = try Parmat.run(
      ["reproduce", "--trials", "1", "--ballast", "20000", "--trace", file]
        + ["--", "sh", "-c", "sleep 1; kill -SEGV $$"])
    #expect(outcome.status == 2, "\(outcome.errors)")
    _ = try check(file, mapLimit: 65530)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("\"host mappings\""))
    #expect(text.contains("signal 11"))
  }

  @Test("a trace that cannot be written is an error")
  func unwritable() throws {
    let module = projectFolder.appendingPathComponent("Inputs/c-program.bc").path
    let outcome = try Parmat.run(["run", module, "--trace", "/no/folder/trace.json"])
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("cannot write to '/no/folder/trace.json'"))
  }
}
