"use strict";
addWords({
  ja: { monthOnly: m => `${m}月`, graph: {
    title: "流量のグラフ", observed: "実測", expected: "平常", week: "1 週間前", onset: "始まり", empty: "この期間の値はありません",
    spans: { "6h": "6 時間", day: "24 時間", week: "7 日", month: "30 日", year: "1 年", all: "全期間", whole: "漏水の全体" }, span: "期間", earlier: "前へ", later: "後へ", closer: "拡大", wider: "縮小", compare: "1 週間前とくらべる",
    shown: (from, to) => `${from} – ${to}`, reading: (t, now, expected, week) => `${t}　実測 ${now}　平常 ${expected}${week ? `　1 週間前 ${week}` : ""}`,
    hint: "グラフの上を左右に引くと拡大、ダブルクリックで戻ります。", touchHint: "触れると値が出ます。＋ と － で拡大・縮小できます。",
    legend: { observed: "実測（帯は最小から最大）", expected: "平常と、その範囲", week: "1 週間前の同じ時刻", leak: "漏水の疑い", other: "そのほかのできごと", work: "工事", gap: "値なし", action: "記録", onset: "漏水の始まり" },
    table: "表で見る", summary: (from, to) => `${from} から ${to} まで`, lowest: "最小", mean: "平均", highest: "最大", volume: "合計", usual: "平常の平均",
    time: "時刻", marks: "この期間のできごとと記録", what: "こと", from: "始まり", to: "終わり", by: "名前・メモ", noMarks: "この期間のできごとはありません",
    nights: n => `夜間最小流量（${n} 夜）`, nightsText: (low, high, usual, n) => `最小 ${low}、最大 ${high}、平常 ${usual} m³/h${n ? `。平常より 20% 以上多い夜 ${n}` : ""}`,
  } },
  en: { graph: {
    title: "Graph of the flow", observed: "observed", expected: "expected", week: "a week before", onset: "onset", empty: "No readings in this range",
    spans: { "6h": "6 h", day: "24 h", week: "7 days", month: "30 days", year: "1 year", all: "All", whole: "Whole leak" }, span: "Range", earlier: "Earlier", later: "Later", closer: "Closer", wider: "Wider", compare: "vs last week",
    shown: (from, to) => `${from} – ${to}`, reading: (t, now, expected, week) => `${t}  observed ${now}  expected ${expected}${week ? `  a week before ${week}` : ""}`,
    hint: "Drag across the graph to zoom in, double-click to go back.", touchHint: "Touch to read a value; + and − zoom.",
    legend: { observed: "observed (band: lowest to highest)", expected: "expected, and its range", week: "the same time a week before", leak: "suspected leak", other: "other events", work: "planned work", gap: "no readings", action: "records", onset: "onset of the leak" },
    table: "Show as a table", summary: (from, to) => `${from} to ${to}`, lowest: "lowest", mean: "mean", highest: "highest", volume: "total", usual: "expected mean",
    time: "time", marks: "Events and records in this range", what: "what", from: "begin", to: "end", by: "name, note", noMarks: "Nothing happened in this range",
    nights: n => `Minimum night flow (${n} nights)`, nightsText: (low, high, usual, n) => `lowest ${low}, highest ${high}, usual ${usual} m³/h${n ? `; ${n} night${n === 1 ? "" : "s"} 20% or more above` : ""}`,
  } },
});
