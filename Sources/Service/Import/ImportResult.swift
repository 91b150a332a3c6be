import Detection
import Readings

/// What an import wrote and what came of it.
public struct ImportResult: Sendable {
  /// Readings written.
  public internal(set) var written = 0
  /// Readings that were in the history before.
  public internal(set) var alreadyStored = 0
  /// Older rows that were left out.
  public internal(set) var leftOut = 0
  /// Events found in the imported history, by kind. They are in the list of events and were told to nobody.
  public internal(set) var events: [EventKind: Int] = [:]
  public internal(set) var sensors: [ImportedSensor] = []
}

/// How the detector stands with a sensor after an import.
public struct ImportedSensor: Sendable {
  public let id: SensorID
  public let learnedDays: Int
  public let learningDays: Int
  /// m³/h; nil while there is no profile.
  public let meanFlow: Double?
  /// A leak that is open at the end of the imported history: estimate in m³/h and onset.
  public let openLeak: (excess: Double, onset: Timestamp)?

  init(_ id: SensorID, _ e: Explanation) {
    self.id = id
    learnedDays = e.learnedDays
    learningDays = e.learningDays
    meanFlow = e.meanFlow
    openLeak = e.leakOnset.map { (e.leakExcess ?? 0, $0) }
  }
}
