internal import FoundationEssentials
public import Trials

/// A matrix of configurations, each with so many trials, in an order that only the seed decides.
public struct SweepPlan: Sendable {
  /// In the order of the matrix.
  public let cells: [Configuration]
  /// Trials of each cell.
  public let rounds: Int
  public let seed: UInt64
  /// A digest of the matrix: what a record must have to belong to it.
  public let id: String
  /// Every trial, in the order in which they are run.
  public let schedule: [Step]

  /// One trial.
  public struct Step: Equatable, Hashable, Sendable {
    public let cell: Int
    public let round: Int

    public init(cell: Int, round: Int) {
      self.cell = cell
      self.round = round
    }
  }

  /// Each round has every cell once, in an order of its own: a machine that is busy for a while
  /// harms all cells alike.
  ///
  /// - Parameter description: what else the trials depend on (timeout, treatment, ...).
  public init(cells: [Configuration], rounds: Int, seed: UInt64, description: String) {
    self.cells = cells
    self.rounds = rounds
    self.seed = seed
    var generator = SplitMix64(seed: seed)
    schedule = (1...max(1, rounds)).flatMap { round in
      cells.indices.shuffled(using: &generator).map { Step(cell: $0, round: round) }
    }
    let text =
      ([description, String(rounds), String(seed)]
      + cells.map {
        "\($0.trialCell.workload)|\($0.trialCell.launcher)|\($0.trialCell.allocator)|\($0.trialCell.threads ?? 0)"
      })
      .joined(separator: "\n")
    id = Self.digest(text)
  }

  /// 64 bits of FNV-1a (Fowler, Noll, Vo): it tells sweeps apart, it keeps no secret.
  private static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
