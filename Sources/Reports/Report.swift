/// A report as values, for programs and for the renderers. Volumes in m³, flows in m³/h, shares 0…1, times ISO 8601 in the utility's time.
public struct Report: Codable, Sendable {
  public var kind: ReportPeriod.Kind
  /// `2026-11-26`, `2026-11`, or the 年度 `2026`.
  public var period: String
  /// First and last day, both included.
  public var first: String
  public var last: String
  public var utility: String
  public var municipalities: [String]
  /// What they are called, in the same order.
  public var towns: [String]
  public var created: String
  /// Whether the period has passed.
  public var isFinished: Bool
  public var yenPerM3: Double
  public var practice: FormerPractice
  /// `01:00–04:00`
  public var nightWindow: String
  public var total: PeriodFigures
  public var comparisons: [Comparison]
  public var zones: [ZoneLine]
  public var meters: [MeterLine]
  /// Of the days of a month.
  public var days: [DayLine]
  /// Of the months of a 年度.
  public var months: [MonthLine]
  /// Flow of the utility by the hour of a day, m³/h; empty in other reports.
  public var hours: [Double?]
  public var leaks: [LeakLine]
  public var faults: [FaultLine]
  public var works: [WorkLine]
  /// One line for each municipality and month with billed volume.
  public var balance: [BalanceLine]
  /// How the figures come about.
  public var notes: [Note]
}

/// A sentence in each language.
public struct Note: Codable, Sendable, Hashable {
  public var ja: String
  public var en: String

  init(_ ja: String, _ en: String) {
    self.ja = ja
    self.en = en
  }
}

/// The utility in a period.
public struct PeriodFigures: Codable, Sendable, Equatable {
  /// False for a month of a 年度 that is still to come.
  public var hasBegun = true
  /// m³ through the meters that have none upstream; nil without a reading.
  public var supplied: Double?
  /// Days with readings.
  public var days = 0
  /// m³ a day, over days with readings.
  public var perDay: Double?
  /// The day of the largest volume, and that volume, m³.
  public var largestDay: String?
  public var largest: Double?
  /// Hours with readings among those that there should be, 0…1.
  public var share: Double?
  /// Hours without readings, over all those meters.
  public var missingHours = 0
  /// Night minimum of the utility, m³/h: mean and smallest of the nights.
  public var night: Double?
  public var smallestNight: Double?
  public var leaksFound = 0
  public var leaksEnded = 0
  public var leaksOpen = 0
  /// Mean hours from beginning to finding, of those found.
  public var hoursToFind: Double?
  public var lost = 0.0
  public var lostYen = 0
  public var saved = 0.0
  public var savedYen = 0
  /// m³ saved by leaks whose repair was entered: a part of `saved`.
  public var savedByRepair = 0.0
  /// Billed volume, m³, and what the same meters supplied in the same months.
  public var billed: Double?
  public var suppliedOfBilled: Double?
  /// 有収率, 0…
  public var revenueShare: Double?
  /// 無収水量, m³
  public var nonRevenue: Double?

  init() {}
}

public struct Comparison: Codable, Sendable {
  public var relation: ReportPeriod.Relation
  public var period: String
  public var figures: PeriodFigures
}

public struct ZoneLine: Codable, Sendable {
  /// `municipality/zone`
  public var id: String
  public var name: String
  public var meters: Int
  public var volume: Double?
  public var share: Double?
  /// m³/h: mean of the nights, and that of the four weeks before the period.
  public var night: Double?
  public var nightReference: Double?
  public var leaksFound: Int
  public var lost: Double
}

public struct MeterLine: Codable, Sendable {
  public var id: String
  public var name: String
  public var zoneName: String
  /// Whether its water is part of the utility's total.
  public var isCounted: Bool
  public var isNet: Bool
  public var volume: Double?
  public var share: Double?
  public var missingHours: Int
  public var mean: Double?
  public var low: Double?
  public var high: Double?
  public var night: Double?
  public var smallestNight: Double?
  public var nightReference: Double?
  /// The night minimum of each day of the period, null where there is none.
  public var nights: [Double?]
}

public struct DayLine: Codable, Sendable {
  public var day: String
  public var supplied: Double?
  public var share: Double?
  public var night: Double?
  public var lost: Double
}

public struct MonthLine: Codable, Sendable {
  public var month: String
  public var figures: PeriodFigures
}

public struct LeakLine: Codable, Sendable {
  public var key: String
  public var sensor: String
  public var zoneName: String
  public var name: String
  /// `burst` or `incipient`
  public var kind: String
  public var onset: String
  public var opened: String
  public var closed: String?
  public var hoursToFind: Double
  /// Whether it was found in this period.
  public var isFound: Bool
  /// m³/h
  public var size: Double
  /// m³ lost in this period, and from its beginning until its end or now.
  public var lost: Double
  public var lostInAll: Double
  public var lostYen: Int
  /// m³ and yen against the former practice; nil while it is open, and where no water was lost.
  public var saved: Double?
  public var savedYen: Int?
  public var outcome: LeakOutcome
  /// How much of it the totals hold, 0…1: the rest stands in the line of a meter downstream. 0 where no water was lost.
  public var counted: Double
  public var note: String
}

public struct FaultLine: Codable, Sendable {
  public var sensor: String
  public var zoneName: String
  public var name: String
  public var kind: String
  public var times: Int
  /// In this period.
  public var hours: Double
  /// Whether it went on at the end of the period, or goes on.
  public var isOpen: Bool
}

public struct WorkLine: Codable, Sendable {
  public var from: String
  public var to: String
  public var person: String
  public var note: String
  public var sensors: [String]
  public var names: [String]
  public var hidden: Double?
  public var largest: Double?
}

public struct BalanceLine: Codable, Sendable {
  public var municipality: String
  public var town: String
  public var month: String
  public var supplied: Double?
  public var billed: Double
  public var revenueShare: Double?
  public var nonRevenue: Double?
}
