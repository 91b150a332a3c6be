"use strict";
// The words that every page needs, once for each language. What belongs to one page stands in words-PAGE.js and is added by `addWords`.
const WORDS = {
  ja: {
    brand: "水守", switchTo: "English", skip: "本文へ", menu: "おもなページ", foot: v => `水守 Mizumori ${v}`,
    nav: { overview: "一覧", nights: "夜間流量", works: "工事", deliveries: "知らせ", sensors: "機器", reports: "報告", system: "水守" },
    live: "接続中", deaf: "ブローカー未接続", lost: "つなぎ直しています",
    lineHelp: { live: "センサーの値を受け取っています", deaf: "ブローカーにつながっていません。値は届きません", lost: "水守に接続できません。つなぎ直しています" },
    logOut: "ログアウト", loading: "読み込んでいます…", retry: "もう一度", more: "さらに見る", close: "閉じる", cancel: "やめる", save: "保存する", edit: "変える",
    failed: "うまくいきませんでした。少しあとでもう一度お試しください。", saved: "保存しました。", none: "ありません", all: "すべて", open: "継続中", ended: "終了",
    problems: { 403: "このページを見る権限がありません。", 404: "見つかりません。", other: "いま表示できません。少しあとでもう一度開いてください。" },
    state: { leak: "異常", attention: "注意", offline: "通信断", learning: "学習中", normal: "正常" },
    learning: (d, of) => `学習中 ${d}/${of} 日`,
    kinds: { burst: "突発漏水", incipient: "漸増漏水", gap: "通信断", stuck: "指示固着", fault: "範囲外", spike: "単発の異常値", demand: "一時的な使用増", event: "共通の増加", work: "工事", reset: "積算の戻り", sensor: "逆流", data: "単位の変化", clock: "時計のずれ", late: "遅れて届いた値", limit: "センサー数の上限", freeze: "凍結モード", pressure: "水圧の低下" },
    actions: { acknowledged: "確認", in_progress: "対応中", repaired: "修理済", false_alarm: "誤報", accept_as_normal: "正常として学習", planned_work: "工事", cancel_work: "工事の取消" },
    quantities: { flow: "流量", total: "積算", pressure: "圧力", level: "水位", temperature: "温度" },
    severity: { minor: "小", major: "中", critical: "大" },
    date: (month, day) => `${month}月${day}日`, shortDate: (month, day) => `${month}/${day}`, year: y => `${y}年`, month: (y, m) => `${y}年${m}月`,
    weekdays: ["日", "月", "火", "水", "木", "金", "土"], dayName: (date, weekday) => `${date}（${weekday}）`,
    ago: { now: "たったいま", minutes: n => `${n} 分前`, hours: n => `${n} 時間前`, days: n => `${n} 日前` },
    lasts: { minutes: n => `${n} 分`, hours: n => `${n} 時間`, days: n => `${n} 日` },
    about: t => `${t} ごろ`, yen: n => `${n} 円`, yenPerDay: n => `1 日 約 ${n} 円`, aside: text => `（${text}）`, told: (onset, m3h) => `${onset} ごろから 約 +${m3h} m³/h`,
    next: "次にすること", nextSteps: { burst: "消火栓の使用・工事・断水作業がないかを確かめ、なければ区域内の巡視を。", incipient: "夜間に区域の仕切弁ごとの流量を比べ、音聴調査の範囲を絞ってください。" },
    spark: (low, high, last) => `最小 ${low}、最大 ${high}、昨夜 ${last}`,
  },
  en: {
    brand: "Mizumori", switchTo: "日本語", skip: "Skip to content", menu: "Main pages", foot: v => `水守 Mizumori ${v}`,
    nav: { overview: "Overview", nights: "Nights", works: "Work", deliveries: "Alerts", sensors: "Meters", reports: "Reports", system: "System" },
    live: "connected", deaf: "no broker", lost: "reconnecting",
    lineHelp: { live: "Readings are arriving", deaf: "Not connected to the broker: no readings arrive", lost: "Cannot reach Mizumori, trying again" },
    logOut: "Log out", loading: "Loading…", retry: "Try again", more: "Show more", close: "Close", cancel: "Cancel", save: "Save", edit: "Change",
    failed: "That did not work. Please try again in a moment.", saved: "Saved.", none: "None", all: "All", open: "open", ended: "ended",
    problems: { 403: "You may not see this page.", 404: "Not found.", other: "This cannot be shown now. Please open it again in a moment." },
    state: { leak: "Leak", attention: "Attention", offline: "Offline", learning: "Learning", normal: "Normal" },
    learning: (d, of) => `Learning, day ${d}/${of}`,
    kinds: { burst: "burst", incipient: "slow leak", gap: "no readings", stuck: "stuck value", fault: "out of range", spike: "spike", demand: "short high use", event: "common rise", work: "planned work", reset: "totalizer reset", sensor: "reverse flow", data: "unit changed", clock: "clock skew", late: "late readings", limit: "sensor limit", freeze: "freeze mode", pressure: "fall of pressure" },
    actions: { acknowledged: "Seen", in_progress: "In progress", repaired: "Repaired", false_alarm: "False alarm", accept_as_normal: "New normal", planned_work: "Planned work", cancel_work: "Work cancelled" },
    quantities: { flow: "flow", total: "total", pressure: "pressure", level: "level", temperature: "temperature" },
    severity: { minor: "minor", major: "major", critical: "critical" },
    date: (month, day) => `${day} ${MONTHS[month - 1]}`, shortDate: (month, day) => `${day} ${MONTHS[month - 1]}`, year: y => String(y), month: (y, m) => `${MONTHS[m - 1]} ${y}`,
    weekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], dayName: (date, weekday) => `${weekday} ${date}`,
    ago: { now: "just now", minutes: n => `${n} min ago`, hours: n => `${n} h ago`, days: n => n === 1 ? "1 day ago" : `${n} days ago` },
    lasts: { minutes: n => `${n} min`, hours: n => `${n} h`, days: n => n === 1 ? "1 day" : `${n} days` },
    about: t => `about ${t}`, yen: n => `¥${n}`, yenPerDay: n => `about ¥${n} a day`, aside: text => ` (${text})`, told: (onset, m3h) => `about +${m3h} m³/h since about ${onset}`,
    next: "Next", nextSteps: { burst: "rule out hydrant use and works; otherwise send somebody to look in the zone.", incipient: "compare night flows valve by valve and narrow down the acoustic survey." },
    spark: (low, high, last) => `lowest ${low}, highest ${high}, last night ${last}`,
  },
};
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// Words of one page: `addWords({ ja: { nights: {…} }, en: { nights: {…} } })`.
function addWords(more) { for (const language of Object.keys(WORDS)) Object.assign(WORDS[language], more[language]); }
