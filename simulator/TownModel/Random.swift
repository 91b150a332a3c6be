/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
struct Random: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A generator of its own for a named part, so that adding one part leaves the others as they were.
  init(seed: UInt64, part: String) {
    var h: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for c in part.utf8 { h = (h ^ UInt64(c)) &* 0x0000_0100_0000_01b3 }
    state = h
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 0 ..< 1
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Mean 0, standard deviation 1: the sum of twelve uniforms less 6, which needs no logarithm and so rounds alike everywhere.
  mutating func normal() -> Double {
    var s = -6.0
    for _ in 0..<12 { s += uniform() }
    return s
  }
}
