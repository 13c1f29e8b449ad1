/// Julia's own report of stage times (`JULIA_IMAGE_TIMINGS`), line by line as Julia prints it to
/// stderr after the join.
public enum ImageTimings {
  /// Whether the environment asks for the report, and Julia's warning where it cannot be read.
  public static func isRequested(
    by environment: [String: String]
  ) -> (requested: Bool, warning: String?) {
    guard let value = environment["JULIA_IMAGE_TIMINGS"] else { return (false, nil) }
    switch value.lowercased() {
    case "1", "true": return (true, nil)
    case "0", "false": return (false, nil)
    default: return (false, "WARNING: Invalid value for JULIA_IMAGE_TIMINGS: \(value)")
    }
  }

  /// - Parameters:
  ///   - name: what the module is called, `text` for Julia's code.
  ///   - isSplit: Julia's single-threaded path has only the `output` timer and no weights.
  public static func report(
    of shards: [ShardReport], name: String, source: SourceTimes, output: Elapsed, isSplit: Bool
  ) -> String {
    var timers = [Timer(description: "Add outputs", elapsed: output)]
    if isSplit {
      timers.append(Timer(description: "Serialize module", elapsed: source.serialize))
      timers.append(Timer(description: "Partition module", elapsed: source.partition))
    }
    var text = group(timers, title: "Time to optimize and emit LLVM module \(name)")
    for shard in shards { text += section(of: shard, name: name) }
    if isSplit {
      let weights = shards.map { String($0.weight) }.joined(separator: ", ")
      text += "Partition weights: [\(weights)]\n"
    }
    return text
  }

  private struct Timer {
    let description: String
    let elapsed: Elapsed
  }

  private static let rule = "===" + String(repeating: "-", count: 73) + "===\n"

  private static func heading(_ title: String) -> String {
    // llvm::TimerGroup centres its title in 80 columns.
    rule + String(repeating: " ", count: max(0, (80 - title.count) / 2)) + title + "\n" + rule
  }

  /// `llvm::TimerGroup::PrintQueuedTimers`: the longest first, a column for each clock that ran.
  private static func group(_ timers: [Timer], title: String) -> String {
    let total = timers.reduce(Elapsed()) { $0 + $1.elapsed }
    let process = total.user + total.system
    var text = heading(title)
    text += "  Total Execution Time: \(fixed(process, 4)) seconds"
    text += " (\(fixed(total.wall, 4)) wall clock)\n\n"

    let columns: [(title: String, total: Double, value: (Elapsed) -> Double)] = [
      ("   ---User Time---", total.user, { $0.user }),
      ("   --System Time--", total.system, { $0.system }),
      ("   --User+System--", process, { $0.user + $0.system }),
      ("   ---Wall Time---", total.wall, { $0.wall }),
    ]
    let shown = columns.enumerated().filter { $0.offset == 3 || $0.element.total > 0 }
      .map(\.element)
    text += shown.map(\.title).joined() + "  --- Name ---\n"
    let lines =
      timers.sorted { $0.elapsed.wall > $1.elapsed.wall }
      + [Timer(description: "Total", elapsed: total)]
    for timer in lines {
      for column in shown {
        let value = column.value(timer.elapsed)
        let share = column.total > 0 ? value * 100 / column.total : 0
        text += "  \(padded(fixed(value, 4), 7)) (\(padded(fixed(share, 1), 5))%)"
      }
      text += "  \(timer.description)\n"
    }
    return text + "\n"
  }

  private static func section(of shard: ShardReport, name: String) -> String {
    let index = shard.index
    var text = heading("shard_\(index) : Timings for \(name) module shard \(index)")
    text += "Time (s)  Name  Description\n"
    var total = 0.0
    for (seconds, key, description) in stages(of: shard.timers) where seconds > 0 {
      text += "\(fixed(seconds, 3))  \(key)_\(index)  \(description)\n"
      total += seconds
    }
    return text + "\(fixed(total, 3))  total  Total time taken\n"
  }

  private static func stages(of timers: ShardTimers) -> [(Double, String, String)] {
    [
      (timers.deserialize, "deserialize", "Deserialize module"),
      (timers.materialize, "materialize", "Materialize declarations"),
      (timers.construct, "construct", "Construct partitioned definitions"),
      (timers.unopt, "unopt", "Emit unoptimized bitcode"),
      (timers.optimize, "optimize", "Optimize shard"),
      (timers.opt, "opt", "Emit optimized bitcode"),
      (timers.obj, "obj", "Emit object file"),
      (timers.asm, "asm", "Emit assembly file"),
    ]
  }
}

/// A number with so many digits after the point, as `%.nf` prints it.
package func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((value.magnitude * scale).rounded(.toNearestOrEven))
  let whole = scaled / Int(scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(whole)" }
  let fraction = String(scaled % Int(scale))
  return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// Text at the right of a field of `width` characters.
package func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
