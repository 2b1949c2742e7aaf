"""Let the room vote on predictions by phone, before and after: `make vote ARGS="03"`.

One small server on the lecturer's machine, without a cloud or an account: phones open the address
that its page shows as a QR code; the lecturer's page, on this machine alone, opens and closes votes
and shows what the room believes; so do the decks of build/slides that are opened from it. Votes lie
in build/vote: a journal that a restart reads back, and the counts that `make room` reads.
"""

from __future__ import annotations

import contextlib
import html
import json
import mimetypes
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cecourse import palette
from cecourse.exercise.display import rich
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import Prediction, of_lesson
from tools import _command
from tools._command import ENVIRONMENT, ROOT, ToolError
from tools.room.ballot import TURNS, Ballot, Closed, levels

PAGES = ROOT / "teaching" / "room"
SLIDES = ROOT / "build" / "slides"
LARGEST = 1000  # bytes that a phone or the lecturer's page may send
CONNECTIONS = 2000  # at once; more are closed unheard
PER_ADDRESS = 500  # phones behind one address: a whole lecture hall may share one
SILENT = 20  # seconds after which a connection that says nothing is closed
HERE = ("127.0.0.1", "::1")
ANSWER = (
    "import sys; from cecourse.prediction import of_lesson\n"
    "print(of_lesson(sys.argv[1])[sys.argv[2]].letter)"
)


class Answers:
    """The right options, each computed when it is first asked for, in a process of its own.

    Some take seconds, and phones must not wait for them.
    """

    def __init__(self, asked: dict[str, Prediction]):
        self.asked = asked
        self._pool = ThreadPoolExecutor(1)
        self._found: dict[str, Future[int]] = {}

    def start(self, prediction: str) -> Future[int]:
        """Begin to compute one."""
        if prediction not in self._found:
            self._found[prediction] = self._pool.submit(self._compute, prediction)
        return self._found[prediction]

    def known(self, prediction: str) -> int | None:
        """The place of the right option; None as long as it is not known."""
        found = self._found.get(prediction)
        return found.result() if found and found.done() and not found.exception() else None

    def close(self) -> None:
        """Wait for those that were begun."""
        self._pool.shutdown()

    def _compute(self, prediction: str) -> int:
        one = self.asked[prediction]
        slug = one.function.__module__.split(".")[-2]
        command = [sys.executable, "-W", "ignore", "-c", ANSWER, slug, one.name]
        run = subprocess.run(
            command, cwd=ROOT, env=os.environ | ENVIRONMENT, capture_output=True, text=True
        )
        if run.returncode:
            raise ToolError(run.stderr)
        return ascii_uppercase.index(run.stdout.split()[-1])


class Room(ThreadingHTTPServer):
    """The server: a thread for each connection.

    Parameters
    ----------
    ballot : Ballot
    place : (str, int)
        What it listens on.
    address : str, optional
        What phones call this machine; found out unless given.
    per_address : int
        How many phones may join from one address.
    slides : Path
        Where the decks are.
    """

    daemon_threads = True
    request_queue_size = 1024

    def __init__(
        self,
        ballot: Ballot,
        place: tuple[str, int],
        address: str | None = None,
        per_address: int = PER_ADDRESS,
        slides: Path = SLIDES,
    ):
        self.ballot, self.per_address, self.slides = ballot, per_address, slides.resolve()
        self.answers = Answers(ballot.asked)
        self.lecturer = secrets.token_urlsafe(24)
        self.nonce = secrets.token_urlsafe(12)
        self.joined: Counter[str] = Counter()  # by address; in memory alone
        self._connections = threading.BoundedSemaphore(CONNECTIONS)
        self._lock = threading.Lock()
        super().__init__(place, Handler)
        self.url = f"http://{address or local_address()}:{self.server_address[1]}/"
        self.phone = self._page("phone.html")
        for prediction in ballot.voted:
            self._count(prediction)

    # -- connections ------------------------------------------------------------------------------

    def process_request(self, request, client_address) -> None:
        if not self._connections.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request, client_address) -> None:
        """A phone that goes away in the middle of a sentence is no error of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        super().server_close()
        self.answers.close()
        self.ballot.write_counts(self.answers.known)
        self.ballot.close_files()

    # -- pages ------------------------------------------------------------------------------------

    def _page(self, name: str, **words: str) -> bytes:
        text = (PAGES / name).read_text(encoding="utf-8")
        for key, value in ({"nonce": self.nonce, "css": palette.css()} | words).items():
            text = text.replace(f"%%{key}%%", value)
        return text.encode()

    def lecturer_page(self) -> bytes:
        """The lecturer's page, with the code to scan and what may be asked."""
        import segno

        code = segno.make(self.url, error="m").svg_inline(scale=1, omitsize=True, border=2)
        groups = []
        for book in NOTEBOOKS:
            own = [one for one in self.ballot.asked.values() if one.notebook == book.number]
            options = "".join(
                f'<option value="{one.id}">{html.escape(one.question[:90])}</option>' for one in own
            )
            deck = f"{book.number}_{book.slug}.html"
            at = f' data-deck="{deck}"' if (self.slides / deck).is_file() else ""
            label = html.escape(f"{book.number} · {book.title}")
            groups += [f'<optgroup label="{label}"{at}>{options}</optgroup>'] if own else []
        url = html.escape(self.url)  # --address is what somebody typed
        return self._page("lecturer.html", code=code, url=url, choices="".join(groups))

    # -- what is going on -------------------------------------------------------------------------

    def question(self, prediction: str) -> dict[str, Any]:
        """A prediction as a page asks it."""
        one = self.ballot.asked[prediction]
        return {
            "prediction": prediction,
            "question": rich(one.question),
            "options": [rich(option.text) for option in one.options],
            "levels": levels(len(one.options)),
        }

    def phone_state(self, token: str) -> dict[str, Any]:
        """What a phone may know: the question, its own vote, and counts only once shown."""
        ballot = self.ballot
        if ballot.place is None:
            return {"asked": None}
        prediction, turn = ballot.place
        mine = ballot.mine(token, prediction, turn)
        state = {"asked": self.question(prediction), "turn": turn, "open": ballot.open,
                 "mine": mine and list(mine), "counts": None}  # fmt: skip
        if prediction in ballot.shown and not ballot.open:
            state["counts"] = self.counts(prediction)
        return state

    def counts(self, prediction: str) -> dict[str, Any]:
        """The counts of both turns, as far as they are closed; the answer once it is shown."""
        shown = prediction in self.ballot.shown
        return {
            "before": self.ballot.counts(prediction, 1),
            "after": self.ballot.counts(prediction, 2),
            "right": self.answers.known(prediction) if shown else None,
        }

    def lecturer_state(self, prediction: str) -> dict[str, Any]:
        """What the lecturer's page and the slides know of a prediction."""
        ballot = self.ballot
        here = ballot.place and ballot.place[0] == prediction
        return self.question(prediction) | self.counts(prediction) | {
            "votes": [ballot.number(prediction, turn) for turn in TURNS],
            "open": ballot.place[1] if here and ballot.open else 0,
            "elsewhere": bool(ballot.open and not here),
            "shown": prediction in ballot.shown,
            "phones": sum(self.joined.values()),
        }  # fmt: skip

    def act(self, what: dict[str, Any]) -> None:
        """Do what the lecturer's page asks for.

        Raises
        ------
        ValueError
            If that is nothing that can be done.
        """
        prediction = what.get("prediction")
        match what.get("do"):
            case "open":
                self.ballot.begin(prediction, what.get("turn"))
                self.answers.start(prediction)
            case "close":
                self.ballot.end()
                if self.ballot.place:
                    self._count(self.ballot.place[0])
            case "show":
                self.ballot.show(prediction, what.get("on"))
                self.answers.start(prediction)
            case other:
                raise ValueError(f"do must be open, close or show; got {other!r}")

    def _count(self, prediction: str) -> None:
        """Write the counts, now or once the answer is known."""
        self.answers.start(prediction).add_done_callback(
            lambda _: self.ballot.write_counts(self.answers.known)
        )

    def join(self, address: str) -> str | None:
        """A token for a new phone; None where its address has had too many."""
        with self._lock:
            if self.joined[address] >= self.per_address:
                return None
            self.joined[address] += 1
        return self.ballot.new_token()


class Handler(BaseHTTPRequestHandler):
    """One connection of a phone, the lecturer's page or a slide."""

    server: Room
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "room", ""
    timeout = SILENT
    wbufsize = -1  # one packet for head and body
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self._phone()
        elif path == "/state":
            token = self._token()
            self._json(self.server.phone_state(token)) if token else self._say(403, "Reload.")
        elif not self._is_lecturer():
            self._enter() if path == "/lecturer" else self._say(404, "Nothing here.")
        elif path == "/lecturer":
            self._send(200, self.server.lecturer_page(), "text/html; charset=utf-8", strict=True)
        elif path == "/lecturer/state":
            (prediction,) = parse_qs(urlsplit(self.path).query).get("prediction", [""])[:1]
            known = prediction in self.server.ballot.asked
            self._json(self.server.lecturer_state(prediction) if known else None)
        elif path == "/lecturer/slide.js":
            self._send(200, (PAGES / "slide.js").read_bytes(), "text/javascript; charset=utf-8")
        elif path.startswith("/slides/"):
            self._slide(unquote(path.removeprefix("/slides/")))
        else:
            self._say(404, "Nothing here.")

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        try:
            if self.path == "/vote":
                self._vote(body)
            elif self.path == "/lecturer/act" and self._is_lecturer():
                self.server.act(body)
                self._json({})
            else:
                self._say(404, "Nothing here.")
        except Closed:
            self._say(409, "This vote is closed.")
        except (TypeError, ValueError) as error:
            self._say(400, str(error))
        except OSError:
            self._say(503, "The vote could not be kept. Try again.")

    # -- phones -----------------------------------------------------------------------------------

    def _phone(self) -> None:
        cookie = None
        if not self._token():
            token = self.server.join(self.client_address[0])
            if token is None:
                self._say(429, "Too many phones have joined from this address.")
                return
            cookie = f"phone={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"
        self._send(200, self.server.phone, "text/html; charset=utf-8", cookie, strict=True)

    def _vote(self, body: dict[str, Any]) -> None:
        token = self._token()
        if token is None:
            self._say(403, "Open the page again, and let it keep a cookie.")
            return
        names = ("prediction", "turn", "option", "sure")
        self.server.ballot.vote(token, *(body.get(name) for name in names))
        self._json({})

    def _cookie(self, name: str) -> str:
        cookies: SimpleCookie = SimpleCookie()
        with contextlib.suppress(CookieError):
            cookies.load(self.headers.get("Cookie", ""))
        return cookies[name].value if name in cookies else ""

    def _token(self) -> str | None:
        token = self._cookie("phone")
        return token if self.server.ballot.valid(token) else None

    # -- the lecturer -----------------------------------------------------------------------------

    def _is_lecturer(self) -> bool:
        """Whether this comes from this machine, with the token: both are asked for."""
        given = self._cookie("lecturer").encode()
        mine = secrets.compare_digest(given, self.server.lecturer.encode())
        return mine and self.client_address[0] in HERE

    def _enter(self) -> None:
        """Take the token out of the address, which a projector would show, into a cookie."""
        (token,) = parse_qs(urlsplit(self.path).query).get("token", [""])[:1]
        right = secrets.compare_digest(token.encode(), self.server.lecturer.encode())
        if not right or self.client_address[0] not in HERE:
            self._say(404, "Nothing here. The lecturer's address stands on the terminal.")
            return
        cookie = f"lecturer={token}; Path=/; HttpOnly; SameSite=Lax"
        self._send(303, b"", "text/plain", cookie, location="/lecturer")

    def _slide(self, name: str) -> None:
        """A file of the decks; a page of theirs gets the script that shows votes."""
        folder = self.server.slides
        try:
            path = (folder / (name or "index.html")).resolve()
            inside = path.is_relative_to(folder) and path.is_file()
        except (OSError, ValueError):  # a null byte
            inside = False
        if not inside:
            self._say(404, "No such slide: `make slides` makes them.")
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        data = path.read_bytes()
        if kind == "text/html":
            script = b'<script defer src="/lecturer/slide.js"></script>\n</body>'
            data = re.sub(rb"</body>(?!.*</body>)", lambda _: script, data, flags=re.DOTALL)
            kind += "; charset=utf-8"
        self._send(200, data, kind)

    # -- both -------------------------------------------------------------------------------------

    def _body(self) -> dict[str, Any] | None:
        """What was sent, a JSON object; None where it was answered already."""
        length = self.headers.get("Content-Length", "")
        self.close_connection = True  # unless all of the body has been read
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            self._say(411, "Content-Length is missing.")
        elif int(length) > LARGEST:
            self._say(413, f"At most {LARGEST} bytes.")
        elif self.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            self._say(415, "JSON is wanted.")  # which no form of another site can send
        else:
            self.close_connection = self.headers.get("Connection", "").lower() == "close"
            try:
                body = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                body = None
            if isinstance(body, dict):
                return body
            self._say(400, "A JSON object is wanted.")
        return None

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), "application/json")

    def _say(self, status: int, text: str) -> None:
        self._send(status, text.encode(), "text/plain; charset=utf-8")

    def _send(
        self,
        status: int,
        data: bytes,
        kind: str,
        cookie: str | None = None,
        *,
        location: str | None = None,
        strict: bool = False,
    ) -> None:
        head = {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "SAMEORIGIN",
        }
        if strict:  # nothing from elsewhere, and no script but the page's own
            own = f"'nonce-{self.server.nonce}'"
            head["Content-Security-Policy"] = (
                f"default-src 'none'; script-src {own}; style-src {own}; connect-src 'self'; "
                "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
        head |= {"Set-Cookie": cookie} if cookie else {}
        head |= {"Location": location} if location else {}
        head |= {"Connection": "close"} if self.close_connection else {}
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing: a log would hold addresses."""


def local_address() -> str:
    """This machine's address in its network; 127.0.0.1 without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that belongs to nobody
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def predictions(names: list[str]) -> dict[str, Prediction]:
    """The predictions of the notebooks whose names begin so, by id; of all without names."""
    chosen = [path.stem for path in _command.notebooks(names)]
    books = [book for book in NOTEBOOKS if Path(book.file).stem in chosen]
    return {one.id: one for book in books for one in of_lesson(book.slug).values()}


def open_room(ballot: Ballot, port: int, **how: Any) -> Room:
    """The server, on every address of this machine.

    Raises
    ------
    ToolError
        If the port is taken, or cannot be had.
    """
    try:
        return Room(ballot, ("0.0.0.0", port), **how)
    except (OSError, OverflowError) as error:
        raise ToolError(f"--port {port} cannot be had ({error}): name another") from None


def greeting(room: Room) -> str:
    """What the terminal says."""
    ballot, port = room.ballot, room.server_address[1]
    votes = sum(ballot.number(one, turn) for one in ballot.voted for turn in TURNS)
    lines = [
        f"Phones:     {room.url}   (every device in this network can open it)",
        f"You, here:  http://127.0.0.1:{port}/lecturer?token={room.lecturer}",
        f"Kept in:    {ballot.journal} ({votes} votes read back)",
        "Ctrl-C ends it; started again on the same day it goes on.",
    ]
    if ballot.skipped:
        lines.append(f"Lines of the journal that cannot be read, left out: {ballot.skipped}")
    if room.url.startswith("http://127."):
        lines.append("There is no network here: name this machine's address with --address.")
    return "\n".join(lines)


def main() -> int:
    given = _command.parse(
        __doc__,
        "build/vote",
        port={"type": int, "default": 8321, "help": "port (default 8321)"},
        address={"help": "what phones call this machine, if it is found out wrongly"},
        per_address={"type": int, "default": PER_ADDRESS, "help": "phones behind one address"},
    )

    def run() -> str:
        if given.per_address < 1:
            raise ToolError(f"--per-address must be 1 or more; got {given.per_address}")
        ballot = Ballot(predictions(given.names), given.to, f"{date.today():%Y-%m-%d}")
        room = open_room(ballot, given.port, address=given.address, per_address=given.per_address)
        print(greeting(room), flush=True)
        try:
            room.serve_forever()
        except KeyboardInterrupt:
            print()
        finally:
            room.server_close()
        return f"Counts for `make room`: {ballot.table}"

    return _command.told(run)


if __name__ == "__main__":
    sys.exit(main())
