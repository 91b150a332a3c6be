/// `manifest.json` of a set: which series there are. Names as in the files.
public struct SetManifest: Codable, Sendable {
  public var set: String
  public var timezone: String
  public var unit: String
  public var rows: String
  public var series: [SetSeries]

  public init(set: String, timezone: String = "+09:00", unit: String = "m3/h", rows: String, series: [SetSeries]) {
    self.set = set
    self.timezone = timezone
    self.unit = unit
    self.rows = rows
    self.series = series
  }
}

extension SetManifest {
  /// The reservoir outlet (配水池) that feeds `s`: the only one among the series that ran together with it, `s` being no outlet itself.
  public func outlet(above s: SetSeries) -> String? {
    guard !s.isOutlet else { return nil }
    let outlets = series.filter { $0.isOutlet && $0.network == s.network && $0.start == s.start && $0.interval_min == s.interval_min }
    return outlets.count == 1 ? outlets[0].series : nil
  }
}

/// One series of a set. Series with the same network, start and interval ran together: they are one utility.
public struct SetSeries: Codable, Sendable {
  public var series: String
  public var unit: String
  public var interval_min: Int
  public var tier: String
  public var network: String
  public var facility: String?
  /// Series of the meter upstream.
  public var parent: String?
  public var readings: Int?
  /// m³/h
  public var mean_flow_m3h: Double?
  public var start: String
  public var end: String
  public var calendar: String?

  var isOutlet: Bool { facility?.contains("配水池") ?? false }

  public init(
    series: String, unit: String = "m3/h", intervalMinutes: Int, tier: String, network: String, facility: String?, parent: String? = nil,
    readings: Int,
    meanFlow: Double, start: String, end: String, calendar: String?
  ) {
    self.series = series
    self.unit = unit
    interval_min = intervalMinutes
    self.tier = tier
    self.network = network
    self.facility = facility
    self.parent = parent
    self.readings = readings
    mean_flow_m3h = meanFlow
    self.start = start
    self.end = end
    self.calendar = calendar
  }
}

/// One entry of `labels.json`: what truly happened. Fields of a set that are not named here are passed over.
public struct SetLabel: Codable, Sendable {
  public var series: String
  /// burst, incipient (the leaks), flushing, fire, pool, stuck, gap, reset, shutoff, tourist, growth, heat, freeze, suspected_real, background
  public var kind: String
  public var start: String
  public var end: String
  /// m³/h
  public var peak_m3h: Double
  /// m³/h
  public var mean_flow_m3h: Double
  /// m³ from start to end; only leaks have one
  public var volume_m3: Double?
  /// [hours after the start, m³/h]; only leaks have one
  public var profile: [[Double]]?

  public init(
    series: String, kind: String, start: String, end: String, peak: Double, meanFlow: Double, volume: Double?, profile: [[Double]]?
  ) {
    self.series = series
    self.kind = kind
    self.start = start
    self.end = end
    peak_m3h = peak
    mean_flow_m3h = meanFlow
    volume_m3 = volume
    self.profile = profile
  }
}
