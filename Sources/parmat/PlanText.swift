internal import Materialization

/// A plan as a person reads it: shard by shard, each global with the reason for its place.
struct PlanText {
  private let plan: PartitionPlan
  private let display: DisplayOptions

  init(_ plan: PartitionPlan, _ display: DisplayOptions) {
    self.plan = plan
    self.display = display
  }

  func render() -> String {
    let weight = plan.partitions.reduce(0) { $0 + $1.weight }
    let globals = plan.partitions.reduce(0) { $0 + $1.globals.count }
    var text = """
      \(plan.partitions.count) shards, weight \(weight), \(globals) globals in \
      \(plan.componentCount) components\n
      """
    let everywhere = plan.summary.definitions.count { !$0.isNode }
    if everywhere > 0 {
      text += "\(everywhere) more definitions are in every shard (alwaysinline, "
      text += "available_externally) or are made anew in each (llvm.used)\n"
    }
    let positions = positions()
    let company = company()
    let componentWeights = plan.componentWeights
    for partition in plan.partitions {
      text += "\n" + display.bold("shard \(partition.index)")
      text += ": weight \(partition.weight), \(partition.globals.count) globals\n"
      guard !partition.globals.isEmpty else { continue }
      var table = TextTable(["placed", "weight", "kind", "name", "why here"], words: [2, 3, 4])
      var filled = 0
      for global in partition.globals {
        let definition = plan.summary.definitions[global]
        let isRoot = plan.roots[global] == global
        let why = isRoot ? "lightest shard, at \(filled)" : company[global] ?? "same component"
        if isRoot { filled += componentWeights[global] ?? 0 }
        table.append([
          String(positions[global] + 1), String(definition.weight), definition.kind.rawValue,
          plan.summary.names[global], why,
        ])
      }
      text += table.render(display)
    }
    return text
  }

  /// Definition -> its place in the order of filling.
  private func positions() -> [Int] {
    var positions = [Int](repeating: 0, count: plan.summary.definitions.count)
    for (position, global) in plan.order.enumerated() { positions[global] = position }
    return positions
  }

  /// Definition -> whom it has to stay with.
  private func company() -> [Int: String] {
    var company: [Int: String] = [:]
    let names = plan.summary.names
    for tie in plan.summary.ties {
      let (target, user) = (Int(tie.target), Int(tie.user))
      switch tie.reason {
      case .constant:
        company[target] = company[target] ?? "with \(names[user]), which names it in a constant"
        company[user] = company[user] ?? "with \(names[target]), which it names in a constant"
      case .comdat:
        company[user] = company[user] ?? "with \(names[target]), of the same comdat"
      case .associated:
        company[target] = company[target] ?? "with \(names[user]), which is associated with it"
        company[user] = company[user] ?? "with \(names[target]), which it is associated with"
      case .assembly:
        company[user] = company[user] ?? "with \(names[target]): assembly mentions both"
      }
    }
    return company
  }
}
