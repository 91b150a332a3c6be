/// Where the page and the API get what they show. Implemented by the service over store and detector; called from any task.
///
/// A part a protocol, each in a file with its models.
public protocol PageSource: MeterPages, EventPages, NightPages, WorkPages, DeliveryPages, SensorPages, SystemPages, ReportPages, EntityPages
{
  /// Bounded: a slow reader loses the oldest updates, nothing else suffers.
  func liveUpdates() -> AsyncStream<LiveUpdate>
  /// Prometheus text.
  func metrics() -> String
  /// Why the service is not ready; empty when it is.
  func notReady() -> [String]
}
