/// Takes the witness's record lines out of a workload's standard error; all else is passed on
/// unchanged, byte by byte, lines that only look like records too.
///
/// A record is `\nparmat-record N {json}\n`, written by one call, so that nothing stands within it.
/// The line feed before it belongs to it.
struct RecordStream {
  private let token: String
  private var held: [UInt8] = []

  private static let marker = Array("\nparmat-record ".utf8)
  /// The witness's own limit.
  private static let longest = 4096

  init(token: String) { self.token = token }

  struct Piece {
    var passed: [UInt8] = []
    var records: [RecordLine] = []
  }

  /// What can be decided with these bytes; the rest is held.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Piece {
    held.append(contentsOf: bytes)
    return decide(isLast: false)
  }

  /// At the stream's end, or when nothing came for a while: what is held is no record.
  mutating func flush() -> Piece { decide(isLast: true) }

  var isHolding: Bool { !held.isEmpty }

  private mutating func decide(isLast: Bool) -> Piece {
    var piece = Piece()
    var position = 0
    scan: while position < held.count {
      guard let start = held[position...].firstIndex(of: Self.marker[0]) else {
        piece.passed += held[position...]
        position = held.count
        break
      }
      piece.passed += held[position..<start]
      position = start
      switch candidate(at: start) {
      case .record(let line, let end):
        piece.records.append(line)
        position = end
      case .other:
        piece.passed.append(held[start])
        position = start + 1
      case .undecided where isLast:
        piece.passed.append(held[start])
        position = start + 1
      case .undecided:
        break scan
      }
    }
    held.removeFirst(position)
    return piece
  }

  private enum Candidate {
    case record(RecordLine, end: Int)
    case other
    case undecided
  }

  private func candidate(at start: Int) -> Candidate {
    let rest = held[start...]
    let shared = min(rest.count, Self.marker.count)
    guard rest.prefix(shared).elementsEqual(Self.marker.prefix(shared)) else { return .other }
    guard shared == Self.marker.count else { return .undecided }
    let body = start + shared
    guard let end = held[body...].prefix(Self.longest).firstIndex(of: UInt8(ascii: "\n")) else {
      return rest.count > Self.longest ? .other : .undecided
    }
    guard let line = RecordLine(held[body..<end]), line.token == token else { return .other }
    return .record(line, end: end + 1)
  }
}
