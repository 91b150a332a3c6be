/// How long leaks used to run before Mizumori watched: against this the water saved is reckoned.
///
/// The saving is an estimate against what would have been, and no measurement of it exists; a utility should put in the times of its own
/// repair records. For a leak of size q (m³/h) that began at t₀ and ended at t₁, with the former practice T,
///
///     saved = q · max(0, t₀ + T − t₁)      [m³]
///
/// and nothing for a leak that is still open. The idea is that of component analysis (BABE: A. Lambert, "Accounting for losses: the bursts
/// and background estimates concept", 1994): volume = flow × (awareness + location + repair time); Mizumori shortens the awareness.
///
/// The defaults are assumptions. Allowances for *well run* systems in the derivation of UARL (Lambert, Brown, Takizawa, Weimer, 1999) are,
/// as far as remembered and to be checked before quoting, 3 to 9 days for reported and 50 to 100 days for unreported bursts. 30 days for a burst lie
/// between them; 180 days for a slow leak are the mean awareness time of a survey of the network once a year (half of the interval).
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
