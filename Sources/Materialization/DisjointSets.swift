/// Julia's union-find over definitions: path halving, union by member count.
struct DisjointSets {
  private(set) var parents: [UInt32]
  private var sizes: [UInt32]
  /// A root's is the weight of its whole component; any other's is what it had when it was merged.
  private(set) var weights: [UInt64]

  init(weights: [UInt64]) {
    parents = Array(0..<UInt32(weights.count))
    sizes = Array(repeating: 1, count: weights.count)
    self.weights = weights
  }

  /// The component's root. Nearly O(1).
  mutating func find(_ member: UInt32) -> UInt32 {
    var member = member
    while parents[Int(member)] != member {
      let grandparent = parents[Int(parents[Int(member)])]
      parents[Int(member)] = grandparent
      member = grandparent
    }
    return member
  }

  /// Joins two components. Where both have as many members the first one's root stays root: which
  /// node is the root decides ties of the fill.
  mutating func merge(_ a: UInt32, _ b: UInt32) {
    var root = find(a)
    var other = find(b)
    if root == other { return }
    if sizes[Int(root)] < sizes[Int(other)] { swap(&root, &other) }
    parents[Int(other)] = root
    sizes[Int(root)] += sizes[Int(other)]
    weights[Int(root)] += weights[Int(other)]
  }
}
