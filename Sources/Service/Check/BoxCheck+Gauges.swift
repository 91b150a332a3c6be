import Detection
import Readings
import Settings
import Store

/// What the settings say of gauges, against the sensors that were really heard.
extension BoxCheck {
  /// Tanks whose balance cannot be made, gauges that meters name and nobody has heard, and thermometers.
  public func gauges() -> [Finding] {
    let plans = ProfileBook(settings).tanks
    let named = settings.sensors.compactMap { id, s in s.pressure.map { (id, $0) } }.sorted { $0.0 < $1.0 }
    guard !plans.isEmpty || !named.isEmpty || !settings.frost.sensors.isEmpty else { return [] }
    guard let view = try? DirectoryView(settings), !view.sensors.isEmpty else { return [] }
    let known = Set(view.sensors.map(\.id))
    let thermometers = settings.frost.sensors.filter { !known.contains($0) }
    return plans.map { tank($0, known) } + named.compactMap { pressure($0, $1, known) }
      + thermometers.map { missing("凍結モードの温度計 / thermometer of freeze mode", [$0]) }
  }

  private func tank(_ t: TankPlan, _ known: Set<SensorID>) -> Finding {
    let name = "配水池の水収支 / balance \(t.id)（\(t.name)）"
    let absent = t.sources.filter { !known.contains($0) }
    guard absent.isEmpty else { return missing(name, absent) }
    let minutes = t.width / 60_000
    return .ok(.sensors, name, "\(minutes) 分ごと、\(Int(t.shape.largestArea.rounded())) m² / every \(minutes) min")
  }

  private func pressure(_ meter: SensorID, _ gauges: [SensorID], _ known: Set<SensorID>) -> Finding? {
    let absent = gauges.filter { !known.contains($0) }
    return absent.isEmpty ? nil : missing("水圧計 / gauge of pressure of \(meter)", absent)
  }

  private func missing(_ name: String, _ sensors: [SensorID]) -> Finding {
    .warning(
      .sensors, name, "まだ届いていません / not heard yet: \(sensors.map(\.description).joined(separator: ", "))",
      "名前（市町村/区域/センサー/量）と topics を確かめてください / compare the names with the topics")
  }
}
