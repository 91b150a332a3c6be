import Readings
import Series
import Service

/// The words of an import: Japanese first, English beside it.
struct ImportWords {
  /// Seconds east of UTC.
  let offset: Int
  /// Problems shown of each file.
  private static let shown = 10

  /// What was understood of a file.
  func file(_ f: ExportFile, _ plan: ImportPlan) -> String {
    let separator = f.separator == 9 ? "タブ / tab" : "「\(Character(UnicodeScalar(f.separator)))」"
    let header = f.headerLines.map { $0.count == 1 ? "\($0.lowerBound) 行目 / line" : "\($0.lowerBound)〜\($0.upperBound) 行目 / lines" }
    var out = [
      "■ \(f.path)",
      "  文字コード / encoding: \(f.encoding.rawValue)   区切り / separator: \(separator)   見出し / header: \(header ?? "なし / none")",
      "  日時の列 / time: \(f.timeColumns.joined(separator: " + "))   \(time(f.first)) 〜 \(time(f.last))",
      "  行 / rows: \(f.rows)   間隔 / interval: \(interval(f.interval))"
        + note("時刻の逆順 / out of order", f.outOfOrder) + note("同じ時刻の重なり / repeated", f.repeated)
        + note("合計行など / sums, headers passed over", f.passedOver),
    ]
    for c in f.columns where !c.rows.isEmpty || c.missing < f.rows {
      let what =
        !c.isNumeric
        ? "文字の列（使いません） / words, not used"
        : plan.mapped[f.path]?[c.number].map { "→ \($0)" } ?? "→ （センサーの指定なし / no sensor given）"
      out.append("  列 / column #\(c.number)「\(c.name)」 \(what)")
      if c.isNumeric { out.append("      " + figures(c)) }
    }
    if f.problemCount > 0 { out.append("  読めなかったもの / could not be read: \(f.problemCount)") }
    for p in f.problems.prefix(ImportWords.shown) { out.append("    \(f.path):\(p.line): \(reason(p, f))") }
    if f.problemCount > ImportWords.shown { out.append("    … ほか \(f.problemCount - ImportWords.shown) 件 / and more") }
    return out.joined(separator: "\n")
  }

  private func figures(_ c: ExportColumn) -> String {
    let unit =
      switch c.unit {
      case .none: "単位なし / no unit"
      case .known(let name): name
      case .unknown(let text): "「\(text)」?"
      }
    return "\(unit)   \(range(c.rows))   値 / values: \(c.rows.count)   欠測 / missing: \(c.missing)"
      + note("数でない / not numbers", c.unreadable)
  }

  private func range(_ rows: [SeriesRow]) -> String {
    var (low, high, sum) = (Double.infinity, -Double.infinity, 0.0)
    for r in rows {
      low = min(low, r.value)
      high = max(high, r.value)
      sum += r.value
    }
    guard !rows.isEmpty else { return "" }
    return
      "最小 / min \(SeriesFile.decimal(low))  平均 / mean \(SeriesFile.decimal(sum / Double(rows.count)))  最大 / max \(SeriesFile.decimal(high))"
  }

  private func reason(_ p: ExportProblem, _ f: ExportFile) -> String {
    switch p.reason {
    case .noTime: "日時が読めません / no date and time: \(p.text)"
    case .future: "今より先の時刻です / later than now: \(p.text)"
    case .noNumber: "「\(f.columns.first { $0.number == p.column }?.name ?? "#\(p.column)")」が数ではありません / not a number: \(p.text)"
    }
  }

  /// What a sensor would get.
  func sensor(_ s: ImportPlan.Sensor, _ survey: ImportSurvey) -> String {
    let r = s.readings
    let unit = s.unit == s.id.quantity.baseUnitName ? s.unit : "\(s.unit) → \(s.id.quantity.baseUnitName)"
    var out = ["○ \(s.id)  \(unit)"]
    if let first = r.rows.first, let last = r.rows.last { out.append("    \(time(first.time)) 〜 \(time(last.time))   \(range(r.rows))") }
    let details =
      note("すでにある / stored already", survey.stored) + note("最後の値より古い / older than the newest reading", survey.older)
      + note("重なり / duplicates", r.duplicates) + note("うち値が違う（先の行を採用） / with other values, first taken", r.conflicts)
      + note("負の値（捨てます） / below 0, not taken", r.negative) + note("積算の戻り / register fell", r.resets)
      + note("間が空いた差 / differences over a gap", r.gaps)
    out.append("    新しい値 / new readings: \(survey.fresh.count)   欠測 / missing: \(s.missing)\(details)")
    return out.joined(separator: "\n")
  }

  func previewOnly(_ directory: String) -> String {
    "まだ何も書いていません。これでよければ、水守（run）を止めて同じ命令に --write を付けてください（書き込み先 \(directory)） / nothing was written: if this is right, stop the service and add --write (to \(directory))"
  }

  func howToMap(_ files: [ExportFile]) -> String {
    let columns = files.first?.valueColumns ?? []
    let example = columns.count == 1 ? "--sensor 市町村/配水ブロック/センサー/flow" : "--map \"\(columns.first?.name ?? "列名")=市町村/配水ブロック/センサー/flow\""
    return "まだ何も書いていません。どのセンサーの値かを指定してください（例 \(example)） / nothing was written: say whose values these are"
  }

  /// What was written, and how the detector stands.
  func result(_ r: ImportResult) -> String {
    var out = [
      "書き込みました / written: \(r.written)" + note("すでにあった / stored already", r.alreadyStored) + note("古いため除いた / left out as older", r.leftOut)
    ]
    if !r.events.isEmpty {
      let kinds = r.events.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.code) \($0.value)" }
      out.append("過去の事象（知らせは出しません） / events of the past, told to nobody: \(kinds.joined(separator: ", "))")
    }
    for s in r.sensors {
      let mean = s.meanFlow.map { "   平均 / mean \(SeriesFile.decimal($0)) m3/h" } ?? ""
      out.append("○ \(s.id)  学習 / learnt \(s.learnedDays)/\(s.learningDays) 日 / days\(mean)")
      if let leak = s.openLeak {
        out.append(
          "    ！記録の終わりで漏水が続いています: 約 \(SeriesFile.decimal(leak.excess)) m3/h、\(time(leak.onset)) から / a leak is open at the end of these records"
        )
      }
    }
    return out.joined(separator: "\n")
  }

  // MARK: - Parts

  private func note(_ text: String, _ n: Int) -> String { n > 0 ? "   \(text): \(n)" : "" }

  private func time(_ t: Timestamp) -> String { t.iso8601(offset: offset) }

  private func interval(_ ms: Int64) -> String {
    if ms == 0 { return "—" }
    return ms % 60_000 == 0 ? "\(ms / 60_000) 分 / min" : "\(SeriesFile.decimal(Double(ms) / 1000)) 秒 / s"
  }
}
