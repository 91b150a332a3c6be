"use strict";
// Words of the page of works.
addWords({
ja: { works: {
  title: "工事と作業", explain: "予定した時間の流量は、漏水の判定にも学習にも使いません。終わると、その間に隠れた水の量が出ます。",
  once: "一回の工事を入れる", often: "くり返す工事を入れる", previous: "前の月", following: "次の月", today: "今月", todayMark: "（今日）",
  state: { planned: "予定", active: "作業中", ended: "終了", cancelled: "取消" }, legend: "しるし",
  addOn: day => `${day} に工事を入れる`, emptyMonth: "この月の工事はありません。", nMeters: n => `${n} 台`, moreOfDay: n => `ほか ${n} 件`, dayTitle: day => `${day} の工事`, until: t => `〜 ${t}`, onwards: t => `${t} 〜`, earlier: n => `過ぎた日（${n} 日）`,
  hiddenTitle: "終わった工事で隠れた水", hiddenExplain: "その間に平常より多く流れた分です。漏水には数えません。工事の見込みより多ければ、工事のあとも確かめてください。",
  when: "日時", what: "工事", meters: "メーター", hidden: "隠れた水", largest: "最大", events: "事象", noneHidden: "なし", noEnded: "この月に終わった工事はありません。", see: "見る", event: n => `事象 ${n}`,
  pending: "集計中", recurringTitle: "くり返す工事", noRecurring: "くり返す工事はありません。", fromFile: "設定ファイル", fromPage: "この画面", fileNote: "設定ファイルの工事は、ファイル（works）で変えます。",
  end: "終わりにする", endAsk: name => `「${name}」をこれからは行わないことにします。これまでの記録は残ります。`, ended: name => `「${name}」を終わりにしました。`, by: "入れた人", nextTimes: list => `次の回：${list.join("、")}`, noNext: "これからの回はありません",
  cancelThis: "この予定を取り消す", cancelAsk: "この予定を取り消します。この時間の流量は、ふつうに判定します。", cancelYes: "取り消す", back: "戻る", cancelled: "予定を取り消しました。", recurs: name => `くり返す工事「${name}」の回です。`, targets: "対象のメーター",
  form: {
    once: "一回の工事", often: "くり返す工事", where: "どこで", find: "区域・メーターをさがす", whole: name => `${name} 全体`, chosen: (zones, meters) => zones + meters ? `選択中：${zones ? `区域 ${zones}` : ""}${zones && meters ? "、" : ""}${meters ? `メーター ${meters} 台` : ""}` : "区域かメーターを選んでください。", noMatch: "あてはまるものがありません。", clear: "選択を解く",
    when: "いつ", from: "始まり", to: "終わり", zone: offset => `時刻は水道の所在地のもの（${offset}）です。`, note: "メモ（工事の内容）", person: "入れる人の名前", name: "工事の名前", namePlaceholder: "例：洗管（夜間）", notePlaceholder: "例：西区 本管の洗管",
    weekdays: "曜日（選ばなければ毎日）", weeks: "月の第何週（選ばなければ毎週）", days: "日にち（選ばなければすべて）", startTime: "始まりの時刻", endTime: "終わりの時刻", first: "最初の日（なくてもよい）", last: "最後の日（なくてもよい）",
    save: "工事を入れる", done: n => `工事を入れました（メーター ${n} 台）。`, doneOften: name => `くり返す工事「${name}」を入れました。`, needWhere: "区域かメーターを一つ以上選んでください。", needWhen: "始まりと終わりを入れてください。", needOrder: "終わりは始まりより後にしてください。", needName: "工事の名前を入れてください。",
    sameTime: "終わりの時刻は始まりと違うものにしてください。", length: text => `長さ ${text}`, hours: (h, m) => `${h ? `${h} 時間` : ""}${m ? ` ${m} 分` : ""}`.trim(), past: "始まりが過去です。過去の分は、もう判定されています。", nextDay: "翌日",
  },
  rule: {
    daily: "毎日", weekly: days => `毎週 ${days}曜日`, nth: (weeks, days) => `毎月 ${weeks} ${days ? days + "曜日" : "の毎日"}`, week: n => `第${n}`, day: n => `${n}日`, monthly: days => `毎月 ${days}`, and: "で、", between: (from, to, isNext) => `${from} – ${isNext ? "翌" : ""}${to}`,
    since: day => `${day} から`, until: day => `${day} まで`, join: "・", glue: "　", date: (y, m, d) => `${y}年${m}月${d}日`,
  },
} },
en: { works: {
  title: "Planned work", explain: "Flow in a planned window is neither judged nor learnt. When it is over you see how much water it hid.",
  once: "Add a single work", often: "Add a recurring work", previous: "Previous month", following: "Next month", today: "This month", todayMark: "(today)",
  state: { planned: "Planned", active: "Going on", ended: "Ended", cancelled: "Cancelled" }, legend: "Signs",
  addOn: day => `Add a work on ${day}`, emptyMonth: "No work in this month.", nMeters: n => `${n} meter${n === 1 ? "" : "s"}`, moreOfDay: n => `${n} more`, dayTitle: day => `Work on ${day}`, until: t => `until ${t}`, onwards: t => `from ${t}`, earlier: n => `Days gone by (${n})`,
  hiddenTitle: "Water that ended works hid", hiddenExplain: "What flowed above the usual. It is not counted as a leak. If it is more than the work explains, look again after it.",
  when: "When", what: "Work", meters: "Meters", hidden: "Water hidden", largest: "Largest", events: "Events", noneHidden: "none", noEnded: "No work has ended in this month.", see: "See", event: n => `Event ${n}`,
  pending: "being counted", recurringTitle: "Recurring work", noRecurring: "No recurring work.", fromFile: "settings file", fromPage: "this page", fileNote: "Works of the settings file are changed there (works).",
  end: "End it", endAsk: name => `“${name}” will not be done any more. What has been recorded stays.`, ended: name => `“${name}” has been ended.`, by: "Entered by", nextTimes: list => `Next: ${list.join("; ")}`, noNext: "No more times",
  cancelThis: "Cancel this work", cancelAsk: "This work is cancelled: flow in its time is judged as usual.", cancelYes: "Cancel the work", back: "Back", cancelled: "The work has been cancelled.", recurs: name => `One time of the recurring work “${name}”.`, targets: "Meters concerned",
  form: {
    once: "A single work", often: "A recurring work", where: "Where", find: "Find a zone or meter", whole: name => `All of ${name}`, chosen: (zones, meters) => zones + meters ? `Chosen: ${[zones ? `${zones} zone${zones === 1 ? "" : "s"}` : "", meters ? `${meters} meter${meters === 1 ? "" : "s"}` : ""].filter(Boolean).join(", ")}` : "Choose a zone or a meter.", noMatch: "Nothing fits.", clear: "Choose none",
    when: "When", from: "Begin", to: "End", zone: offset => `Times are the utility's (${offset}).`, note: "Note (what is done)", person: "Your name", name: "Name of the work", namePlaceholder: "e.g. night flushing", notePlaceholder: "e.g. flushing of the west main",
    weekdays: "Weekdays (none = every day)", weeks: "Which week of the month (none = every week)", days: "Days of the month (none = all)", startTime: "Begins at", endTime: "Ends at", first: "First day (optional)", last: "Last day (optional)",
    save: "Add the work", done: n => `The work was added (${n} meter${n === 1 ? "" : "s"}).`, doneOften: name => `The recurring work “${name}” was added.`, needWhere: "Choose at least one zone or meter.", needWhen: "Give begin and end.", needOrder: "The end must come after the begin.", needName: "Give the work a name.",
    sameTime: "The end must differ from the begin.", length: text => `${text} long`, hours: (h, m) => `${h ? `${h} h` : ""}${m ? ` ${m} min` : ""}`.trim(), past: "It begins in the past: what has passed has been judged already.", nextDay: "next day",
  },
  rule: {
    daily: "every day", weekly: days => `every ${days}`, nth: (weeks, days) => `the ${weeks} ${days || "week, each day,"} of the month`, week: n => ["1st", "2nd", "3rd", "4th", "5th"][n - 1], day: n => `${n}`, monthly: days => `day ${days} of the month`, and: " that is also ", between: (from, to, isNext) => `${from}–${to}${isNext ? " the next day" : ""}`,
    since: day => `from ${day}`, until: day => `until ${day}`, join: ", ", glue: ", ", date: (y, m, d) => `${d} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][m - 1]} ${y}`,
  },
} },
});
