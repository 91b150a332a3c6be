#!/usr/bin/python3
"""Man pages (section 1) from what a program says of itself (`--experimental-dump-help`), one for each subcommand, in two languages.

  manpages.py PROGRAM OUT [--date YYYY-MM-DD] [--version V]

Writes OUT/man1/NAME.1 (English) and OUT/ja/man1/NAME.1. The words of the programs hold both, "日本語 / English": see `in_language`.
"""
from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
from pathlib import Path

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
HEADINGS = {
    "en": dict(name="NAME", synopsis="SYNOPSIS", description="DESCRIPTION", arguments="ARGUMENTS", options="OPTIONS", commands="COMMANDS",
               files="FILES", status="EXIT STATUS", also="SEE ALSO"),
    "ja": dict(name="名前", synopsis="書式", description="説明", arguments="引数", options="オプション", commands="コマンド",
               files="ファイル", status="終了コード", also="関連項目"),
}
# What the parser itself says, in English only.
PARSER = {"Show help information.": "使い方を表示する", "Show the version.": "版を表示する",
          "Show subcommand help information.": "コマンドの使い方を表示する"}
FILES = {
    "/etc/mizumori/mizumori.yaml": ("設定", "settings"),
    "/etc/mizumori/secrets/": ("パスワードや鍵（chmod 600）", "passwords and keys (chmod 600)"),
    "/var/lib/mizumori/": ("計測値、事象、利用者", "readings, events, accounts"),
    "/var/lib/mizumori/events.jsonl": ("通知の記録、一行一件", "log of alerts, one a line"),
    "/var/backups/mizumori/": ("毎日の控え（14 日分）", "daily backups, 14 of them"),
}
STATUS = {
    0: ("正常", "success"), 64: ("使い方の誤り", "wrong usage"), 66: ("入力がない", "no such input"),
    69: ("使えない（ブローカー、使用中のポート）", "unavailable: the broker, a port in use"), 74: ("読み書きの誤り", "I/O error"),
    78: ("設定の誤り", "wrong settings"),
}


def in_language(text: str, language: str) -> str:
    """One language of a text that has both. A line "日本語 / English" is parted; of lines in one language the other's are left out, but
    lines without Japanese stay in the Japanese text too: examples, and what exists in English only."""
    lines = []
    for line in text.split("\n"):
        parts = line.split(" / ")
        # The first cut with Japanese on its left and none on its right.
        cut = next((i for i in range(1, len(parts)) if JAPANESE.search(" / ".join(parts[:i])) and not JAPANESE.search(" / ".join(parts[i:]))), None)
        if cut is not None:
            # "viewer   見るだけ / looks only": the word in front belongs to both.
            word = re.match(r"\s*[\w#.-]+ {2,}", line, re.ASCII) if language == "en" else None
            lines.append((word.group() if word else "") + " / ".join(parts[:cut] if language == "ja" else parts[cut:]))
        elif language == "ja" or not JAPANESE.search(line):
            lines.append(PARSER.get(line, line) if language == "ja" else line)
    return "\n".join(lines).strip("\n") or text


def escape(text: str) -> str:
    """Plain text as roff: neither backslashes nor leading dots nor minus signs mean anything."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def spelling(argument: dict) -> str:
    """`-c, --settings <settings>` in roff."""
    value = f"\\fI{escape(argument['valueName'])}\\fR"
    if argument["kind"] == "positional":
        return value
    names = sorted(argument["names"], key=lambda n: n["kind"] != "short")
    shown = ", ".join("\\fB" + escape(("-" if n["kind"] == "short" else "--") + n["name"]) + "\\fR" for n in names)
    return shown if argument["kind"] == "flag" else f"{shown} {value}"


def usage(argument: dict) -> str:
    """How an argument stands in the synopsis."""
    name = argument.get("preferredName")
    text = spelling({**argument, "names": [name]} if name else argument)
    if argument["isRepeating"]:
        text += " ..."
    return f"[{text}]" if argument["isOptional"] else text


def visible(items: list[dict]) -> list[dict]:
    return [i for i in items if i.get("shouldDisplay", True) and i.get("commandName") != "help"]


class Page:
    """The page of one command; commands below `depth` 1 are told within it."""

    def __init__(self, command: dict, program: str, language: str, version: str, date: str):
        self.command, self.program, self.language = command, program, language
        self.name = program if command["commandName"] == program else f"{program}-{command['commandName']}"
        self.lines = [f'.TH "{self.name.upper()}" 1 "{date}" "{program} {version}"']

    def say(self, text: str) -> str:
        return escape(in_language(text, self.language))

    def head(self, key: str) -> None:
        self.lines.append(f'.SH "{HEADINGS[self.language][key]}"')

    def paragraphs(self, text: str) -> None:
        """Keeps the lines as they stand: they are examples as often as prose."""
        self.lines += [".nf", self.say(text), ".fi"]

    def synopsis(self, command: dict, words: str) -> None:
        arguments = visible(command.get("arguments", []))
        options = [a for a in arguments if a["kind"] != "positional" and a["valueName"] not in ("help", "version")]
        positional = [a for a in arguments if a["kind"] == "positional"]
        parts = [f"\\fB{escape(words)}\\fR", *map(usage, options), *map(usage, positional)]
        if visible(command.get("subcommands", [])):
            parts.append("\\fIcommand\\fR ...")
        self.lines += [".P", " ".join(parts)]

    def arguments(self, command: dict) -> None:
        for key, wanted in (("arguments", True), ("options", False)):
            found = [a for a in visible(command.get("arguments", [])) if (a["kind"] == "positional") == wanted]
            if not found:
                continue
            self.head(key) if command is self.command else None
            for a in found:
                self.lines += [".TP", spelling(a), self.say(a.get("abstract", ""))]
                if any(v not in a.get("abstract", "") for v in a.get("allValues", [])):
                    self.lines += [".br", escape(" ".join(a["allValues"]))]
                if a.get("defaultValue"):
                    self.lines += [".br", ("既定: " if self.language == "ja" else "default: ") + escape(a["defaultValue"])]

    def below(self) -> None:
        """Subcommands: pages of their own below the program, told in full here below a command."""
        commands = visible(self.command.get("subcommands", []))
        if not commands:
            return
        self.head("commands")
        for c in commands:
            if self.name == self.program:
                self.lines += [".TP", f"\\fB{escape(self.program)}\\-{escape(c['commandName'])}\\fR(1)", self.say(c.get("abstract", ""))]
                continue
            self.lines.append(f'.SS "{escape(c["commandName"])}"')
            self.synopsis(c, f"{self.program} {self.command['commandName']} {c['commandName']}")
            self.lines += [".P", self.say(c.get("abstract", ""))]
            if c.get("discussion"):
                self.paragraphs(c["discussion"])
            self.arguments({**c, "arguments": [a for a in c.get("arguments", []) if a["valueName"] not in ("help", "version")]})

    def table(self, key: str, rows: dict) -> None:
        self.head(key)
        for name, words in rows.items():
            self.lines += [".TP", f"\\fB{escape(str(name))}\\fR", escape(words[0 if self.language == "ja" else 1])]

    def text(self) -> str:
        c = self.command
        self.head("name")
        self.lines.append(f"{escape(self.name)} \\- {self.say(c.get('abstract', self.name)).rstrip('.。')}")
        self.head("synopsis")
        self.synopsis(c, self.program if self.name == self.program else f"{self.program} {c['commandName']}")
        if c.get("discussion"):
            self.head("description")
            self.paragraphs(c["discussion"])
        self.arguments(c)
        self.below()
        if self.program == "mizumori":
            if self.name in ("mizumori", "mizumori-run", "mizumori-backup", "mizumori-restore"):
                self.table("files", FILES)
            self.table("status", STATUS)
        self.head("also")
        others = sorted({"mizumori", "mizumori-sim", "mizumori-certs", self.program} - {self.name})
        self.lines.append(", ".join(f"\\fB{escape(o)}\\fR(1)" for o in others) + ",\n.br\n/usr/share/doc/mizumori/")
        return "\n".join(self.lines) + "\n"


def certs_page(script: Path, language: str, version: str, date: str) -> str:
    """The page of mizumori-certs, from the comment at its head."""
    words = [line[2:] for line in itertools.takewhile(lambda line: line.startswith("#"), script.read_text().split("\n")[1:])]
    h = HEADINGS[language]
    usage_lines = [line for line in words if line.startswith("  certs.sh")]
    notes = "\n".join(words[words.index("", words.index(usage_lines[-1])) + 1:])
    lines = [f'.TH "MIZUMORI-CERTS" 1 "{date}" "mizumori {version}"', f'.SH "{h["name"]}"',
             f"mizumori\\-certs \\- {escape(in_language(words[0], language))}", f'.SH "{h["synopsis"]}"']
    for line in usage_lines:
        call, told = re.split(r"\s{2,}", line.strip(), maxsplit=1)
        lines += [".TP", f"\\fB{escape(call.replace('certs.sh', 'mizumori-certs'))}\\fR", escape(in_language(told, language))]
    lines += [f'.SH "{h["description"]}"', escape(in_language(notes, language)), f'.SH "{h["also"]}"',
              "\\fBmizumori\\fR(1), \\fBmosquitto.conf\\fR(5), \\fBopenssl\\fR(1),\n.br\n/usr/share/doc/mizumori/examples/mosquitto/"]
    return "\n".join(lines) + "\n"


def ask(program: Path) -> dict:
    """What the program says of itself. A default that holds the number of the process is told as "PID": the page is the same each time."""
    with subprocess.Popen([program, "--experimental-dump-help"], stdout=subprocess.PIPE, text=True) as process:
        said = process.communicate()[0]
    if process.returncode != 0:
        raise SystemExit(f"{program} --experimental-dump-help: {process.returncode}")
    return json.loads(re.sub(rf'("defaultValue" : "[^"]*-){process.pid}"', r'\1PID"', said))["command"]


def write(out: Path, language: str, name: str, text: str) -> None:
    folder = out / "man1" if language == "en" else out / language / "man1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.1").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, nargs="+", help="programs, and certs.sh")
    parser.add_argument("out", type=Path)
    parser.add_argument("--date", default="")
    parser.add_argument("--version", default="")
    options = parser.parse_args()
    for program in options.program:
        for language in HEADINGS:
            if program.suffix == ".sh":
                write(options.out, language, "mizumori-certs", certs_page(program, language, options.version, options.date))
                continue
            root = ask(program)
            for command in [root, *visible(root.get("subcommands", []))]:
                page = Page(command, program.name, language, options.version, options.date)
                write(options.out, language, page.name, page.text())


if __name__ == "__main__":
    main()
