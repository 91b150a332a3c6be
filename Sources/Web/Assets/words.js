"use strict";
// Every word of the page, once for each language.
const WORDS = {
  ja: {
    switchTo: "English", back: "← 一覧へ", live: "接続中", deaf: "ブローカーに未接続", lost: "水守に接続できません", none: "まだ値が届いていません",
    allWell: n => `漏水の疑いはありません（メーター ${n} 台）`, leaks: (n, m3h, yen) => `漏水の疑い ${n} 件　合計 約 ${m3h} m³/h（1 日 約 ${yen} 円）`,
    state: { leak: "異常", attention: "注意", offline: "通信断", learning: "学習中", normal: "正常" },
    learning: (d, of) => `学習中 ${d}/${of} 日`, expected: "平常", observed: "実測", now: "現在", at: t => `${t} 現在`,
    told: (onset, m3h) => `${onset} ごろから 約 +${m3h} m³/h`, events: "できごと", noEvents: "できごとはありません",
    ranges: { day: "24 時間", week: "7 日", month: "30 日", all: "全期間" }, graph: "実線: 実測（帯は最小から最大）。青い帯: 平常の範囲。赤い影: 漏水の疑い。",
    figures: "くわしく", mean: "平均流量", night: "夜間最小流量（昨夜）", nightReference: "夜間最小流量（平常）", suspended: "学習", suspendedYes: "疑いがあるため停止中", suspendedNo: "続けています",
    threshold: "しきい値", open: "継続中", flowAxis: "m³/h", kinds: { burst: "突発漏水", incipient: "漸増漏水", gap: "通信断", stuck: "指示固着", fault: "範囲外", spike: "単発の異常値", demand: "一時的な使用増", event: "共通の増加", reset: "積算の戻り", sensor: "逆流", data: "単位の変化", clock: "時計のずれ", late: "遅れて届いた値" },
  },
  en: {
    switchTo: "日本語", back: "← all meters", live: "connected", deaf: "not connected to the broker", lost: "cannot reach Mizumori", none: "no readings have arrived yet",
    allWell: n => `No leak suspected (${n} meters)`, leaks: (n, m3h, yen) => `${n} suspected leak${n === 1 ? "" : "s"}, about ${m3h} m³/h in all (¥${yen} a day)`,
    state: { leak: "Leak", attention: "Attention", offline: "Offline", learning: "Learning", normal: "Normal" },
    learning: (d, of) => `Learning, day ${d}/${of}`, expected: "expected", observed: "observed", now: "now", at: t => `at ${t}`,
    told: (onset, m3h) => `about +${m3h} m³/h since about ${onset}`, events: "Events", noEvents: "No events",
    ranges: { day: "24 hours", week: "7 days", month: "30 days", all: "All" }, graph: "Line: observed (band from lowest to highest). Blue band: expected range. Red shade: suspected leak.",
    figures: "Details", mean: "mean flow", night: "minimum night flow (last night)", nightReference: "minimum night flow (usual)", suspended: "learning", suspendedYes: "suspended while something is suspicious", suspendedNo: "going on",
    threshold: "threshold", open: "open", flowAxis: "m³/h", kinds: { burst: "burst", incipient: "slow leak", gap: "no readings", stuck: "stuck value", fault: "out of range", spike: "spike", demand: "short high use", event: "common rise", reset: "totalizer reset", sensor: "reverse flow", data: "unit changed", clock: "clock skew", late: "late readings" },
  },
};
