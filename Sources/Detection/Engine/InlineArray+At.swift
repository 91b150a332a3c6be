extension InlineArray where Element: BitwiseCopyable {
  /// The element at place `i`, which must exist.
  ///
  /// Read where it lies: the subscript of a value that is not `inout` copies the whole array first, which was half of all instructions of the
  /// detector. Hence `mutating`, though nothing changes.
  @inline(always) mutating func at(_ i: Int) -> Element {
    assert(i >= 0 && i < count)
    return withUnsafeMutablePointer(to: &self) {
      UnsafeRawPointer($0).load(fromByteOffset: i &* MemoryLayout<Element>.stride, as: Element.self)
    }
  }

  /// The four elements from place `i` on, which must exist.
  @inline(always) mutating func four(_ i: Int) -> SIMD4<Float> where Element == Float {
    assert(i >= 0 && i + 4 <= count)
    return withUnsafeMutablePointer(to: &self) {
      UnsafeRawPointer($0).loadUnaligned(fromByteOffset: i &* MemoryLayout<Float>.stride, as: SIMD4<Float>.self)
    }
  }

  @inline(always) mutating func set(four i: Int, _ v: SIMD4<Float>) where Element == Float {
    assert(i >= 0 && i + 4 <= count)
    withUnsafeMutablePointer(to: &self) {
      UnsafeMutableRawPointer($0).storeBytes(of: v, toByteOffset: i &* MemoryLayout<Float>.stride, as: SIMD4<Float>.self)
    }
  }

  /// Writes the element at place `i`, which must exist, where it lies.
  @inline(always) mutating func set(_ i: Int, _ v: Element) {
    assert(i >= 0 && i < count)
    withUnsafeMutablePointer(to: &self) {
      UnsafeMutableRawPointer($0).storeBytes(of: v, toByteOffset: i &* MemoryLayout<Element>.stride, as: Element.self)
    }
  }
}
