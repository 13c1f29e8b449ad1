internal import CPartitionFill
internal import HeapModule

/// Which definition goes to which shard (`partitionModule`): components that constants tie together
/// are placed heaviest first, each on the shard that is lightest so far (LPT).
public struct PartitionPlan: Sendable {
  /// How equal weights are told apart.
  public enum Ties: String, CaseIterable, Sendable, Codable {
    /// As libstdc++'s `std::sort` and `std::priority_queue` let them fall: Julia's plan, name by
    /// name.
    case libstdcxx = "libstdc++"
    /// The earlier definition first, the lower shard first: a plan that can be redone by hand.
    case stable
  }

  public let summary: ModuleSummary
  /// In index order; as many as were asked for, empty ones included.
  public let partitions: [Partition]
  /// The shard of each definition; nil for a definition that is in none.
  public let owners: [Int?]
  /// The root of each definition's component, itself a definition; nil as in `owners`.
  public let roots: [Int?]
  /// Definitions in the order in which they were placed.
  public let order: [Int]

  /// Groups of definitions that constants tie together.
  public var componentCount: Int { roots.indices.count { roots[$0] == $0 } }

  /// Root -> weight of its component. O(definitions).
  public var componentWeights: [Int: Int] {
    var weights: [Int: Int] = [:]
    for (global, root) in roots.enumerated() {
      if let root { weights[root, default: 0] += Int(summary.definitions[global].weight) }
    }
    return weights
  }

  /// Plans `shards` >= 1 shards. O(definitions x log definitions).
  public init(_ summary: ModuleSummary, shards: Int, ties: Ties = .libstdcxx) {
    self.init(components: Components(of: summary), summary, shards: shards, ties: ties)
  }

  init(components: Components, _ summary: ModuleSummary, shards: Int, ties: Ties) {
    var fill = Fill(nodeCount: components.nodes.count, shards: shards)
    switch ties {
    case .libstdcxx: fill.likeLibstdcxx(components)
    case .stable: fill.stably(components)
    }

    var owners = [Int?](repeating: nil, count: summary.definitions.count)
    var roots = owners
    var partitions = fill.shardWeights.indices.map {
      Partition(index: $0, weight: Int(fill.shardWeights[$0]))
    }
    for node in fill.order {
      let definition = Int(components.nodes[Int(node)])
      let owner = Int(fill.owners[Int(node)])
      owners[definition] = owner
      roots[definition] = Int(components.nodes[Int(components.roots[Int(node)])])
      partitions[owner].insert(definition, summary.definitions[definition])
    }
    if !partitions.isEmpty {
      let anchor = summary.assemblyAnchor.flatMap { owners[Int($0)] }
      partitions[anchor ?? 0].hasAssembly = true
    }
    self.summary = summary
    self.partitions = partitions
    self.owners = owners
    self.roots = roots
    order = fill.order.map { Int(components.nodes[Int($0)]) }
  }
}

/// What one shard preserves.
public struct Partition: Sendable, Equatable {
  public let index: Int
  public internal(set) var weight: Int
  /// Definitions, as indices into the summary, in the order in which they were placed.
  public internal(set) var globals: [Int] = []
  /// Definition and number in `jl_fvars`, sorted by number once filled.
  public internal(set) var fvars: [ImageEntry] = []
  public internal(set) var gvars: [ImageEntry] = []

  /// Whether module-level assembly, if there is any, is in this shard.
  public internal(set) var hasAssembly = false

  public struct ImageEntry: Sendable, Equatable {
    public let number: UInt32
    public let definition: Int
  }

  public init(index: Int, weight: Int) {
    self.index = index
    self.weight = weight
  }

  mutating func insert(_ index: Int, _ definition: ModuleSummary.Definition) {
    globals.append(index)
    if let number = definition.fvar { fvars.append(ImageEntry(number: number, definition: index)) }
    if let number = definition.gvar { gvars.append(ImageEntry(number: number, definition: index)) }
  }
}

/// Nodes and the roots of their components.
struct Components {
  /// Node -> definition.
  let nodes: [UInt32]
  /// Node -> root, a node.
  let roots: [UInt32]
  /// As ``DisjointSets/weights``.
  let weights: [UInt64]

  init(of summary: ModuleSummary) {
    var nodes: [UInt32] = []
    var nodeOfDefinition = [UInt32](repeating: .max, count: summary.definitions.count)
    var weights: [UInt64] = []
    for (index, definition) in summary.definitions.enumerated() where definition.isNode {
      nodeOfDefinition[index] = UInt32(nodes.count)
      nodes.append(UInt32(index))
      weights.append(definition.weight)
    }
    var sets = DisjointSets(weights: weights)
    for tie in summary.ties {
      sets.merge(nodeOfDefinition[Int(tie.target)], nodeOfDefinition[Int(tie.user)])
    }
    self.nodes = nodes
    roots = nodes.indices.map { sets.find(UInt32($0)) }
    self.weights = sets.weights
  }
}

/// The result of placing nodes on shards.
private struct Fill {
  var owners: [UInt32]
  var order: [UInt32]
  var shardWeights: [UInt64]

  init(nodeCount: Int, shards: Int) {
    owners = Array(repeating: 0, count: nodeCount)
    order = Array(repeating: 0, count: nodeCount)
    shardWeights = Array(repeating: 0, count: shards)
  }

  mutating func likeLibstdcxx(_ components: Components) {
    parmat_fill_partitions(
      components.weights, components.roots, UInt32(components.nodes.count),
      &owners, &order, &shardWeights, UInt32(shardWeights.count))
  }

  mutating func stably(_ components: Components) {
    struct Shard: Comparable {
      var weight: UInt64
      let index: Int
      static func < (a: Shard, b: Shard) -> Bool { (a.weight, a.index) < (b.weight, b.index) }
    }
    var lightest = Heap(shardWeights.indices.map { Shard(weight: 0, index: $0) })
    let weights = components.weights
    order = weights.indices.map { UInt32($0) }
    order.sort { (weights[Int($1)], $0) < (weights[Int($0)], $1) }
    for node in order {
      let root = components.roots[Int(node)]
      guard node == root else {
        owners[Int(node)] = owners[Int(root)]
        continue
      }
      var shard = lightest.removeMin()
      owners[Int(node)] = UInt32(shard.index)
      shard.weight += weights[Int(node)]
      shardWeights[shard.index] = shard.weight
      lightest.insert(shard)
    }
  }
}
