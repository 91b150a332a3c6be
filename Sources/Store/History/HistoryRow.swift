import Readings

/// One entry of the history as it is stored. A reading, or what is none: a tick, an action, a reading that claimed to be ahead, flow that was
/// refused.
struct HistoryRow: Equatable {
  /// Its place in the order of arrival, from 1. Checkpoints, imports and the rollup name places by it.
  var ordinal: Int64
  /// A sensor's slot, or one of `HistorySlot`.
  var slot: Int64
  /// Event time, Unix ms.
  var time: Int64
  /// Arrival, Unix ms.
  var arrival: Int64
  /// The reading's sequence; of an action its number; of a reading ahead its sensor's slot; of refused flow see `reverse`.
  var sequence: Int64
  /// NaN where there is no value.
  var value: Double

  var isReading: Bool { slot >= 0 }

  static func reading(_ r: Reading, at ordinal: Int64) -> HistoryRow {
    HistoryRow(
      ordinal: ordinal, slot: Int64(r.slot), time: r.time.milliseconds, arrival: r.arrival.milliseconds, sequence: r.sequence,
      value: r.value)
  }

  static func mark(_ slot: Int64, time: Int64, arrival: Int64, sequence: Int64, at ordinal: Int64) -> HistoryRow {
    HistoryRow(ordinal: ordinal, slot: slot, time: time, arrival: arrival, sequence: sequence, value: .nan)
  }

  /// Refused flow: a row without a value, as all that are no readings. Sensor and flow, as a Float, stand in its sequence.
  static func reverse(_ r: Reading, at ordinal: Int64) -> HistoryRow {
    mark(
      HistorySlot.reverse, time: r.time.milliseconds, arrival: r.arrival.milliseconds,
      sequence: Int64(r.slot) << 32 | Int64(Float(r.value).bitPattern), at: ordinal)
  }

  /// The sensor whose flow was refused, from the sequence of such a row.
  static func slot(ofReverse sequence: Int64) -> Int64 { sequence >> 32 }

  /// The refused flow that such a row stands for.
  var reverse: Reading {
    Reading(
      slot: SensorSlot(truncatingIfNeeded: HistoryRow.slot(ofReverse: sequence)), time: Timestamp(milliseconds: time),
      arrival: Timestamp(milliseconds: arrival),
      value: Double(Float(bitPattern: UInt32(truncatingIfNeeded: sequence))), sequence: Reading.reverse)
  }

  /// What it stands for, unless that is an action, which has a table of its own.
  var entry: HistoryEntry {
    let at = Timestamp(milliseconds: time)
    switch slot {
    case HistorySlot.ahead: return .ahead(SensorSlot(truncatingIfNeeded: sequence), arrival: at)
    case HistorySlot.reverse: return .reverse(reverse)
    case ..<0: return .tick(at)
    default:
      return .reading(
        Reading(
          slot: SensorSlot(truncatingIfNeeded: slot), time: at, arrival: Timestamp(milliseconds: arrival), value: value, sequence: sequence)
      )
    }
  }

  /// Value for value, bit for bit.
  static func == (a: HistoryRow, b: HistoryRow) -> Bool {
    a.ordinal == b.ordinal && a.slot == b.slot && a.time == b.time && a.arrival == b.arrival && a.sequence == b.sequence
      && a.value.bitPattern == b.value.bitPattern
  }
}

/// Slots of rows that are no readings.
enum HistorySlot {
  static let tick: Int64 = -1
  static let action: Int64 = -2
  static let ahead: Int64 = -3
  /// Flow below 0 that was refused. Older versions take it for time that passed.
  static let reverse: Int64 = -4
  /// Added to a slot it is not negative.
  static let bias: Int64 = 8
}
