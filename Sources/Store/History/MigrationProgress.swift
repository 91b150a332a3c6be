/// How far the history of an older version has been converted; told after each segment. All of it is one transaction: a start that is broken
/// off begins anew, from an untouched file.
public struct MigrationProgress: Hashable, Sendable {
  /// Rows that were read so far.
  public var done: Int64
  /// Rows there are, or some more: numbers that were left out count, too.
  public var total: Int64

  /// 0 ... 100.
  public var percent: Int { total == 0 ? 100 : Int(min(100, done * 100 / total)) }
}
