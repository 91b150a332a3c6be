"use strict";
addWords({
  ja: { meter: {
    title: "メーター", back: "一覧", now: t => `${t} 現在`, range: "平常の範囲", about: "くわしい説明と記録",
    leak: { since: "いつから", size: "どれだけ", lost: "これまで", perDay: "このままだと", sure: "確からしさ" }, more: (v, unit, percent) => `約 +${v} ${unit}${percent ? `（+${percent}%）` : ""}`, growing: "（増えています）",
    money: (m3, yen) => `${m3} m³（約 ${yen} 円）`,
    figures: "くわしく", mean: "平均流量", night: "夜間最小流量（昨夜）", nightReference: "夜間最小流量（平常）", feedback: "誤報によるしきい値", raised: (p, n) => `+${p}%（誤報 ${n} 件）`, work: "工事の予定", parent: "上流のメーター",
    battery: "電池", percent: (v, t) => `${v}%（${t}）`, suspended: "学習", suspendedYes: "疑いがあるため停止中", suspendedNo: "続けています", against: (v, limit) => `${v}（しきい値 ${limit}）`,
    statistics: { cusum: "短時間の増加（累積和）", edge: "急な段差", night_minimum: "夜間最小流量の増加", night_trend: "数週間の上昇" }, shift: time => `${time}の増加`,
    nightsTable: "夜間流量の表", reports: "報告", events: "できごと", noEvents: "できごとはありません", links: "このメーターの",
    moment: { title: "その時刻の判定を見る", at: "時刻（グラフを押しても選べます）", look: "見る", looking: "計算しています…", reading: "測定値", state: "状態", factor: "しきい値の係数", statistics: "統計量としきい値", statistic: "統計量", value: "値", threshold: "しきい値", above: "← 超過",
      baseline: "その日の平常", hour: "時", oclock: h => `${h} 時`, low: "下限", high: "上限", expected: "平常値", sizeSince: (size, onset) => `${size}、${onset} ごろから` },
    card: { title: "このメーターの設定", edit: "名前と設定を変える", lead: "空のところは設定ファイルのとおりになります。保存すると、すぐに効きます。", name: "名前", zoneName: "配水ブロックの名前", minimumLeak: "知らせる漏水の下限（m³/h）", interval: "測定の間隔（秒）", low: "ありうる最小の値", high: "ありうる最大の値",
      reverse: "逆流", reverseOptions: { file: "設定ファイルのとおり", yes: "起こりうる", no: "起こらない" }, parent: "上流のメーター", noParent: "設定ファイルのとおり", note: "メモ（場所、口径、電池の交換など）", badRange: "最小と最大は両方入れ、最小を小さくしてください。", saved: "保存しました。" },
  } },
  en: { meter: {
    title: "Meter", back: "Overview", now: t => `at ${t}`, range: "expected range", about: "Details and record",
    leak: { since: "Since", size: "Size", lost: "Lost so far", perDay: "At this rate", sure: "Confidence" }, more: (v, unit, percent) => `about +${v} ${unit}${percent ? ` (+${percent}%)` : ""}`, growing: " (growing)",
    money: (m3, yen) => `${m3} m³ (about ¥${yen})`,
    figures: "Details", mean: "mean flow", night: "minimum night flow (last night)", nightReference: "minimum night flow (usual)", feedback: "thresholds, by false alarms", raised: (p, n) => `+${p}% (${n} false alarm${n === 1 ? "" : "s"})`, work: "planned work", parent: "meter upstream",
    battery: "battery", percent: (v, t) => `${v}% (${t})`, suspended: "learning", suspendedYes: "suspended while something is suspicious", suspendedNo: "going on", against: (v, limit) => `${v} (threshold ${limit})`,
    statistics: { cusum: "quick rise (CUSUM)", edge: "sharp step", night_minimum: "rise of the night minimum", night_trend: "rise over weeks" }, shift: time => `rise over ${time}`,
    nightsTable: "Table of night flows", reports: "Reports", events: "Events", noEvents: "No events", links: "Of this meter:",
    moment: { title: "What was thought at a moment", at: "Time (or click the graph)", look: "Look", looking: "Working it out…", reading: "reading", state: "state", factor: "factor on thresholds", statistics: "Statistics and thresholds", statistic: "statistic", value: "value", threshold: "threshold", above: "← above",
      baseline: "Baseline of that day", hour: "hour", oclock: h => `${two(h)}:00`, low: "low", high: "high", expected: "expected", sizeSince: (size, onset) => `${size} since about ${onset}` },
    card: { title: "Settings of this meter", edit: "Change name and settings", lead: "What is left empty is as the settings file says. Saved settings hold at once.", name: "Name", zoneName: "Name of the zone", minimumLeak: "Smallest leak to tell of (m³/h)", interval: "Seconds between readings", low: "Lowest possible value", high: "Highest possible value",
      reverse: "Reverse flow", reverseOptions: { file: "as the settings file says", yes: "may happen", no: "does not happen" }, parent: "Meter upstream", noParent: "as the settings file says", note: "Note (place, diameter, change of battery …)", badRange: "Give both limits, the lower one first.", saved: "Saved." },
  } },
});
