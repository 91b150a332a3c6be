extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// Appends to the block that `self` points to, which is replaced by one of twice the size when it is full. Amortised O(1).
  mutating func append(_ value: Pointee, count: inout Int, capacity: inout Int) {
    if count == capacity {
      let larger = Self.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: self, count: count)
      deallocate()
      self = larger
      capacity *= 2
    }
    (self + count).initialize(to: value)
    count += 1
  }
}
