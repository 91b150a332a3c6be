/// Which faults of meter and line are open. Apart from `HealthState`, which every reading needs.
struct FaultState: BitwiseCopyable {
  /// By `HealthIndex`; Int64.min = closed.
  private var onsets = InlineArray<8, Int64>(repeating: Int64.min)
  /// Readings that were not judged: not finite, out of range, in a stuck run.
  var invalidCount: Int64 = 0

  init() {}

  /// When fault `i` began; Int64.min = closed. It only reads: see `InlineArray.at`.
  @inline(always) mutating func onset(_ i: Int) -> Int64 { onsets.at(i) }

  /// Opens fault `i`.
  mutating func open(_ i: Int, onset: Int64) { onsets.set(i, onset) }
  mutating func close(_ i: Int) { onsets.set(i, Int64.min) }

  /// As `onset`, of a copy.
  func isOpen(_ i: Int) -> Bool { onsets[i] != Int64.min }
}
