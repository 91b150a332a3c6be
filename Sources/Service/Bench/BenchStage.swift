/// Where a bench stands.
public enum BenchStage: Int, CaseIterable, Sendable {
  case learning, judging, committing, folding, leaking, alerting, receiving
}

/// Tells how far a bench is and asks whether it should end; called some times a second, from any thread.
public struct BenchWatch: Sendable {
  let progress: @Sendable (BenchStage, Double) -> Void
  let isCancelled: @Sendable () -> Bool

  /// - Parameters:
  ///   - progress: the stage, and how much of it is done, 0…1.
  ///   - isCancelled: true ends the bench with `BenchError.interrupted`.
  public init(progress: @escaping @Sendable (BenchStage, Double) -> Void, isCancelled: @escaping @Sendable () -> Bool) {
    self.progress = progress
    self.isCancelled = isCancelled
  }

  func check(_ stage: BenchStage, _ share: Double) throws(BenchError) {
    if isCancelled() { throw .interrupted }
    progress(stage, min(max(share, 0), 1))
  }
}
