import Readings

/// The kind of the day that was asked for last: at midnight all meters ask for the same one.
struct DayMemory {
  private var day = Int.min
  private var type = DayType.workday

  mutating func type(ofDay d: Int, _ calendar: UnsafePointer<LocalCalendar>) -> DayType {
    if d != day { (day, type) = (d, calendar.pointee.dayType(ofDay: d)) }
    return type
  }
}
