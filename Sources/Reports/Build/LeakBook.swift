import Readings

/// The leaks of a report: how much of each fell into a stretch of time, and no water twice.
struct LeakBook {
  let leaks: [LeakRecord]
  /// How much of each leak the totals hold, 0…1.
  private(set) var counted: [Double]
  /// m³ against the former practice, of the whole leak and as the totals hold it; nil where none is claimed.
  private(set) var saved: [Double?]
  private(set) var countedSaved: [Double]

  /// - Parameter upstream: all meters above a meter.
  init(_ records: [LeakRecord], _ practice: FormerPractice, upstream: [SensorID: Set<SensorID>], now: Timestamp) {
    // Downstream first: what they hold is taken from those above.
    leaks = records.sorted {
      let (a, b) = (upstream[$0.sensor]?.count ?? 0, upstream[$1.sensor]?.count ?? 0)
      return a != b ? a > b : ($0.opened, $0.key) < ($1.opened, $1.key)
    }
    counted = []
    saved = leaks.map { LeakBook.saved($0, practice) }
    countedSaved = []
    for (n, leak) in leaks.enumerated() {
      guard leak.outcome.isLoss else {
        counted.append(0)
        countedSaved.append(0)
        continue
      }
      // When the meters above show the same water, the larger estimate is taken, once.
      let below = leaks.indices.prefix(n).filter {
        upstream[leaks[$0].sensor]?.contains(leak.sensor) == true && LeakBook.overlap(leaks[$0], leak, now)
      }
      let all = leak.course.last?.volume ?? 0
      let held = below.reduce(0) { $0 + counted[$1] * (leaks[$1].course.last?.volume ?? 0) }
      counted.append(all > 0 ? max(0, all - held) / all : below.isEmpty ? 1 : 0)
      countedSaved.append(max(0, (saved[n] ?? 0) - below.reduce(0) { $0 + countedSaved[$1] }))
    }
  }

  private static func overlap(_ a: LeakRecord, _ b: LeakRecord, _ now: Timestamp) -> Bool {
    a.onset < (b.closed ?? now) && b.onset < (a.closed ?? now)
  }

  /// m³ that a leak of the former practice would have lost beyond this one; nil while it is open, and where no water was lost.
  private static func saved(_ leak: LeakRecord, _ practice: FormerPractice) -> Double? {
    guard leak.outcome.isLoss, let closed = leak.closed else { return nil }
    let days = leak.kind == .incipient ? practice.incipientDays : practice.burstDays
    let hours = days * 24 - Double(closed.since(leak.onset)) / 3_600_000
    return max(0, leak.size) * max(0, hours)
  }

  /// m³ of a leak in `span`, by straight lines between what was told.
  func part(_ n: Int, _ span: Range<Timestamp>) -> Double {
    guard leaks[n].outcome.isLoss else { return 0 }
    return volume(n, at: span.upperBound) - volume(n, at: span.lowerBound)
  }

  private func volume(_ n: Int, at t: Timestamp) -> Double {
    var (time, volume) = (leaks[n].onset, 0.0)
    guard t > time else { return 0 }
    for p in leaks[n].course where p.time > time {
      // Revised downwards: what was lost by then cannot have been more.
      let next = max(volume, p.volume)
      if t <= p.time { return volume + (next - volume) * Double(t.since(time)) / Double(p.time.since(time)) }
      (time, volume) = (p.time, next)
    }
    return volume
  }

  /// Leaks that ran in `span`, were found or ended in it; newest finding last.
  func touching(_ span: Range<Timestamp>) -> [Int] {
    leaks.indices.filter {
      let l = leaks[$0]
      return l.onset < span.upperBound && l.closed.map { $0 >= span.lowerBound } ?? true
    }
    .sorted { (leaks[$0].opened, leaks[$0].key) < (leaks[$1].opened, leaks[$1].key) }
  }

  /// Adds what the leaks did in `span` to the figures.
  /// - Parameter keep: leaks to be counted; nil = all.
  func fill(_ f: inout PeriodFigures, _ span: Range<Timestamp>, yenPerM3: Double) {
    var toFind = 0.0
    for n in leaks.indices where leaks[n].outcome.isLoss {
      let l = leaks[n]
      f.lost += counted[n] * part(n, span)
      // One that another meter told too is one leak.
      guard counted[n] >= LeakBook.leastCounted else { continue }
      if span.contains(l.opened) {
        f.leaksFound += 1
        toFind += hoursToFind(n)
      }
      if let closed = l.closed, span.contains(closed) { f.leaksEnded += 1 }
      if l.opened < span.upperBound, l.closed.map({ $0 >= span.upperBound }) ?? true { f.leaksOpen += 1 }
    }
    for n in leaks.indices {
      guard let closed = leaks[n].closed, span.contains(closed) else { continue }
      f.saved += countedSaved[n]
      if leaks[n].outcome == .repaired { f.savedByRepair += countedSaved[n] }
    }
    f.hoursToFind = f.leaksFound > 0 ? toFind / Double(f.leaksFound) : nil
    f.lostYen = yen(f.lost, yenPerM3)
    f.savedYen = yen(f.saved, yenPerM3)
  }

  /// A leak of which meters downstream hold more than this stands there.
  static let leastCounted = 0.5

  func hoursToFind(_ n: Int) -> Double { Double(max(0, leaks[n].opened.since(leaks[n].onset))) / 3_600_000 }
}

/// Whole yen.
func yen(_ volume: Double, _ yenPerM3: Double) -> Int {
  let v = volume * yenPerM3
  return v.isFinite && abs(v) < 1e15 ? Int(v.rounded()) : 0
}
