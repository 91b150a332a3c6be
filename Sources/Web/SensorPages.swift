/// The health of the sensors, and how a person names and sets them.
public protocol SensorPages: Sendable {}
