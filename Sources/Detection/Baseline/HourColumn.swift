/// The days of the ring at one hour, in quanta, by kind of day; in scratch memory.
struct HourColumn {
  private static let room = BaselineState.ringDays + Selection.padding
  private let base: UnsafeMutablePointer<Float>
  /// Behind the three kinds: what is reordered or made of them.
  private let work: UnsafeMutablePointer<Float>
  /// Days of each kind, 16 bits each: in a register, so that one day does not wait for the one before it.
  private var counts: UInt64 = 0

  /// - Parameter scratch: room for six times 38 values.
  init(_ scratch: UnsafeMutablePointer<Float>) {
    base = scratch
    work = scratch + 3 * HourColumn.room
  }

  private var workdays: Int { Int(counts & 0xffff) }
  var saturdays: Int { Int(counts >> 16 & 0xffff) }
  var holidays: Int { Int(counts >> 32) }
  var count: Int { workdays + saturdays + holidays }

  /// Adds a day, unless its code is missing. Without a branch: kinds of day and holes come as they like.
  @inline(always) mutating func add(_ code: Int16, type: UInt8) {
    let kind = min(Int(type), 2)
    let bits = UInt64(truncatingIfNeeded: kind &* 16)
    base[HourColumn.room &* kind &+ Int(truncatingIfNeeded: counts &>> bits & 0xffff)] = Float(code)
    counts &+= (code == FixedPoint.missing ? 0 : 1) &<< bits
  }

  /// Of all days where there are no workdays.
  /// - Parameter guess: what it is near to.
  func medianOfWork(near guess: Float) -> Float { workdays > 0 ? Selection.median(base, workdays, near: guess) : medianOfRest() }

  private func medianOfRest() -> Float {
    work.update(from: base + HourColumn.room, count: saturdays)
    (work + saturdays).update(from: base + 2 * HourColumn.room, count: holidays)
    return Selection.median(work, saturdays + holidays)
  }

  /// Medians of Saturdays, holidays and both; 0 of none.
  func mediansOfRest() -> (saturdays: Float, holidays: Float, both: Float) {
    if saturdays <= RestDays.most, holidays <= RestDays.most {
      let days = RestDays(base + HourColumn.room, saturdays, base + 2 * HourColumn.room, holidays, work)
      return (days.ofSaturdays, days.ofHolidays, days.ofBoth)
    }
    let both = medianOfRest()
    return (Selection.median(base + HourColumn.room, saturdays), Selection.median(base + 2 * HourColumn.room, holidays), both)
  }

  /// Of all days, in quanta. There must be one.
  func meanAndDeviation() -> (Float, Float) {
    var (sum, squares) = (Float(0), Float(0))
    func add(_ values: UnsafeMutablePointer<Float>, _ n: Int) {
      for i in 0..<n {
        sum += values[i]
        squares += values[i] * values[i]
      }
    }
    add(base, workdays)
    add(base + HourColumn.room, saturdays)
    add(base + 2 * HourColumn.room, holidays)
    let n = Float(count)
    return (sum / n, max(0, squares / n - (sum / n) * (sum / n)).squareRoot())
  }

  /// 1.4826 × the median distance from what each kind of day is expected to show, m³/h.
  func deviation(quantum: Float, from workday: Float, _ saturday: Float, _ holiday: Float) -> Float {
    for i in 0..<workdays { work[i] = base[i] * quantum - workday }
    for i in 0..<saturdays { work[workdays + i] = base[HourColumn.room + i] * quantum - saturday }
    for i in 0..<holidays { work[workdays + saturdays + i] = base[2 * HourColumn.room + i] * quantum - holiday }
    return Selection.absoluteDeviation(work, count)
  }
}
