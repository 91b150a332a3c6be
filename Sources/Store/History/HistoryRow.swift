import Readings

/// One entry of the history as it is stored. A reading, or what has no reading: a tick, an action, a reading that claimed to be ahead.
struct HistoryRow: Equatable {
  /// Its place in the order of arrival, from 1. Checkpoints, imports and the rollup name places by it.
  var ordinal: Int64
  /// A sensor's slot, or one of `HistorySlot`.
  var slot: Int64
  /// Event time, Unix ms.
  var time: Int64
  /// Arrival, Unix ms.
  var arrival: Int64
  /// The reading's sequence; of an action its number; of a reading ahead its sensor's slot.
  var sequence: Int64
  /// NaN where there is no value.
  var value: Double

  var isReading: Bool { slot >= 0 }
  var hasValue: Bool { slot >= 0 && !value.isNaN }

  static func reading(_ r: Reading, at ordinal: Int64) -> HistoryRow {
    HistoryRow(
      ordinal: ordinal, slot: Int64(r.slot), time: r.time.milliseconds, arrival: r.arrival.milliseconds, sequence: r.sequence,
      value: r.value)
  }

  static func mark(_ slot: Int64, time: Int64, arrival: Int64, sequence: Int64, at ordinal: Int64) -> HistoryRow {
    HistoryRow(ordinal: ordinal, slot: slot, time: time, arrival: arrival, sequence: sequence, value: .nan)
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
  /// Added to a slot it is not negative.
  static let bias: Int64 = 8
}
