/// What the page and the API show. Times are ISO 8601 in the utility's offset; series use Unix milliseconds. Flows in m³/h.

/// How a meter is doing, worst first.
public enum MeterState: String, Codable, Sendable, CaseIterable {
  /// 異常: an open leak.
  case leak
  /// 注意: something is suspicious, or the meter reports a fault other than silence.
  case attention
  /// 通信断: no readings.
  case offline
  /// 学習中
  case learning
  /// 正常
  case normal

  public var rank: Int { MeterState.allCases.firstIndex(of: self) ?? 0 }
}

/// One message of the live stream.
public enum LiveUpdate: Sendable {
  /// The newest reading of a meter; t in Unix ms.
  case reading(sensor: String, time: Int64, value: Double)
  /// Something opened, changed or closed.
  case event(sensor: String)
  /// Something that is not of one meter has changed.
  case part(Part)

  /// What a page shows besides meters and events.
  public enum Part: String, Sendable {
    case works, deliveries, sensors
  }

  var sensor: String {
    switch self {
    case .reading(let sensor, _, _), .event(let sensor): sensor
    case .part: ""
    }
  }
}
