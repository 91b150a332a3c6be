/// How long leaks used to run before Mizumori watched: against this the water saved is reckoned.
///
/// The saving is an estimate against what would have been, and no measurement of it exists; a utility should put in the times of its own
/// repair records. For a leak of size q (m³/h) that began at t₀ and ended at t₁, with the former practice T,
///
///     saved = q · max(0, t₀ + T − t₁)      [m³]
///
/// and nothing for a leak that is still open. The reckoning is that of component analysis: the volume of a leak is its flow times awareness,
/// location and repair time (J. Thornton et al., "Water Loss Control", 2nd ed. 2008; A. Lambert's bursts and background estimates, 1994);
/// Mizumori shortens the first of them.
///
/// The defaults are assumptions, without a source for small towns in Japan: a burst that nobody sees is taken to be found and repaired a
/// month after it began, a slow leak after half a year, the mean awareness time where the network is surveyed once a year.
public struct FormerPractice: Hashable, Sendable, Codable {
  /// Days from the beginning of a burst (突発漏水) to its end, as it used to be.
  public var burstDays: Double
  /// The same for a slow leak (漸増漏水).
  public var incipientDays: Double

  public init(burstDays: Double = 30, incipientDays: Double = 180) {
    self.burstDays = burstDays
    self.incipientDays = incipientDays
  }
}
