import Readings

extension MizumoriSettings {
  /// Freeze mode (凍結モード).
  public struct Frost: Hashable, Sendable {
    public var isEnabled = true
    /// °C: at this and below people let taps trickle.
    public var below = -4.0
    /// °C: at this and above it is over; above `below`.
    public var release = 0.0
    /// Thermometers that tell of it; empty = all of the municipality.
    public var sensors: [SensorID] = []
  }
}

extension MizumoriSettings.Frost {
  init(reading section: consuming SettingsSection) {
    var s = section
    isEnabled = s.bool("enabled") ?? isEnabled
    below = s.number("below_c", -40...5) ?? below
    let written = s.value("release_c")
    release = s.number("release_c", -40...20) ?? max(release, below + 1)
    if release <= below {
      s.log.add(
        written?.place ?? s.place, s.fullKey("release_c"), "below_c より高い気温にしてください", "must be above below_c")
    }
    sensors = s.sensors("sensors", of: .temperature)
    s.finish()
  }
}
