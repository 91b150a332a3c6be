"use strict";
// Words of the page of deliveries.
addWords({
ja: { deliveries: {
  title: "知らせの送信", lead: { well: "すべての知らせが届いています。", trying: names => `${names} へ届かず、送り直しています。`, waiting: n => `${n} 件が送信を待っています。`, failed: n => `${n} 件が届いていません。下の理由を直してから、送り直してください。`, stopped: names => `${names} への送信が止まっています。` },
  receivers: "受信先", noReceivers: "受信先がありません。設定ファイルの alerts に、Webhook・Teams・Slack・LINE・MQTT・プログラムのどれかを書くと、ここに出ます。", types: { webhook: "Webhook", teams: "Teams", slack: "Slack", line: "LINE", mqtt: "MQTT", command: "プログラム" }, gone: "設定から外されました",
  running: "稼働", trying: "送り直し中", tryingWhy: text => `うまくいかず、自動で送り直しています：${text}`, stopped: "停止中", why: text => `止まった理由：${text}`, waiting: "送信待ち", failed: "失敗", last: "最後に届いた", never: "まだありません", enable: "送信を再開する", enabled: name => `${name} への送信を再開しました。`,
  failedTitle: "届かなかった知らせ", noFailed: "届かなかった知らせはありません。", replay: "送り直す", replayAll: "すべて送り直す", replayed: "送り直しの列に入れました。", replayedAll: n => `${n} 件を送り直しの列に入れました。`, askAll: n => `届かなかった ${n} 件を、もう一度すべて送ります。古い知らせも送られます。`, onlyOwn: "受信先ごとの再開と、すべての送り直しは、すべての市町村を扱う人だけができます。",
  allTitle: "送信の記録", state: "状態", receiver: "受信先", everything: "すべて", noMatch: "あてはまる送信はありません。",
  states: { pending: "送信待ち", failed: "失敗", delivered: "届いた", dropped: "取りやめ" }, change: { opened: "発生", updated: "更新", escalated: "拡大", closed: "終了" }, reminder: "再通知",
  heads: { queued: "日時", event: "知らせ", receiver: "受信先", state: "状態", attempts: "回数", reason: "理由と、すること", action: "操作" }, times: n => `${n} 回`, next: t => `次は ${t}`, sentAt: t => `${t} に届いた`, raw: "受信先の返事", replayOf: (what, to) => `${what} を ${to} へ送り直す`,
  reasons: {
    auth: "受信先が断りました（認証）。設定のトークンや署名の鍵を確かめてください。", missing: "受信先のアドレスが見つかりません（404）。設定の URL を確かめてください。", gone: "受信先が「もう送らないで」と答えました（410）。受信先が続いていれば、送信を再開してください。", busy: "受信先が混んでいます。しばらくすると自動で送り直します。",
    broken: "受信先の側の不具合です。直るまで待つか、受信先の担当者に連絡してください。", refused: "受信先が内容を受け付けませんでした。受信先の設定を確かめてください。", redirect: "受信先が別のアドレスへ移っています（転送には従いません）。設定の URL を新しいものにしてください。", name: "受信先の名前が見つかりません（DNS）。URL のつづりと、この機械のネットワークを確かめてください。",
    timeout: "時間内に答えがありません。受信先とネットワークを確かめてください。", connect: "受信先につながりません。受信先が動いているか、ファイアウォールを確かめてください。", tls: "暗号化の証明書を確かめられません。受信先の証明書と、この機械の日時を確かめてください。", private: "内部のアドレスには送りません。意図したものなら、設定の allow_addresses に書いてください。",
    program: "プログラムが失敗しました。プログラムの設定と権限を確かめてください。", broker: "MQTT ブローカーへ送れません。ブローカーと、その権限（ACL）を確かめてください。", other: "届きませんでした。", waiting: "これから送ります。",
  },
} },
en: { deliveries: {
  title: "Alerts sent", lead: { well: "Every alert has been delivered.", trying: names => `${names} cannot be reached; it is tried again.`, waiting: n => `${n} wait${n === 1 ? "s" : ""} to be sent.`, failed: n => `${n} ${n === 1 ? "was" : "were"} not delivered. Mend what stands below, then send again.`, stopped: names => `Nothing is sent to ${names} any more.` },
  receivers: "Receivers", noReceivers: "There are no receivers. Write a webhook, Teams, Slack, LINE, MQTT or a program under alerts in the settings file, and it stands here.", types: { webhook: "Webhook", teams: "Teams", slack: "Slack", line: "LINE", mqtt: "MQTT", command: "Program" }, gone: "no longer in the settings",
  running: "Running", trying: "Trying again", tryingWhy: text => `It did not work and is tried again by itself: ${text}`, stopped: "Stopped", why: text => `Stopped because: ${text}`, waiting: "Waiting", failed: "Failed", last: "Last delivered", never: "never", enable: "Send again from now on", enabled: name => `Alerts go to ${name} again.`,
  failedTitle: "Alerts that did not arrive", noFailed: "No alert failed.", replay: "Send again", replayAll: "Send all again", replayed: "It is queued to be sent again.", replayedAll: n => `${n} queued to be sent again.`, askAll: n => `All ${n} that failed are sent once more, old ones too.`, onlyOwn: "Receivers are taken up again, and all is sent again, only by people of all towns.",
  allTitle: "All deliveries", state: "State", receiver: "Receiver", everything: "All", noMatch: "No delivery fits.",
  states: { pending: "Waiting", failed: "Failed", delivered: "Delivered", dropped: "Dropped" }, change: { opened: "begun", updated: "updated", escalated: "grown", closed: "ended" }, reminder: "reminder",
  heads: { queued: "Queued", event: "Alert", receiver: "Receiver", state: "State", attempts: "Tries", reason: "Reason, and what to do", action: "Action" }, times: n => `${n}`, next: t => `next ${t}`, sentAt: t => `delivered ${t}`, raw: "Answer of the receiver", replayOf: (what, to) => `Send ${what} to ${to} again`,
  reasons: {
    auth: "The receiver refused (authentication). Check the token or secret in the settings.", missing: "There is nothing at the receiver's address (404). Check the URL in the settings.", gone: "The receiver said that it wants no more (410). If it is still meant, let sending begin again.", busy: "The receiver is busy. It is tried again by itself.",
    broken: "Something is wrong at the receiver. Wait, or tell whoever runs it.", refused: "The receiver did not accept the content. Check how it is set up.", redirect: "The receiver has moved (redirects are not followed). Put the new URL into the settings.", name: "The receiver's name is not found (DNS). Check the URL's spelling and this machine's network.",
    timeout: "No answer in time. Check the receiver and the network.", connect: "The receiver cannot be reached. Check that it runs, and the firewall.", tls: "The certificate cannot be verified. Check it, and this machine's date.", private: "Private addresses are not sent to. If it is meant, list it in allow_addresses of the settings.",
    program: "The program failed. Check how it is set up and what it may do.", broker: "The MQTT broker cannot be published to. Check it and its ACL.", other: "It was not delivered.", waiting: "About to be sent.",
  },
} },
});
