/// The days of the ring at one hour, in quanta, by kind of day; in scratch memory.
struct HourColumn {
  private static let days = BaselineState.ringDays
  /// Vectors of eight days.
  private static let vectors = (days + 7) / 8
  /// Places in a list of rest days.
  private static let room = days + RestDays.most
  /// In place of a `DayType` where a day's code is missing.
  private static let missing: Int16 = 3

  /// Of each day of the ring, eight a vector: its code, and its kind.
  private let codes, kinds: UnsafeMutablePointer<SIMD8<Int16>>
  /// Codes of the workdays, and the largest code in place of the others.
  private let working: UnsafeMutablePointer<SIMD8<Int16>>
  /// Saturdays and holidays, in the order of the ring.
  private let rest: UnsafeMutablePointer<Float>
  /// Behind them: what is reordered or made of them.
  private let work: UnsafeMutablePointer<Float>
  private let workdays: Int
  let saturdays: Int
  let holidays: Int

  var count: Int { workdays + saturdays + holidays }

  /// - Parameter scratch: room for 240 values, in use while this value is.
  init(_ b: inout BaselineState, hour h: Int, _ scratch: UnsafeMutablePointer<Float>) {
    codes = UnsafeMutableRawPointer(scratch).alignedUp(for: SIMD8<Int16>.self).assumingMemoryBound(to: SIMD8<Int16>.self)
    (kinds, working) = (codes + HourColumn.vectors, codes + 2 * HourColumn.vectors)
    rest = UnsafeMutableRawPointer(codes + 3 * HourColumn.vectors).assumingMemoryBound(to: Float.self)
    work = rest + 2 * HourColumn.room
    // Behind the last day of the ring there are such as are missing.
    (codes[HourColumn.vectors - 1], kinds[HourColumn.vectors - 1]) = (.zero, SIMD8(repeating: HourColumn.missing))
    var (saturdayBits, holidayBits) = (UInt64(0), UInt64(0))
    let (codes, kinds) = (UnsafeMutableRawPointer(codes), UnsafeMutableRawPointer(kinds))
    withUnsafeMutablePointer(to: &b.ring) { ring in
      withUnsafeMutablePointer(to: &b.ringTypes) { types in
        let known = SIMD8<Int16>(repeating: FixedPoint.missing &+ 1)
        let (column, types) = (UnsafeRawPointer(ring) + 2 * BaselineState.place(0, h), UnsafeRawPointer(types))
        var i = 0
        while i < HourColumn.vectors {
          // The last eight days lie across those before them.
          let d = min(8 &* i, HourColumn.days &- 8)
          let code = column.loadUnaligned(fromByteOffset: 2 &* d, as: SIMD8<Int16>.self)
          let kind = SIMD8<Int16>(truncatingIfNeeded: types.loadUnaligned(fromByteOffset: d, as: SIMD8<UInt8>.self))
          codes.storeBytes(of: code, toByteOffset: 2 &* d, as: SIMD8<Int16>.self)
          kinds.storeBytes(
            of: kind.replacing(with: HourColumn.missing, where: code .< known), toByteOffset: 2 &* d, as: SIMD8<Int16>.self)
          let bits = types.loadUnaligned(fromByteOffset: d, as: UInt64.self)
          saturdayBits |= HourColumn.lowBits(bits) &<< UInt64(d)
          holidayBits |= HourColumn.lowBits(bits &>> 1) &<< UInt64(d)
          i &+= 1
        }
      }
    }
    workdays = HourColumn.copy(workdays: self.codes, self.kinds, to: working)
    saturdays = HourColumn.copy(codes, saturdayBits, to: rest)
    holidays = HourColumn.copy(codes, holidayBits, to: rest + HourColumn.room)
  }

  /// The lowest bits of eight bytes.
  @inline(always) private static func lowBits(_ bytes: UInt64) -> UInt64 {
    ((bytes & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56
  }

  /// Copies workdays.
  /// - Returns: how many there are.
  @inline(always) private static func copy(
    workdays codes: UnsafeMutablePointer<SIMD8<Int16>>, _ kinds: UnsafeMutablePointer<SIMD8<Int16>>,
    to out: UnsafeMutablePointer<SIMD8<Int16>>
  ) -> Int {
    var counts = SIMD8<Int16>.zero
    let zero = SIMD8<Int16>.zero
    var i = 0
    while i < vectors {
      let isOther = kinds[i] .> zero
      out[i] = codes[i].replacing(with: .max, where: isOther)
      counts &+= SIMD8<Int16>(repeating: 1).replacing(with: 0, where: isOther)
      i &+= 1
    }
    return Int(counts.wrappedSum())
  }

  /// Copies those of the days whose bits are set that are known.
  /// - Returns: how many there are.
  @inline(always) private static func copy(_ codes: UnsafeRawPointer, _ days: UInt64, to out: UnsafeMutablePointer<Float>) -> Int {
    var (left, n) = (days, 0)
    while left != 0 {
      let code = codes.load(fromByteOffset: 2 &* left.trailingZeroBitCount, as: Int16.self)
      out[n] = Float(code)
      n &+= code == FixedPoint.missing ? 0 : 1
      left &= left &- 1
    }
    return n
  }

  /// Of all days where there are no workdays.
  /// - Parameter guess: what it is near to.
  func medianOfWork(near guess: Float) -> Float {
    workdays > 0 ? Selection.median(working, HourColumn.vectors, of: workdays, near: guess) : medianOfRest()
  }

  private func medianOfRest() -> Float {
    work.update(from: rest, count: saturdays)
    (work + saturdays).update(from: rest + HourColumn.room, count: holidays)
    return Selection.median(work, saturdays + holidays)
  }

  /// Medians of Saturdays, holidays and both; 0 of none.
  func mediansOfRest() -> (saturdays: Float, holidays: Float, both: Float) {
    if saturdays <= RestDays.most, holidays <= RestDays.most {
      let days = RestDays(rest, saturdays, rest + HourColumn.room, holidays, work)
      return (days.ofSaturdays, days.ofHolidays, days.ofBoth)
    }
    let both = medianOfRest()
    return (Selection.median(rest, saturdays), Selection.median(rest + HourColumn.room, holidays), both)
  }

  /// Of all days, in quanta. There must be one.
  func meanAndDeviation() -> (Float, Float) {
    var (sum, squares) = (Float(0), Float(0))
    func add(_ v: Float) {
      sum += v
      squares += v * v
    }
    for d in 0..<HourColumn.days where kinds[d / 8][d % 8] == 0 { add(Float(codes[d / 8][d % 8])) }
    for i in 0..<saturdays { add(rest[i]) }
    for i in 0..<holidays { add(rest[HourColumn.room + i]) }
    let n = Float(count)
    return (sum / n, max(0, squares / n - (sum / n) * (sum / n)).squareRoot())
  }

  /// 1.4826 × the median distance from what each kind of day is expected to show, m³/h.
  func deviation(quantum: Float, from workday: Float, _ saturday: Float, _ holiday: Float) -> Float {
    let (codes, kinds) = (UnsafeRawPointer(codes), UnsafeRawPointer(kinds))
    let (zero, absent) = (SIMD4<Float>.zero, SIMD4<Float>(repeating: .greatestFiniteMagnitude))
    var sum = SIMD4<Float>.zero
    var d = 0
    while d < HourColumn.days {
      let code = codes.load(fromByteOffset: 2 &* d, as: SIMD4<Int16>.self)
      let kind = SIMD4<Int32>(truncatingIfNeeded: kinds.load(fromByteOffset: 2 &* d, as: SIMD4<Int16>.self))
      let expected = SIMD4(repeating: workday).replacing(with: saturday, where: kind .== 1).replacing(with: holiday, where: kind .== 2)
      let distance = (SIMD4<Float>(code) * quantum - expected).magnitudes
      let isMissing = kind .== Int32(HourColumn.missing)
      sum += distance.replacing(with: zero, where: isMissing)
      distance.replacing(with: absent, where: isMissing).store(at: work + d)
      d &+= 4
    }
    return Selection.absoluteDeviation(work, d, of: count, sum: sum[0] + sum[1] + sum[2] + sum[3])
  }
}
