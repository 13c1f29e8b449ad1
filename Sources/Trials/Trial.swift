/// One supervised run (`parmat.trial/1`); scripts rely on its keys.
public struct Trial: Codable, Sendable {
  /// Which configuration it belongs to.
  public struct Cell: Codable, Hashable, Sendable {
    @NullEncoded public var threads: Int?
    public let allocator: String
    public let launcher: String
    public let workload: String

    public init(threads: Int?, allocator: String, launcher: String, workload: String) {
      _threads = NullEncoded(wrappedValue: threads)
      self.allocator = allocator
      self.launcher = launcher
      self.workload = workload
    }

    public static func == (a: Cell, b: Cell) -> Bool {
      a.threads == b.threads && a.allocator == b.allocator && a.launcher == b.launcher
        && a.workload == b.workload
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(threads)
      hasher.combine(allocator)
      hasher.combine(launcher)
      hasher.combine(workload)
    }
  }

  /// The host's view; every part is null where it cannot be seen.
  public struct Host: Codable, Sendable {
    @NullEncoded public var peakMappings: Int?
    /// vm.max_map_count.
    @NullEncoded public var mapLimit: Int?
    /// [seconds since the start, mappings].
    @NullEncoded public var samples: [[Double]]?
  }

  /// What the replica says of a run that came to its end.
  public struct Run: Codable, Sendable {
    /// Functions of all shards.
    public let functions: Int
    /// Wall seconds of all workers together, from the first start to the last join.
    public let outputSeconds: Double
    /// Seconds of each stage, summed over the shards.
    public let stageSeconds: [String: Double]
  }

  /// Its place in a sweep.
  public struct SweepPosition: Codable, Sendable, Equatable {
    /// Which sweep: a digest of its matrix.
    public let id: String
    /// From 0, in the order of the matrix.
    public let cell: Int
    /// From 1: the how-many-th trial of its cell.
    public let round: Int

    public init(id: String, cell: Int, round: Int) {
      self.id = id
      self.cell = cell
      self.round = round
    }
  }

  public let schema: String
  /// From 1.
  public let trial: Int
  public let cell: Cell
  /// What a person types to see the same without a supervisor.
  @NullEncoded public var command: String?
  public let outcome: Outcome
  /// Of a killed trial, or one whose sandbox failed: what is known. Of one that ended with an error
  /// status: the last line of its standard error.
  @NullEncoded public var reason: String?
  @NullEncoded public var exit: Int?
  @NullEncoded public var signal: Int?
  public let seconds: Double
  public let cpu: Double
  /// Seconds of CPU time that all other processes of the machine took meanwhile; null inside gVisor.
  @NullEncoded public var otherCPU: Double?
  /// Bytes, of the largest process; null where the program ended before it could be told apart from
  /// what the kernel counts of its supervisor.
  @NullEncoded public var peakRSS: Int?
  /// The object that served malloc, as our own worker says.
  @NullEncoded public var malloc: String?
  @NullEncoded public var growthPages: Int?
  @NullEncoded public var growthCalls: Int?
  /// As the guest counts them, at a fault.
  @NullEncoded public var guestMappings: Int?
  @NullEncoded public var host: Host?
  /// The first to arrive.
  @NullEncoded public var fault: FaultRecord?
  public let laterFaults: Int
  /// Seconds from the start to the first fault line.
  @NullEncoded public var faultSeconds: Double?
  /// Of a hang: all threads' stacks.
  @NullEncoded public var threads: [FaultRecord.Thread]?
  public let reserve: Int
  public let ballast: Int
  public let onFault: Treatment.OnFault
  /// Lines of runsc's debug log that explain the outcome.
  @NullEncoded public var sandboxLog: [String]?
  @NullEncoded public var run: Run?
  /// RLIMIT_AS of the workload as it started, bytes; null for none.
  @NullEncoded public var addressSpaceLimit: Int?
  /// The witness stood in the workload and said so: it was started, and is no static program.
  @NullEncoded public var witnessed: Bool?
  /// Of a diagnosis: which experiment it is part of; null else.
  @NullEncoded public var experiment: String?
  /// Null outside of sweeps.
  @NullEncoded public var sweep: SweepPosition?

  public static let schemaName = "parmat.trial/1"
}
