/// Meters and leaks as NGSI-LD entities, for the prefecture's data platform.
public protocol EntityPages: Sendable {}
