import Readings
import Settings
import Store

/// Why a card was not taken.
public enum CardError: String, Error, Hashable, CustomStringConvertible, Sendable {
  case unknownSensor = "meter_unknown"
  /// A name or note that is too long or holds control characters.
  case badText = "text"
  case badLeak = "minimum_leak"
  case badInterval = "interval"
  case badRange = "range"
  /// No sensor's name, the meter itself, or one downstream of it.
  case badParent = "parent"

  public var code: String { rawValue }

  public var description: String {
    switch self {
    case .unknownSensor: "そのセンサーはありません / no such sensor"
    case .badText: "名前は 1 行 100 字まで、メモは 1,000 字までです / at most 100 characters on one line for names, 1,000 for the note"
    case .badLeak: "知らせる最小の漏水量は 0 〜 100,000 m³/h にしてください / the smallest leak must be 0 to 100,000 m³/h"
    case .badInterval: "間隔は 0 〜 86,400 秒にしてください / the interval must be 0 to 86,400 seconds"
    case .badRange: "範囲は、小さい数と大きい数を書いてください / the range must be a smaller and a larger number"
    case .badParent:
      "上流のメーターは「市町村/区域/センサー/flow」の形で書いてください。自分や下流のメーターにはできません / the meter upstream must be municipality/zone/sensor/flow, neither the meter itself nor one downstream of it"
    }
  }
}

extension ProfileBook {
  /// What the settings file says of a sensor.
  func fileCard(_ id: SensorID) -> MeterCard {
    var card = MeterCard()
    let s = settings.sensors[id]
    card.name = s?.name
    card.zoneName = s?.zoneName ?? settings.zones["\(id.municipality)/\(id.zone)"]?.name
    card.minimumLeak = s?.minimumLeak ?? (id.quantity == .flow || id.quantity == .total ? settings.detection.minimumLeak : nil)
    card.intervalSeconds = s?.intervalSeconds ?? (settings.detection.intervalSeconds > 0 ? settings.detection.intervalSeconds : nil)
    card.range = s?.range
    card.allowsReverseFlow = s?.allowsReverseFlow ?? false
    card.parent = fileParent(of: id)?.description
    return card
  }

  /// What is in force: the card that was entered, and for what it leaves open the settings file.
  func cardInForce(_ id: SensorID) -> MeterCard {
    let (own, file) = (cards.card(id), fileCard(id))
    var card = MeterCard()
    card.name = own.name ?? file.name
    card.zoneName = own.zoneName ?? file.zoneName
    card.minimumLeak = own.minimumLeak ?? file.minimumLeak
    card.intervalSeconds = own.intervalSeconds ?? file.intervalSeconds
    card.range = own.range ?? file.range
    card.allowsReverseFlow = own.allowsReverseFlow ?? file.allowsReverseFlow
    card.parent = parent(of: id)?.description
    card.note = own.note
    return card
  }

  /// Whether a card may be put in force for a sensor.
  func check(_ card: MeterCard, of id: SensorID) throws(CardError) {
    let controls = { (s: String) in s.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7f...0x9f).contains($0.value) } }
    for name in [card.name, card.zoneName].compactMap({ $0 }) {
      guard !name.isEmpty, name.count <= 100, !name.contains("\n"), !controls(name) else { throw .badText }
    }
    guard card.note.map({ $0.count <= 1000 && !controls($0) }) ?? true else { throw .badText }
    guard card.minimumLeak.map({ (0...100_000).contains($0) }) ?? true else { throw .badLeak }
    guard card.intervalSeconds.map({ (0...86_400).contains($0) }) ?? true else { throw .badInterval }
    guard card.range.map({ $0.lowerBound.isFinite && $0.upperBound.isFinite && $0.lowerBound < $0.upperBound }) ?? true else {
      throw .badRange
    }
    // Empty: no meter upstream, whatever the file says.
    guard let text = card.parent, !text.isEmpty else { return }
    guard var next = SensorID(text), next.quantity == .flow || next.quantity == .total else { throw .badParent }
    for _ in 0..<1000 {
      guard next != id else { throw .badParent }
      guard let above = parent(of: next) else { return }
      next = above
    }
    throw .badParent
  }
}
