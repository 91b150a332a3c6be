"use strict";
addWords({
  ja: { fleet: {
    title: "すべての町", allWell: "漏水の疑いはありません", allWellMore: n => `${n} の町を見ています。`, leaks: (towns, n, m3h) => [`${towns} の町で漏水の疑い ${n} 件　`, `合計 約 ${m3h} m³/h`],
    unreachable: n => `答えない水守が ${n} あります。その町のいまの様子は分かりません。`, noTowns: "まだ町がありません",
    towns: "町（悪いものから順）", town: "町", instance: "水守", state: "状態", open: "漏水", m3h: "漏水量", flow: "配水量", newest: "最後の値", meters: "メーター",
    count: n => `${n} 件`, none: "なし", silent: n => `${n} 台 通信断`, old: t => `${t}の様子`, search: "名前でさがす", filterState: "状態", shown: (n, of) => n === of ? `${of} 件` : `${of} 件のうち ${n} 件`, noMatch: "あてはまる町はありません",
    instances: "水守（設定の順）", version: "版", answered: "最後の答え", never: "まだない", line: "受信", connected: "接続中", deaf: "ブローカー未接続", ok: "正常", townCount: "町の数",
    states: { leak: "異常", unreachable: "応答なし", attention: "注意", offline: "通信断", learning: "学習中", normal: "正常" },
    live: "最新", lost: "つながりません", liveHelp: "数十秒ごとに、それぞれの水守にたずねています", lostHelp: "この画面のもとのプログラムが答えません。表示は古いものです", foot: "読むだけの画面です。記録や設定は、それぞれの水守で。", newWindow: "その水守を開く",
  } },
  en: { fleet: {
    title: "All towns", allWell: "No leak suspected", allWellMore: n => `Watching ${n} town${n === 1 ? "" : "s"}.`, leaks: (towns, n, m3h) => [`${n} suspected leak${n === 1 ? "" : "s"} in ${towns} town${towns === 1 ? "" : "s"}, `, `about ${m3h} m³/h in all`],
    unreachable: n => `${n} instance${n === 1 ? " does" : "s do"} not answer: how their towns are now is not known.`, noTowns: "No towns yet",
    towns: "Towns, worst first", town: "Town", instance: "Instance", state: "State", open: "Leaks", m3h: "Leak flow", flow: "Supply", newest: "Last reading", meters: "Meters",
    count: n => `${n} open`, none: "none", silent: n => `${n} offline`, old: t => `as of ${t}`, search: "Search by name", filterState: "State", shown: (n, of) => n === of ? `${of} row${of === 1 ? "" : "s"}` : `${n} of ${of} rows`, noMatch: "No town matches",
    instances: "Instances, in the order of the settings", version: "Version", answered: "Last answer", never: "never", line: "Readings", connected: "connected", deaf: "no broker", ok: "fine", townCount: "Towns",
    states: { leak: "Leak", unreachable: "No answer", attention: "Attention", offline: "Offline", learning: "Learning", normal: "Normal" },
    live: "up to date", lost: "no connection", liveHelp: "Each instance is asked every half minute or so", lostHelp: "The program behind this page does not answer: what is shown is old", foot: "This page only reads; records and settings are made at each instance.", newWindow: "open this instance",
  } },
});
