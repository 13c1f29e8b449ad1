internal import ArgumentParser
internal import LLVMBitcode
internal import Materialization

/// `parmat partition`: the plan, and why it is so.
struct PartitionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partition",
    abstract: "Show which global goes to which shard, and why.",
    discussion: """
      Plans as `run` does, and stops there: components that constants tie together, heaviest \
      first, each on the shard that is lightest so far. Nothing is materialized.
      """)

  @OptionGroup var module: ModuleOptions

  @Flag(
    help: ArgumentHelp(
      "Show what the module is made of instead: definitions, weights, components, and the bytes "
        + "that every worker has to parse again."))
  var summary = false

  @OptionGroup var display: DisplayOptions

  func run() throws {
    var warnings: [String] = []
    var times = SourceTimes()
    var composition: Composition?
    let plan = try withModule(module.module, limit: module.rules.parseLimit) { input in
      times = input.times
      let count = try module.threadCount(for: input.module)
      warnings = count.warnings
      guard summary else {
        return try input.module.plan(
          into: count.threads, julia: module.rules.julia, ties: module.rules.ties, times: &times)
      }
      let split = try input.module.split(
        into: count.threads, julia: module.rules.julia, ties: module.rules.ties, times: &times)
      composition = try Composition(of: split)
      return split.plan
    }
    warnings.forEach(Output.complain)

    let report = PartitionReport(plan, times, summary: composition)
    switch display.format {
    case .json: try Output.write(json(report, lines: false))
    case .jsonl: try Output.write(json(report, lines: true))
    case .text:
      let head =
        "\(module.module): rules of Julia \(module.rules.julia.rawValue), ties \(module.rules.ties.rawValue)\n"
      try Output.write(
        head + (composition?.text(display) ?? PlanText(plan, display).render()))
    }
  }
}

/// The record of a plan (`parmat.partition/1`); scripts rely on its keys.
struct PartitionReport: Encodable {
  struct Shard: Encodable {
    let index: Int
    let weight: Int
    let globals: [String]
  }
  struct Seconds: Encodable {
    let parse: Double
    let verify: Double
    let weigh: Double
    let union: Double
    let fill: Double
    let check: Double
  }

  let schema = "parmat.partition/1"
  let threads: Int
  let weight: Int
  /// Definitions that the plan places.
  let globals: Int
  let components: Int
  let shards: [Shard]
  let seconds: Seconds
  let summary: Composition?

  init(_ plan: PartitionPlan, _ times: SourceTimes, summary: Composition?) {
    threads = plan.partitions.count
    weight = plan.partitions.reduce(0) { $0 + $1.weight }
    globals = plan.partitions.reduce(0) { $0 + $1.globals.count }
    components = plan.componentCount
    shards = plan.partitions.map { partition in
      Shard(
        index: partition.index, weight: partition.weight,
        globals: partition.globals.map { plan.summary.names[$0] })
    }
    seconds = Seconds(
      parse: times.parse.wall, verify: times.verify.wall, weigh: times.weigh.wall,
      union: times.union.wall, fill: times.fill.wall, check: times.check.wall)
    self.summary = summary
  }
}
