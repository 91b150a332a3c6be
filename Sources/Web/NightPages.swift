/// The night flow of days, by zone or meter.
public protocol NightPages: Sendable {}
