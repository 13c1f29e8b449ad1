internal import FoundationEssentials

/// One line of the witness's.
struct RecordLine: Sendable {
  let number: Int
  let pid: Int
  let token: String
  let content: Content

  enum Content: Sendable {
    case maps(MapsLine)
    case fault(FaultLine)
    case frames(FramesLine)
    case healed(HealedLine)
  }

  /// `N {json}`; nil where it is anything else.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let blank = bytes.firstIndex(of: UInt8(ascii: " ")),
      let number = Int(String(decoding: bytes[..<blank], as: UTF8.self))
    else { return nil }
    let json = Data(bytes[(blank + 1)...])
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(Head.self, from: json) else { return nil }
    let content: Content? =
      switch head.kind {
      case "maps": (try? decoder.decode(MapsLine.self, from: json)).map(Content.maps)
      case "fault": (try? decoder.decode(FaultLine.self, from: json)).map(Content.fault)
      case "frames": (try? decoder.decode(FramesLine.self, from: json)).map(Content.frames)
      case "healed": (try? decoder.decode(HealedLine.self, from: json)).map(Content.healed)
      default: nil
      }
    guard let content else { return nil }
    self.number = number
    pid = head.pid
    token = head.token
    self.content = content
  }

  private struct Head: Decodable {
    let kind: String
    let pid: Int
    let token: String
  }
}

/// `0x7f...` in JSON.
struct Address: Codable, Equatable, Sendable {
  let value: UInt

  init(_ value: UInt) { self.value = value }

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard text.hasPrefix("0x"), let value = UInt(text.dropFirst(2), radix: 16) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no address: \(text)"))
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  var text: String { "0x" + String(value, radix: 16) }
}

/// The program and its objects; more lines follow when there are more than one holds.
struct MapsLine: Decodable, Sendable {
  struct Object: Decodable, Sendable, Hashable {
    let begin: Address
    let end: Address
    /// What to take from an address to have the file's own.
    let bias: Address
    let buildID: String
    let path: String

    static func == (a: Object, b: Object) -> Bool { a.begin == b.begin && a.path == b.path }
    func hash(into hasher: inout Hasher) { hasher.combine(begin.value) }
  }
  let program: String
  /// The object that serves malloc; nil where that was not asked.
  let malloc: String?
  /// RLIMIT_AS in bytes; nil for none.
  let addressSpaceLimit: Int?
  let objects: [Object]
}

/// The raw fault, written before anything else is tried.
struct FaultLine: Decodable, Sendable {
  let tid: Int
  let name: String
  let shard: Int?
  let phase: String?
  let signal: Int
  let code: Int
  let address: Address
  let pc: Address
  let object: String?
  let buildID: String?
  let offset: Int?
  let stackLow: Address
  let stackHigh: Address
  let registers: [String: Address]
}

/// One thread's stack, for the fault of record `of`; 0 for a hang.
struct FramesLine: Decodable, Sendable {
  let tid: Int
  let name: String
  let shard: Int?
  let phase: String?
  let of: Int
  let pcs: [Address]
}

/// What became of the fault of record `of`.
struct HealedLine: Decodable, Sendable {
  let tid: Int
  let of: Int
  let retries: Int
  let healed: String?
  let request: Int?
  let mapping: String?
  let arenaBytes: Int?
  let guestMappings: Int?
  let writableEnd: Address?
}
