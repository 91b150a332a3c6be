"use strict";
addWords({
  ja: { overview: {
    title: "一覧", empty: "まだ値が届いていません", unhandled: "まだだれも確認していません", allWell: "漏水の疑いはありません", allWellMore: n => `メーター ${n} 台を見ています。`,
    leaks: (n, m3h) => [`漏水の疑い ${n} 件　`, `合計 約 ${m3h} m³/h`], cost: (yen, soFar) => `このままだと 1 日 約 ${yen} 円。これまでに 約 ${soFar} 円。`,
    since: ago => `${ago}から`, look: "くわしく・記録する", percent: p => `${p > 0 ? "+" : p < 0 ? "−" : "±"}${Math.abs(p)}%`,
    acknowledged: "確認済み", notAcknowledged: "未確認",
    totals: "全体", supply: "いまの配水量", night: "昨夜の夜間最小", loss: "漏水による損失", perDay: "/ 日（約）", states: "メーターの状態",
    usual: v => `平常 ${v}`, aDay: yen => `1 日 約 ${yen} 円`, soFar: yen => `これまで 約 ${yen} 円`, noLoss: "いまはありません", show: (state, n) => `${state} ${n} 台だけを見る`,
    changes: t => `前に見たとき（${t}）から変わったこと`, seen: "見ました", comma: "、", opened: "始まった", closed: "終わった", said: "記録", sensors: "新しい機器", others: n => `ほか ${n} 件`,
    zones: "配水ブロック（悪いものから順）", zone: "配水ブロック", state: "状態", now: "いま", expected: "平常", nights: "14 夜の動き", leak: "漏水", day: "1 日の損失", meters: "メーター",
    trend: { up: "平常より多い", down: "平常より少ない", level: "平常なみ", none: "くらべる夜がありません" }, explained: "漏水の説明",
    list: "メーター（悪いものから順）", town: "市町村", filterZone: "配水ブロック", filterState: "状態", search: "名前でさがす", count: (n, of) => n === of ? `${of} 台` : `${of} 台のうち ${n} 台`, noMatch: "あてはまるメーターはありません", clear: "条件をなくす",
    events: "続いているできごと", recent: "最近のできごと", noOpen: "漏水のほかに続いているできごとはありません", noRecent: "できごとはありません", last: t => `最後の値 ${t}`, nightly: "夜間流量の表へ",
  } },
  en: { overview: {
    title: "Overview", empty: "No readings have arrived yet", unhandled: "nobody has acknowledged it yet", allWell: "No leak suspected", allWellMore: n => `Watching ${n} meter${n === 1 ? "" : "s"}.`,
    leaks: (n, m3h) => [`${n} suspected leak${n === 1 ? "" : "s"}, `, `about ${m3h} m³/h in all`], cost: (yen, soFar) => `At this rate ¥${yen} a day; about ¥${soFar} so far.`,
    since: ago => `began ${ago}`, look: "Details and record", percent: p => `${p > 0 ? "+" : p < 0 ? "−" : "±"}${Math.abs(p)}%`,
    acknowledged: "seen", notAcknowledged: "not seen yet",
    totals: "The utility", supply: "Supply now", night: "Night minimum, last night", loss: "Lost to leaks", perDay: "a day, about", states: "Meters",
    usual: v => `usual ${v}`, aDay: yen => `about ¥${yen} a day`, soFar: yen => `about ¥${yen} so far`, noLoss: "nothing now", show: (state, n) => `Show only the ${n} in state ${state}`,
    changes: t => `Changed since you last looked (${t})`, seen: "Done", comma: ", ", opened: "begun", closed: "ended", said: "records", sensors: "new meters", others: n => `${n} more`,
    zones: "Zones, worst first", zone: "Zone", state: "State", now: "Now", expected: "Expected", nights: "14 nights", leak: "Leak", day: "Loss a day", meters: "Meters",
    trend: { up: "above usual", down: "below usual", level: "as usual", none: "no night to compare" }, explained: "about the leak",
    list: "Meters, worst first", town: "Town", filterZone: "Zone", filterState: "State", search: "Search by name", count: (n, of) => n === of ? `${of} meter${of === 1 ? "" : "s"}` : `${n} of ${of} meters`, noMatch: "No meter matches", clear: "Clear",
    events: "Going on", recent: "Lately", noOpen: "Nothing else is going on", noRecent: "No events", last: t => `last at ${t}`, nightly: "Table of night flows",
  } },
});
