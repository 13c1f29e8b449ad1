internal import CLLVMGaps
internal import Glibc

/// Where the bytes of a bitcode file are: what `llvm-bcanalyzer` says of its top two levels.
public struct BitcodeSizes: Sendable, Codable, Equatable {
  /// The whole file, in bytes.
  public let file: Int
  /// Function blocks: read by one worker each, if at all.
  public let functionBlocks: Int
  /// Metadata blocks at module level (debug types among them).
  public let metadata: Int
  /// Constant blocks at module level.
  public let constants: Int
  /// The type table.
  public let types: Int
  /// String and symbol tables.
  public let tables: Int

  /// What every worker has to parse again: all but the function blocks.
  public var fixedPerShard: Int { file - functionBlocks }

  /// Wraps `llvm::BitstreamCursor`. O(blocks).
  public init(of bytes: SharedBytes) throws(LLVMError) {
    var sizes = parmat_BitcodeSizes()
    if let message = parmat_BitstreamCursor_sizes(bytes.start, bytes.count, &sizes) {
      defer { free(message) }
      throw LLVMError(String(cString: message))
    }
    file = bytes.count
    functionBlocks = Int(sizes.functions)
    metadata = Int(sizes.metadata)
    constants = Int(sizes.constants)
    types = Int(sizes.types)
    tables = Int(sizes.tables)
  }
}
