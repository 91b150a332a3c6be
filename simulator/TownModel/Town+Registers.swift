extension Town {
  /// What a totalizer counts, m³: on through silence, from 0 after a reset, from another count after it was replaced, and not at all while
  /// it is stuck.
  func counted(_ flow: [Double], at i: Int) -> [Double] {
    let id = scenario.meters[i].id
    let faults = scenario.events.filter { $0.meter == id && ($0.kind == .stuck || $0.kind == .reset || $0.kind == .replaced) }
      .map { (kind: $0.kind, steps: steps(of: $0)) }
    // It was not new.
    var count = 1000 * scenario.meters[i].mean
    let counts = flow.indices.map { k in
      let now = faults.filter { $0.steps.contains(k) }
      if now.contains(where: { $0.kind == .reset }) {
        count = 0
      } else if now.contains(where: { $0.kind == .replaced && $0.steps.lowerBound == k }) {
        // It was tested with some water before.
        count = 3.217
      } else if now.allSatisfy({ $0.kind == .replaced }) {
        count += flow[k] * Double(scenario.interval) / 3600
      }
      return (count * 1000).rounded() / 1000
    }
    guard let e = scenario.events.first(where: { $0.meter == id && $0.kind == .rollover }) else { return counts }
    return Town.rolled(counts, at: steps(of: e).lowerBound)
  }

  /// The counts of a totalizer that passes its largest number at a step.
  private static func rolled(_ counts: [Double], at step: Int) -> [Double] {
    guard step < counts.count else { return counts }
    var size = 10_000.0
    while size <= 1.05 * (counts[step] - counts[0]) { size *= 10 }
    return counts.enumerated().map { k, count in
      let turned = count - counts[step] + (k < step ? size : 0)
      return (turned * 1000).rounded() / 1000
    }
  }
}
