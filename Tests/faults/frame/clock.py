"""A wall clock that can be turned while a program runs."""
from __future__ import annotations

import shutil
from pathlib import Path

from .checks import NotHere


class FakeClock:
    """libfaketime with the monotonic clock left alone, as a jump of the real wall clock does.

    The wrapper `faketime` prepares its shared memory before the program starts: preloading the library alone moves the environment, behind
    which the Swift runtime looks for the arguments.
    """

    def __init__(self, directory: Path) -> None:
        if not shutil.which("faketime"):
            raise NotHere("faketime is not installed")
        self._file = directory / "clock"
        self.turn("+0d")
        self.prefix: tuple[str, ...] = (
            "faketime", "-m", "-f", "+0d", "env", "-u", "FAKETIME", f"FAKETIME_TIMESTAMP_FILE={self._file}", "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1", "SWIFT_BACKTRACE=enable=no")

    def turn(self, to: str) -> None:
        """`+400d`, `-2h`, or `@1970-01-01 00:01:00` to start there."""
        new = self._file.with_suffix(".new")
        new.write_text(to + "\n")
        new.rename(self._file)
