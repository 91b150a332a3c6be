"use strict";
// Words that the pages of the desk share: works, deliveries, sensors, system, reports.
addWords({
  ja: {
    desk: {
      search: "さがす", rest: n => `残り ${n} 件を表示`, viewer: "閲覧だけの利用者です。変更はできません。", person: "あなたの名前", count: n => `${n} 件`, yes: "はい", no: "いいえ",
      csv: "CSV（Excel）", print: "印刷", event: "事象", firstWeekday: 0, list: items => items.join("、"),
    },
  },
  en: {
    desk: {
      search: "Search", rest: n => `Show the other ${n}`, viewer: "You may look, but change nothing.", person: "Your name", count: n => `${n}`, yes: "Yes", no: "No",
      csv: "CSV (Excel)", print: "Print", event: "Event", firstWeekday: 1, list: items => items.join(", "),
    },
  },
});
