import Readings

extension ReportBuilder {
  func iso(_ t: Timestamp) -> String {
    // Whole seconds: nobody reads more.
    Timestamp(seconds: t.seconds).iso8601(offset: request.calendar.offset)
  }

  func meterLines() -> [MeterLine] {
    meters.indices.map { n in
      let (m, s) = (meters[n], sums[n])
      let expected = expectedHours(n)
      return MeterLine(
        id: m.id.description, name: m.name, zoneName: m.zoneName, isCounted: isCounted[n], isNet: m.isNet,
        volume: s.hours > 0 ? s.volume : nil, share: expected > 0 ? min(1, Double(s.hours) / Double(expected)) : nil,
        missingHours: max(0, expected - s.hours), mean: s.hours > 0 ? s.volume / Double(s.hours) : nil,
        low: s.low.isFinite ? s.low : nil, high: s.high.isFinite ? s.high : nil, night: s.night,
        smallestNight: s.smallestNight.isFinite ? s.smallestNight : nil, nightReference: s.reference, nights: s.nights)
    }
    .sorted { $0.id < $1.id }
  }

  /// Hours that a meter should have readings of.
  private func expectedHours(_ place: Int) -> Int {
    guard let first = firstDay(place) else { return 0 }
    return request.period.days.reduce(0) { $0 + ($1 >= first ? hoursPassed($1) : 0) }
  }

  func zoneLines() -> [ZoneLine] {
    let span = span(request.period.days)
    let zones = Dictionary(grouping: meters.indices, by: { meters[$0].zone })
    return zones.map { id, members in
      // The zone's own sum where there is one, else the meters through which its water comes in.
      let own = members.filter { meters[$0].isNet }
      let inflow =
        own.isEmpty
        ? members.filter { (upstream[meters[$0].id] ?? []).allSatisfy { up in places[up].map { meters[$0].zone != id } ?? true } } : own
      let heard = inflow.filter { sums[$0].hours > 0 }
      let expected = inflow.reduce(0) { $0 + expectedHours($1) }
      let leaks = book.leaks.indices.filter { n in places[book.leaks[n].sensor].map { meters[$0].zone == id } ?? false }
      return ZoneLine(
        id: id, name: meters[members[0]].zoneName, meters: members.count { !meters[$0].isNet },
        volume: heard.isEmpty ? nil : heard.reduce(0) { $0 + sums[$1].volume },
        share: expected > 0 ? min(1, Double(inflow.reduce(0) { $0 + sums[$1].hours }) / Double(expected)) : nil,
        night: sum(inflow.map { sums[$0].night }), nightReference: sum(inflow.map { sums[$0].reference }),
        leaksFound: leaks.count { book.counted[$0] >= LeakBook.leastCounted && span.contains(book.leaks[$0].opened) },
        lost: leaks.reduce(0) { $0 + book.counted[$1] * book.part($1, span) })
    }
    .sorted { $0.id < $1.id }
  }

  /// Nil when one of them is missing: the rest says nothing of the zone.
  private func sum(_ values: [Double?]) -> Double? {
    values.isEmpty || values.contains(nil) ? nil : values.reduce(0) { $0 + ($1 ?? 0) }
  }

  func leakLines() -> [LeakLine] {
    let span = span(request.period.days)
    return book.touching(span).map { n in
      let l = book.leaks[n]
      let meter = places[l.sensor].map { meters[$0] }
      let isLoss = l.outcome.isLoss
      let lost = book.part(n, span)
      return LeakLine(
        key: l.key, sensor: l.sensor.description, zoneName: meter?.zoneName ?? l.sensor.zone, name: meter?.name ?? l.sensor.sensor,
        kind: l.kind.code, onset: iso(l.onset), opened: iso(l.opened), closed: l.closed.map(iso), hoursToFind: book.hoursToFind(n),
        isFound: span.contains(l.opened), size: l.size, lost: lost, lostInAll: isLoss ? l.course.last?.volume ?? 0 : 0,
        lostYen: yen(lost, request.yenPerM3), saved: book.saved[n], savedYen: book.saved[n].map { yen($0, request.yenPerM3) },
        outcome: l.outcome, counted: book.counted[n], note: l.note)
    }
  }

  func faultLines(_ faults: [FaultRecord]) -> [FaultLine] {
    struct Key: Hashable {
      let sensor: SensorID
      let kind: EventKind
    }
    let span = span(request.period.days)
    let end = min(span.upperBound, max(span.lowerBound, request.now))
    var lines: [Key: FaultLine] = [:]
    for f in faults {
      guard f.from < span.upperBound, f.to.map({ $0 >= span.lowerBound }) ?? true else { continue }
      let meter = places[f.sensor].map { meters[$0] }
      let place = meter?.zoneName ?? f.sensor.zone
      var line =
        lines[Key(sensor: f.sensor, kind: f.kind)]
        ?? FaultLine(
          sensor: f.sensor.description, zoneName: place, name: meter?.name ?? f.sensor.sensor, kind: f.kind.code, times: 0, hours: 0,
          isOpen: false)
      line.times += 1
      line.hours += Double(max(0, min(f.to ?? end, end).since(max(f.from, span.lowerBound)))) / 3_600_000
      if f.to.map({ $0 >= span.upperBound }) ?? true { line.isOpen = true }
      lines[Key(sensor: f.sensor, kind: f.kind)] = line
    }
    return lines.values.sorted { ($1.hours, $0.sensor, $0.kind) < ($0.hours, $1.sensor, $1.kind) }
  }

  func workLines(_ works: [WorkRecord]) -> [WorkLine] {
    struct Key: Hashable {
      let window: Range<Timestamp>
      let person: String
      let note: String
    }
    let span = span(request.period.days)
    let seen = works.filter { $0.window.overlaps(span) && places[$0.sensor] != nil }
    return Dictionary(grouping: seen) { Key(window: $0.window, person: $0.person, note: $0.note) }.map { key, group in
      let sensors = Set(group.map(\.sensor))
      // The same water is not hidden twice: of meters in a row the upper one.
      let upper = group.filter { (upstream[$0.sensor] ?? []).isDisjoint(with: sensors) }
      let hidden = upper.compactMap(\.hidden)
      return WorkLine(
        from: iso(key.window.lowerBound), to: iso(key.window.upperBound), person: key.person, note: key.note,
        sensors: sensors.map(\.description).sorted(), names: sensors.sorted().compactMap { places[$0].map { meters[$0].name } },
        hidden: hidden.isEmpty ? nil : hidden.reduce(0, +), largest: group.compactMap(\.largest).max())
    }
    .sorted { ($0.from, $0.to, $0.person, $0.note) < ($1.from, $1.to, $1.person, $1.note) }
  }

  func dayLines(_ firstDays: [Int]) -> [DayLine] {
    request.period.days.map { day in
      let expected = expectedMeters(firstDays, day)
      let hours = expected * hoursPassed(day)
      return DayLine(
        day: ReportPeriod.date(day), supplied: days[day]?.volume,
        share: hours > 0 ? min(1, Double(days[day]?.hours ?? 0) / Double(hours)) : nil, night: night(day, of: expected),
        lost: book.leaks.indices.reduce(0) { $0 + book.counted[$1] * book.part($1, span(day..<(day + 1))) })
    }
  }
}
