/// A fault as a trial brings it back. Stacks are innermost first: `symbol file:line`.
public struct FaultRecord: Codable, Sendable {
  /// Where it happened.
  public struct Instruction: Codable, Sendable, Equatable {
    /// The object's path; null outside of any.
    @NullEncoded public var object: String?
    @NullEncoded public var buildID: String?
    /// The address within the file.
    @NullEncoded public var offset: Int?
    @NullEncoded public var symbol: String?
    @NullEncoded public var file: String?
    @NullEncoded public var line: Int?
  }

  /// One thread of the process at that time, the faulting ones among them.
  public struct Thread: Codable, Sendable {
    public let tid: Int
    public let name: String
    @NullEncoded public var shard: Int?
    @NullEncoded public var phase: String?
    public let stack: [String]
    /// The first frame outside of the allocator, where the thread was inside of it.
    @NullEncoded public var allocatedBy: String?
    /// Of the thread's own fault: bytes malloc was asked for, as malloc rounds them; what healed it.
    @NullEncoded public var request: Int?
    @NullEncoded public var healed: String?
    /// The thread had a fault of its own.
    public let faulted: Bool
  }

  public let signal: Int
  /// si_code.
  public let code: Int
  public let address: String
  public let pid: Int
  public let tid: Int
  /// The thread's name.
  public let thread: String
  @NullEncoded public var shard: Int?
  @NullEncoded public var phase: String?
  public let instruction: Instruction
  /// What the guest's own /proc/self/maps says of the address: the whole line; null for no mapping.
  @NullEncoded public var mapping: String?
  /// Writable bytes of all arena heaps.
  @NullEncoded public var arenaBytes: Int?
  /// Mappings of the process as the guest itself counts them.
  @NullEncoded public var guestMappings: Int?
  /// Where glibc's own books say that the arena heap around the address stops being writable
  /// (heap_info.mprotect_size); null outside of arena heaps.
  @NullEncoded public var writableEnd: String?
  public let retries: Int
  /// `no`, `retry`, `relief`; null where it was not tried, or the record broke off before that.
  @NullEncoded public var healed: String?
  public let stack: [String]
  @NullEncoded public var request: Int?
  @NullEncoded public var allocatedBy: String?
  /// Lowest and highest address of the thread's own stack, and what the registers held.
  public let stackBounds: [String]
  public let registers: [String: String]
  public let threads: [Thread]
  /// Every line that belongs to it came.
  public let isComplete: Bool
}
