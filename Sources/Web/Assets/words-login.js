"use strict";
addWords({
  ja: {
    login: {
      title: "ログイン", explain: "名前とパスワードを入れてください。", first: "最初の利用者を作る",
      explainFirst: "水守を始めたときの記録（ログ）に出たコードと、これから使う名前、パスワード（10 文字以上）を入れてください。",
      code: "コード", name: "名前（英数字）", password: "パスワード", newPassword: "新しいパスワード", make: "作る", out: "ログアウト",
      failed: "うまくいきませんでした。少しあとでもう一度お試しください。",
    }
  },
  en: {
    login: {
      title: "Log in", explain: "Enter your name and password.", first: "Make the first account",
      explainFirst: "Enter the code that Mizumori wrote to its log when it began, a name, and a password of ten characters or more.",
      code: "Code", name: "Name (letters and digits)", password: "Password", newPassword: "New password", make: "Make", out: "Log out",
      failed: "That did not work. Please try again in a moment.",
    }
  },
});
