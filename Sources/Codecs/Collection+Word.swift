extension BidirectionalCollection where Element == UInt8 {
  /// The first eight bytes, the first one lowest; 0 where it is shorter. O(1)
  var firstWord: UInt64 { prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
