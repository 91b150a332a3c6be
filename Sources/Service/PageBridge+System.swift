import Readings
import Settings
import Store
import Synchronization
import Web

extension PageBridge {
  func system() throws -> SystemSummary {
    let now = Clocks.monotonic()
    let disk = MachineFigures.disk(of: settings.data.directory)
    let readings = counters.readings.load(ordering: .relaxed)
    let lastArrival = counters.lastArrival.load(ordering: .relaxed)
    return SystemSummary(
      version: version, started: iso(counters.started.wall), uptimeS: (now - counters.started.monotonic) / 1000,
      isConnected: counters.isSubscribed.load(ordering: .relaxed), broker: "\(settings.broker.host):\(settings.broker.port)",
      reconnects: counters.reconnects.load(ordering: .relaxed), takeovers: counters.takeovers.load(ordering: .relaxed),
      readingsPerMinute: counters.rate.perMinute(readings, now: now), messages: counters.messages.load(ordering: .relaxed),
      readings: readings, duplicates: counters.duplicates.load(ordering: .relaxed), rejected: counters.rejected,
      commits: counters.commits.load(ordering: .relaxed), databaseBytes: try reader.figures().bytes, diskFreeBytes: disk.free,
      diskTotalBytes: disk.total, rssBytes: MachineFigures.residentBytes(), sensors: directory.count,
      maximumSensors: settings.limits.maximumSensors,
      lastArrival: lastArrival > 0 ? iso(Timestamp(milliseconds: lastArrival)) : nil, notices: notices())
  }
}
