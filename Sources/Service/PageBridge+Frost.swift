import Alerts
import Readings
import Settings
import Store
import Web

/// What whoever looks at the page should know of the cold.
extension PageBridge {
  /// - Parameters:
  ///   - now: event time.
  ///   - municipalities: empty = all.
  func frostNotices(_ now: Timestamp, _ municipalities: Set<String>) throws -> [[String: String]] {
    guard settings.frost.isEnabled else { return [] }
    return try FrostBook(reader, profiles).present(now)
      .filter { municipalities.isEmpty || municipalities.contains($0.sensor.municipality) }.map(notice)
  }

  private func notice(_ e: StoredEvent) -> [String: String] {
    let town = settings.utility.towns[e.sensor.municipality] ?? settings.utility.name
    let lowest = (e.last.observed * 10).rounded() / 10
    guard let closed = e.closed else {
      return [
        "ja": "凍結モード（\(town)）: \(moment(e.last.onset, .ja)) から、最低 \(lowest) °C。夜の水出しによる増加は、漏水の判定にも学習にも使いません。大きな突発漏水だけはすぐ知らせます。",
        "en":
          "Freeze mode (\(town)) since \(moment(e.last.onset, .en)), lowest \(lowest) °C: what trickling taps add at night is neither judged nor learnt. Large bursts are told at once.",
      ]
    }
    let until = closed.adding(seconds: Int64(FrostBook.thawDays) * 86_400)
    return [
      "ja": "解けたあとの見張り（\(town)）: \(moment(until, .ja)) まで。凍結で傷んだ給水管から、小さな漏水が同時に起きやすいときです。",
      "en": "Watching the thaw (\(town)) until \(moment(until, .en)): small leaks of service pipes are likely, many at once.",
    ]
  }

  private func moment(_ t: Timestamp, _ language: Language) -> String {
    let date = CivilDate(daysSinceEpoch: profiles.calendar.day(of: t))
    let minute = profiles.calendar.millisecondOfDay(of: t) / 60_000
    let clock = "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
    return language == .ja ? "\(date.month)月\(date.day)日 \(clock)" : "\(date.month)/\(date.day) \(clock)"
  }
}
