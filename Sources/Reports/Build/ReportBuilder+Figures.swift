import Readings

extension ReportBuilder {
  func span(_ days: Range<Int>) -> Range<Timestamp> {
    request.calendar.midnight(ofDay: days.lowerBound)..<request.calendar.midnight(ofDay: days.upperBound)
  }

  /// Hours of a local day that have passed, 0…24.
  func hoursPassed(_ day: Int) -> Int {
    let passed = request.now.since(request.calendar.midnight(ofDay: day))
    return Int(max(0, min(24, passed / 3_600_000)))
  }

  /// The day from which a meter should have readings.
  func firstDay(_ place: Int) -> Int? {
    switch (meters[place].firstDay, sums[place].firstDay) {
    case (let a?, let b?): min(a, b)
    case (let a, let b): a ?? b
    }
  }

  /// Night minimum of the utility: the sum over the meters that count, when at least 95 % of them have one (all, where they are few).
  func night(_ day: Int, of expected: Int) -> Double? {
    guard let d = days[day], d.nightCount > 0, d.nightCount * 20 >= expected * 19 else { return nil }
    return d.nightSum
  }

  /// How many meters that count should have readings on a day.
  func expectedMeters(_ firstDays: [Int], _ day: Int) -> Int {
    // Ascending: the first that begins later.
    var (low, high) = (0, firstDays.count)
    while low < high {
      let middle = (low + high) / 2
      if firstDays[middle] <= day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// First days of the meters that count, ascending.
  var firstDays: [Int] { meters.indices.filter { isCounted[$0] }.compactMap { firstDay($0) }.sorted() }

  /// The utility in those days.
  func figures(_ range: Range<Int>, _ firstDays: [Int], _ billed: [BilledVolume]) -> PeriodFigures {
    var f = PeriodFigures()
    f.hasBegun = request.now > span(range).lowerBound
    guard f.hasBegun else { return f }
    var (hours, expected) = (0, 0)
    var nights: [Double] = []
    for day in range {
      let meters = expectedMeters(firstDays, day)
      expected += meters * hoursPassed(day)
      guard let d = days[day] else { continue }
      f.days += 1
      f.supplied = (f.supplied ?? 0) + d.volume
      hours += d.hours
      if d.volume > f.largest ?? -.infinity { (f.largest, f.largestDay) = (d.volume, ReportPeriod.date(day)) }
      if let night = night(day, of: meters) { nights.append(night) }
    }
    f.perDay = f.supplied.map { $0 / Double(f.days) }
    f.share = expected > 0 ? min(1, Double(hours) / Double(expected)) : nil
    f.missingHours = max(0, expected - hours)
    f.night = nights.isEmpty ? nil : nights.reduce(0, +) / Double(nights.count)
    f.smallestNight = nights.min()
    book.fill(&f, span(range), yenPerM3: request.yenPerM3)
    balance(&f, billed)
    return f
  }

  /// 有収率 of the months for which a billed volume was entered: an estimate, since meters are read on other days than the first.
  private func balance(_ f: inout PeriodFigures, _ billed: [BilledVolume]) {
    let known = billed.filter { monthly[$0.municipality]?[$0.month] != nil }
    guard !known.isEmpty else { return }
    let volume = known.reduce(0) { $0 + $1.volume }
    let supplied = known.reduce(0) { $0 + (monthly[$1.municipality]?[$1.month] ?? 0) }
    f.billed = volume
    f.suppliedOfBilled = supplied
    f.nonRevenue = supplied - volume
    f.revenueShare = supplied > 0 ? volume / supplied : nil
  }

  func balanceLines(_ billed: [BilledVolume]) -> [BalanceLine] {
    billed.sorted { ($0.municipality, $0.month) < ($1.municipality, $1.month) }.map { b in
      let supplied = monthly[b.municipality]?[b.month]
      return BalanceLine(
        municipality: b.municipality, town: request.towns[b.municipality] ?? b.municipality, month: MonthNumber.code(b.month),
        supplied: supplied, billed: b.volume,
        revenueShare: supplied.flatMap { $0 > 0 ? b.volume / $0 : nil }, nonRevenue: supplied.map { $0 - b.volume })
    }
  }
}
