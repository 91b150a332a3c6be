import Readings

/// Adds up a report from the days of its meters, which are given one by one, so that a year of many meters needs no memory.
///
/// - Complexity: O(1) a day; memory O(meters × days of the period + days).
public struct ReportBuilder: Sendable {
  let request: ReportRequest
  let meters: [ReportMeter]
  let places: [SensorID: Int]
  /// All meters above a meter.
  let upstream: [SensorID: Set<SensorID>]
  /// Whether a meter's water is part of the total: nothing of the report lies upstream, and it is no sum of others.
  let isCounted: [Bool]
  let book: LeakBook
  /// Nights of a meter that lie in a leak, by meter: no reference.
  private let leakNights: [[Range<Int>]]
  private(set) var sums: [MeterSum]
  /// By day, of the meters that count.
  private(set) var days: [Int: DaySum] = [:]
  /// m³ of the meters that count, by municipality and month.
  private(set) var monthly: [String: [Int: Double]] = [:]

  /// Days before the period whose nights are the reference.
  public static let referenceDays = 28

  /// - Parameter meters: flow meters; of a device with flow and register only one of them.
  public init(_ request: ReportRequest, meters: [ReportMeter], leaks: [LeakRecord]) {
    self.request = request
    self.meters = meters
    places = Dictionary(meters.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { a, _ in a })
    let known = Set(meters.map(\.id))
    upstream = ReportBuilder.closure(meters, known)
    // A zone's sum is no meter: what lies within the zone and names none upstream stands for itself.
    let real = Set(meters.filter { !$0.isNet }.map(\.id))
    isCounted = meters.map { !$0.isNet && real.isDisjoint(with: $0.upstream) }
    let ours = leaks.filter { known.contains($0.sensor) }
    book = LeakBook(ours, request.practice, upstream: upstream, now: request.now)
    var nights = [[Range<Int>]](repeating: [], count: meters.count)
    for leak in ours where leak.outcome.isLoss {
      guard let place = places[leak.sensor] else { continue }
      nights[place].append(ReportBuilder.nights(of: leak, request))
    }
    leakNights = nights
    sums = meters.map { [days = request.period.days.count] _ in MeterSum(days: days) }
  }

  /// Everything above each meter, whatever was set: a ring ends where it began.
  private static func closure(_ meters: [ReportMeter], _ known: Set<SensorID>) -> [SensorID: Set<SensorID>] {
    let direct = Dictionary(meters.map { ($0.id, $0.upstream.filter { known.contains($0) }) }, uniquingKeysWith: { a, _ in a })
    return direct.mapValues { first in
      var (seen, next) = (Set<SensorID>(), first)
      while let id = next.popLast() {
        if seen.insert(id).inserted { next += direct[id] ?? [] }
      }
      return seen
    }
    .reduce(into: [:]) { out, pair in out[pair.key] = pair.value.subtracting([pair.key]) }
  }

  /// The days whose night a leak touches.
  private static func nights(of leak: LeakRecord, _ r: ReportRequest) -> Range<Int> {
    func day(_ t: Timestamp, _ minute: Int) -> Int { r.calendar.day(of: t.adding(seconds: Int64(1440 - minute) * 60)) }
    // It began before the night's end of day `first`, and ended after the night's begin of day `last`.
    let first = day(leak.onset, r.night.upperBound)
    let last = leak.closed.map { day($0, r.night.lowerBound) - 1 } ?? Int.max - 1
    return first..<max(first, last + 1)
  }

  /// The meters whose water is the utility's total.
  public var countedMeters: [SensorID] { meters.indices.filter { isCounted[$0] }.map { meters[$0].id } }

  /// Stretches of days that are wanted, in order and apart.
  public var spans: [Range<Int>] {
    let main = request.period.days
    let wanted = [(main.lowerBound - ReportBuilder.referenceDays)..<main.upperBound] + request.period.compared.map(\.period.days)
    return wanted.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: [Range<Int>]()) { out, next in
      if let last = out.last, next.lowerBound <= last.upperBound {
        out[out.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
      } else {
        out.append(next)
      }
    }
  }

  /// Whether the leaks of this stretch of time are wanted: from the first day that is looked at to the end of the period.
  public var leakSpan: Range<Timestamp> {
    let first = spans.first?.lowerBound ?? request.period.days.lowerBound
    return request.calendar.midnight(ofDay: first)..<request.calendar.midnight(ofDay: request.period.days.upperBound)
  }

  /// One day of one meter, each once, in any order. Meters that the report does not hold are passed over.
  public mutating func add(_ d: MeterDay, of id: SensorID) {
    guard let place = places[id], d.hours > 0, d.volume.isFinite else { return }
    let main = request.period.days
    sums[place].firstDay = min(sums[place].firstDay ?? d.day, d.day)
    if main.contains(d.day) {
      sums[place].add(d, at: d.day - main.lowerBound)
    } else if let night = d.night, d.day < main.lowerBound, d.day >= main.lowerBound - ReportBuilder.referenceDays,
      !leakNights[place].contains(where: { $0.contains(d.day) }), request.frozen[id.municipality]?.contains(d.day) != true
    {
      sums[place].before.append(night)
    }
    guard isCounted[place] else { return }
    days[d.day, default: DaySum()].volume += d.volume
    days[d.day, default: DaySum()].hours += d.hours
    if let night = d.night {
      days[d.day, default: DaySum()].nightSum += night
      days[d.day, default: DaySum()].nightCount += 1
    }
    monthly[id.municipality, default: [:]][MonthNumber.of(day: d.day), default: 0] += d.volume
  }
}
