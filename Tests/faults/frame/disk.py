"""Small disks of our own: to be filled, and to lose their power."""
from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from .checks import Failed, NotHere


class Disk:
    """An ext4 file system in a file, mounted through a loop device. Needs root."""

    def __init__(self, directory: Path, megabytes: int, image: Path | None = None) -> None:
        self.mount_point = directory
        self.image = image or directory.with_suffix(".img")
        directory.mkdir()
        make_file(self.image, megabytes)
        run("mkfs.ext4", "-q", "-F", str(self.image))
        self.mount()

    def mount(self) -> None:
        run("mount", "-o", "loop", str(self.image), str(self.mount_point))

    def unmount(self) -> None:
        unmount(self.mount_point)

    def free(self) -> int:
        """Bytes that root can still write."""
        s = os.statvfs(self.mount_point)
        return s.f_bfree * s.f_frsize

    def fill(self, leave: int) -> None:
        """Takes all room but about `leave` bytes."""
        with (self.mount_point / "filler").open("ab") as file:
            while (room := self.free() - leave) > 0:
                try:
                    file.write(b"\0" * min(room, 1 << 20))
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    return

    def empty(self) -> None:
        """Gives the room back."""
        (self.mount_point / "filler").unlink(missing_ok=True)


class CuttableDisk(Disk):
    """A disk whose power can be cut at any moment: what it then holds is what it had been given until that moment, not what was still in
    the page cache.

    The image lies on XFS, which copies a file by reference at one instant (`cp --reflink`), while the loop device goes on writing. Writes
    that the file system has under way at that instant are in the copy or not, each for itself. A write that the disk has reported as done
    is in it: a disk that lies about its cache is not simulated.
    """

    def __init__(self, directory: Path, megabytes: int) -> None:
        self.outer = directory.with_name(directory.name + "-outer")
        self.outer.mkdir()
        make_file(self.outer.with_suffix(".img"), 700)
        run("mkfs.xfs", "-q", "-m", "reflink=1", str(self.outer.with_suffix(".img")))
        run("mount", "-o", "loop", str(self.outer.with_suffix(".img")), str(self.outer))
        super().__init__(directory, megabytes, self.outer / "disk.img")

    def cut(self) -> None:
        """The power goes now. Whoever has files open on it must be killed before `power_on`."""
        run("cp", "--reflink=always", str(self.image), str(self.outer / "cut.img"))

    def power_on(self) -> None:
        """Mounts what the cut left behind: the kernel replays the journal of the file system."""
        self.unmount()
        (self.outer / "cut.img").replace(self.image)
        self.mount()

    def close(self) -> None:
        self.unmount()
        unmount(self.outer)


def make_file(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        file.truncate(megabytes << 20)


def unmount(path: Path) -> None:
    """Unmounts, waiting for files that a killed process still holds."""
    for _ in range(100):
        if not os.path.ismount(path):
            return
        if subprocess.run(["umount", str(path)], capture_output=True).returncode == 0:
            return
        time.sleep(0.05)
    raise Failed(f"cannot unmount {path}")


def run(*command: str) -> None:
    if os.getuid() != 0:
        raise NotHere("needs root for loop devices")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise NotHere(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
