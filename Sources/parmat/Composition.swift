internal import LLVMBitcode
internal import Materialization

/// What a module is made of, as the workers get it.
struct Composition: Encodable {
  struct Group: Encodable {
    let kind: GlobalValue.Kind
    /// As the input had it, before promotion.
    let linkage: Linkage
    let count: Int
    let weight: Int
  }
  struct Distribution: Encodable {
    let count: Int
    let sum: Int
    let mean: Double
    let p10: Int
    let p25: Int
    let p50: Int
    let p75: Int
    let p90: Int
    let p95: Int
    let p99: Int
    let max: Int

    /// Percentiles by nearest rank.
    init(_ values: [Int]) {
      let sorted = values.sorted()
      func rank(_ share: Double) -> Int {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[Swift.max(0, rank - 1)]
      }
      count = sorted.count
      sum = sorted.reduce(0, +)
      mean = sorted.isEmpty ? 0 : Double(sum) / Double(count)
      (p10, p25, p50, p75) = (rank(0.1), rank(0.25), rank(0.5), rank(0.75))
      (p90, p95, p99, max) = (rank(0.9), rank(0.95), rank(0.99), sorted.last ?? 0)
    }
  }
  struct ComponentSize: Encodable {
    let definitions: Int
    let components: Int
  }

  let info: ModuleInfo
  let definitions: [Group]
  let functionWeights: Distribution
  let components: [ComponentSize]
  let bytes: BitcodeSizes

  init(of split: SplitModule) throws(LLVMError) {
    let plan = split.plan
    let summary = plan.summary
    info = summary.info
    definitions = GlobalValue.Kind.allCases.flatMap { kind in
      Linkage.allCases.compactMap { linkage in
        let members = summary.definitions.filter { $0.kind == kind && $0.linkage == linkage }
        guard !members.isEmpty else { return nil }
        return Group(
          kind: kind, linkage: linkage, count: members.count,
          weight: members.reduce(0) { $0 + Int($1.weight) })
      }
    }
    functionWeights = Distribution(
      summary.definitions.filter { $0.kind == .function }.map { Int($0.weight) })
    var sizes: [Int: Int] = [:]
    for case let root? in plan.roots { sizes[root, default: 0] += 1 }
    var histogram: [Int: Int] = [:]
    for size in sizes.values { histogram[size, default: 0] += 1 }
    components = histogram.sorted { $0.key < $1.key }.map {
      ComponentSize(definitions: $0.key, components: $0.value)
    }
    bytes = try BitcodeSizes(of: split.bytes)
  }

  func text(_ display: DisplayOptions) -> String {
    var groups = TextTable(["kind", "linkage", "count", "weight"], words: [0, 1])
    for group in definitions {
      groups.append([
        group.kind.rawValue, group.linkage.rawValue, String(group.count), String(group.weight),
      ])
    }
    let weights = functionWeights
    let sizes =
      components.map { "\($0.components) of \($0.definitions)" }.prefix(8).joined(separator: ", ")
      + (components.count > 8 ? ", ... up to \(components[components.count - 1].definitions)" : "")
    func share(_ bytes: Int) -> String {
      let percent = 100 * Double(bytes) / Double(max(self.bytes.file, 1))
      return "\(fixed(Double(bytes) / 1e6, 3)) MB (\(fixed(percent, 1)) %)"
    }
    return """
      \(info.globals) definitions: \(info.functions) functions, \(info.basicBlocks) blocks, \
      \(info.instructions) instructions, weight \(info.weight)

      \(groups.render(display))
      weight of a function: mean \(fixed(weights.mean, 1)), p10 \(weights.p10), p25 \(weights.p25), \
      p50 \(weights.p50), p75 \(weights.p75), p90 \(weights.p90), p95 \(weights.p95), \
      p99 \(weights.p99), max \(weights.max)
      components: \(sizes.isEmpty ? "none" : sizes) definitions
      as the workers get it: \(fixed(Double(bytes.file) / 1e6, 3)) MB of bitcode
        in function blocks, read by one worker each: \(share(bytes.functionBlocks))
        at module level, read again by every worker: \(share(bytes.fixedPerShard)); of it \
      metadata \(share(bytes.metadata)), constants \(share(bytes.constants)), types \
      \(share(bytes.types)), string and symbol tables \(share(bytes.tables))\n
      """
  }
}
