import Foundation
import Readings
import Series
import Testing

@testable import Backtest

/// Rows of many series in the order of their arrival, however many threads read them.
@Suite struct MergeTests {
  /// Series whose times meet, run apart, stand still and go back; one is empty.
  private static func series(_ count: Int, seed: UInt64) -> [[SeriesRow]] {
    var random = seed
    func next(_ n: UInt64) -> Int64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64((random >> 33) % n)
    }
    return (0..<count).map { k in
      var time = -5_000_000 + 60_000 * next(200)
      return (0..<(k == 1 ? 0 : Int(500 + next(3000)))).map { _ in
        time += [60_000, 60_000, 60_000, 0, -120_000, 7_200_000][Int(next(k % 3 == 0 ? 3 : 6))]
        return SeriesRow(time: Timestamp(milliseconds: time), value: Double(next(1000)))
      }
    }
  }

  /// The definition, row by row.
  private static func plain(_ rows: [[SeriesRow]]) -> [Reading] {
    var all: [(arrival: Int64, member: Int, reading: Reading)] = []
    for (i, member) in rows.enumerated() {
      var arrival = Int64.min
      for r in member {
        arrival = max(arrival, r.time.milliseconds)
        let reading = Reading(slot: SensorSlot(i), time: r.time, arrival: Timestamp(milliseconds: arrival), value: r.value)
        all.append((arrival, i, reading))
      }
    }
    // Stable within a member, since its arrivals do not fall.
    return all.enumerated().sorted {
      ($0.element.arrival, $0.element.member, $0.offset) < ($1.element.arrival, $1.element.member, $1.offset)
    }.map(\.element.reading)
  }

  private static func merged(_ rows: [[SeriesRow]], room: Int, slice: Int64, ahead: ReadAhead) throws -> [Reading] {
    let progress = BacktestProgress()
    var merge = RowMerge(rows.map { RowFeed(rows: $0, bytes: $0.count * 10, progress: progress) }, ahead)
    try merge.begin()
    let batch = UnsafeMutableBufferPointer<Reading>.allocate(capacity: room)
    defer { batch.deallocate() }
    var out: [Reading] = []
    while let first = merge.arrival {
      while case let count = try merge.fill(batch, before: first + slice), count > 0 {
        out += batch[..<count]
        #expect(batch[count - 1].arrival.milliseconds < first + slice)
      }
    }
    return out
  }

  @Test(arguments: [1, 2, 3, 8, 33], [1, 2048]) func orderIsThatOfArrival(count: Int, room: Int) throws {
    for seed in [UInt64(1), 2, 3] {
      let rows = Self.series(count, seed: seed)
      let got = try Self.merged(rows, room: room, slice: 3_600_000, ahead: ReadAhead(groups: 1))
      #expect(got == Self.plain(rows), "seed \(seed)")
    }
  }

  /// Three threads read ahead while one merges.
  @Test func helpersChangeNothing() throws {
    let rows = Self.series(20, seed: 9)
    let expected = Self.plain(rows)
    let ahead = ReadAhead(groups: 1)
    let helpers = DispatchGroup()
    for _ in 0..<3 { Thread.detachNewThread(in: helpers) { ahead.help() } }
    let got = try Self.merged(rows, room: 64, slice: 3_600_000, ahead: ahead)
    ahead.groupEnded()
    // They end when the last group has ended.
    helpers.wait()
    #expect(got == expected)
  }

  /// One network of many series, packed and not, a parent, late rows: the alerts are the same bytes for any number of workers.
  @Test(arguments: [false, true]) func oneGroupOfManyAndWorkersDoNotMatter(isTraced: Bool) throws {
    let directory = try BacktestTests.Directory()
    var list: [SetSeries] = []
    for k in 0..<7 {
      var rows = BacktestTests.rows(seed: k + 1, gap: k == 3)
      if k == 2 { for i in stride(from: 100, to: 2000, by: 50) { rows.swapAt(i, i + 1) } }
      try SeriesFile.write(rows, path: "\(directory.path)/series/M\(k).csv" + (k % 2 == 0 ? ".gz" : ""))
      list.append(
        SetSeries(
          series: "M\(k)", intervalMinutes: 30, tier: "test", network: "town", facility: nil, parent: k > 4 ? "M4" : nil, readings: 2400,
          meanFlow: 12, start: "2026-06-01T00:00:00+09:00", end: "2026-07-20T23:30:00+09:00", calendar: nil))
    }
    let data = try JSONEncoder().encode(SetManifest(set: "test", rows: "arrival", series: list))
    try data.write(to: URL(fileURLWithPath: directory.path + "/manifest.json"))
    var lines: [String] = []
    for workers in [1, 2, 4, 4] {
      var run = BacktestRun(workers: workers)
      run.isTraced = isTraced
      try run.add(set: directory.path)
      let progress = BacktestProgress()
      let result = try run.run(progress: progress)
      #expect(result.readings == 7 * 2400 - 30 && progress.readings == result.readings && progress.fraction.map { $0 > 0.98 } == true)
      lines.append(result.alertLines)
    }
    #expect(lines[0].contains("\"state\":\"open\"") && lines.allSatisfy { $0 == lines[0] })
  }

  /// What is broken in a file is told alike by any number of workers, and the run ends.
  @Test func aBrokenFileEndsTheGroupForAnyNumberOfWorkers() throws {
    let directory = try BacktestTests.Directory()
    try BacktestTests.makeSet(directory.path, series: 2)
    let path = "\(directory.path)/series/S01.csv"
    try SeriesFile.write(BacktestTests.rows(seed: 2), path: path)
    let text = try String(contentsOfFile: path, encoding: .utf8) + "nonsense\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    for workers in [1, 2, 4] {
      var run = BacktestRun(workers: workers)
      try run.add(set: directory.path)
      let error = #expect(throws: BacktestError.self) { try run.run() }
      #expect(error?.reason.hasPrefix("line 2402: ") == true && error?.path == path)
    }
  }
}

extension Thread {
  fileprivate static func detachNewThread(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    group.enter()
    detachNewThread {
      body()
      group.leave()
    }
  }
}
