import Readings

/// The sum with signs of a zone's meters (net inflow = inlets − outlets), on bins that the slowest of them fills.
///
/// A bin is told when every member has reported past its end. A member that skipped it is waited for a while, one that is silent until the
/// ring is full; then the bin is missing. Bins are told in order.
struct ZoneState: BitwiseCopyable {
  static let maximumMembers = 16
  static let bins = 24

  /// Slot of the zone's own (virtual) sensor.
  let slot: Int32
  private(set) var count: Int32 = 0
  private var slots = InlineArray<16, Int32>(repeating: -1)
  /// Bit m: member m is an outlet.
  private var outlets: UInt32 = 0
  /// Place of the tank whose flows these are; −1 = none.
  private(set) var tank: Int32 = -1
  /// Milliseconds of a bin; 0 until the interval of each member is known.
  private(set) var width: Int64 = 0
  /// Number (time / width) of the oldest bin that was not told; Int64.min before the first reading.
  private var first = Int64.min
  private var newest = Int64.min
  /// Newest bin that each member has reported to its end.
  private var through = InlineArray<16, Int64>(repeating: Int64.min)
  private var sums = InlineArray<384, Float>(repeating: 0)
  private var counts = InlineArray<384, UInt16>(repeating: 0)

  init(slot: Int32) { self.slot = slot }

  /// The members' slots.
  func member(_ m: Int) -> Int32 { slots[m] }

  func isOutlet(_ m: Int) -> Bool { outlets >> UInt32(m) & 1 == 1 }

  mutating func setTank(_ place: Int) { tank = Int32(place) }

  /// - Returns: false for other members than before; what was collected is then forgotten.
  func hasMembers(_ wanted: [ZoneMember]) -> Bool {
    wanted.count == Int(count)
      && wanted.indices.allSatisfy { slots[$0] == wanted[$0].slot && (outlets >> UInt32($0) & 1 == 1) == wanted[$0].isOutlet }
  }

  mutating func setMembers(_ wanted: [ZoneMember]) {
    let tank = tank
    self = ZoneState(slot: slot)
    self.tank = tank
    for (m, member) in wanted.prefix(ZoneState.maximumMembers).enumerated() {
      slots[m] = member.slot
      if member.isOutlet { outlets |= 1 << UInt32(m) }
      count += 1
    }
  }

  /// Sets the bins' width from the largest interval of the members, ms: a divisor or a multiple of an hour, 10 min at least.
  mutating func fit(interval: Int64) {
    let minutes = (interval + 59_999) / 60_000
    let wanted: Int64 =
      minutes <= 10 ? 10 : minutes <= 15 ? 15 : minutes <= 20 ? 20 : minutes <= 30 ? 30 : (minutes + 59) / 60 * 60
    guard wanted * 60_000 != width else { return }
    width = wanted * 60_000
    first = Int64.min
    newest = Int64.min
    through = InlineArray<16, Int64>(repeating: Int64.min)
    sums = InlineArray<384, Float>(repeating: 0)
    counts = InlineArray<384, UInt16>(repeating: 0)
  }

  /// Begins with the bin after `time`: the one under way began before its members were known.
  mutating func begin(after time: Int64) {
    guard first == Int64.min else { return }
    first = time / width + 1
    newest = first
  }

  /// Adds a valid reading of member `m`, m³/h. Readings older than what was told are left out. O(bins skipped).
  mutating func add(_ value: Float, member m: Int, time: Int64, interval: Int64) {
    let n = time / width
    guard n >= first else { return }
    newest = max(newest, n)
    if n - first >= Int64(ZoneState.bins) { skip(to: n - Int64(ZoneState.bins) + 1) }
    let i = place(n) * ZoneState.maximumMembers + m
    sums[i] += value
    counts[i] = min(counts[i], .max - 1) + 1
    through[m] = max(through[m], time + interval >= (n + 1) * width ? n : n - 1)
  }

  /// The next bin that is complete.
  /// - Parameter interval: ms between readings of a member.
  /// - Returns: beginning of the bin (event time, ms) and net inflow, m³/h; nil when nothing is due.
  mutating func next(_ interval: (Int32) -> Int64) -> (time: Int64, value: Double)? {
    while first != Int64.min, first <= newest {
      var sum: Double = 0
      var isWhole = true
      for m in 0..<Int(count) {
        guard through[m] >= first else { return nil }
        let i = place(first) * ZoneState.maximumMembers + m
        // Half of a bin's readings stand for it.
        if Int64(counts[i]) * interval(slots[m]) * 2 >= width {
          sum += Double(sums[i]) / Double(counts[i]) * (outlets >> UInt32(m) & 1 == 1 ? -1 : 1)
        } else {
          isWhole = false
        }
      }
      // What is missing may still come late.
      if !isWhole, newest - first < patience { return nil }
      let time = first * width
      skip(to: first + 1)
      if isWhole { return (time, sum) }
    }
    return nil
  }

  /// Bins that a member's late reading is waited for: up to two hours.
  private var patience: Int64 { max(2, min(6, 7_200_000 / max(width, 1))) }

  private mutating func skip(to n: Int64) {
    guard n > first else { return }
    if n - first >= Int64(ZoneState.bins) {
      sums = InlineArray<384, Float>(repeating: 0)
      counts = InlineArray<384, UInt16>(repeating: 0)
    } else {
      while first < n {
        for i in (place(first) * ZoneState.maximumMembers)..<((place(first) + 1) * ZoneState.maximumMembers) {
          sums[i] = 0
          counts[i] = 0
        }
        first += 1
      }
    }
    first = n
  }

  @inline(always) private func place(_ n: Int64) -> Int {
    let m = Int(n % Int64(ZoneState.bins))
    return m < 0 ? m + ZoneState.bins : m
  }
}

/// A meter of a zone.
public struct ZoneMember: Hashable, Sendable {
  public var slot: SensorSlot
  /// Whether the water leaves the zone here.
  public var isOutlet: Bool

  public init(slot: SensorSlot, isOutlet: Bool) {
    self.slot = slot
    self.isOutlet = isOutlet
  }
}
