import CMachine

extension SIMD4 where Scalar == Float {
  /// Reads four values that need not lie at a multiple of 16 bytes.
  @inline(always) init(at p: UnsafePointer<Float>) { self = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }
  @inline(always) init(at p: UnsafeMutablePointer<Float>) { self = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }

  @inline(always) func store(at p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: self, as: SIMD4<Float>.self)
  }

  /// Not above `most` and not below its negative.
  @inline(always) func clamped(to most: SIMD4<Float>) -> SIMD4<Float> { smaller(most).larger(-most) }

  // Written so that it is one instruction: `pointwiseMin` is a call, and what is done lane by lane is compiled to halves.
  @inline(always) func smaller(_ b: SIMD4<Float>) -> SIMD4<Float> { b.replacing(with: self, where: self .< b) }

  @inline(always) func larger(_ b: SIMD4<Float>) -> SIMD4<Float> { b.replacing(with: self, where: self .> b) }

  /// As `squareRoot()`, which takes them one by one.
  @inline(always) var roots: SIMD4<Float> { mizumori_square_roots(self) }

  /// The rows of a square whose columns these are.
  @inline(always) static func transposed(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> (Self, Self, Self, Self) {
    (SIMD4(a[0], b[0], c[0], d[0]), SIMD4(a[1], b[1], c[1], d[1]), SIMD4(a[2], b[2], c[2], d[2]), SIMD4(a[3], b[3], c[3], d[3]))
  }

  // Not inlined, both: else the compiler works with halves in the loop that comes before.
  @inline(never) var largest: Float {
    let (a, b) = (self[0] > self[1] ? self[0] : self[1], self[2] > self[3] ? self[2] : self[3])
    return a > b ? a : b
  }

  @inline(never) var least: Float {
    let (a, b) = (self[0] < self[1] ? self[0] : self[1], self[2] < self[3] ? self[2] : self[3])
    return a < b ? a : b
  }

  /// Without their signs.
  @inline(always) var magnitudes: SIMD4<Float> {
    unsafeBitCast(unsafeBitCast(self, to: SIMD4<UInt32>.self) & 0x7fff_ffff, to: SIMD4<Float>.self)
  }

  /// −1 where negative, also where −0, else 0.
  @inline(always) var signs: SIMD4<Int32> { unsafeBitCast(self, to: SIMD4<Int32>.self) &>> 31 }
}

extension SIMD4 where Scalar == Int32 {
  /// The sum. Written out: `wrappedSum` adds even and odd lanes, and the compiler then works with halves all the way to it.
  @inline(always) var total: Int { Int(self[0] &+ self[1] &+ self[2] &+ self[3]) }
}
