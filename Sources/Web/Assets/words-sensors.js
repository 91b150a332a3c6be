"use strict";
// Words of the page of sensors.
addWords({
ja: { sensors: {
  title: "機器", lead: (n, bad) => bad ? `${n} 台のうち ${bad} 台に、見てほしいところがあります（悪いものから順）。` : `${n} 台すべて正常に届いています。`, find: "名前・区域・番号でさがす", state: "状態", count: (n, all) => n === all ? `${all} 台` : `${all} 台のうち ${n} 台`, noMatch: "あてはまる機器はありません。",
  caption: "機器の一覧、悪いものから順", name: "機器", zone: "区域", seen: "最後に届いた", value: "最後の値", interval: "間隔", battery: "電池", signal: "電波", faults: "不具合", odd: "遅れ・不正", edit: "設定", rest: n => `残り ${n} 台を表示`,
  late: n => `遅れて届いた ${n} 件`, invalid: n => `使えない値 ${n} 件`, oldBattery: "古い値", low: "残りわずか", never: "まだ届いていません", firstSeen: t => `${t} から`, every: text => `${text}ごと`, unknownInterval: "学習中", wide: (s) => s < 120 ? `${s} 秒` : s < 7200 ? `${Math.round(s / 6) / 10} 分` : `${Math.round(s / 360) / 10} 時間`,
  filters: { any: "すべて", bad: "要確認", battery: "電池" }, changed: "画面で変更あり",
  card: {
    title: name => `${name} の設定`, lead: "空欄にすると、設定ファイルのとおりになります。変更はすぐに効きます。", file: text => `設定ファイル：${text}`, fileNone: "設定ファイルには書かれていません", unset: "（設定ファイルのとおり）",
    name: "名前", zoneName: "区域の名前", minimumLeak: "知らせる最小の漏水（m³/h）", interval: "届く間隔（秒）", low: "測れる範囲：下（値の単位で）", high: "測れる範囲：上", reverse: "逆流", allowed: "ある（負の値も正しい）", denied: "ない", parent: "上流のメーター", parentNone: "なし", note: "メモ（設置場所、鍵、連絡先など）",
    learnt: "学習した値を使います", done: name => `「${name}」の設定を保存しました。`, badNumber: "数で入れてください。", badRange: "下は上より小さくしてください。両方入れるか、両方空欄にしてください。", badInterval: "1 秒以上の整数で入れてください。", badLeak: "0 より大きい数で入れてください。",
  },
  csv: { file: "機器", heads: ["番号", "市町村", "区域", "区域の名前", "名前", "種類", "単位", "状態", "はじめて届いた", "最後に届いた", "最後の値", "間隔（秒）", "電池（%）", "電池の日時", "遅れて届いた", "使えない値", "不具合", "メモ"] },
} },
en: { sensors: {
  title: "Meters and sensors", lead: (n, bad) => bad ? `${bad} of ${n} want looking at (worst first).` : `All ${n} are reporting normally.`, find: "Find by name, zone or id", state: "State", count: (n, all) => n === all ? `${all} sensors` : `${n} of ${all} sensors`, noMatch: "No sensor fits.",
  caption: "Sensors, worst first", name: "Sensor", zone: "Zone", seen: "Last seen", value: "Last value", interval: "Interval", battery: "Battery", signal: "signal", faults: "Faults", odd: "Late, refused", edit: "Settings", rest: n => `Show the other ${n}`,
  late: n => `${n} late`, invalid: n => `${n} unusable`, oldBattery: "old value", low: "low", never: "never", firstSeen: t => `since ${t}`, every: text => `every ${text}`, unknownInterval: "learning", wide: (s) => s < 120 ? `${s} s` : s < 7200 ? `${Math.round(s / 6) / 10} min` : `${Math.round(s / 360) / 10} h`,
  filters: { any: "All", bad: "Look at", battery: "Battery" }, changed: "changed here",
  card: {
    title: name => `Settings of ${name}`, lead: "What is left empty is as the settings file says. Changes hold at once.", file: text => `Settings file: ${text}`, fileNone: "Not in the settings file", unset: "(as the settings file says)",
    name: "Name", zoneName: "Name of the zone", minimumLeak: "Smallest leak to tell (m³/h)", interval: "Interval of readings (seconds)", low: "Range: lowest (in the value's unit)", high: "Range: highest", reverse: "Reverse flow", allowed: "possible (negative values are right)", denied: "impossible", parent: "Meter upstream", parentNone: "none", note: "Note (place, key, whom to call …)",
    learnt: "the learnt value is used", done: name => `The settings of “${name}” were saved.`, badNumber: "Give a number.", badRange: "The lowest must be below the highest. Give both or neither.", badInterval: "Give a whole number of 1 second or more.", badLeak: "Give a number above 0.",
  },
  csv: { file: "sensors", heads: ["id", "municipality", "zone", "zone name", "name", "quantity", "unit", "state", "first seen", "last seen", "last value", "interval (s)", "battery (%)", "battery time", "late", "unusable", "faults", "note"] },
} },
});
