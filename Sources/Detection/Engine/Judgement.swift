import Readings

/// What a step of judgement needs beside the sensor's own record: four words, so that it is handed on in registers.
struct Judgement {
  var slot: SensorSlot
  /// Event time of the reading (or tick) that makes things come out.
  var now: Timestamp
  /// Event time of the reading that is judged, ms. Behind `now` while the reordering window holds readings back; all decisions count
  /// from it, so that swapped neighbours change nothing but the time at which things come out.
  var judged: Int64
  private let around: UnsafePointer<Surroundings>

  init(slot: SensorSlot, now: Timestamp, judged: Int64, _ around: UnsafePointer<Surroundings>) {
    (self.slot, self.now, self.judged) = (slot, now, judged)
    self.around = around
  }

  @inline(always) var settings: UnsafePointer<DetectorSettings> { around.pointee.settings }
  @inline(always) var calendar: UnsafePointer<LocalCalendar> { around.pointee.calendar }
  /// Room for 1,280 values, contents meaningless between calls.
  @inline(always) var scratch: UnsafeMutablePointer<Float> { around.pointee.scratch }
  /// What this reading made due, for zones.
  @inline(always) var shown: UnsafeMutablePointer<ShownReadings> { around.pointee.shown }
  /// All sensors, for what neighbours show. The one that is judged must not be read through it.
  @inline(always) var sensors: UnsafeMutablePointer<SensorState> { around.pointee.sensors }

  /// Its own, made when it is first looked at.
  var rhythm: UnsafeMutablePointer<RhythmState> {
    let at = around.pointee.rhythms + Int(slot)
    if !around.pointee.known[Int(slot)] {
      at.initialize(to: RhythmState())
      around.pointee.known[Int(slot)] = true
    }
    return at
  }
  @inline(always) var tuning: Tuning { settings.pointee.tuning }

  /// Local hour number since 1970-01-01T00:00 local time.
  @inline(always) func localHour(_ time: Int64) -> Int64 {
    let t = time + Int64(calendar.pointee.offset) * 1000
    return t >= 0 ? t / 3_600_000 : -((3_599_999 - t) / 3_600_000)
  }

  /// The start of a local hour, milliseconds since the epoch.
  @inline(always) func time(ofLocalHour h: Int64) -> Int64 { h * 3_600_000 - Int64(calendar.pointee.offset) * 1000 }
}

/// What all judgements of a detector have in common: pointers into memory that it owns.
struct Surroundings {
  let settings: UnsafePointer<DetectorSettings>
  let calendar: UnsafePointer<LocalCalendar>
  let scratch: UnsafeMutablePointer<Float>
  let shown: UnsafeMutablePointer<ShownReadings>
  var sensors: UnsafeMutablePointer<SensorState>
  /// See `RhythmTable`.
  var rhythms: UnsafeMutablePointer<RhythmState>
  var known: UnsafeMutablePointer<Bool>
}
