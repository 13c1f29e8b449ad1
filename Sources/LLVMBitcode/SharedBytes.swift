internal import CLLVM
internal import CLLVMGaps
internal import Glibc

/// Bytes that never change and that all workers read at once: a bitcode file as it was read, or a
/// module as it was serialized. Released when the last owner lets go.
///
/// `@unchecked Sendable`: the memory is written before the object exists and only read after.
public final class SharedBytes: @unchecked Sendable {
  private enum Owner {
    case malloc(UnsafeMutableRawPointer)
    case llvm(LLVMMemoryBufferRef)
  }

  private let owner: Owner
  let start: UnsafePointer<CChar>
  public let count: Int

  /// Room for `count` bytes, filled by `fill`; what it throws is passed on and nothing is kept.
  public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    // One byte more: malloc(0) may answer nil.
    guard let memory = malloc(count + 1) else {
      throw LLVMError("no memory for \(count) bytes")
    }
    do {
      try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    } catch {
      free(memory)
      throw error
    }
    owner = .malloc(memory)
    start = UnsafePointer(memory.assumingMemoryBound(to: CChar.self))
    self.count = count
  }

  /// Takes over an LLVM memory buffer.
  init(taking buffer: LLVMMemoryBufferRef) {
    owner = .llvm(buffer)
    start = LLVMGetBufferStart(buffer)
    count = LLVMGetBufferSize(buffer)
  }

  deinit {
    switch owner {
    case .malloc(let memory): free(memory)
    case .llvm(let buffer): LLVMDisposeMemoryBuffer(buffer)
    }
  }

  /// The bytes, for the time of the call.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// SHA-256 in lower-case hexadecimal. Wraps `llvm::SHA256`. O(count).
  public var sha256: String {
    var digest = [UInt8](repeating: 0, count: 32)
    parmat_SHA256_hash(start, count, &digest)
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// A memory buffer over the same bytes, not a copy: an LLVM-C call that takes the buffer owns
  /// the wrapper, not the bytes (`LLVMCreateMemoryBufferWithMemoryRange`).
  func makeBuffer(named name: String) -> LLVMMemoryBufferRef {
    LLVMCreateMemoryBufferWithMemoryRange(start, count, name, 0)
  }
}
