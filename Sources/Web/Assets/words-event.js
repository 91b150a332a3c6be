"use strict";
addWords({
  ja: { event: {
    title: "できごと", back: "一覧", suspected: (kind, place) => `${kind}の疑い　${place}`, other: (kind, place) => `${kind}　${place}`, open: "継続中", closed: t => `終わり ${t}`, acknowledged: "確認済み", notAcknowledged: "まだ確認されていません",
    since: "いつから", size: "どれだけ", why: "なぜ漏水と判断したか", whyOther: "なぜ知らせたか", cost: "費用", next: "次にすること", from: t => `${t} ごろから`, until: (t, long) => `${t} まで（${long}）`, found: (t, after) => `気づいたのは ${t}（始まりから ${after}）`,
    more: (v, percent) => `約 +${v} m³/h${percent ? `（+${percent}%）` : ""}`, flows: (e, o) => `平常 ${e} m³/h のところ、実測 ${o} m³/h`, growing: "増えています", notGrowing: "増えてはいません",
    soFar: (m3, yen) => `これまで ${m3} m³（約 ${yen} 円）`, inAll: m3 => `合計 ${m3} m³`, goesOn: "このままだと", confidence: p => `確からしさ ${p}%`, upstream: "上流のメーター", pressure: "水圧計", meter: "このメーターを見る",
    graph: "流れの記録", history: "経過", time: "時刻", change: "変化", excess: "増加 m³/h", volume: "損失 m³", sure: "確からしさ", by: "理由", changes: { opened: "始まり", escalated: "拡大", updated: "続報", closed: "終わり" },
    deliveries: "知らせた先", endpoint: "宛先", state: "状態", attempts: "回数", when: "日時", replay: "送り直す", replayed: "送り直しの列に入れました。", noDeliveries: "知らせの宛先がまだありません。", reminder: "（催促）", retry: t => `次は ${t}`,
    states: { pending: "送信待ち", delivered: "届きました", failed: "届きません", dropped: "取りやめ" }, noHistory: "経過はありません", moreRows: n => `残り ${n} 件も見る`,
  } },
  en: { event: {
    title: "Event", back: "Overview", suspected: (kind, place) => `Suspected ${kind}, ${place}`, other: (kind, place) => `${kind[0].toUpperCase()}${kind.slice(1)}, ${place}`, open: "open", closed: t => `ended ${t}`, acknowledged: "seen", notAcknowledged: "nobody has seen it yet",
    since: "Since when", size: "How much", why: "Why it was taken for a leak", whyOther: "Why it was told", cost: "Cost", next: "What to do", from: t => `about ${t}`, until: (t, long) => `until ${t} (${long})`, found: (t, after) => `noticed ${t}, ${after} after the onset`,
    more: (v, percent) => `about +${v} m³/h${percent ? ` (+${percent}%)` : ""}`, flows: (e, o) => `expected ${e} m³/h, observed ${o} m³/h`, growing: "and growing", notGrowing: "not growing",
    soFar: (m3, yen) => `${m3} m³ so far (about ¥${yen})`, inAll: m3 => `${m3} m³ in all`, goesOn: "at this rate", confidence: p => `confidence ${p}%`, upstream: "meter upstream", pressure: "gauge of pressure", meter: "See this meter",
    graph: "The record of the flow", history: "Course", time: "time", change: "change", excess: "excess m³/h", volume: "lost m³", sure: "confidence", by: "reason", changes: { opened: "began", escalated: "grew", updated: "went on", closed: "ended" },
    deliveries: "Who was told", endpoint: "to", state: "state", attempts: "attempts", when: "when", replay: "Send again", replayed: "Queued to be sent again.", noDeliveries: "Nobody is set up to be told yet.", reminder: " (reminder)", retry: t => `next ${t}`,
    states: { pending: "waiting", delivered: "delivered", failed: "failed", dropped: "dropped" }, noHistory: "No course", moreRows: n => `Show ${n} more`,
  } },
});
