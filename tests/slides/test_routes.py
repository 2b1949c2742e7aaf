"""The routes: each session has about a slide a minute, and what it shows needs nothing left out."""

import re

import pytest

from cecourse.lessons import NOTEBOOKS
from tools import _command
from tools._markdown import inline, plain
from tools.slides import lectures as slides
from tools.slides import routes, speaker
from tools.slides.deck import named

TITLES = {n.number: f"{n.number} · {n.title}" for n in NOTEBOOKS}


@pytest.fixture(scope="module")
def decks():
    return {deck.number: deck for deck in slides.read_decks()}


@pytest.fixture(scope="module")
def lectures(decks):
    return {route: routes.sessions(route, decks) for route in routes.routes()}


def every(lectures):
    return [session for sessions in lectures.values() for session in sessions]


def test_the_routes_are_those_of_the_schedules(lectures):
    promised = list(routes.schedule())
    joined = [s.title for route, found in lectures.items() if route != "short" for s in found]
    assert joined == promised
    assert [session.number for session in lectures["short"]] == list(TITLES)


def test_a_session_has_about_a_slide_a_minute(lectures):
    for session in every(lectures):
        assert 0.5 * session.minutes < len(session.slides) <= 1.1 * session.minutes, session.name
        assert sum(slide.seconds for slide in session.slides[1:]) in (
            60 * session.minutes,
            60 * session.minutes - session.slides[0].seconds,
        )
        starts = [slide.start for slide in session.slides]
        assert starts == sorted(starts) and starts[0] == 0


def test_a_session_says_what_comes_when_and_what_comes_next(lectures):
    for route, found in lectures.items():
        for session, following in zip(found, [*found[1:], None], strict=True):
            last = [plain(piece.html) for piece in session.slides[-1].pieces]
            assert session.slides[-1].seconds + session.slides[-1].start == 60 * session.minutes
            if route == "short":
                (book,) = (one for one in NOTEBOOKS if one.number == session.number)
                assert session.minutes == min(20, book.minutes)
                continue
            assert (f"Next: {following.title}." in last) if following else "Next: " not in str(last)
            dividers = [slide for slide in session.slides if slide.kind == "divider"]
            plan = re.findall(r"<li><b>(.*?)</b> (.*?)</li>", session.slides[0].pieces[0].html)
            rows = routes.schedule()[session.title]
            assert plan == [
                (speaker.clock(slide.start), inline(row.words))
                for slide, row in zip([session.slides[0], *dividers[1:]], rows, strict=True)
            ]
            for slide, row in zip(dividers, rows, strict=True):
                assert slide.kicker.split() == list(row.notebooks)


def test_a_part_of_a_session_keeps_to_its_minutes(lectures):
    for session in every(lectures):
        parts, budget = [], 0
        for slide in session.slides:
            if slide.kind == "divider":
                text = plain(slide.pieces[-1].html)
                minutes, begins, ends = re.fullmatch(
                    r"(\d+) minutes: (\d:\d\d) to (\d:\d\d)", text
                ).groups()
                assert (begins, ends) == (
                    speaker.clock(slide.start),
                    speaker.clock(slide.start + 60 * int(minutes)),
                )
                parts.append([int(minutes), 0])
                budget += int(minutes)
            elif parts and slide.kind != "close":
                parts[-1][1] += 1
        assert budget in (0, session.minutes)
        assert all(count <= 1.1 * minutes + 1 for minutes, count in parts), (session.name, parts)


def test_a_prediction_goes_nowhere_without_its_answer(lectures, decks):
    for session in every(lectures):
        for place, slide in enumerate(session.slides):
            if not slide.prediction:
                continue
            deck = decks[slide.prediction[:2]]
            at = [s.prediction for s in deck.slides].index(slide.prediction)
            answer = next(
                s for s in deck.slides[at + 1 :] if not s.prediction and s.kind != "exercise"
            )
            following = next(s for s in session.slides[place + 1 :] if not s.prediction)
            assert following.pieces == answer.pieces, (session.name, slide.prediction)


def test_what_a_slide_of_a_session_refers_to_is_shown_there(lectures, decks):
    for session in every(lectures):
        shown = []
        for slide in session.slides:
            shown.append(slide)
            functions = decks[slide.running[:2]].functions if slide.running else {}
            code = " ".join(plain(p.html) for p in slide.pieces if p.kind == "code")
            text = " ".join(p.html for p in slide.pieces if p.kind != "code")
            called = {f for f in functions if re.search(rf"(?<!def )\b{f}\(", code)}
            seen = {f for f in functions if any(s.defines(f) for s in shown)}
            there = {f for f in functions if any(s.defines(f) for s in deck_of(decks, slide))}
            assert not (called - seen) & there, (session.name, slide.heading)
            for name in named(text) & functions.keys():
                assert any(s.defines(name) for s in shown[-2:]), (session.name, slide.heading, name)
            exercises = {s.kicker for s in session.slides if s.exercise}
            for number in re.findall(r"\b[Ee]xercise (\d+)\b", plain(text)):
                assert (
                    f"Exercise {number}" in exercises
                    or slide.heading in speaker.ENDING
                    or (slide.kind in ("title", "divider"))
                ), (session.name, slide.heading, number)


def deck_of(decks, slide):
    """The slides of the whole deck that a slide is from."""
    return decks[slide.running[:2]].slides if slide.running else []


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("A heading that is gone", "03_binary_cross_entropy has no slide of 'A heading that"),
        ("exercises.gone", "no slide of 'exercises.gone'"),
        ("not predictions.gone", "no slide of 'predictions.gone'"),
    ],
)
def test_a_part_that_is_gone_is_named(decks, part, complaint):
    with pytest.raises(_command.ToolError, match=complaint):
        routes.chosen(decks["03"], ["One forecast, one mark", part])


def test_parts_are_shown_in_the_deck_s_order(decks):
    chosen = routes.chosen(
        decks["04"],
        ["The clip, and what it hides", "not predictions.clipped_slope", "exercises.stable_loss"]
        + ["predictions.right_row"],
    )
    asked = [s.prediction or s.exercise or s.kind for s in chosen]
    assert asked[:4] == ["04/right_row", "content", "04/clipped_loss", "content"]
    assert asked[-1] == "04/stable_loss" and "04/clipped_slope" not in asked


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda entry: entry | {"session": "gone"}, "no such session"),
        (lambda entry: entry | {"rows": entry["rows"][1:]}, "has 6 rows, routes.toml 5"),
        (
            lambda entry: entry | {"rows": [{"07": []}, *entry["rows"][1:]]},
            r"names \('00',\), routes.toml \['07'\]",
        ),
    ],
)
def test_a_route_that_has_left_its_schedule_is_named(decks, monkeypatch, change, complaint):
    first, *others = routes.routes()["two-lectures"]
    changed = {"two-lectures": [change(first), *others]}
    monkeypatch.setattr(routes, "routes", lambda: changed)
    with pytest.raises(_command.ToolError, match=complaint):
        routes.sessions("two-lectures", decks)


def test_an_unknown_route_is_refused(decks):
    with pytest.raises(_command.ToolError, match="one of two-lectures, .*; got 'three'"):
        routes.sessions("three", decks)


@pytest.mark.parametrize("number", TITLES)
def test_the_cut_list_of_the_guide_is_the_short_route(number):
    guide = speaker.GUIDE.read_text(encoding="utf-8")
    section = guide.partition(f"## {TITLES[number]}\n")[2].partition("\n## ")[0]
    assert f"\n\n{routes.cut_list(number)}\n\n" in section, "tools.slides.routes writes it"


@pytest.mark.parametrize("number", TITLES)
def test_a_cut_list_names_its_parts_in_the_order_of_the_notebook(number, decks):
    deck, parts = decks[number], routes.routes()["short"][number]
    inner = range(1, len(deck.slides) - 1)
    places = [routes._places(deck, inner, one) for one in parts if not one.startswith("not ")]
    assert places == sorted(places)


# ------------------------------------------------------------ the speaker


@pytest.mark.parametrize("number", TITLES)
def test_the_speaker_has_the_guide(number, decks):
    told = speaker.with_guide(decks[number].slides, number)
    notes = [" ".join(slide.notes) for slide in told]
    assert "<table>" in notes[0] and "<strong>On the board" in notes[0]
    for part in speaker.guide(number):
        assert any(part.html in note for note in notes), part.name
    assert {part.name for part in speaker.guide(number)} >= {
        *("minutes", "They can", "Before the explorer", "Ask the room", "They believe"),
        "On the board",
    }
    assert not any("<!--" in note for note in notes)
    before = [part.html for part in speaker.guide(number) if part.name == "Before the explorer"]
    asks = [next(k for k, note in enumerate(notes) if part in note) for part in before]
    live = [place for place, slide in enumerate(told) if slide.live]
    for k, place in enumerate(asks):  # each at its own
        at = live[min(k, len(live) - 1)]
        assert place <= at and told[place].heading == told[at].heading


@pytest.mark.parametrize("number", TITLES)
def test_the_speaker_has_every_answer(number, decks):
    from cecourse.prediction import of_lesson
    from tools._cells import exercises_of

    name = decks[number].name
    exercises, predictions = exercises_of(name), of_lesson(name[3:])
    posed = 0
    for slide in speaker.with_guide(decks[number].slides, number):
        said = " ".join(slide.notes)
        if slide.prediction:
            asked = predictions[slide.prediction[3:]]
            assert f"<strong>{asked.letter}.</strong> " in said
            for (letter, _), option in zip(asked.lettered, asked.options, strict=True):
                start = f"<li><em>{letter}?</em>"
                start = f"<strong>{letter}.</strong>" if option == asked.right else start
                assert f"{start} {speaker.rich(option.reason)}" in said
        if slide.exercise:
            posed += 1
            exercise = getattr(exercises, slide.exercise[3:])
            assert speaker.rich(exercise.right) in said
            if exercise.kind == "choice":
                right = speaker.rich(exercise.choices[exercise.key])
                assert f"<strong>{exercise.key}:</strong> {right}" in said
            told = re.findall(r"<li>(.*?)</li>", said.partition("<strong>Not yet:")[2], re.DOTALL)
            for item, mistake in zip(told, exercise.mistakes, strict=True):
                words = speaker.rich(speaker.sentences(mistake.text)[0]).replace("**", "")
                assert item.endswith(words)
                if exercise.kind == "number" and (value := item.removesuffix(words)):
                    found = exercise.evaluate(float(re.sub(r"<[^>]+>", "", value)))
                    assert found.mistake == mistake.name
    assert posed > 0


def test_a_belief_stands_where_its_number_is_shown(decks):
    told = speaker.with_guide(decks["03"].slides, "03")
    (place,) = (s for s in told if any("an eps is harmless" in note for note in s.notes))
    assert place.heading == "The recipe in four steps" and "27.63" in place.text
    (place,) = (s for s in told if any("100% accuracy is a good model" in n for n in s.notes))
    assert place.heading == "Why not accuracy?"


def test_the_clock_runs_through_a_whole_notebook(decks):
    for number, deck in decks.items():
        told = speaker.with_guide(deck.slides, number)
        speaker.pace_deck(told, *map(int, deck.minutes))
        assert told[-1].start + told[-1].seconds == 60 * int(deck.minutes[1])
        assert [s.start for s in told] == sorted(s.start for s in told)
        read, more = int(deck.minutes[0]), int(deck.minutes[1])
        for asks, minutes in ((True, more - read), (False, read)):  # each its share
            times = [s.seconds for s in told if bool(s.exercise) == asks]
            assert abs(sum(times) - 60 * minutes) <= len(times) and max(times) - min(times) <= 1
    assert [speaker.clock(s) for s in (0, 59, 35 * 60, 61 * 60)] == ["0:00", "0:01", "0:35", "1:01"]
