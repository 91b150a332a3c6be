"use strict";
addWords({
  ja: { say: {
    title: "記録する", choose: "どれかを選んでください。", from: "始まり", to: "終わり", person: "名前", note: "メモ", send: "記録する", done: what => `「${what}」を記録しました。`, said: "これまでの記録", noneSaid: "まだ記録はありません", onlyLook: "見るだけの利用者です。記録はできません。",
    meaning: {
      acknowledged: "見たことを残します。判定は変わりません。", in_progress: "対応していることを残します。判定は変わりません。",
      repaired: "漏水の事象を閉じます。増加が続いていれば、あらためて知らせます。",
      false_alarm: "事象を閉じ、このメーターのしきい値を 15% 上げます（最大 60%、半年でおよそ半分に戻ります）。",
      accept_as_normal: "事象を閉じ、いまの流量をこのメーターの平常とします。",
      planned_work: "この間の流量は、漏水の判定にも学習にも使いません。始まりと終わりを入れてください。",
    },
  } },
  en: { say: {
    title: "Record", choose: "Choose one.", from: "Begin", to: "End", person: "Name", note: "Note", send: "Record", done: what => `“${what}” was recorded.`, said: "Recorded so far", noneSaid: "Nothing was recorded yet", onlyLook: "You may look, but not record.",
    meaning: {
      acknowledged: "Says that somebody has seen it. Nothing else changes.", in_progress: "Says that somebody is working on it. Nothing else changes.",
      repaired: "Closes the leak. If the excess goes on, it is told again.",
      false_alarm: "Closes the event and raises this meter's thresholds by 15% (at most 60%, fading by half in six months).",
      accept_as_normal: "Closes the event and takes the present flow for this meter's normal.",
      planned_work: "Flow in this time is neither judged nor learnt. Give its begin and end.",
    },
  } },
});
