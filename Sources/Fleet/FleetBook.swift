import Foundation
import Settings

/// What is known of each instance: its last answer, and what came of the last question. A value without I/O.
struct FleetBook: Sendable {
  /// Why an answer is missing.
  struct Problem: Equatable, Sendable {
    var japanese: String
    var english: String
  }

  private struct Entry: Sendable {
    var answer: InstanceAnswer?
    /// Unix milliseconds.
    var answered: Int64?
    /// Of the last question; nil when it was answered, `notAsked` at first.
    var problem: Problem?
  }

  private let settings: FleetSettings
  private var entries: [Entry]

  static let notAsked = Problem(japanese: "まだたずねていません", english: "not asked yet")

  init(_ settings: FleetSettings) {
    self.settings = settings
    entries = settings.instances.map { _ in Entry(problem: FleetBook.notAsked) }
  }

  mutating func note(_ n: Int, _ answer: InstanceAnswer, at now: Int64) {
    entries[n] = Entry(answer: answer, answered: now)
  }

  /// The last answer stays: what was known is shown as old.
  mutating func note(_ n: Int, _ problem: Problem) { entries[n].problem = problem }

  func view(now: Int64) -> FleetView {
    var instances: [FleetView.Instance] = []
    var towns: [FleetView.Town] = []
    for (entry, own) in zip(entries, settings.instances) {
      let those = self.towns(entry, own, now)
      towns += those
      instances.append(instance(entry, own, those))
    }
    towns.sort { FleetBook.isWorse($0, $1) }
    let leaking = towns.filter { $0.leaks > 0 }
    return FleetView(
      name: settings.name, language: settings.language.rawValue, now: now, leakingTowns: leaking.count,
      leaks: leaking.reduce(0) { $0 + $1.leaks }, leakM3h: FleetBook.rounded(leaking.reduce(0) { $0 + $1.leakM3h }),
      unreachable: instances.count { !$0.isReached }, towns: towns, instances: instances)
  }

  private static func isWorse(_ a: FleetView.Town, _ b: FleetView.Town) -> Bool {
    (a.state.rank, -a.leakM3h, -a.leaks, a.name, a.instance, a.id) < (b.state.rank, -b.leakM3h, -b.leaks, b.name, b.instance, b.id)
  }

  private func instance(_ entry: Entry, _ own: FleetSettings.Instance, _ towns: [FleetView.Town]) -> FleetView.Instance {
    FleetView.Instance(
      name: own.name, utility: entry.answer?.utility, version: entry.answer?.version, page: own.page, isReached: entry.problem == nil,
      isConnected: entry.problem == nil ? entry.answer?.isConnected : nil, lastAnswer: entry.answered,
      problem: entry.problem.map { ["ja": $0.japanese, "en": $0.english] }, towns: entry.answer?.towns.count ?? 0,
      meters: towns.reduce(0) { $0 + $1.meters }, leaks: towns.reduce(0) { $0 + $1.leaks },
      leakM3h: FleetBook.rounded(towns.reduce(0) { $0 + $1.leakM3h }))
  }

  /// An instance that cannot be read and has never said which towns it has is a line of its own.
  private func towns(_ entry: Entry, _ own: FleetSettings.Instance, _ now: Int64) -> [FleetView.Town] {
    guard let answer = entry.answer, !answer.towns.isEmpty || entry.problem == nil else {
      return [
        FleetView.Town(
          instance: own.name, id: "", name: entry.answer?.utility ?? own.name, state: .unreachable, leaks: 0, leakM3h: 0, meters: 0,
          offline: 0,
          page: own.page)
      ]
    }
    return answer.towns.map { town in
      let totals = town.totals
      let states = totals?.states
      let counts = [states?.leak, states?.attention, states?.offline, states?.learning, states?.normal].map { max(0, $0 ?? 0) }
      let newest = town.newest.flatMap(FleetBook.milliseconds)
      return FleetView.Town(
        instance: own.name, id: town.id, name: town.name ?? town.id,
        state: state(entry, answer, counts, leaks: totals?.leaks ?? 0, newest: newest, now), leaks: max(0, totals?.leaks ?? 0),
        leakM3h: FleetBook.rounded(totals?.leakM3h ?? 0), flow: totals?.flow.map(FleetBook.rounded), meters: counts.reduce(0, +),
        offline: counts[2], newest: newest, asOf: entry.problem == nil ? nil : entry.answered, page: own.page)
    }
  }

  /// A leak that is known stays the worst also when the instance has gone away meanwhile.
  private func state(
    _ entry: Entry, _ answer: InstanceAnswer, _ counts: [Int], leaks: Int, newest: Int64?, _ now: Int64
  ) -> FleetView.State {
    if leaks > 0 || counts[0] > 0 { return .leak }
    if entry.problem != nil { return .unreachable }
    let isSilent = newest.map { now - $0 > Int64(settings.silentMinutes) * 60_000 } ?? true
    if answer.isConnected == false || isSilent || (counts[2] > 0 && counts[2] == counts.reduce(0, +)) { return .offline }
    if counts[1] > 0 || counts[2] > 0 { return .attention }
    return counts[4] > 0 ? .normal : .learning
  }

  /// m³/h with three digits behind the point; what is no finite number is nothing.
  private static func rounded(_ v: Double) -> Double { v.isFinite && abs(v) < 1e9 ? (v * 1000).rounded() / 1000 : 0 }

  private static func milliseconds(_ text: String) -> Int64? {
    guard text.utf8.count <= 40 else { return nil }
    let style = Date.ISO8601FormatStyle()
    let time = (try? style.parse(text)) ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
    return time.map { Int64($0.timeIntervalSince1970 * 1000) }
  }
}
