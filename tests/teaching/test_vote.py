"""The room votes: each vote counts once, nobody sees what is not shown, a restart keeps all."""

import csv
import http.client
import json
import os
import re
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import segno

from tools import _browser
from tools._command import ToolError
from tools.room import ballot, files, vote

ASKED = vote.predictions(["03"])
NAME = "03/times_as_large"
RIGHT = 1  # its option, "about 44 times"
DECK = f"""<!doctype html><html><head><style>:root {{ --truth: #0072B2; }}</style></head>
<body><div class="slides"><section class="present" data-prediction="{NAME}"><div class="frame">
</div></section></div></body></html>
"""

try:
    _browser.find_chromium()
    MISSING = False
except _browser.BrowserMissing:
    MISSING = os.environ.get("CEHELPERS_BROWSER") != "required"


@contextmanager
def opened(folder, **how):
    """A server with its thread; its ballot lies in a folder."""
    kept = ballot.Ballot(ASKED, folder / "vote", "2026-11-30")
    room = vote.Room(kept, ("127.0.0.1", 0), "192.0.2.7", slides=folder / "slides", **how)
    room.answers._compute = lambda name: RIGHT  # a process of its own takes seconds
    room.lines = []
    thread = threading.Thread(target=room.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield room
    finally:
        for line in room.lines:
            line.close()
        room.shutdown()
        thread.join()
        room.server_close()


@pytest.fixture
def room(tmp_path):
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "deck.html").write_text(DECK)
    (tmp_path / "secret.txt").write_text("not for the room")
    with opened(tmp_path) as one:
        yield one


class Phone:
    """Somebody with a browser: one connection, and the cookies they were given."""

    def __init__(self, room, cookie=""):
        self.line = http.client.HTTPConnection("127.0.0.1", room.server_address[1], timeout=60)
        room.lines.append(self.line)
        self.cookie = cookie

    def ask(self, path, body=None, **head):
        head = {"Cookie": self.cookie} | head
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            head = {"Content-Type": "application/json"} | head
        self.line.request("POST" if data is not None else "GET", path, data, head)
        reply = self.line.getresponse()
        self.head, text = reply.headers, reply.read()
        if given := self.head["Set-Cookie"]:
            self.cookie = given.partition(";")[0]
        return reply.status, text

    def join(self):
        assert self.ask("/")[0] == 200
        return self

    def state(self):
        return json.loads(self.ask("/state")[1])

    def vote(self, option, sure=None, turn=1, prediction=NAME):
        return self.ask("/vote", {"prediction": prediction, "turn": turn, "option": option,
                                  "sure": sure})[0]  # fmt: skip

    def act(self, do, **more):
        status, text = self.ask("/lecturer/act", {"do": do, "prediction": NAME} | more)
        assert status == 200, text

    def seen(self, prediction=NAME):
        return json.loads(self.ask(f"/lecturer/state?prediction={prediction}")[1])


def lecturer(room):
    one = Phone(room)
    assert one.ask(f"/lecturer?token={room.lecturer}")[0] == 303
    return one


# ---------------------------------------------------------------- votes


def test_what_a_phone_says_last_counts_while_the_vote_is_open(room):
    one, other, boss = Phone(room).join(), Phone(room).join(), lecturer(room)
    assert one.state() == {"asked": None} and one.vote(0) == 409
    boss.act("open", turn=1)
    state = one.state()
    assert state["asked"]["prediction"] == NAME and state["open"] and state["mine"] is None
    assert [one.vote(0), one.vote(2), one.vote(2, 0.9), other.vote(RIGHT)] == [200] * 4
    assert one.state()["mine"] == [2, 0.9] and other.state()["mine"] == [RIGHT, None]
    assert boss.seen()["votes"] == [2, 0]
    boss.act("close")
    assert one.vote(0) == 409 and one.vote(0, turn=2) == 409
    boss.act("open", turn=2)
    assert one.vote(0) == 409 and one.vote(RIGHT, turn=2) == 200
    boss.act("close")
    assert (boss.seen()["before"], boss.seen()["after"]) == ([0, 1, 1], [0, 1, 0])
    boss.act("open", turn=1)  # goes on where it was
    assert other.vote(0) == 200
    boss.act("close")
    assert boss.seen()["before"] == [1, 0, 1]


def test_hundreds_of_phones_at_once_and_none_is_lost(room):
    """300 threads, each a phone of its own, let loose together; each changes its mind once."""
    boss, number = lecturer(room), 300
    phones = [Phone(room).join() for _ in range(number)]
    boss.act("open", turn=1)
    together = threading.Barrier(number)

    def go(k):
        together.wait()
        return [phones[k].vote((k + 1) % 3), phones[k].vote(k % 3, 0.7)]

    with ThreadPoolExecutor(number) as pool:
        assert list(pool.map(go, range(number))) == [[200, 200]] * number
    boss.act("close")
    assert boss.seen()["before"] == [100, 100, 100]
    assert boss.seen()["phones"] == number
    again = ballot.Ballot(ASKED, room.ballot.folder, "2026-11-30")  # as after a restart
    assert again.counts(NAME, 1) == [100, 100, 100] and again.skipped == 0
    again.close_files()


def test_a_vote_is_on_the_disk_before_it_is_acknowledged(room, monkeypatch):
    boss, one = lecturer(room), Phone(room).join()
    boss.act("open", turn=1)
    synced = []
    monkeypatch.setattr(
        ballot.os, "fsync", lambda n: synced.append(room.ballot.journal.read_text())
    )
    assert one.vote(2) == 200
    assert '"vote"' in synced[-1]

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ballot.os, "fsync", full)
    assert one.vote(RIGHT) == 503
    monkeypatch.undo()
    assert one.vote(RIGHT) == 200
    again = ballot.Ballot(ASKED, room.ballot.folder, "2026-11-30")
    assert again.skipped == 0 and again.number(NAME, 1) == 1
    again.end()
    assert again.counts(NAME, 1) == [0, 1, 0]
    again.close_files()


def test_a_restart_keeps_votes_and_who_has_voted(tmp_path):
    with opened(tmp_path) as room:
        boss, phones = lecturer(room), [Phone(room).join() for _ in range(5)]
        boss.act("open", turn=1)
        assert [one.vote(k % 3) for k, one in enumerate(phones)] == [200] * 5
        journal = room.ballot.journal
    whole = journal.read_bytes()
    # the machine died: half a line at the end, and one that somebody spoilt
    journal.write_bytes(whole.replace(b"\n", b"\nnonsense\n", 1) + whole.splitlines()[-1][:20])
    with opened(tmp_path) as room:
        assert room.ballot.skipped == 2 and "left out: 2" in vote.greeting(room)
        assert "(5 votes read back)" in vote.greeting(room)
        back = [Phone(room, one.cookie) for one in phones]
        assert [one.state()["mine"] for one in back] == [[k % 3, None] for k in range(5)]
        assert back[0].vote(2) == 200  # no second vote, the same one
        boss = lecturer(room)
        boss.act("close")
        assert boss.seen()["before"] == [1, 2, 2]
        boss.act("show", on=True)
    with opened(tmp_path) as room:
        assert Phone(room, phones[0].cookie).state()["counts"]["before"] == [1, 2, 2]
        assert room.ballot.skipped == 2 and room.ballot.counts(NAME, 1) == [1, 2, 2]


def test_the_journal_has_no_names_and_no_addresses(room):
    boss, one = lecturer(room), Phone(room).join()
    token = one.cookie.partition("=")[2]
    names = [NAME, "03/which_step"]
    for name in names:
        boss.ask("/lecturer/act", {"do": "open", "prediction": name, "turn": 1})
        assert one.vote(0, prediction=name) == 200
    text = room.ballot.journal.read_text()
    assert token not in text and token.partition(".")[0] not in text and "127.0.0.1" not in text
    voters = [event[3] for event in map(json.loads, text.splitlines()) if event[0] == "vote"]
    assert len(set(voters)) == 2  # one phone, and nothing that says so


def test_counts_are_what_the_room_s_report_reads(tmp_path):
    with opened(tmp_path) as room:
        boss, phones = lecturer(room), [Phone(room).join() for _ in range(6)]
        for turn in ballot.TURNS:
            boss.act("open", turn=turn)
            for k, one in enumerate(phones):
                assert one.vote(RIGHT if k < 3 * turn else 0, 0.9 if k % 2 else None, turn) == 200
            boss.act("close")
        boss.act("open", turn=1)  # still open when it ends: no counts of it
    found = files.collected(tmp_path)
    assert found.told == []
    rows = list(csv.DictReader((tmp_path / "vote" / "2026-11-30.csv").read_text().splitlines()))
    assert {row["round"] for row in rows} == {"2"}
    assert Counter({(v.option, v.right): v.count for v in found.votes if v.sure}) == {
        ("B", True): 3
    }
    assert sum(v.count for v in found.votes) == 6


# ---------------------------------------------------------------- who may see and do what


def test_a_phone_sees_its_own_vote_and_no_counts_until_they_are_shown(room):
    boss, one, other = lecturer(room), Phone(room).join(), Phone(room).join()
    boss.act("open", turn=1)
    one.vote(2, 0.99)
    other.vote(0)
    assert boss.seen()["before"] is None and boss.seen()["votes"] == [2, 0]
    hidden = [other.state()]
    boss.act("close")
    hidden.append(other.state())
    for state in hidden:
        assert state["counts"] is None and state["mine"] == [0, None]
        assert "0.99" not in json.dumps({k: v for k, v in state.items() if k != "asked"})
    assert boss.seen()["right"] is None  # nor does the slide tell the answer yet
    boss.act("show", on=True)
    assert other.state()["counts"] == {"before": [1, 0, 1], "after": None, "right": RIGHT}
    boss.act("show", on=False)
    assert other.state()["counts"] is None
    boss.act("show", on=True)
    boss.act("open", turn=2)
    one.vote(RIGHT, turn=2)
    assert other.state()["counts"] is None and boss.seen()["after"] is None


@pytest.mark.parametrize(
    "path", ["/lecturer", "/lecturer/state?prediction=" + NAME, "/lecturer/slide.js",
             "/slides/deck.html", "/lecturer?token=x", "/lecturer?token="]
)  # fmt: skip
def test_what_is_the_lecturer_s_asks_for_the_token_and_for_this_machine(room, path, monkeypatch):
    assert Phone(room).join().ask(path)[0] == 404
    boss = lecturer(room)
    assert boss.ask(path)[0] == 200
    monkeypatch.setattr(vote, "HERE", ("192.0.2.1",))  # as from another machine
    assert boss.ask(path)[0] == 404
    assert boss.ask(f"/lecturer?token={room.lecturer}")[0] == 404


def test_a_phone_cannot_open_close_or_show(room):
    one = Phone(room).join()
    for do in ("open", "close", "show"):
        assert one.ask("/lecturer/act", {"do": do, "prediction": NAME, "turn": 1})[0] == 404
    assert room.ballot.place is None and not room.ballot.shown


@pytest.mark.parametrize("name", [
    "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "/etc/passwd", "%2fetc%2fpasswd",
    "deck.html%00", "", ".", "x" * 5000,
])  # fmt: skip
def test_no_path_leads_out_of_the_slides(room, name):
    status, text = lecturer(room).ask(f"/slides/{name}")
    assert status == 404 and b"not for the room" not in text


@pytest.mark.parametrize(
    ("cookie", "status"),
    [
        ("", 403),
        ("phone=", 403),
        ("phone=abc.def", 403),
        ("phone=" + "x" * 900, 403),
        ("\x01", 403),
    ],
)
def test_a_token_that_the_server_has_not_issued_cannot_vote(room, cookie, status):
    lecturer(room).act("open", turn=1)
    assert Phone(room, cookie).vote(0) == status
    assert room.ballot.number(NAME, 1) == 0


@pytest.mark.parametrize(
    ("body", "head", "status"),
    [
        (b"{", {}, 400),
        (b"[1]", {}, 400),
        (b"[" * 900, {}, 400),
        (b"\xff", {}, 400),
        (b"x" * (vote.LARGEST + 1), {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"", {"Content-Length": "-1"}, 411),
        ({"option": True}, {}, 400),
        ({"option": 3}, {}, 400),
        ({"option": -1}, {}, 400),
        ({"option": "0"}, {}, 400),
        ({"option": [0]}, {}, 400),
        ({"option": 0, "sure": 0.42}, {}, 400),
        ({"option": 0, "sure": "0.9"}, {}, 400),
        ({"option": 0, "sure": [0.9]}, {}, 400),
        ({"option": 0, "turn": 2}, {}, 409),
        ({"option": 0, "turn": None}, {}, 409),
        ({"option": 0, "turn": []}, {}, 409),
        ({"option": 0, "prediction": "03/which_step"}, {}, 409),
        ({"option": 0, "prediction": {}}, {}, 409),
    ],
)
def test_what_is_no_vote_is_refused_and_the_server_goes_on(room, body, head, status):
    lecturer(room).act("open", turn=1)
    one = Phone(room).join()
    if isinstance(body, dict):
        body = {"prediction": NAME, "turn": 1} | body
    assert one.ask("/vote", body, **head)[0] == status
    assert room.ballot.number(NAME, 1) == 0
    assert Phone(room, one.cookie).vote(0) == 200


@pytest.mark.parametrize("body", [
    {"do": "burn"}, {}, {"do": "open", "prediction": "99/x", "turn": 1}, {"do": "open", "turn": 3},
    {"do": "open", "prediction": NAME, "turn": True}, {"do": "show", "prediction": [], "on": True},
])  # fmt: skip
def test_the_lecturer_s_page_is_told_what_cannot_be_done(room, body):
    assert lecturer(room).ask("/lecturer/act", body)[0] == 400
    assert room.ballot.place is None


def test_an_address_may_bring_a_lecture_hall_and_no_more(tmp_path):
    with opened(tmp_path, per_address=3) as room:
        first = Phone(room).join()
        assert [Phone(room).ask("/")[0] for _ in range(4)] == [200, 200, 429, 429]
        assert first.ask("/")[0] == 200  # whoever has joined comes back


def test_a_cookie_is_for_the_server_alone_and_no_page_loads_anything(room):
    one, boss = Phone(room), lecturer(room)
    for who, path, name in ((one, "/", "phone"), (boss, "/lecturer", "lecturer")):
        status, text = who.ask(path)
        assert status == 200 and who.cookie.startswith(f"{name}=")
        assert "script-src 'nonce-" in who.head["Content-Security-Policy"]
        assert not re.findall(rb'(?:src|href)="(?!data:|http://192\.0\.2\.7:)', text)
        assert b"@import" not in text and b"%%" not in text and b"url(" not in text
        assert room.lecturer.encode() not in text
    assert "HttpOnly; SameSite=Lax" in Phone(room).join().head["Set-Cookie"]
    assert len(one.ask("/")[1]) < 20_000


def test_questions_reach_the_pages_escaped():
    """What a lesson writes is text: its marks are set, its angle brackets are not."""
    asked = vote.predictions(["01", "02", "03", "04"]).values()
    texts = [text for one in asked for text in (one.question, *(o.text for o in one.options))]
    assert any("`" in text for text in texts)
    marks = re.compile(r"<(?!/?(?:code|em|br)>)")
    with_marks = [vote.rich(text) for text in texts]
    assert not [text for text in with_marks if marks.search(text)]


def test_the_lecturer_s_page_escapes_what_lessons_and_arguments_say(room, monkeypatch):
    strange = '<i>Is "p & q"?'
    one = SimpleNamespace(id=NAME, notebook="03", question=strange)
    monkeypatch.setitem(room.ballot.asked, NAME, one)
    monkeypatch.setattr(room, "url", 'http://<i>"&/')
    text = room.lecturer_page().decode()
    assert "&lt;i&gt;Is &quot;p &amp; q&quot;?" in text
    assert "<i>" not in text


def soon(happened):
    """Wait for what another thread does in a moment."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_connections_are_counted_and_given_back(tmp_path, monkeypatch):
    monkeypatch.setattr(vote, "CONNECTIONS", 2)
    with opened(tmp_path) as room:
        for _ in range(6):  # one after the other, as many as come
            one = Phone(room).join()
            one.ask("/state", Connection="close")
            soon(lambda: room._connections._value == vote.CONNECTIONS)
        held = [Phone(room).join() for _ in range(2)]
        with pytest.raises(OSError):
            Phone(room).join()
        assert [one.state() for one in held] == [{"asked": None}] * 2


def test_who_says_nothing_is_hung_up_on(room, monkeypatch):
    assert vote.Handler.timeout == vote.SILENT <= 60
    monkeypatch.setattr(vote.Handler, "timeout", 0.05)
    with socket.create_connection(room.server_address, timeout=60) as silent:
        assert silent.recv(1) == b""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_key_of_the_tokens_is_its_owner_s_alone(room):
    assert (room.ballot.folder / "secret").stat().st_mode & 0o077 == 0


def test_a_deck_gets_the_script_that_shows_votes_and_other_files_stay(room):
    boss = lecturer(room)
    _, text = boss.ask("/slides/deck.html")
    assert text.decode() == DECK.replace(
        "</body>", '<script defer src="/lecturer/slide.js"></script>\n</body>'
    )


def test_the_answer_is_computed_in_a_process_of_its_own():
    found = vote.Answers(ASKED)
    assert found.known(NAME) is None
    assert found.start(NAME).result() == found.known(NAME) == RIGHT
    assert ASKED[NAME].letter == "ABC"[RIGHT]
    found.close()


# ---------------------------------------------------------------- the command


def test_what_cannot_be_is_said(tmp_path, room, monkeypatch):
    taken = room.server_address[1]
    kept = ballot.Ballot(ASKED, tmp_path / "other", "2026-11-30")
    monkeypatch.setattr(vote.Room, "allow_reuse_address", False)
    with pytest.raises(ToolError, match=f"--port {taken} cannot be had"):
        vote.open_room(kept, taken)
    with pytest.raises(ToolError, match="--port 99999999 cannot"):
        vote.open_room(kept, 99_999_999)
    kept.close_files()
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="cannot keep votes"):
        ballot.Ballot(ASKED, tmp_path / "file", "2026-11-30")


def test_the_terminal_says_where_everybody_goes(room):
    text = vote.greeting(room)
    assert f"http://192.0.2.7:{room.server_address[1]}/ " in text and room.lecturer in text
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", vote.local_address())
    page = (vote.PAGES.parent / "room.md").read_text(encoding="utf-8")
    assert f"`--per-address` times ({vote.PER_ADDRESS}, " in page


def test_levels_begin_with_no_idea_and_rise():
    for options in (2, 3, 4):
        found = ballot.levels(options)
        assert found[0] == pytest.approx(1 / options, abs=1e-4) and found == sorted(set(found))


@pytest.mark.skipif(MISSING, reason="no Chromium here (apt install chromium)")
def test_two_rounds_in_a_browser_and_every_page_shows_the_same(room):
    """A phone taps twice a round, two others vote without a browser; who shows what is counted."""
    others = [Phone(room).join().cookie for _ in range(2)]  # a line of theirs would not wait
    here = f"http://127.0.0.1:{room.server_address[1]}"
    with _browser.open_browser() as browser:
        phone = browser.new_page(viewport={"width": 320, "height": 640})
        mine = browser.new_context()
        desk, slides = mine.new_page(), mine.new_page()
        desk.goto(f"{here}/lecturer?token={room.lecturer}")
        desk.locator("#which").select_option(NAME)
        phone.goto(f"{here}/")
        for turn, vote_of in ((1, 0), (2, RIGHT)):
            which = ("first", "second")[turn - 1]
            desk.get_by_role("button", name=f"Open the {which} vote").click()
            phone.get_by_role("button", name="about 44 times").click()
            phone.get_by_role("button", name="90%").click()
            phone.get_by_text("Your vote is in: B").wait_for()
            votes = [Phone(room, one).vote(vote_of, turn=turn) for one in others]
            assert votes == [200, 200]
            desk.get_by_text("Open: 3 votes so far.").wait_for()
            desk.get_by_role("button", name="Close").click()
            phone.get_by_text("The vote is closed").wait_for()
        assert phone.evaluate("document.documentElement.scrollWidth") == 320
        desk.get_by_text("hatched: before, full: after").wait_for()
        bars = [desk.locator(f".bar.{kind} span").all_inner_texts() for kind in ("before", "after")]
        assert bars == [["2 · 67%", "1 · 33%", "0 · 0%"], ["0 · 0%", "3 · 100%", "0 · 0%"]]
        desk.get_by_role("button", name="Show answer").click()
        phone.get_by_text("This is what the room said.").wait_for()
        assert phone.locator(".count").all_inner_texts() == ["2 → 0", "1 → 3 right", "0 → 0"]
        slides.goto(f"{here}/slides/deck.html")
        slides.get_by_text("before: 2 of 3").wait_for()
        assert slides.locator(".room-votes div").all_inner_texts() == [
            "A\nbefore: 2 of 3\nafter: 0 of 3",
            "B✓\nbefore: 1 of 3\nafter: 3 of 3",
            "C\nbefore: 0 of 3\nafter: 0 of 3",
        ]


def test_the_lecturer_s_page_leads_phones_to_theirs_and_itself_to_the_decks_there_are(room):
    boss, label = lecturer(room), '<optgroup label="03 · Binary cross-entropy"'
    text = boss.ask("/lecturer")[1].decode()
    assert f"{label}>" in text
    (code,) = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert code == segno.make(room.url, error="m").svg_inline(scale=1, omitsize=True, border=2)
    (room.slides / "03_binary_cross_entropy.html").write_text(DECK)
    text = boss.ask("/lecturer")[1].decode()
    assert f'{label} data-deck="03_binary_cross_entropy.html">' in text
    assert boss.ask("/slides/03_binary_cross_entropy.html")[0] == 200
