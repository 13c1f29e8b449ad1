/// Names as bytes in one block, each ended by NUL: a million of them cost two allocations.
public struct NameTable: Sendable, Equatable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  public init() {}

  public var count: Int { starts.count }

  /// Appends a name; its index is the former `count`. Amortized O(length).
  public mutating func append(_ name: UnsafeRawBufferPointer) {
    starts.append(bytes.count)
    bytes.append(contentsOf: name)
    bytes.append(0)
  }

  /// The name as a string; bytes that are no UTF-8 are replaced.
  public subscript(index: Int) -> String {
    let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
    return String(decoding: bytes[starts[index]..<end - 1], as: UTF8.self)
  }

  /// The name as a C string, for the time of the call.
  func withCString<Result>(_ index: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped + starts[index]
      return start.withMemoryRebound(to: CChar.self, capacity: 1) { body($0) }
    }
  }
}
