extension SIMD4 where Scalar == Float {
  /// Reads four values that need not lie at a multiple of 16 bytes.
  @inline(__always) init(at p: UnsafePointer<Float>) { self = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }
  @inline(__always) init(at p: UnsafeMutablePointer<Float>) { self = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }

  @inline(__always) func store(at p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: self, as: SIMD4<Float>.self)
  }

  /// Not above `most` and not below its negative. Written by lanes: comparisons of vectors are compiled to a loop over them.
  @inline(__always) func clamped(to most: SIMD4<Float>) -> SIMD4<Float> { smaller(most).larger(-most) }

  @inline(__always) func smaller(_ b: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(
      self[0] < b[0] ? self[0] : b[0], self[1] < b[1] ? self[1] : b[1], self[2] < b[2] ? self[2] : b[2],
      self[3] < b[3] ? self[3] : b[3])
  }

  @inline(__always) func larger(_ b: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(
      self[0] > b[0] ? self[0] : b[0], self[1] > b[1] ? self[1] : b[1], self[2] > b[2] ? self[2] : b[2],
      self[3] > b[3] ? self[3] : b[3])
  }

  @inline(__always) var largest: Float {
    let (a, b) = (self[0] > self[1] ? self[0] : self[1], self[2] > self[3] ? self[2] : self[3])
    return a > b ? a : b
  }

  @inline(__always) var least: Float {
    let (a, b) = (self[0] < self[1] ? self[0] : self[1], self[2] < self[3] ? self[2] : self[3])
    return a < b ? a : b
  }

  /// −1 where negative, also where −0, else 0.
  @inline(__always) var signs: SIMD4<Int32> { unsafeBitCast(self, to: SIMD4<Int32>.self) &>> 31 }
}
