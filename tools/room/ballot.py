"""The votes of a room: who may vote, what counts, and a journal that a restart reads back.

A phone has a token that this server signed; of a token only a hash is kept, another one for each
prediction, so that not even the journal says which votes are one person's. What a phone sends last
counts, while a vote is open. Nothing is acknowledged before it lies on the disk: the first thread
that comes to the disk writes what all others have brought by then, with one fsync.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NamedTuple

from cecourse.copies import write_whole
from cecourse.prediction import Prediction
from tools._command import ToolError
from tools.room.files import VOTES

TURNS = (1, 2)  # before the neighbours argue, and after


class Closed(Exception):
    """The vote is not open, or no longer."""


class Cast(NamedTuple):
    """One vote: the place of its option, and how sure; None where nobody asked or said."""

    option: int
    sure: float | None


def levels(options: int) -> list[float]:
    """How sure a phone may say it is, of one of so many options."""
    return [round(1 / options, 4), 0.5 if options > 2 else 0.6, 0.7, 0.9, 0.99]


class Ballot:
    """The votes of one day, kept in a folder.

    Parameters
    ----------
    asked : dict of str to Prediction
        What may be voted on, by id.
    folder : Path
        Where the journal, the counts and the server's secret lie.
    day : str
        Such as ``"2026-11-30"``: the name of both files.

    Attributes
    ----------
    place : (str, int) or None
        The prediction and the turn that were opened last.
    open : bool
        Whether that vote is open.
    shown : set of str
        The predictions whose counts everybody may see.
    skipped : int
        Lines of the journal that could not be read.
    """

    def __init__(self, asked: dict[str, Prediction], folder: Path, day: str):
        self.asked, self.folder = asked, folder
        self.journal, self.table = folder / f"{day}.jsonl", folder / f"{day}.csv"
        self.place: tuple[str, int] | None = None
        self.open, self.shown, self.skipped = False, set(), 0
        self.version = 0  # of all that anybody may see
        self._cast: dict[tuple[str, int], dict[str, Cast]] = {}
        self._lock, self._disk = threading.RLock(), threading.Lock()
        self._pending: list[str] = []
        self._brought = self._durable = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._secret = self._kept_secret()
            self._read_back()
            self._file = self.journal.open("ab")
        except OSError as error:
            raise ToolError(f"{folder} cannot keep votes: {error}") from None
        # after a crash the last line may have no end
        self._torn = self._file.tell() > 0

    def close_files(self) -> None:
        """Give the journal back."""
        self._file.close()

    # -- phones -----------------------------------------------------------------------------------

    def new_token(self) -> str:
        """A token for a phone: random, and signed."""
        name = secrets.token_urlsafe(16)
        return f"{name}.{self._signed(name)}"

    def valid(self, token: str) -> bool:
        """Whether this server has issued a token."""
        name, _, mark = token.partition(".")
        return bool(name) and hmac.compare_digest(mark.encode(), self._signed(name).encode())

    def vote(
        self, token: str, prediction: str, turn: int, option: int, sure: float | None = None
    ) -> None:
        """Count a vote, in the place of an earlier one; return once it is on the disk.

        Raises
        ------
        Closed
            If that vote is not open.
        ValueError
            If there is no such option, or `sure` is none of the levels.
        OSError
            If the disk does not take it.
        """
        with self._lock:
            if not self.open or self.place != (prediction, turn):
                raise Closed
            options = len(self.asked[prediction].options)
            if type(option) is not int or not 0 <= option < options:
                raise ValueError(f"option must be 0 to {options - 1}; got {option!r}")
            if sure is not None and sure not in levels(options):
                raise ValueError(f"sure must be one of {levels(options)}; got {sure!r}")
            ticket = self._bring(
                "vote", prediction, turn, self.voter(token, prediction), option, sure
            )
        self._settle(ticket)

    def mine(self, token: str, prediction: str, turn: int) -> Cast | None:
        """What this phone has voted."""
        with self._lock:
            return self._cast.get((prediction, turn), {}).get(self.voter(token, prediction))

    def voter(self, token: str, prediction: str) -> str:
        """What stands for a phone at one prediction, and says nothing at another."""
        return self._signed(f"{token} {prediction}")

    def _signed(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()[:24]

    # -- the lecturer -----------------------------------------------------------------------------

    def begin(self, prediction: str, turn: int) -> None:
        """Open a vote; one that was closed goes on. Another that is open is closed.

        Raises
        ------
        ValueError
            If there is no such prediction or turn.
        """
        if prediction not in self.asked:
            raise ValueError(f"prediction must be one of those asked; got {prediction!r}")
        if turn not in TURNS or isinstance(turn, bool):
            raise ValueError(f"turn must be 1 or 2; got {turn!r}")
        self._do("begin", prediction, turn)

    def end(self) -> None:
        """Close the vote."""
        self._do("end")

    def show(self, prediction: str, on: bool) -> None:
        """Let everybody see the counts of a prediction and its answer, or no longer.

        Raises
        ------
        ValueError
            If there is no such prediction.
        """
        if prediction not in self.asked:
            raise ValueError(f"prediction must be one of those asked; got {prediction!r}")
        self._do("show", prediction, bool(on))

    def number(self, prediction: str, turn: int) -> int:
        """How many have voted."""
        with self._lock:
            return len(self._cast.get((prediction, turn), {}))

    def counts(self, prediction: str, turn: int) -> list[int] | None:
        """How many gave each option; None before anybody did, and as long as the vote is open."""
        with self._lock:
            cast = self._cast.get((prediction, turn))
            if not cast or (self.open and self.place == (prediction, turn)):
                return None
            found = Counter(one.option for one in cast.values())
        return [found[k] for k in range(len(self.asked[prediction].options))]

    @property
    def voted(self) -> list[str]:
        """The predictions that somebody has voted on."""
        with self._lock:
            return list(dict.fromkeys(prediction for prediction, _ in self._cast))

    def write_counts(self, right: Callable[[str], int | None]) -> None:
        """Write what the room believed as counts, beside the journal, for `make room`.

        Parameters
        ----------
        right : callable
            The place of a prediction's right option, or None: then it is left out.
        """
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(VOTES)
        with self._lock:
            for (prediction, turn), cast in sorted(self._cast.items()):
                answer = right(prediction)
                if answer is None or (self.open and self.place == (prediction, turn)):
                    continue
                rows = Counter((one.option, -1.0 if one.sure is None else one.sure)
                               for one in cast.values())  # fmt: skip
                for (option, sure), count in sorted(rows.items()):
                    said = "" if sure < 0 else sure
                    letter, hit = ascii_uppercase[option], int(option == answer)
                    table.writerow([prediction, turn, letter, hit, said, count])
            write_whole(self.table, text.getvalue().encode())

    # -- the journal ------------------------------------------------------------------------------

    def _do(self, *event: Any) -> None:
        with self._lock:
            ticket = self._bring(*event)
        self._settle(ticket)

    def _bring(self, *event: Any) -> int:
        """Let an event happen and put it on its way to the disk; return its number."""
        self._happen(*event)
        self._pending.append(json.dumps(event) + "\n")
        self._brought += 1
        return self._brought

    def _settle(self, ticket: int) -> None:
        """Return once the event of that number lies on the disk."""
        with self._disk:
            if self._durable >= ticket:
                return
            with self._lock:
                lines, upto = self._pending, self._brought
                self._pending = []
            try:
                self._file.write(("\n" * self._torn + "".join(lines)).encode())
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError:
                self._torn = True
                with self._lock:
                    self._pending = lines + self._pending
                raise
            self._torn, self._durable = False, upto

    def _happen(self, what: str, *rest: Any) -> None:
        if what == "vote":
            prediction, turn, voter, option, sure = rest
            self._cast.setdefault((prediction, turn), {})[voter] = Cast(option, sure)
            return
        if what == "begin":
            prediction, turn = rest
            self.place, self.open = (prediction, turn), True
        elif what == "end":
            self.open = False
        elif what == "show":
            prediction, on = rest
            (self.shown.add if on else self.shown.discard)(prediction)
        else:
            raise ValueError(what)
        self.version += 1

    def _read_back(self) -> None:
        """Let everything in the journal happen again; of predictions not asked now, nothing."""
        text = self.journal.read_bytes() if self.journal.exists() else b""
        for line in filter(None, text.split(b"\n")):
            try:
                what, *rest = json.loads(line)
                if rest and rest[0] not in self.asked:
                    continue
                self._happen(what, *rest)
            except (ValueError, TypeError):
                self.skipped += 1

    def _kept_secret(self) -> bytes:
        path = self.folder / "secret"
        if not path.exists():
            place = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(place, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
        return path.read_bytes()
