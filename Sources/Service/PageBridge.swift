import Alerts
import Detection
import Readings
import Synchronization
import Settings
import Store
import Web

/// What the page asks, answered from store and detector.
struct PageBridge: PageSource {
  let reader: StoreReader
  let engine: Engine
  let directory: SensorDirectory
  let counters: Counters
  let profiles: ProfileBook
  let live: LiveHub
  let actions: ActionDesk
  let works: WorkBook
  let batteries: BatteryBook
  let desk: DeskStore
  let settings: MizumoriSettings
  let version: String
  let nightCache = NightCache()
  let writes: DeskWrites

  func liveUpdates() -> AsyncStream<LiveUpdate> { live.listen() }

  func metrics() -> String {
    let figures = try? reader.figures()
    return counters.prometheus(extra: [
      ("mizumori_sensors", "Sensors known.", "gauge", Double(directory.count)),
      ("mizumori_database_bytes", "Size of the database.", "gauge", Double(figures?.bytes ?? 0)),
      (
        "mizumori_databases_set_aside", "Damaged databases in the data directory.", "gauge",
        Double(DamagedDatabase.setAsideFiles(in: settings.data.directory).count)
      ),
      (
        "mizumori_last_arrival_timestamp_seconds", "When the last reading arrived.", "gauge",
        Double(counters.lastArrival.load(ordering: .relaxed)) / 1000
      ),
    ])
  }

  func notReady() -> [String] {
    if counters.isWaitingForClock.load(ordering: .relaxed) { return ["clock: waiting for the time"] }
    return counters.isSubscribed.load(ordering: .relaxed)
      ? [] : ["broker: " + counters.lastConnectionError.withLock { $0.isEmpty ? "not subscribed yet" : $0 }]
  }

  /// What whoever looks at the page should know besides the meters.
  func notices() -> [[String: String]] {
    var out = DamagedDatabase.setAsideFiles(in: settings.data.directory).map { file in
      [
        "ja": "データベースが壊れていたため退避し、空から始めました: \(file)。控えから戻すか、調べ終えたらこのファイルを別の場所へ移してください。",
        "en":
          "The database was damaged, was set aside and begun anew: \(file). Restore a backup, or move this file away when you have looked at it.",
      ]
    }
    if counters.isWaitingForClock.load(ordering: .relaxed) {
      out.append([
        "ja": "この機械の時計が合っていないため、受信を待っています。時刻同期を確かめてください。",
        "en": "The clock of this machine is wrong, so receiving waits. Check its time synchronisation.",
      ])
    }
    if let refused = counters.rejected["sensor_cap"] {
      out.append([
        "ja":
          "センサーの数が上限 \(settings.limits.maximumSensors) に達し、新しいものを \(refused) 件断りました。名前をでたらめに変える機器がないか確かめ、必要なら limits.max_sensors を上げてください。",
        "en":
          "The limit of \(settings.limits.maximumSensors) sensors is reached and \(refused) messages of new ones were refused. Look for a device that invents names, or raise limits.max_sensors.",
      ])
    }
    let takeovers = counters.takeovers.load(ordering: .relaxed)
    if takeovers > 0 {
      out.append([
        "ja": "同じクライアント ID の別のプログラムに接続を \(takeovers) 回奪われました。水守を二つ動かしていないか、broker.client_id を確かめてください。",
        "en":
          "Another program with our client id took the connection \(takeovers) times. Is Mizumori running twice? Check broker.client_id.",
      ])
    }
    return out
  }

  func iso(_ t: Timestamp) -> String { t.iso8601(offset: profiles.calendar.offset) }
  /// JSON has no NaN.
  func finite(_ v: Double) -> Double { v.isFinite ? v : 0 }
}
