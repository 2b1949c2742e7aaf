"""The learner's own file: progress, answers and bets, kept beside the notebooks.

One small JSON file, `my_course.json`, in the folder in which the kernel started:
`{section: {key: value}}`. Nothing in it leaves the machine. The environment variable
`CEHELPERS_STORE` may name another file, or say `off`: then nothing is read from or written to disk,
and everything lives in memory until the kernel stops.

Two notebooks may write at the same time. Every write takes a lock, reads the file again, changes
its own key and puts a complete new file in place of the old one, so that no kernel erases what
another has written. Whoever finds the lock taken waits a second and then goes on: a notebook is
never stopped by its own diary.
"""

import contextlib
import copy
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FILE = "my_course.json"
VARIABLE = "CEHELPERS_STORE"

Data = dict[str, dict[str, Any]]


class _Damaged(Exception):
    """The file holds something else than `{section: {key: value}}`."""


def _parse(text: bytes) -> Data:
    """The data in a file's text; `_Damaged` if it is not JSON or has another shape."""
    try:
        data = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _Damaged from error
    if not isinstance(data, dict) or not all(isinstance(part, dict) for part in data.values()):
        raise _Damaged
    return data


class Store:
    """One file, or memory alone where `path` is None.

    Parameters
    ----------
    path : Path or None
        The file. It need not exist; None keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory: Data = {}  # what could not be written (everything, without a path)
        self._said: set[str] = set()

    def read(self, section: str, key: str | None = None, default: Any = None) -> Any:
        """The value under a key, or a whole section as a dict; `default` where there is none."""
        data = self._merged()
        if key is None:
            return data.get(section, {} if default is None else default)
        return data.get(section, {}).get(key, default)

    def update(self, section: str, key: str, change: Callable[[Any], Any]) -> Any:
        """Replace a value by `change(old)` (old is None where there was none) and return it.

        Raises
        ------
        TypeError
            If the new value cannot be written as JSON.
        """
        with self._lock():
            data = self._merged()
            value = change(data.get(section, {}).get(key))
            json.dumps(value)
            data.setdefault(section, {})[key] = value
            if not self._write(data):
                self._memory.setdefault(section, {})[key] = value
        return value

    def _merged(self) -> Data:
        """The file's data with, on top, what could not be written to it."""
        data = self._load()
        for section, part in self._memory.items():
            data.setdefault(section, {}).update(copy.deepcopy(part))
        return data

    def _load(self) -> Data:
        """What the file holds now; a damaged file is set aside first."""
        if self.path is None:
            return {}
        try:
            return _parse(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError:
            self._say_memory_only()
            return {}
        except _Damaged:
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        """Rename the damaged file, so that nothing in it is lost."""
        n = 1
        while (spare := self.path.with_name(f"{self.path.stem}.damaged-{n}.json")).exists():
            n += 1
        try:
            self.path.rename(spare)
        except FileNotFoundError:  # another notebook was quicker
            return
        except OSError:
            self._say_memory_only()
            return
        print(f"{self.path.name} was damaged; it is kept as {spare.name}, and a new file begins.")

    def _write(self, data: Data) -> bool:
        """Put a complete new file in place of the old one; False if that cannot be done."""
        if self.path is None:
            return False
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            _refuse_to_overwrite_unread(self.path)
            with new.open("w", encoding="utf-8") as file:
                json.dump(data, file, indent=1, sort_keys=True)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, self.path)
        except (OSError, _Damaged):
            with contextlib.suppress(OSError):
                new.unlink()
            self._say_memory_only()
            return False
        self._memory.clear()  # it was part of `data`
        return True

    @contextlib.contextmanager
    def _lock(self, wait: float = 1.0, stale: float = 10.0) -> Iterator[None]:
        """Hold `.my_course.json.lock`: wait for it, never for long, and never insist."""
        lock = self.path and self.path.with_name(f".{self.path.name}.lock")
        held = False
        end = time.monotonic() + wait
        while lock and not held:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                held = True
            except FileExistsError:
                with contextlib.suppress(OSError):
                    if time.time() - lock.stat().st_mtime > stale:  # its kernel was killed
                        lock.unlink()
                if time.monotonic() > end:
                    break
                time.sleep(0.01)
            except OSError:  # a read-only folder
                break
        try:
            yield
        finally:
            if held:
                with contextlib.suppress(OSError):
                    lock.unlink()

    def _say_memory_only(self) -> None:
        if "memory" not in self._said:
            self._said.add("memory")
            print(
                f"{self.path.name} cannot be used in this folder, so your progress is kept only "
                "until the kernel stops."
            )


def _refuse_to_overwrite_unread(path: Path) -> None:
    """Raise where a file exists that cannot be read: what we cannot read we must not replace."""
    with contextlib.suppress(FileNotFoundError):
        _parse(path.read_bytes())


_stores: dict[str, Store] = {}


def current() -> Store:
    """The store that `CEHELPERS_STORE` asks for; its folder is fixed at first use."""
    wish = os.environ.get(VARIABLE, "").strip() or FILE
    if wish not in _stores:
        _stores[wish] = Store(None if wish.lower() == "off" else Path(wish).resolve())
    return _stores[wish]


def read(section: str, key: str | None = None, default: Any = None) -> Any:
    """Read a value, or with no key a whole section.

    Parameters
    ----------
    section : str
        A part of the file, such as `"exercises"` or `"bets"`.
    key : str, optional
        The name of a value; without it the section comes back as a dict.
    default : optional
        What to return where there is nothing yet.

    Examples
    --------
    >>> read("bets", "a statement never seen", default=0.5)
    0.5
    """
    return current().read(section, key, default)


def write(section: str, key: str, value: Any) -> None:
    """Keep a value (anything that JSON can hold) under a section and a key.

    Raises
    ------
    TypeError
        If the value cannot be written as JSON.
    """
    current().update(section, key, lambda _: value)


def update(section: str, key: str, change: Callable[[Any], Any]) -> Any:
    """Replace a value by `change(old)`, old being None at first, and return the new one.

    Raises
    ------
    TypeError
        If the new value cannot be written as JSON.
    """
    return current().update(section, key, change)
