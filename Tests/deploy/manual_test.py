#!/usr/bin/python3
"""What is written about the commands agrees with the programs: man pages, completions, and every `mizumori …` of the documents.

  manual_test.py [FOLDER]     of the built programs (.build/debug); exit code 1 when something does not hold
"""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/deb"))
sys.dont_write_bytecode = True

from manpages import ask, visible  # noqa: E402

PROGRAMS = ("mizumori", "mizumori-sim")
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/**/*.md"), *ROOT.glob("deploy/**/*.yaml"),
                    *ROOT.glob("deploy/systemd/*")])
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
CHECKS = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}
failures = 0


def check(name: str, wrong: object) -> None:
    """Told as it is; `wrong` is what does not hold, empty where all is well."""
    global failures
    failures += bool(wrong)
    print(f"{'FAIL' if wrong else 'ok  '} {name}{f': {wrong}' if wrong else ''}", flush=True)


@dataclass
class Command:
    words: tuple[str, ...]
    options: set[str] = field(default_factory=set)
    below: dict[str, "Command"] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """Words of the command and of all its arguments."""


def command(said: dict, words: tuple[str, ...]) -> Command:
    made = Command(words, told=[said.get("abstract", "")])
    for a in visible(said.get("arguments", [])):
        if a["valueName"] not in ("help", "version"):
            made.told.append(a.get("abstract", ""))
        for n in a.get("names", []):
            made.options.add(("-" if n["kind"] == "short" else "--") + n["name"])
    for c in visible(said.get("subcommands", [])):
        made.below[c["commandName"]] = command(c, (*words, c["commandName"]))
    return made


def all_of(c: Command) -> list[Command]:
    return [c, *(d for b in c.below.values() for d in all_of(b))]


def pages(folder: Path, roots: dict[str, Command]) -> None:
    """Each command has a page in both languages, each option stands in it, and groff finds nothing to complain of."""
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, ROOT / "deploy/deb/manpages.py", *(folder / p for p in PROGRAMS), ROOT / "deploy/mosquitto/certs.sh",
                        made], check=True)
        for language in ("", "ja/"):
            for root in roots.values():
                for c in [root, *root.below.values()]:
                    name = "-".join(c.words)
                    page = Path(made) / f"{language}man1/{name}.1"
                    text = re.sub(r"\\f[BIR]", " ", page.read_text().replace("\\-", "-")) if page.exists() else ""
                    wanted = {o for d in ([c] if c is root else all_of(c)) for o in d.options}
                    check(f"{language}{name}.1", [o for o in sorted(wanted) if not re.search(rf"(?<![\w-]){re.escape(o)}(?![\w-])", text)] or not text)
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", "-K", "utf8", *Path(made).rglob("*.1")], capture_output=True, text=True)
            # Japanese has no blanks to stretch.
            check("groff understands every page", [line for line in done.stderr.splitlines() if not re.search("adjust line|break line", line)][:5])
        else:
            print("groff がありません / not here: groff")


def completions(folder: Path, roots: dict[str, Command]) -> None:
    """Each shell understands its script, which knows every command and option."""
    for name, root in roots.items():
        for shell, look in CHECKS.items():
            script = subprocess.run([folder / name, "--generate-completion-script", shell], capture_output=True, text=True, check=True).stdout
            wanted = {w for c in all_of(root) for w in (*c.below, *(o.lstrip("-") for o in c.options))}
            check(f"{name}: {shell} completes everything", [w for w in sorted(wanted) if w not in script])
            if shutil.which(shell):
                done = subprocess.run([*look, "/dev/stdin"], input=script, capture_output=True, text=True)
                check(f"{name}: {shell} understands its script", done.stderr.strip()[-300:] if done.returncode else "")
            else:
                print(f"{shell} がありません / not here: {shell}")


def documents(roots: dict[str, Command]) -> None:
    """Every call of a program that stands in code: its command and options are there."""
    count = 0
    for path in DOCUMENTS:
        wrong = []
        for number, line in calls(path):
            count += 1
            wrong += [f"line {number}: {mistake}" for mistake in mistakes(line, roots)]
        check(str(path.relative_to(ROOT)), wrong)
    check(f"{count} calls looked at", count < 100)


def calls(path: Path) -> list[tuple[int, str]]:
    """Lines of code blocks and pieces between backticks in which a program is called, joined where a line goes on; their numbers."""
    text = re.sub(r"\\\n", "  ", path.read_text())
    fenced, found = path.suffix != ".md", []
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```") and path.suffix == ".md":
            fenced = not fenced
            continue
        pieces = re.split(r"\s#\s|\s{2,}#", line, maxsplit=1)[:1] if fenced and path.suffix == ".md" else re.findall(r"`([^`]+)`", line)
        if path.suffix != ".md":
            # Units, and settings with the commands in their comments.
            pieces = re.findall(r"(?:^Exec\w+=/usr/bin/|: )(mizumori(?:-sim)? [a-z-]+[^）)。/]*)", line)
        for piece in pieces:
            for call in re.findall(r"(?:^\s*|[;&|(]\s*|\$ |=/usr/bin/|sudo |-u mizumori )(mizumori(?:-sim)? [a-z-][^;&|]*)", piece):
                found.append((number, call.strip()))
    return found


def mistakes(call: str, roots: dict[str, Command]) -> list[str]:
    """Commands and options that are not there. Words in other scripts stand for something."""
    words = [w.strip("[]\"'`、。,") for w in call.split()]
    at = roots[words[0]]
    for w in words[1:]:
        if not re.fullmatch(r"[a-z][a-z-]*", w) or not at.below:
            break
        if w not in at.below:
            return [f"{' '.join(at.words)} has no command {w} ({call})"] if at is roots[words[0]] else []
        at = at.below[w]
    known = {o for c in all_of(at) for o in c.options}
    return [f"{' '.join(at.words)} has no {w} ({call})" for w in (re.sub(r"=.*", "", w) for w in words) if re.fullmatch(r"--[a-z][a-z0-9-]*", w)
            and w not in known]


def guides() -> None:
    """Both languages of the guide have the same commands, but for the names in them."""
    def told(name: str) -> list[str]:
        text = re.sub(r"\\\n\s*", "", (ROOT / "docs" / name).read_text())
        lines = [re.sub(r"\s{2,}#.*", "", line[2:]).strip() for line in text.split("\n") if line.startswith("$ ")]
        lines = [line for line in lines if "nano" not in line]
        return [line.split(" --map")[0].split("./mizumori")[0].replace("時報.csv", "hourly.csv") for line in lines]
    ours, theirs = told("guide.ja.md"), told("guide.md")
    check("guide.md has the commands of guide.ja.md", [c for c in ours if c not in theirs] + [c for c in theirs if c not in ours])


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/debug").resolve()
    roots = {p: command(ask(folder / p), (p,)) for p in PROGRAMS}
    for root in roots.values():
        untold = [" ".join(c.words) for c in all_of(root) for t in c.told if not t.strip()]
        check(f"{root.words[0]}: every command and argument has words", untold)
        one = [t for c in all_of(root) for t in c.told if t and not JAPANESE.search(t) and re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]", t)]
        check(f"{root.words[0]}: the words are in Japanese, too", one)
    pages(folder, roots)
    completions(folder, roots)
    documents(roots)
    guides()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
