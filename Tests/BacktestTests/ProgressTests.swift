import Testing

@testable import Backtest

@Suite struct ProgressTests {
  @Test(arguments: [
    (0.0 as Double?, 0, 0.0, "[........................] 0 %  0.0 M 件/s / M readings/s"),
    (0.5, 6_000_000, 2.0, "[############............] 50 %  3.0 M 件/s / M readings/s  残り / left 0:02"),
    (0.25, 100_000_000, 30.0, "[######..................] 25 %  3.33 M 件/s / M readings/s  残り / left 1:30"),
    (0.01, 1, 60.0, "[........................] 1 %  0.0 M 件/s / M readings/s  残り / left 1:39:00"),
    (1, 10_000, 1.0, "[########################] 100 %  0.01 M 件/s / M readings/s  残り / left 0:00"),
    (nil, 1234, 1.0, "1234 件 / readings  0.0 M 件/s / M readings/s"),
  ])
  func lineOfTheBar(fraction: Double?, readings: Int, seconds: Double, text: String) {
    #expect(BacktestProgress.line(fraction: fraction, readings: readings, seconds: seconds) == text)
  }

  @Test func whatGrewWhileItWasReadIsNotMoreThanAll() {
    let progress = BacktestProgress()
    #expect(progress.fraction == nil)
    progress.expect(bytes: 10)
    progress.add(bytes: 5)
    progress.add(readings: 3)
    #expect(progress.fraction == 0.5 && progress.readings == 3)
    progress.add(bytes: 7)
    #expect(progress.fraction == 1)
  }
}
