extension ReportBuilder {
  /// How the figures come about: what a reader who doubts one should find.
  func notes(_ total: PeriodFigures, _ isFinished: Bool) -> [Note] {
    var out: [Note] = []
    if !isFinished { out.append(Note("期間の途中です。数値はこのあと変わります。", "The period is not over: the figures will change.")) }
    out.append(
      Note(
        "配水量は、上流にメーターのないメーター（区域の差し引きを除く）の 1 時間平均流量の合計です。欠測の時間は補っていません。",
        "Supplied volume: the sum of hourly mean flows of the meters without a meter upstream (zone balances excluded). Hours without readings are not filled in."
      ))
    if let share = total.share, share < 0.98 {
      out.append(
        Note(
          "欠測が \(Numbers.percent(1 - share))% あるため、実際の配水量はこれより多く、有収率はこれより低くなります。",
          "\(Numbers.percent(1 - share))% of the hours have no readings: the true supply is larger, and the revenue water ratio lower."))
    }
    out.append(
      Note(
        "夜間最小流量は、夜間の時間帯のうち 1 時間平均が最も小さい値です。基準は、期間の前 \(ReportBuilder.referenceDays) 日のうち漏水のない夜の中央値です。事業全体と区域の値はメーターの値の合計です。",
        "Night minimum: the smallest hourly mean in the night window. Its reference is the median of the nights without a leak in the \(ReportBuilder.referenceDays) days before the period. Zones and utility: the sum over meters."
      ))
    if let note = frostNote { out.append(note) }
    out.append(
      Note(
        "失われた水量は、発生から終わりまで（続いているものは最新の計測まで）平常を上回った流量の合計による推定です。月をまたぐ漏水は、それぞれの期間の分だけを数えます。上流と下流のメーターが同じ漏水を示すときは、大きいほうを一度だけ数えます（※）。",
        "Water lost: estimated from the flow above the usual one, from onset to end (or to the newest reading). Of a leak across the end of a period only the part within it counts. Where meters in a row show the same leak, the larger estimate counts, once (※)."
      ))
    out.append(savedNote)
    if total.billed != nil {
      out.append(
        Note(
          "有収率 = 入力された有収水量 ÷ 同じ月の配水量。検針日と暦の月がずれるため、推定です。無収水量 = 配水量 − 有収水量。",
          "Revenue water ratio = billed volume entered ÷ volume supplied in the same months: an estimate, as meters are not read on the first of the month. Non-revenue water = supplied − billed."
        ))
      if let share = total.revenueShare, share > 1 {
        out.append(
          Note(
            "有収率が 100% を超えています。有収水量の入力、または計測していない配水がないか確かめてください。",
            "The revenue water ratio is above 100%: check the billed volumes, and whether some supply is not metered."))
      }
    }
    return out
  }

  /// The freezing nights of the period.
  private var frostNote: Note? {
    let days = Set(request.frozen.values.joined()).filter { request.period.days.contains($0) }.sorted()
    guard let first = days.first, let last = days.last else { return nil }
    let span = "\(ReportPeriod.date(first)) – \(ReportPeriod.date(last))"
    return Note(
      "凍結モードの夜が \(days.count) 夜ありました（\(span)）。凍結防止の水出しで夜間最小流量が高くなるため、これらの夜は基準に使っていません。",
      "\(days.count) nights of freeze mode (\(span)): taps trickle, which raises the night minimum; such nights are no reference.")
  }

  private var savedNote: Note {
    let (burst, slow) = (Numbers.short(request.practice.burstDays), Numbers.short(request.practice.incipientDays))
    let price = Numbers.short(request.yenPerM3)
    return Note(
      "防いだ水量 = 漏水の大きさ ×（発生 + 従来の日数 − 実際の終わり）。従来の日数は突発 \(burst) 日、漸増 \(slow) 日（設定 reports）で、実測ではなく仮定です。終わった漏水だけを、終わった期間に数えます。金額は 1 m³ あたり \(price) 円です。",
      "Water saved = size of the leak × (onset + former practice − actual end). Former practice: \(burst) days for bursts, \(slow) days for slow leaks (settings, reports): an assumption, not a measurement. Only leaks that have ended count, in the period of their end. Money at \(price) yen per m³."
    )
  }
}
