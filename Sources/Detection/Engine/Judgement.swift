import Readings

/// What a step of judgement needs beside the sensor's own record. Pointers into memory that the detector owns.
struct Judgement {
  var slot: SensorSlot
  /// Event time of the reading (or tick) that makes things come out.
  var now: Timestamp
  /// Event time of the reading that is judged, ms. Behind `now` while the reordering window holds readings back; all decisions count
  /// from it, so that swapped neighbours change nothing but the time at which things come out.
  var judged: Int64
  let settings: UnsafePointer<DetectorSettings>
  let calendar: UnsafePointer<LocalCalendar>
  /// Room for 1,280 values, contents meaningless between calls.
  let scratch: UnsafeMutablePointer<Float>
  /// What this reading made due, for zones.
  let shown: UnsafeMutablePointer<ShownReadings>
  /// All sensors, for what neighbours show. The one that is judged must not be read through it.
  let sensors: UnsafeMutablePointer<SensorState>
  /// Of all sensors.
  let rhythms: UnsafeMutablePointer<RhythmState>

  @inline(__always) var rhythm: UnsafeMutablePointer<RhythmState> { rhythms + Int(slot) }
  @inline(__always) var tuning: Tuning { settings.pointee.tuning }

  /// Local hour number since 1970-01-01T00:00 local time.
  @inline(__always) func localHour(_ time: Int64) -> Int64 {
    let t = time + Int64(calendar.pointee.offset) * 1000
    return t >= 0 ? t / 3_600_000 : -((3_599_999 - t) / 3_600_000)
  }

  /// The start of a local hour, milliseconds since the epoch.
  @inline(__always) func time(ofLocalHour h: Int64) -> Int64 { h * 3_600_000 - Int64(calendar.pointee.offset) * 1000 }
}
