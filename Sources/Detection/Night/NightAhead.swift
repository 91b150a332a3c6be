/// What the nights show that a new one is compared with, worked out before its end.
struct NightAhead: BitwiseCopyable {
  /// Local day number of the new night; Int32.min = nothing is worked out.
  var day = Int32.min
  /// Nights that are known.
  var count: Int32 = 0
  /// Their median and 1.4826 × the median distance from it, in quanta.
  var centre: Float = 0
  var deviation: Float = 0

  mutating func discard() { day = Int32.min }
}
