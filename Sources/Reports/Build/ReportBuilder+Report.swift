import Readings

extension ReportBuilder {
  /// The report, once all days of `spans` were added.
  /// - Parameters:
  ///   - billed: of the months of the period and of those that it is compared with.
  ///   - hours: for a 日報: flow of the utility in each hour, m³/h.
  public func report(
    faults: [FaultRecord] = [], works: [WorkRecord] = [], billed: [BilledVolume] = [], hours: [Double?] = []
  ) -> Report {
    let period = request.period
    let firstDays = firstDays
    func figures(_ p: ReportPeriod) -> PeriodFigures { self.figures(p.days, firstDays, self.billed(billed, p)) }
    let total = figures(period)
    let months = period.kind == .annual ? period.months.map { MonthLine(month: MonthNumber.code($0), figures: figures(.month($0))) } : []
    let isFinished = request.now >= span(period.days).upperBound
    return Report(
      kind: period.kind, period: period.code, first: ReportPeriod.date(period.days.lowerBound),
      last: ReportPeriod.date(period.days.upperBound - 1), utility: request.utility, municipalities: request.municipalities,
      towns: request.municipalities.map { request.towns[$0] ?? $0 },
      created: iso(request.created), isFinished: isFinished, yenPerM3: request.yenPerM3, practice: request.practice,
      nightWindow: "\(clock(request.night.lowerBound))–\(clock(request.night.upperBound))", total: total,
      comparisons: period.compared.map { Comparison(relation: $0.relation, period: $0.period.code, figures: figures($0.period)) },
      zones: zoneLines(), meters: meterLines(), days: period.kind == .monthly ? dayLines(firstDays) : [], months: months,
      hours: period.kind == .daily ? hours : [], leaks: leakLines(), faults: faultLines(faults), works: workLines(works),
      balance: period.kind == .daily ? [] : balanceLines(self.billed(billed, period)), notes: notes(total, isFinished))
  }

  /// A day has no billed volume.
  private func billed(_ all: [BilledVolume], _ p: ReportPeriod) -> [BilledVolume] {
    p.kind == .daily ? [] : all.filter { p.months.contains($0.month) && request.municipalities.contains($0.municipality) }
  }

  private func clock(_ minutes: Int) -> String { "\(MonthNumber.two(minutes / 60)):\(MonthNumber.two(minutes % 60))" }
}
