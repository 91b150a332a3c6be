import Readings

extension Detector {
  /// Makes `slot` the virtual sensor of a zone: it is fed with the net inflow (inlets − outlets) of these meters as they report.
  ///
  /// The same members as before change nothing; others begin anew with collecting, while what was learnt stays.
  /// - Parameter members: up to 16 known sensors, none of them virtual; empty = the zone is not evaluated.
  /// - Returns: false, changing nothing, when a slot is unknown or virtual, there are more than 16, or a meter belongs to four zones already.
  /// - Complexity: O(members).
  @discardableResult
  public mutating func setZone(_ slot: SensorSlot, _ members: [ZoneMember]) -> Bool {
    guard slot >= 0, Int(slot) < sensorCount, members.count <= ZoneState.maximumMembers, Set(members.map(\.slot)).count == members.count,
      members.allSatisfy({ $0.slot >= 0 && Int($0.slot) < sensorCount && $0.slot != slot && states[Int($0.slot)].profile.zone < 0 })
    else { return false }
    let z = states[Int(slot)].profile.zone >= 0 ? Int(states[Int(slot)].profile.zone) : zoneCount
    guard z < ZoneLinks.maximumZones else { return false }
    if z < zoneCount, zones[z].hasMembers(members) { return true }
    guard members.allSatisfy({ states[Int($0.slot)].profile.zones.hasRoom(except: z) }) else { return false }
    preserve(Int(slot))
    if z == zoneCount {
      appendZone(ZoneState(slot: slot))
      states[Int(slot)].profile.zone = Int32(z)
      states[Int(slot)].profile.allowsReverseFlow = true
    } else {
      for m in 0..<Int(zones[z].count) {
        preserve(Int(zones[z].member(m)))
        states[Int(zones[z].member(m))].profile.zones.remove(z)
      }
    }
    zones[z].setMembers(members)
    for (m, member) in members.enumerated() {
      preserve(Int(member.slot))
      states[Int(member.slot)].profile.zones.add(z, member: m)
    }
    return true
  }

  /// Hands what a meter has shown to its zones, and judges the zones that are complete.
  mutating func feedZones(of i: Int, derive: (Reading) -> Void, _ emit: (Transition) -> Void) {
    for k in 0..<ZoneLinks.perMeter {
      guard let (z, member) = states[i].profile.zones[k] else { return }
      let zone = zones + z
      var largest: Int64 = 0
      let tank = Int(zone.pointee.tank)
      if tank >= 0 {
        let interval = states[Int(gauges.tanks[tank].level)].interval
        guard interval > 0 else { return }
        largest = max(interval, gauges.tanks[tank].leastWidth)
      }
      for m in 0..<Int(zone.pointee.count) {
        let interval = states[Int(zone.pointee.member(m))].interval
        // The slowest member sets the pace: each must be known.
        guard interval > 0 else { return }
        largest = max(largest, interval)
      }
      zone.pointee.fit(interval: largest)
      zone.pointee.begin(after: shown.pointee.times[shown.pointee.count - 1])
      for n in 0..<shown.pointee.count {
        zone.pointee.add(shown.pointee.values[n], member: member, time: shown.pointee.times[n], interval: states[i].interval)
      }
      preserve(Int(zone.pointee.slot))
      states[Int(zone.pointee.slot)].profile.expectedInterval = zone.pointee.width
      if tank >= 0 { gauges.tanks[tank].fit(width: zone.pointee.width) }
      while let bin = zone.pointee.next({ states[Int($0)].interval }) {
        if tank >= 0 {
          gauges.tanks[tank].addNet(bin.value, time: bin.time)
          continue
        }
        let slot = zone.pointee.slot
        let r = Reading(
          slot: slot, time: Timestamp(milliseconds: bin.time), arrival: Timestamp(milliseconds: bin.time), value: bin.value,
          sequence: Reading.derived)
        derive(r)
        judgeDerived(slot, time: bin.time, value: bin.value, emit)
      }
      if tank >= 0 { judgeTank(tank, derive: derive, emit) }
    }
  }
}

/// The valid readings that one arrival made due: what a zone adds up.
struct ShownReadings {
  /// The reordering buffer and the arrival itself, and a late reading.
  static let capacity = ReorderBuffer.capacity + 2
  var count = 0
  var times = InlineArray<18, Int64>(repeating: 0)
  var values = InlineArray<18, Float>(repeating: 0)
  /// What the hour that has just ended showed above expectation, m³/h, in a frost; nan = no hour has ended.
  var coldResidual: Float = .nan
  var days = DayMemory()
  /// An hour has ended with this reading.
  var hasEnded = false

  mutating func append(_ time: Int64, _ value: Float) {
    guard count < ShownReadings.capacity else { return }
    times[count] = time
    values[count] = value
    count += 1
  }
}

/// The zones that a meter belongs to, and as which member.
struct ZoneLinks: BitwiseCopyable {
  static let perMeter = 4
  static let maximumZones = 4095
  /// zone · 16 + member; 0xffff = none. Filled from the front.
  private var links = InlineArray<4, UInt16>(repeating: .max)

  init() {}

  @inline(always) var isEmpty: Bool { links[0] == .max }

  subscript(k: Int) -> (zone: Int, member: Int)? { links[k] == .max ? nil : (Int(links[k] >> 4), Int(links[k] & 15)) }

  func hasRoom(except z: Int) -> Bool { (0..<ZoneLinks.perMeter).contains { links[$0] == .max || Int(links[$0] >> 4) == z } }

  mutating func add(_ z: Int, member m: Int) {
    for k in 0..<ZoneLinks.perMeter where links[k] == .max {
      links[k] = UInt16(z << 4 | m)
      return
    }
  }

  mutating func remove(_ z: Int) {
    var n = 0
    for k in 0..<ZoneLinks.perMeter where links[k] != .max && Int(links[k] >> 4) != z {
      links[n] = links[k]
      n += 1
    }
    while n < ZoneLinks.perMeter {
      links[n] = .max
      n += 1
    }
  }
}
