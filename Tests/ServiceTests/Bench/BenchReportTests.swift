import Foundation
import Testing

@testable import Service

/// What is kept and compared.
@Suite struct BenchReportTests {
  private func report(_ change: (inout BenchFigures) -> Void = { _ in }) -> BenchReport {
    var f = BenchFigures()
    (f.decodeCPU, f.judgeCPU, f.commitFixed, f.commitPerReading) = (1e-6, 4e-6, 0.001, 1e-6)
    (f.memoryPerMeter, f.baseMemory, f.bytesPerReading) = (6000, 40e6, 8)
    (f.latencyP50, f.alertRate) = (0.01, 300)
    change(&f)
    var m = BenchMachine()
    (m.memoryAvailable, m.diskFree) = (1 << 50, 1 << 50)
    let c = BenchConditions(
      headroom: 0.5, commitReadings: 500, commitSeconds: 1, checkpointSeconds: 60, maximumSensors: 10_000_000, meters: 200)
    return BenchReport(f, c, machine: m, version: "0", seconds: 110, hasBroker: true)
  }

  @Test func whatIsKeptComesBackTheSame() throws {
    let r = report()
    #expect(try JSONDecoder().decode(BenchReport.self, from: JSONEncoder().encode(r)) == r)
  }

  @Test func aboveOneIsBetterWhicheverWayAFigureCounts() {
    let comparison = report {
      $0.decodeCPU = 0.5e-6
      $0.alertRate = 150
      $0.latencyP50 = nil
    }.compared(with: report())
    let ratios = Dictionary(uniqueKeysWithValues: comparison.map { ($0.figure, $0.ratio) })
    #expect(ratios["decodeCPU"] == 2)
    #expect(ratios["alertRate"] == 0.5)
    #expect(ratios["judgeCPU"] == 1)
    #expect(ratios["latencyP50"] == nil, "one of the runs does not have it")
    #expect(ratios["meters"] ?? 0 > 1)
  }

  /// Its rate of the broker held the waits for the last commit, and limited the meters.
  @Test func aFileOfBeforeIsComparedWithoutItsBroker() throws {
    let old = report { $0.brokerRate = 366 }
    #expect(old.capacity.limitingStep == .broker)
    var json = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(old)) as? [String: Any])
    var figures = try #require(json["figures"] as? [String: Any])
    figures["throughput"] = nil
    json["figures"] = figures
    let kept = try JSONDecoder().decode(BenchReport.self, from: JSONSerialization.data(withJSONObject: json))
    let new = report {
      $0.brokerRate = 60_000
      $0.throughput = .init(readings: 600_000, seconds: 10, sender: 0.4, broker: 0.5, ingest: 0.9)
    }
    let ratios = Dictionary(uniqueKeysWithValues: new.compared(with: kept).map { ($0.figure, $0.ratio) })
    #expect(ratios["brokerRate"] == nil && ratios["meters"] == 1, "\(ratios)")
    // Two of one kind are compared with it.
    #expect(new.compared(with: new).contains { $0.figure == "brokerRate" })
    #expect(kept.compared(with: kept).contains { $0.figure == "brokerRate" })
  }
}
