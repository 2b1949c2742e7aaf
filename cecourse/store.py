"""The learner's own file: progress, answers, predictions and bets, kept beside the notebooks.

One small JSON file, `my_course.json`, in the folder in which the kernel started:
`{section: {key: value}}`. Nothing in it leaves the machine. The environment variable
`CEHELPERS_STORE` may name another file, or say `off`: then nothing is read from or written to disk,
and everything lives in memory until the kernel stops.

Two notebooks may write at the same time. Every write takes a lock, reads the file again, changes
its own key and puts a complete new file in place of the old one, so that no kernel erases what
another has written. Whoever finds the lock taken waits some seconds and then goes on: a notebook is
never stopped by its own diary.
"""

import contextlib
import copy
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .language import _, languages

FILE = "my_course.json"
VARIABLE = "CEHELPERS_STORE"
WAIT = 5.0  # seconds: how long a lock is waited for
STALE = 10.0  # the age at which a lock is an abandoned one

Data = dict[str, dict[str, Any]]


class _Damaged(Exception):
    """The file holds something else than `{section: {key: value}}`."""


def _parse(text: bytes) -> Data:
    """The data in a file's text; `_Damaged` if it is not JSON or has another shape."""
    try:
        data = json.loads(text.decode("utf-8-sig"))  # an editor may have put a mark in front
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
        # what could not be written (everything, without a path): the file's value then, and ours
        self._memory: dict[tuple[str, str], tuple[Any, Any]] = {}
        self._refused: set[str] = set()  # what was waited for in vain
        self._said = False

    def read(self, section: str, key: str | None = None, default: Any = None) -> Any:
        """The value under a key, or a whole section as a dict; `default` where there is none."""
        data = self._merged(self._load())
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
            file = self._load()
            data = self._merged(file)
            value = change(_value(data, section, key))
            json.dumps(value, sort_keys=True)
            data.setdefault(section, {})[key] = value
            # what cannot be read must not be replaced
            if file is None or not self._write(data):
                self._memory[section, key] = (_value(file or {}, section, key), value)
        return value

    def text(self) -> str | None:
        """All that is kept, as the text of its file; None where nothing is kept yet."""
        data = self._merged(self._load())
        return _written(data) if data else None

    def replace(self, text: str | None) -> None:
        """Let this text, which a page keeps, be the file: a damaged one is set aside when read."""
        self._memory.clear()
        if self.path is None:
            with contextlib.suppress(_Damaged):
                self._remember({} if text is None else _parse(text.encode()))
        elif text is None:
            self.path.unlink(missing_ok=True)
        else:
            self.path.write_text(text, encoding="utf-8")

    def bring_in(self, text: str) -> None:
        """Add what another file of the course holds.

        Nothing that only one of the two holds is lost. Where both hold a value, that of the other
        file stays, unless both are records of tries and the one here is solved, or has more of
        them, and the other not.

        Raises
        ------
        ValueError
            If the text is none of such a file.
        """
        try:
            other = _parse(text.encode())
        except _Damaged:
            found = text.strip()[:40] or "nothing"
            raise ValueError(
                f"text must be that of a {FILE}, an object of sections; it begins with {found!r}"
            ) from None
        with self._lock():
            data = self._merged(self._load())
            for section, part in other.items():
                mine = data.setdefault(section, {})
                kept = {key for key in part if _reached(mine.get(key)) > _reached(part[key])}
                mine |= {key: value for key, value in part.items() if key not in kept}
            if not self._write(data):
                self._remember(data)

    def _remember(self, data: Data) -> None:
        """Keep in memory what has no file."""
        for section, part in data.items():
            self._memory |= {(section, key): (None, value) for key, value in part.items()}

    def _merged(self, file: Data | None) -> Data:
        """The file's data with, on top, what could not be written and nobody has replaced since."""
        data = copy.deepcopy(file or {})
        for (section, key), (before, value) in self._memory.items():
            if file is None or _value(file, section, key) == before:
                data.setdefault(section, {})[key] = copy.deepcopy(value)
        return data

    def _load(self) -> Data | None:
        """What the file holds now, a damaged one being set aside; None if it cannot be read."""
        if self.path is None:
            return {}
        try:
            return _parse(self._insist(self.path.read_bytes))
        except FileNotFoundError:
            return {}
        except OSError:
            self._say_memory_only()
            return None
        except _Damaged:
            return {} if self._set_aside() else None

    def _set_aside(self) -> bool:
        """Rename the damaged file, so that nothing in it is lost; False if that cannot be done."""
        n = 1
        while (spare := self.path.with_name(f"{self.path.stem}.damaged-{n}.json")).exists():
            n += 1
        try:
            self.path.rename(spare)
        except FileNotFoundError:  # another notebook was quicker
            return True
        except OSError:
            self._say_memory_only()
            return False
        text = _("{name} was damaged; it is kept as {spare}, and a new file begins.")
        print(text.format(name=self.path.name, spare=spare.name))
        return True

    def _write(self, data: Data) -> bool:
        """Put a complete new file in place of the old one; False if that cannot be done."""
        if self.path is None:
            return False
        new = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex}.tmp")
        try:
            with new.open("w", encoding="utf-8") as file:
                with contextlib.suppress(OSError):  # a new file, or a disk that knows no modes
                    new.chmod(self.path.stat().st_mode & 0o777 | 0o200)
                file.write(_written(data))
                file.flush()
                os.fsync(file.fileno())
            self._insist(lambda: os.replace(new, self.path))
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            self._say_memory_only()
            return False
        self._memory.clear()  # it was part of `data`
        return True

    def _insist(self, act: Callable[[], Any], wait: float = 1.0) -> Any:
        """Do what may be forbidden for a moment: Windows guards a file that another has open.

        What stays forbidden is not waited for again, until it works once more.
        """
        name = act.__qualname__
        end = time.monotonic() + (0 if name in self._refused else wait)
        while True:
            try:
                result = act()
            except PermissionError:
                if time.monotonic() >= end:
                    self._refused.add(name)
                    raise
                time.sleep(0.01)
            else:
                self._refused.discard(name)
                return result

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold `.my_course.json.lock`: wait for it, never for long, and never insist."""
        lock = self.path and self.path.with_name(f".{self.path.name}.lock")
        held = bool(lock) and self._take(lock)
        try:
            yield
        finally:
            if held:
                with contextlib.suppress(OSError):
                    self._insist(lock.unlink)

    def _take(self, lock: Path) -> bool:
        """Create the lock; False if that cannot be done."""

        def create() -> bool:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                return False
            return True

        def left() -> float:
            return end - time.monotonic()

        end = time.monotonic() + WAIT
        try:
            # on Windows a lock that is being deleted is forbidden, not there
            while not self._insist(create, left() if os.access(lock.parent, os.W_OK) else 0):
                with contextlib.suppress(OSError):
                    if time.time() - lock.stat().st_mtime > STALE:  # its kernel was killed
                        lock.unlink()
                if left() < 0:
                    return False
                time.sleep(0.01)
        except OSError:  # a read-only folder
            return False
        return True

    def _say_memory_only(self) -> None:
        if not self._said:
            self._said = True
            text = _(
                "{name} cannot be used in this folder, so your progress is kept only until the "
                "kernel stops."
            )
            print(text.format(name=self.path.name))


def _written(data: Data) -> str:
    """The text of a file."""
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def _reached(record: Any) -> tuple[bool, int]:
    """Whether a record says solved, and its tries; (False, 0) of what is none."""
    record = record if isinstance(record, dict) else {}
    tries = record.get("tries")
    return record.get("solved") is True, tries if type(tries) is int else 0


def _value(data: Data, section: str, key: str) -> Any:
    return data.get(section, {}).get(key)


def _beside_the_notebooks() -> str:
    """The file's place: of a translated notebook, in a folder `de`, the folder above."""
    above = Path.cwd().name in languages() and Path("..", "00_start_here.ipynb").exists()
    return f"../{FILE}" if above else FILE


_stores: dict[str, Store] = {}


def current() -> Store:
    """The store that `CEHELPERS_STORE` asks for; its folder is fixed at first use."""
    wish = os.environ.get(VARIABLE, "").strip() or _beside_the_notebooks()
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
