extension PartitionPlan {
  /// What is wrong with the plan, one sentence a violation; empty if nothing is
  /// (`verify_partitioning`, here in every build). O(definitions + ties).
  public func violations() -> [String] { Self.violations(of: partitions, in: summary) }

  /// The same for any partitions of a module.
  ///
  /// Found are: a definition in two shards, or twice in one; one that is in none but must be, or
  /// the reverse; two that must be together and are not; a number of `jl_fvars` or `jl_gvars` in
  /// two shards, or in none.
  public static func violations(of partitions: [Partition], in summary: ModuleSummary) -> [String] {
    var found: [String] = []
    let names = summary.names
    var owners = [Int32](repeating: -1, count: summary.definitions.count)
    for partition in partitions {
      for global in partition.globals {
        guard summary.definitions.indices.contains(global) else {
          found.append("shard \(partition.index) lists number \(global), which defines nothing")
          continue
        }
        if owners[global] >= 0 {
          found.append(
            "'\(names[global])' is in shard \(owners[global]) and in shard \(partition.index)")
        }
        if !summary.definitions[global].isNode {
          found.append(
            "'\(names[global])' is listed in shard \(partition.index), but belongs to every shard")
        }
        owners[global] = Int32(partition.index)
      }
    }
    for (global, definition) in summary.definitions.enumerated()
    where definition.isNode && owners[global] < 0 {
      found.append("'\(names[global])' is in no shard")
    }
    for tie in summary.ties where owners[Int(tie.target)] != owners[Int(tie.user)] {
      found.append(
        "'\(names[Int(tie.target)])' (shard \(owners[Int(tie.target)])) and its user "
          + "'\(names[Int(tie.user)])' (shard \(owners[Int(tie.user)])) are apart")
    }
    if let sizes = summary.tableSizes {
      found += violations(of: partitions, table: "jl_fvars", count: sizes.fvars) { $0.fvars }
      found += violations(of: partitions, table: "jl_gvars", count: sizes.gvars) { $0.gvars }
    }
    return found
  }

  private static func violations(
    of partitions: [Partition], table: String, count: Int,
    entries: (Partition) -> [Partition.ImageEntry]
  ) -> [String] {
    var found: [String] = []
    var owners = [Int?](repeating: nil, count: count)
    for partition in partitions {
      for entry in entries(partition) {
        let number = Int(entry.number)
        guard number < count else {
          found.append("\(table) has no entry \(number), which shard \(partition.index) lists")
          continue
        }
        if let owner = owners[number] {
          found.append(
            "entry \(number) of \(table) is in shard \(owner) and in shard \(partition.index)")
        }
        owners[number] = partition.index
      }
    }
    for number in owners.indices where owners[number] == nil {
      found.append("entry \(number) of \(table) is in no shard")
    }
    return found
  }
}
