extension MizumoriSettings {
  /// What the reports reckon with besides `utility.price_yen_per_m3`.
  public struct Reports: Hashable, Sendable {
    /// Days that a leak used to run before it was found and repaired, when nobody watched: bursts and slow leaks. Against these the water
    /// saved is reckoned.
    public var formerBurstDays = 30.0
    public var formerIncipientDays = 180.0
  }
}

extension MizumoriSettings.Reports {
  init(reading section: consuming SettingsSection) {
    var s = section
    formerBurstDays = s.number("former_burst_days", 0...3650) ?? formerBurstDays
    formerIncipientDays = s.number("former_incipient_days", 0...3650) ?? formerIncipientDays
    s.finish()
  }
}
