internal import Experiments
internal import Glibc
internal import Trials

/// A workload with each of its experiments as a configuration, and those that it does not have.
struct DiagnosisSubject {
  let baseline: Configuration
  private(set) var configurations: [Experiment: Configuration] = [:]
  private(set) var absent: [Experiment: String] = [:]

  /// - Parameters:
  ///   - oneThread: the same total on one thread; nil where nobody knows how.
  ///   - largerStack: the replica on larger stacks; any other program gets them by the witness.
  init(_ baseline: Configuration, oneThread: Workload?, largerStack: Workload?) {
    self.baseline = baseline
    configurations[.baseline] = baseline
    add(.sham) { $0.treatment.reserve = 0 }
    addStack(largerStack)
    add(.liftedLimit) { $0.treatment.liftsAddressSpace = true }
    addArenas()
    addPlace()
    addAllocators()
    if let oneThread {
      add(.oneThread) { $0.workload = oneThread }
    } else {
      absent[.oneThread] = "how many threads a program has is its own affair"
    }
  }

  private static let largerStackSize = 256 << 20

  private mutating func add(_ experiment: Experiment, _ change: (inout Configuration) -> Void) {
    var configuration = baseline
    change(&configuration)
    configurations[experiment] = configuration
  }

  private mutating func addStack(_ largerStack: Workload?) {
    if let largerStack {
      add(.largerStack) { $0.workload = largerStack }
    } else if baseline.workload.entry == .preload {
      add(.largerStack) { $0.treatment.stackSize = Self.largerStackSize }
    } else {
      absent[.largerStack] = "small mallocs need no stack"
    }
  }

  private mutating func addArenas() {
    guard baseline.allocator == .glibc || baseline.allocator.name == "glibc" else {
      let reason = "the workload's malloc is \(baseline.allocator.name)"
      absent[.oneArena] = reason
      absent[.preGrownArenas] = reason
      return
    }
    add(.oneArena, allocator: "glibc:arena_max=1")
    add(.preGrownArenas, allocator: "glibc:top_pad=64M")
  }

  private mutating func add(_ experiment: Experiment, allocator name: String) {
    do {
      let allocator = try allocator(name)
      add(experiment) { $0.allocator = allocator }
    } catch let failure as Failure {
      absent[experiment] = failure.sentence
    } catch {
      absent[experiment] = "\(error)"
    }
  }

  private mutating func addPlace() {
    if baseline.launcher != .native {
      add(.native) { $0.launcher = .native }
    } else {
      absent[.native] =
        HostLimits.isInGVisor
        ? "there is no way out of this sandbox" : "it runs natively as it is"
    }
    if HostLimits.isInGVisor {
      absent[.memfdAllocator] = "it stands for a sandbox natively"
    } else if baseline.allocator.name == "glibc" {
      add(.memfdAllocator, allocator: "lab:memfd")
      configurations[.memfdAllocator]?.launcher = .native
    } else {
      absent[.memfdAllocator] = "the workload's malloc is \(baseline.allocator.name)"
    }
  }

  private mutating func addAllocators() {
    if baseline.allocator.name.hasPrefix("glibc") {
      if let other = Self.installedAllocators.first {
        add(.otherAllocator, allocator: other)
      } else {
        absent[.otherAllocator] =
          "none is installed; run: apt-get install libmimalloc2.0 libjemalloc2 libtcmalloc-minimal4"
      }
    } else {
      add(.otherAllocator) { $0.allocator = .glibc }
    }
    if baseline.allocator.name == "lab:bump" {
      absent[.bumpAllocator] = "the workload's malloc is lab:bump"
    } else {
      add(.bumpAllocator, allocator: "lab:bump")
    }
  }

  static var installedAllocators: [String] {
    Allocator.installed.filter { $0.path != nil }.map(\.name)
  }
}

extension DiagnosisSubject {
  /// Each workaround that fits the verdict, under the workload's own launcher.
  func remedies(for verdict: Verdict) -> [Remedy] {
    var result = Remedy.fitting(verdict).compactMap { experiment in
      configurations[experiment].map { Remedy(id: experiment.rawValue, configuration: $0) }
    }
    guard verdict == .hostMappingExhaustion, baseline.allocator.name.hasPrefix("glibc") else {
      return result
    }
    let others = Self.installedAllocators.dropFirst().compactMap { name -> Remedy? in
      guard let allocator = try? allocator(name) else { return nil }
      var configuration = baseline
      configuration.allocator = allocator
      return Remedy(id: Remedy.allocatorPrefix + name, configuration: configuration)
    }
    let place = result.firstIndex { $0.id == Experiment.oneThread.rawValue } ?? result.count
    result.insert(contentsOf: others, at: place)
    return result
  }
}
