"use strict";
addWords({
  ja: { nights: {
    title: "夜間最小流量", lead: (window, n) => `毎晩 ${window} のうち、いちばん少なかった 1 時間の流量（m³/h）です。漏水があると、使う人の少ない夜に数字が下がらなくなります。`,
    by: "見る単位", zone: "配水ブロックごと", meter: "メーターごと", from: "始めの日", to: "終わりの日", show: "表示する", ranges: { 14: "2 週間", 28: "4 週間", 60: "60 日", 365: "1 年" }, span: "期間",
    csv: "CSV を保存", print: "印刷する", every: "すべての行を見る", map: "夜ごとの動き", place: "場所", reference: "平常", last: "昨夜", change: "平常比",
    legend: "色と印の意味（平常とくらべて）", steps: ["75% 未満", "90% 未満", "平常なみ", "+10% から", "+20% から", "+35% から", "+60% から", "2 倍以上"], noNight: "値なし",
    cell: (place, day, value, percent) => `${place}　${day}　${value} m³/h${percent}`, percent: p => `${p > 0 ? "+" : p < 0 ? "−" : "±"}${Math.abs(p)}%`, none: "値がありません", frozen: "（凍結モードの夜。平常には含めません）", frozenKey: "凍結モードの夜",
    hint: "マスに触れるか矢印キーで動かすと値が出ます。", table: "夜間流量表", tableLead: "この期間の最後の夜。CSV には全部の夜が入ります。", empty: "この期間の夜間流量はありません。",
    sheet: utility => `夜間流量表　${utility}`, badRange: "始めの日は終わりの日より前に、期間は 400 日までにしてください。",
  } },
  en: { nights: {
    title: "Minimum night flow", lead: (window, n) => `The lowest hourly flow (m³/h) within ${window} of each night. Where water leaks, the figure no longer falls while people sleep.`,
    by: "Rows", zone: "by zone", meter: "by meter", from: "First day", to: "Last day", show: "Show", ranges: { 14: "2 weeks", 28: "4 weeks", 60: "60 days", 365: "1 year" }, span: "Range",
    csv: "Save as CSV", print: "Print", every: "Show every row", map: "Night by night", place: "Place", reference: "usual", last: "last night", change: "against usual",
    legend: "What colours and marks mean (against usual)", steps: ["below 75%", "below 90%", "as usual", "+10% on", "+20% on", "+35% on", "+60% on", "twice or more"], noNight: "no value",
    cell: (place, day, value, percent) => `${place}, ${day}: ${value} m³/h${percent}`, percent: p => `${p > 0 ? "+" : p < 0 ? "−" : "±"}${Math.abs(p)}%`, none: "no value", frozen: " (a night of freeze mode, not part of what is usual)", frozenKey: "night of freeze mode",
    hint: "Touch a cell, or move with the arrow keys, to read its value.", table: "Night-flow table", tableLead: "The last night of this range. The CSV holds every night.", empty: "There are no night flows in this range.",
    sheet: utility => `Night flow, ${utility}`, badRange: "The first day must come before the last, 400 days at most.",
  } },
});
