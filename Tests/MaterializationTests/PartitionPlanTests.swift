import Foundation
import TestSupport
import Testing

@testable import Materialization

@Suite("The plan, against a second implementation")
struct PartitionPlanTests {
  @Test("stable plans of 400 random modules are those of the slow implementation")
  func stablePlans() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix(seed: seed)
    for round in 0..<400 {
      let module = MadeUpModule(using: &generator)
      let shards = Int.random(in: 1...9, using: &generator)
      let plan = PartitionPlan(module.summary, shards: shards, ties: .stable)
      let slow = SlowPlan(module)
      let expected = slow.stableOwners(shards: shards, count: module.weights.count)
      #expect(plan.owners == expected, "seed \(seed), round \(round): \(module)")
      #expect(plan.componentCount == slow.components.count, "seed \(seed), round \(round)")
      #expect(plan.violations().isEmpty, "seed \(seed), round \(round)")
      guard plan.owners == expected else { return }
    }
  }

  @Test("ties fall as in a C++ program that uses std::sort and std::priority_queue")
  func libstdcxxTies() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write(referenceFill, to: "fill.cpp")
    try runSuccessfully("g++", ["-O1", source, "-o", folder.path("fill")])
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix(seed: seed)
    for round in 0..<60 {
      let module = MadeUpModule(using: &generator)
      let shards = Int.random(in: 1...9, using: &generator)
      let slow = SlowPlan(module)
      // Nodes in definition order: root's position among the nodes, weight in the sort.
      let nodes = module.weights.indices.filter { module.isNode[$0] }
      let position = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
      var roots: [Int: Int] = [:]
      for component in slow.components {
        for member in component.members { roots[member] = component.root }
      }
      var input = "\(shards) \(nodes.count)\n"
      for node in nodes {
        input += "\(slow.sortWeights[node]) \(position[roots[node] ?? node] ?? 0)\n"
      }
      let printed = try TestSupport.run(folder.path("fill"), input: Data(input.utf8)).output
      let expected = printed.split(separator: " ").compactMap { Int($0) }

      let plan = PartitionPlan(module.summary, shards: shards)
      #expect(nodes.map { plan.owners[$0] ?? -1 } == expected, "seed \(seed), round \(round)")
      #expect(plan.violations().isEmpty)
    }
  }

  @Test("more shards than definitions leave empty shards, which are still there")
  func emptyShards() {
    var summary = ModuleSummary()
    summary.append(name: "only", definition(weight: 7))
    let plan = PartitionPlan(summary, shards: 64)
    #expect(plan.partitions.count == 64)
    #expect(plan.partitions.map(\.weight).reduce(0, +) == 7)
    #expect(plan.partitions.count { $0.globals.isEmpty } == 63)
  }

  @Test("no shard outweighs another by more than the heaviest component")
  func balance() {
    var generator = SplitMix(seed: 11)
    for _ in 0..<100 {
      let module = MadeUpModule(using: &generator)
      let plan = PartitionPlan(module.summary, shards: 5)
      let heaviest = plan.componentWeights.values.max() ?? 0
      let weights = plan.partitions.map(\.weight)
      #expect((weights.max() ?? 0) - (weights.min() ?? 0) <= heaviest)
    }
  }
}

@Suite("verify_partitioning finds each kind of mistake")
struct VerifyPartitioningTests {
  /// Two tied definitions, a free one, one that is in every shard; two table entries.
  private var summary: ModuleSummary {
    var summary = ModuleSummary()
    summary.append(name: "target", definition(weight: 5, fvar: 0))
    summary.append(name: "user", definition(weight: 1, gvar: 0))
    summary.append(name: "free", definition(weight: 3, fvar: 1))
    summary.append(name: "inlined", definition(weight: 2, isNode: false))
    summary.tie(0, 1)
    summary.tableSizes = ModuleSummary.TableSizes(fvars: 2, gvars: 1)
    return summary
  }

  private func partitions(_ globals: [[Int]]) -> [Partition] {
    globals.enumerated().map { index, members in
      var partition = Partition(index: index, weight: 0)
      for member in members where member < 4 {
        partition.insert(member, summary.definitions[member])
      }
      partition.globals = members
      return partition
    }
  }

  private func violations(_ globals: [[Int]]) -> [String] {
    PartitionPlan.violations(of: partitions(globals), in: summary)
  }

  @Test("a right plan has none") func none() {
    #expect(violations([[0, 1], [2]]).isEmpty)
    #expect(violations([[0, 1, 2], []]).isEmpty)
  }

  @Test("a global in two shards, and its table entry") func twice() {
    #expect(
      violations([[0, 1, 2], [2]]) == [
        "'free' is in shard 0 and in shard 1", "entry 1 of jl_fvars is in shard 0 and in shard 1",
      ])
  }

  @Test("a definition in no shard, and its table entry") func missing() {
    #expect(
      violations([[0, 1], []]) == ["'free' is in no shard", "entry 1 of jl_fvars is in no shard"])
  }

  @Test("a global apart from the constant that names it") func apart() {
    #expect(
      violations([[0], [1, 2]]) == ["'target' (shard 0) and its user 'user' (shard 1) are apart"])
  }

  @Test("a function that belongs to every shard") func everywhere() {
    #expect(
      violations([[0, 1, 3], [2]])
        == ["'inlined' is listed in shard 0, but belongs to every shard"])
  }

  @Test("a number that defines nothing") func declaration() {
    #expect(violations([[0, 1, 9], [2]]) == ["shard 0 lists number 9, which defines nothing"])
  }
}

private func definition(
  weight: UInt64, isNode: Bool = true, fvar: UInt32? = nil, gvar: UInt32? = nil
) -> ModuleSummary.Definition {
  ModuleSummary.Definition(
    kind: .function, linkage: .internal, weight: weight, isNode: isNode, fvar: fvar, gvar: gvar)
}

/// The fill as libstdc++ orders it; reads shards, nodes, then each node's weight and root.
private let referenceFill = """
  #include <algorithm>
  #include <iostream>
  #include <numeric>
  #include <queue>
  #include <vector>
  struct Shard { unsigned long weight; int number; };
  int main() {
    int shards, n;
    std::cin >> shards >> n;
    std::vector<unsigned long> weight(n);
    std::vector<int> root(n), order(n), owner(n);
    for (int i = 0; i < n; ++i) std::cin >> weight[i] >> root[i];
    std::vector<Shard> all(shards);
    auto heavier = [](Shard *a, Shard *b) { return a->weight > b->weight; };
    std::priority_queue<Shard *, std::vector<Shard *>, decltype(heavier)> queue(heavier);
    for (int s = 0; s < shards; ++s) { all[s] = {0, s}; queue.push(&all[s]); }
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) { return weight[a] > weight[b]; });
    for (int i : order) {
      if (root[i] != i) { owner[i] = owner[root[i]]; continue; }
      Shard *lightest = queue.top();
      queue.pop();
      owner[i] = lightest->number;
      lightest->weight += weight[i];
      queue.push(lightest);
    }
    for (int i = 0; i < n; ++i) std::cout << owner[i] << ' ';
  }
  """
