#!/usr/bin/python3
"""Builds the Debian package by dpkg-deb alone. `make deb` calls it after the release build.

  build.py --bin .build/release --checkouts .build/checkouts --out out/deb [--version V] [--settings FILE]

The architecture is that of the machine (`dpkg --print-architecture`): on a Raspberry Pi the same command makes an arm64 package.
The same commit and the same programs give the same package: times come from the last commit.
Exit codes: 0 made, 64 wrong use, 66 something is missing, 70 the programs are not fit for a package.
"""
from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = ("mizumori", "mizumori-sim")
SHELLS = {"bash": "usr/share/bash-completion/completions/{}", "zsh": "usr/share/zsh/vendor-completions/_{}",
          "fish": "usr/share/fish/vendor_completions.d/{}.fish"}
# Where a file of the repository goes.
FILES = {
    "deploy/systemd/mizumori.service": "usr/lib/systemd/system/mizumori.service",
    "deploy/systemd/mizumori@.service": "usr/lib/systemd/system/mizumori@.service",
    "deploy/systemd/mizumori-backup.service": "usr/lib/systemd/system/mizumori-backup.service",
    "deploy/systemd/mizumori-backup@.service": "usr/lib/systemd/system/mizumori-backup@.service",
    "deploy/systemd/mizumori-backup.timer": "usr/lib/systemd/system/mizumori-backup.timer",
    "deploy/systemd/mizumori-backup@.timer": "usr/lib/systemd/system/mizumori-backup@.timer",
    "deploy/systemd/mizumori.sysusers": "usr/lib/sysusers.d/mizumori.conf",
    "deploy/systemd/mizumori.tmpfiles": "usr/lib/tmpfiles.d/mizumori.conf",
    "deploy/systemd/mizumori.logrotate": "etc/logrotate.d/mizumori",
    "deploy/mosquitto/mizumori.conf": "usr/share/doc/mizumori/examples/mosquitto/mizumori.conf",
    "deploy/mosquitto/mizumori.acl": "usr/share/doc/mizumori/examples/mosquitto/mizumori.acl",
    "deploy/mizumori.yaml": "usr/share/doc/mizumori/examples/mizumori.yaml",
    "deploy/fleet.yaml": "usr/share/doc/mizumori/examples/fleet.yaml",
    "README.md": "usr/share/doc/mizumori/README.md",
    "README.ja.md": "usr/share/doc/mizumori/README.ja.md",
    "deploy/deb/copyright": "usr/share/doc/mizumori/copyright",
    "deploy/deb/lintian-overrides": "usr/share/lintian/overrides/mizumori",
}


def fail(code: int, text: str) -> None:
    print(text, file=sys.stderr)
    sys.exit(code)


def run(*command: object, **more) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        fail(70, f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


class Package:
    """The tree of one package, staged below `root`."""

    def __init__(self, root: Path, options: argparse.Namespace):
        self.root, self.options = root, options
        first = re.match(r"mizumori \((\S+)\)", (HERE / "changelog").read_text())
        self.version = options.version or first.group(1)
        self.architecture = run("dpkg", "--print-architecture").strip()
        self.epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or self.committed())
        self.date = run("date", "-u", "-d", f"@{self.epoch}", "+%Y-%m-%d").strip()

    @staticmethod
    def committed() -> str:
        """Seconds since 1970 of the last commit; of the changelog where there is no repository (in a container)."""
        done = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else run("dpkg-parsechangelog", "-l", HERE / "changelog", "-S", "Timestamp").strip()

    def put(self, source: Path, target: str, mode: int = 0o644) -> Path:
        place = self.root / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        place.chmod(mode)
        return place

    def put_gzip(self, data: bytes, target: str) -> None:
        place = self.root / target
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(gzip.compress(data, 9, mtime=0))

    def programs(self) -> None:
        """The programs without symbols. They must need nothing that a Debian machine does not have: no Swift beside the package."""
        for name in PROGRAMS:
            source = self.options.bin / name
            if not source.exists():
                fail(66, f"先にビルドしてください / build first: {source}")
            if re.search(r"libswift|libFoundation|libdispatch", run("ldd", source)):
                fail(70, f"{source}: Swift を含めずに作られています。swift build -c release --static-swift-stdlib で / linked against Swift's "
                         "own libraries: swift build -c release --static-swift-stdlib")
            place = self.put(source, f"usr/bin/{name}", 0o755)
            run("strip", "--strip-unneeded", "--remove-section=.comment", "--remove-section=.note.swift", place)
        said = run(self.options.bin / "mizumori", "--version").strip()
        if not re.match(rf"(\d+:)?{re.escape(said)}([-+~]|$)", self.version):
            fail(70, f"プログラムの版 {said} と変更履歴の版 {self.version} が違います / program and changelog differ in their version")

    def files(self) -> None:
        for source, target in FILES.items():
            self.put(ROOT / source, target)
        self.put(self.options.settings or ROOT / "deploy/mizumori.yaml", "etc/mizumori/mizumori.yaml")
        self.put(ROOT / "deploy/mosquitto/certs.sh", "usr/bin/mizumori-certs", 0o755)
        for page in sorted((ROOT / "Sources/Web/Assets").iterdir()):
            self.put(page, f"usr/share/mizumori/web/{page.name}")
        for example in sorted((ROOT / "deploy/nats").rglob("*")):
            if example.is_file():
                self.put(example, f"usr/share/doc/mizumori/examples/nats/{example.relative_to(ROOT / 'deploy/nats')}")
        for page in sorted((ROOT / "docs").rglob("*")):
            if page.is_file():
                self.put(page, f"usr/share/doc/mizumori/docs/{page.relative_to(ROOT / 'docs')}")
        self.put_gzip((HERE / "changelog").read_bytes(), "usr/share/doc/mizumori/changelog.Debian.gz")
        self.put_gzip((ROOT / "CHANGELOG.md").read_bytes(), "usr/share/doc/mizumori/changelog.gz")

    def licences(self) -> None:
        """Licences and notices of all that is linked into the programs: Apache-2.0 and MIT demand that they go with them."""
        text = []
        for folder in sorted(self.options.checkouts.iterdir()):
            for file in sorted(folder.iterdir()):
                if re.match(r"(LICENSE|LICENCE|NOTICE|COPYING)", file.name, re.IGNORECASE) and file.is_file():
                    text.append(f"==== {folder.name}: {file.name}\n\n{file.read_text(errors='replace').strip()}\n")
        if not text:
            fail(66, f"依存ライブラリのライセンスが見つかりません / no licences of dependencies in {self.options.checkouts}")
        self.put_gzip("\n".join(text).encode(), "usr/share/doc/mizumori/third-party-licences.gz")

    def pages_and_completions(self) -> None:
        with tempfile.TemporaryDirectory() as made:
            run("/usr/bin/python3", HERE / "manpages.py", *(self.options.bin / p for p in PROGRAMS), ROOT / "deploy/mosquitto/certs.sh", made,
                "--date", self.date, "--version", self.version)
            for page in sorted(Path(made).rglob("*.1")):
                self.put_gzip(page.read_bytes(), f"usr/share/man/{page.relative_to(made)}.gz")
        for name in PROGRAMS:
            for shell, target in SHELLS.items():
                place = self.root / target.format(name)
                place.parent.mkdir(parents=True, exist_ok=True)
                script = run(self.options.bin / name, "--generate-completion-script", shell)
                # Completions are sourced, never run; zsh's first line (#compdef) is no such line.
                place.write_text(re.sub(r"\A#!.*\n+", "", script))

    def libraries(self) -> str:
        """The packages of the shared libraries, as dpkg-shlibdeps finds them; it wants a source package around it."""
        with tempfile.TemporaryDirectory() as source:
            (Path(source) / "debian").mkdir()
            (Path(source) / "debian/control").write_text("Source: mizumori\n\nPackage: mizumori\nArchitecture: any\n")
            said = run("dpkg-shlibdeps", "-O", *(self.root / "usr/bin" / p for p in PROGRAMS), cwd=source)
        return said.strip().removeprefix("shlibs:Depends=")

    def control(self) -> None:
        folder = self.root / "DEBIAN"
        files = sorted(p for p in self.root.rglob("*") if p.is_file())
        folder.mkdir()
        (folder / "md5sums").write_text("".join(
            f"{hashlib.md5(p.read_bytes()).hexdigest()}  {p.relative_to(self.root)}\n" for p in files if "etc" != p.relative_to(self.root).parts[0]))
        size = sum((p.stat().st_size + 1023) // 1024 for p in files) + sum(1 for p in self.root.rglob("*") if p.is_dir())
        text = (HERE / "control/control.in").read_text()
        for key, value in dict(VERSION=self.version, ARCH=self.architecture, SIZE=str(size), SHLIBS=self.libraries()).items():
            text = text.replace(f"@{key}@", value)
        (folder / "control").write_text(text)
        shutil.copyfile(HERE / "control/conffiles", folder / "conffiles")
        for script in ("postinst", "prerm", "postrm"):
            shutil.copyfile(HERE / "control" / script, folder / script)
            (folder / script).chmod(0o755)

    def build(self) -> Path:
        self.programs()
        self.files()
        self.licences()
        self.pages_and_completions()
        self.control()
        for place in [self.root, *self.root.rglob("*")]:
            if place.is_dir():
                place.chmod(0o755)
            elif place.parent.name != "bin" and place.parent.name != "DEBIAN":
                place.chmod(0o644)
            os.utime(place, (self.epoch, self.epoch))
        target = self.options.out / f"mizumori_{self.version}_{self.architecture}.deb"
        self.options.out.mkdir(parents=True, exist_ok=True)
        run("dpkg-deb", "--root-owner-group", f"-Z{self.options.compression}", f"-z{self.options.level}", "--build", self.root, target, env={**os.environ, "SOURCE_DATE_EPOCH": str(self.epoch)})
        return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=ROOT / ".build/release", help="folder of the programs")
    parser.add_argument("--checkouts", type=Path, default=ROOT / ".build/checkouts", help="folder of the dependencies")
    parser.add_argument("--out", type=Path, default=ROOT / "out/deb")
    parser.add_argument("--version", help="instead of that of the changelog (for tests of upgrades)")
    parser.add_argument("--settings", type=Path, help="instead of deploy/mizumori.yaml (for tests of upgrades)")
    parser.add_argument("--compression", default="xz", choices=["xz", "gzip", "none"])
    parser.add_argument("--level", default="6", choices=list("0123456789"), help="of the compression")
    options = parser.parse_args()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="mizumori-deb-") as folder:
        print(Package(Path(folder), options).build())


if __name__ == "__main__":
    main()
