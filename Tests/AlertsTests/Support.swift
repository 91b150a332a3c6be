import Readings

@testable import Alerts

/// A message to tell; the zone's name holds what must be escaped.
func message(
  _ kind: EventKind = .burst, _ change: EventChange = .opened, seq: Int64 = 1, sensor: SensorID? = nil
) -> AlertMessage {
  let t0 = Timestamp(iso8601: "2026-11-23T02:10:00+09:00")!
  let t = Transition(
    slot: 0, kind: kind, change: change, severity: .major, evidence: [.cusum], time: t0.adding(seconds: 3600), onset: t0, firstOnset: t0,
    expected: 8.1, observed: 11.3, excess: 3.2, volume: 12.4, confidence: 0.9, isGrowing: true)
  let id = sensor ?? SensorID(municipality: "ina", zone: "nishi", sensor: "m01", quantity: .flow)!
  return AlertMessage(
    seq: seq, eventKey: t.eventKey(sensor: id), transitionKey: t.transitionKey(sensor: id), sensor: id,
    names: PlaceNames(municipality: "伊那市", zone: "西町\"配水\"\\\n", sensor: "西町入口"), transition: t, yenPerCubicMetre: 170, calendar: .japan)
}
