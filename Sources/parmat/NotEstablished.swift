internal import Experiments
internal import Trials

/// What a diagnosis leaves open.
struct NotEstablished {
  let clauses: [String]

  init(_ run: DiagnosisRun, crashPointObstacle: String?, wasInterrupted: Bool) {
    let diagnosis = run.diagnosis
    var clauses: [String] = []
    if wasInterrupted { clauses.append("anything further: it was interrupted") }
    let broken = run.allTrials.count { $0.outcome == .sandboxFailed }
    if broken > 0 {
      clauses.append(
        "what \(broken) of \(run.allTrials.count) trials would have shown: the sandbox itself failed"
      )
    }
    if run.problem != nil { clauses.append("anything beyond the trials that were finished") }
    if !diagnosis.isSettled && run.trials.count >= run.plan.budget {
      clauses.append("anything further: the budget of \(run.plan.budget) trials is used up")
    }
    if diagnosis.verdict == .hostMappingExhaustion {
      clauses.append(
        "that another host has this limit and does as this one: parmat probe, run there, tells")
      if run.trials.allSatisfy({ $0.host == nil }) {
        clauses.append("the host's own count of mappings, which cannot be seen from inside")
      }
      if let crashPointObstacle {
        clauses.append("where in the workload the crash comes: \(crashPointObstacle)")
      }
      let open = Experiment.order.filter { experiment in
        experiment.removes != nil && ![.largerStack, .liftedLimit].contains(experiment)
          && (diagnosis.usesArenas
            || ![.oneThread, .oneArena, .preGrownArenas].contains(experiment))
          && diagnosis[experiment] == nil && run.plan.context.absent[experiment] == nil
      }
      if !open.isEmpty {
        clauses.append(
          "what these change, which could not change the verdict (--all-experiments): "
            + open.map(\.title).joined(separator: "; "))
      }
    }
    if diagnosis.verdict == .notReproduced {
      clauses.append("that it never crashes, or does not elsewhere")
    }
    self.clauses = clauses
  }
}
