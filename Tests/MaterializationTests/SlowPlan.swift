import Foundation

@testable import Materialization

/// A module as a test makes it up: definitions with weights, and pairs that constants tie together.
struct MadeUpModule: CustomStringConvertible {
  var weights: [UInt64] = []
  var isNode: [Bool] = []
  /// (target, user)
  var ties: [(Int, Int)] = []

  var description: String { "weights \(weights), nodes \(isNode), ties \(ties)" }

  init(using generator: inout some RandomNumberGenerator) {
    let count = Int.random(in: 0...120, using: &generator)
    // Few different weights: most of them tie.
    let heaviest = UInt64([1, 3, 40, 5000].randomElement(using: &generator) ?? 1)
    for _ in 0..<count {
      weights.append(.random(in: 1...heaviest, using: &generator))
      isNode.append(Int.random(in: 0..<12, using: &generator) > 0)
    }
    let nodes = isNode.indices.filter { isNode[$0] }
    for _ in 0..<Int.random(in: 0...max(1, count), using: &generator) {
      guard let a = nodes.randomElement(using: &generator),
        let b = nodes.randomElement(using: &generator)
      else { break }
      ties.append((a, b))
    }
  }

  var summary: ModuleSummary {
    var summary = ModuleSummary()
    for index in weights.indices {
      summary.append(
        name: "g\(index)",
        ModuleSummary.Definition(
          kind: .variable, linkage: .internal, weight: weights[index], isNode: isNode[index],
          fvar: nil, gvar: nil))
    }
    for (target, user) in ties { summary.tie(target, user) }
    return summary
  }
}

/// Planning once more, slow and obvious: components as lists that are searched and copied.
struct SlowPlan {
  struct Component {
    var members: [Int]
    var root: Int
    var weight: UInt64
  }

  var components: [Component] = []
  /// What a node weighs in the sort: a root the component's sum, another what its own component
  /// weighed when it was swallowed.
  var sortWeights: [UInt64] = []

  init(_ module: MadeUpModule) {
    sortWeights = module.weights
    for node in module.weights.indices where module.isNode[node] {
      components.append(Component(members: [node], root: node, weight: module.weights[node]))
    }
    for (target, user) in module.ties {
      guard let a = components.firstIndex(where: { $0.members.contains(target) }),
        let b = components.firstIndex(where: { $0.members.contains(user) }), a != b
      else { continue }
      // The larger swallows the smaller; of two equal ones the target's swallows the user's.
      let (winner, loser) =
        components[a].members.count >= components[b].members.count ? (a, b) : (b, a)
      components[winner].members += components[loser].members
      components[winner].weight += components[loser].weight
      sortWeights[components[winner].root] = components[winner].weight
      components.remove(at: loser)
    }
  }

  /// The stable plan: heaviest first, earlier first; always the lightest shard, the lower first.
  func stableOwners(shards: Int, count: Int) -> [Int?] {
    var owners = [Int?](repeating: nil, count: count)
    var filled = [UInt64](repeating: 0, count: shards)
    let order = components.sorted { ($1.weight, $0.root) < ($0.weight, $1.root) }
    for component in order {
      let lightest = filled.indices.min { (filled[$0], $0) < (filled[$1], $1) } ?? 0
      filled[lightest] += component.weight
      for member in component.members { owners[member] = lightest }
    }
    return owners
  }
}
