"""Bet your confidence: the statements are true as said, and a whole round is played."""

import itertools
import json
import math
import re
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from cecourse import speak, store
from cecourse.lessons.binary_cross_entropy import bets, statements

STATEMENTS = statements.statements()


@pytest.fixture
def learner(monkeypatch, tmp_path):
    """A learner's own file, empty."""
    path = tmp_path / "my_course.json"
    monkeypatch.setenv(store.VARIABLE, str(path))
    return path


def lock_in(game, per_cent):
    game.controls["probability"].value = per_cent
    game.controls["lock"].value = True


def play(game, per_cents):
    """Lock in a bet for each statement, in the order in which the game asks."""
    for per_cent in per_cents:
        lock_in(game, per_cent)


def keep(per_cent, *, but=()):
    """Put a bet on each statement into the learner's file, but for some, without playing."""
    for number, statement in enumerate(STATEMENTS, 1):
        if number not in but:
            statements.keep_bet(statement.id, per_cent / 100)


def told(whose, own):
    """What the game says about each statement; it does not draw it, for that takes its time."""
    fig = Figure()
    artists = bets._draw(fig)
    for number in range(1, 21):
        caption = bets._update(artists, own, number, 50, whose)
        yield SimpleNamespace(
            statement=STATEMENTS[number - 1],
            caption=caption,
            title=fig.axes[0].get_title(loc="left"),
            verdict=artists["verdict"].get_text(),
            ring=artists["chosen"].get_xydata()[0],
            current=artists["current"].get_xydata(),
        )


FINISHED = bets.Round({s.id: 0.75 for s in STATEMENTS})


# -- the statements -------------------------------------------------------------------------------


def test_twenty_statements_half_of_them_true():
    assert len(STATEMENTS) == len({s.id for s in STATEMENTS}) == len({s.text for s in STATEMENTS})
    assert len(STATEMENTS) == 20
    assert statements.truths().sum() == 10
    assert {s.kind for s in STATEMENTS} == {"arithmetic", "fact"}
    assert all((s.check is None) == (s.kind == "fact") for s in STATEMENTS)


@pytest.mark.parametrize("statement", [s for s in STATEMENTS if s.check], ids=lambda s: s.id)
def test_arithmetic_decides_as_the_file_says(statement):
    names = {"math": math, "Fraction": Fraction, "all": all, "range": range}
    assert eval(statement.check, names) is statement.truth


# Whether each fact is one, from the numbers that it hangs on.
FACTS = {
    "great_wall": math.radians(1 / 60) < 6 / 384e6,  # its width at that distance, and an eye
    "rome": 41.9 > 40.7,  # degrees north
    "everest": 6382.3 > 6384.4,  # km from the centre; the second is Chimborazo
    "octopus": 2 + 1 == 3,  # gills, and the rest
    "sound": 340 > 1500,  # m/s
    "cleopatra": 1969 + 30 < 2560 - 30,  # years from 30 BC to the Moon, and from the Pyramid
    "strawberry": False,
    "venus": 243 > 225,  # days
}
# The words on which each statement hangs, and those on which its reason does.
WORDS = {
    "power_of_two": ("Ten twos multiplied together | make more than 1,000", "1,024"),
    "up_and_down": ("rises by 20% and then falls by 20% | is back", "taken from the higher"),
    "great_wall": ("could make out the Great Wall", "384,000 km | far below what an eye"),
    "birthday": ("23 people | more likely than not that two share", "253 pairs"),
    "rome": (
        "Rome lies farther north than New York",
        "Rome lies at 41.9° | New York City at 40.7°",
    ),
    "ninety_one": ("91 is a prime", "7 times 13"),
    "billion_seconds": ("1,000,000,000 seconds are more than thirty years", "years"),
    "everest": ("Everest is the point | farthest from its centre", "Chimborazo | 2 km farther out"),
    "rare_illness": (
        "1 in 1,000 | finds every ill person | 5% of the healthy | more likely ill than not",
        "One true alarm meets about fifty false ones",
    ),
    "octopus": ("has three hearts", "Two serve the gills and one the rest"),
    "sound": ("faster through air than through water", "340 m/s in air and 1,500 m/s in water"),
    "six_weeks": ("Six weeks have exactly 1·2·3·4·5·6·7·8·9·10 seconds", "Both"),
    "cleopatra": (
        "closer in time to the first Moon landing than to the building",
        "about 2,500 years old when she died in 30 BC | 2,000 years later",
    ),
    "five_heads": ("exactly five heads more often than not", "the likeliest | only 252 in 1,024"),
    "paper": ("0.1 mm | past the Moon (384,400 km) | 42 times", "power of 42 | km thick"),
    "rope": ("one metre longer | less than 1 cm above", "1 m divided by 2π is 16 cm"),
    "strawberry": ("a strawberry is a berry and a banana is not", "the other way round"),
    "venus": (
        "longer to turn once on its axis than to go once around",
        "243 days for a turn, 225 for its year",
    ),
    "mean_speed": ("at 60 km/h and back the same way at 40 km/h | is 50 km/h", "the lower speed"),
    "four_throws": ("Four throws | at least one six more often than not", "no six is (5/6)"),
}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.id)
def test_the_words_that_make_it_true_or_false(statement):
    for text, words in zip((statement.text, statement.reason), WORDS[statement.id], strict=True):
        assert all(part in text for part in words.split(" | "))
    if statement.kind == "fact":
        assert FACTS[statement.id] is statement.truth


REASONS = {
    "power_of_two": (2**10, "1,024"),
    "up_and_down": (1.2 * 0.8, "0.96"),
    "birthday": (1 - math.prod(1 - k / 365 for k in range(23)), "0.507"),
    "ninety_one": (7 * 13, "91"),
    "billion_seconds": (1e9 / (365.25 * 86400), "31.7"),
    "rare_illness": (0.001 / (0.001 + 0.05 * 0.999), "0.02"),
    "six_weeks": (math.factorial(10), "3,628,800"),
    "five_heads": (math.comb(10, 5) / 2**10, "0.246"),
    "paper": (2**42 * 0.1 / 1e6, "439,805"),
    "rope": (100 / (2 * math.pi), "16"),
    "mean_speed": (2 / (1 / 60 + 1 / 40), "48"),
    "four_throws": ((5 / 6) ** 4, "0.482"),
}


@pytest.mark.parametrize("statement", [s for s in STATEMENTS if s.check], ids=lambda s: s.id)
def test_the_number_in_an_arithmetic_reason(statement):
    value, text = REASONS[statement.id]
    assert re.search(rf"(?<![\d.,]){re.escape(text)}(?![\d])", statement.reason)
    decimals = len(text.partition(".")[2])
    assert round(value, decimals) == pytest.approx(float(text.replace(",", "")), abs=1e-9)


# -- scores ---------------------------------------------------------------------------------------


def test_the_example_player_is_overconfident_and_pays_for_it():
    y, p = bets.example_player()
    losses = [-math.log(b) if t else -math.log(1 - b) for t, b in zip(y, p, strict=True)]
    result = statements.score(y, p)
    assert result.mean == pytest.approx(sum(losses) / 20)
    assert f"{result.mean:.3f}" == "0.856"
    assert result.mean > result.always_half == math.log(2)
    assert (result.right, result.sided) == (13, 20)
    assert STATEMENTS[result.costliest].id == "rope"
    assert f"{result.highest:.3f}" == "3.507"
    assert result.share == pytest.approx(max(losses) / sum(losses))
    assert np.maximum(p, 1 - p).mean() == pytest.approx(0.873)


def test_score_of_a_shrug_and_of_a_perfect_forecaster():
    y = statements.truths()
    shrug = statements.score(y, np.full(20, 0.5))
    assert shrug.mean == pytest.approx(math.log(2))
    assert (shrug.right, shrug.sided) == (0, 0)
    assert statements.score(y, np.where(y == 1, 0.99, 0.01)).mean == pytest.approx(-math.log(0.99))


# -- the learner's file ---------------------------------------------------------------------------


def test_bets_are_read_only_when_all_twenty_are_in(learner):
    assert bets.read_bets() is None
    for i, statement in enumerate(STATEMENTS):
        assert bets.read_bets() is None
        statements.keep_bet(statement.id, 0.05 + i / 25)
    y, p = bets.read_bets()
    np.testing.assert_array_equal(y, [float(s.truth) for s in STATEMENTS])
    np.testing.assert_allclose(p, [0.05 + i / 25 for i in range(20)])
    bets.forget_bets()
    assert bets.read_bets() is None
    assert statements.kept_bets() == {}


@pytest.mark.parametrize("nonsense", [None, "0.5", 1.0, 0, -0.2, True, [0.5], float("nan")])
def test_nonsense_in_the_file_is_no_bet(learner, nonsense):
    for statement in STATEMENTS:
        statements.keep_bet(statement.id, 0.6)
    store.write("bets", STATEMENTS[3].id, nonsense)
    assert bets.read_bets() is None
    assert STATEMENTS[3].id not in statements.kept_bets()


def test_with_the_store_off_nothing_is_written(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(store.VARIABLE, "off")
    monkeypatch.setattr(store, "_stores", {})
    keep(60, but=[20])
    play(bets.game(), [60])
    assert list(tmp_path.iterdir()) == []
    assert bets.read_bets() is not None  # in memory, until the kernel stops


# -- the game -------------------------------------------------------------------------------------


def test_one_whole_round(learner):
    game = bets.game()
    per_cents = [(7 * i) % 99 + 1 for i in range(20)]
    secrets = ("mean log loss", "Costliest", *(s.reason for s in STATEMENTS))
    for i, per_cent in enumerate(per_cents):
        assert game.controls["statement"].value == i + 1
        assert STATEMENTS[i].text in game.caption
        assert f"Statement {i + 1} of 20, {i} locked in" in game.caption
        assert not any(secret in game.caption for secret in secrets)
        assert game.artists["result"].get_text() == game.artists["verdict"].get_text() == ""
        assert ("all bets are final" in game.caption) == (i == 19)
        lock_in(game, per_cent)
        assert game.controls["lock"].value is False
    y, p = statements.truths(), np.array(per_cents) / 100
    losses = -np.log(np.where(y == 1, p, 1 - p))
    assert f"Your mean log loss over 20 bets: {losses.mean():.3f} nats" in game.caption
    worst = STATEMENTS[int(losses.argmax())]
    assert f"The costliest: “{worst.text}” It is {str(worst.truth).lower()}" in game.caption
    drawn = [game.artists[name].get_xydata() for name in ("if_true", "if_false")]
    np.testing.assert_allclose(drawn[0], np.c_[p, losses][y == 1])
    np.testing.assert_allclose(drawn[1], np.c_[p, losses][y == 0])
    assert f"mean {losses.mean():.3f} nats" in game.artists["result"].get_text()
    kept = json.loads(learner.read_text())["bets"]
    assert kept == {s.id: pytest.approx(b) for s, b in zip(STATEMENTS, p, strict=True)}


def test_while_betting_both_prices_are_shown(learner):
    game = bets.game()
    for per_cent in (1, 30, 50, 80, 99):
        game.controls["probability"].value = per_cent
        p = per_cent / 100
        assert f"{-math.log(p):.3f} nats if it is true" in game.caption
        assert f"{-math.log(1 - p):.3f} if it is false" in game.caption
        np.testing.assert_allclose(game.artists["if_true"].get_xydata(), [[p, -math.log(p)]])
        np.testing.assert_allclose(game.artists["if_false"].get_xydata(), [[p, -math.log(1 - p)]])
        assert game.artists["price_true"].get_text() == f"{-math.log(p):.3f} if true"
        assert game.artists["price_false"].get_text() == f"{-math.log(1 - p):.3f} if false"


def test_tab_leads_from_the_probability_to_the_button(learner):
    """A slider's own field is a stop of the Tab key: the number stands in its name instead."""
    game = bets.game()
    names, slider = list(game.controls), game.controls["probability"]
    assert names[names.index("probability") + 1] == "lock" and not slider.readout
    for per_cent in (50, 73):
        slider.value = per_cent
        assert slider.description == f"True with probability {per_cent}%"
    lock_in(game, 80)
    assert slider.description == "True with probability 50%"
    game.controls["statement"].value = 1
    assert slider.description == "True with probability 80%"


def test_going_back_and_changing_an_answer(learner):
    game = bets.game()
    play(game, [80, 30, 60])
    game.controls["statement"].value = 2
    assert game.controls["probability"].value == 30
    assert "Locked in at 30%; lock in again to change it." in game.caption
    lock_in(game, 10)
    assert statements.kept_bets()[STATEMENTS[1].id] == 0.1
    assert game.controls["statement"].value == 4  # on to the first without a bet
    assert game.controls["probability"].value == 50


def test_a_statement_may_be_left_for_later(learner):
    keep(70, but=[1, 3, 20])
    game = bets.game()
    game.controls["statement"].value = 20
    for then in (1, 3):
        lock_in(game, 70)
        assert bets.read_bets() is None
        assert game.controls["statement"].value == then
    lock_in(game, 70)
    assert bets.read_bets() is not None


def test_when_the_results_are_out_bets_are_final(learner):
    keep(75, but=[20])
    game = bets.game()
    lock_in(game, 75)
    assert game.controls["lock"].disabled and game.controls["probability"].disabled
    lock_in(game, 99)
    assert set(statements.kept_bets().values()) == {0.75}
    game.controls["statement"].value = 7
    assert STATEMENTS[6].reason in game.caption


def test_when_the_results_are_out_statements_are_explained():
    for seen in told(bets.YOU, FINISHED):
        statement = seen.statement
        assert statement.reason in seen.caption
        text = " ".join(seen.verdict.split())
        assert text.startswith(f"{statement.truth}. {statement.reason}")
        assert seen.ring[1] == pytest.approx(-math.log(0.75 if statement.truth else 0.25))


def test_a_round_goes_on_where_it_was_left(learner):
    play(bets.game(), [60] * 2)
    again = bets.game()
    assert again.controls["statement"].value == 3
    assert "2 locked in" in again.caption
    keep(60, but=[3])
    last = bets.game()
    assert last.controls["statement"].value == 3
    lock_in(last, 60)
    assert "Your mean log loss" in bets.game().caption


def test_the_caption_says_how_many_bets_took_no_side(learner):
    keep(50, but=[1, 2])
    game = bets.game()
    play(game, [80, 30])
    assert "on the right side of 50% 2 times of 2" in game.caption
    assert "Bets of exactly 50%, which take no side: 18." in game.caption


def test_the_example_player_gives_nothing_away_before_you_have_played(learner):
    keep(60, but=[20])
    game = bets.game()
    buttons = {button.description: button for button in game.children[1].children}
    buttons["Example player"].click()
    assert "0.856 nats" in game.caption
    assert "97% on a statement that is false, 3.507 nats" in game.caption
    game.controls["statement"].value = 16
    assert "97% on a statement that is false, 3.507 nats" in game.caption
    for seen in told(bets.EXAMPLE, bets.Round({})):
        said = " ".join((seen.caption + seen.title + seen.verdict).split())
        assert not any(s.text in said or s.reason in said for s in STATEMENTS)
        assert not seen.current.size
        assert seen.ring == pytest.approx((0.97, -math.log(0.03)))  # the costliest
    buttons["Your bets"].click()
    assert "19 locked in" in game.caption and not game.controls["lock"].disabled
    game.controls["statement"].value = 20
    lock_in(game, 60)
    buttons["Example player"].click()
    assert "The example player's mean log loss" in game.caption
    assert "less than 1 cm" in game.caption  # now the costliest may be named


def test_locking_in_on_the_example_changes_nobodys_bets(learner):
    game = bets.game()
    game.set(whose="Example player")
    lock_in(game, 99)
    assert statements.kept_bets() == {}


def test_reset_takes_no_bet_back(learner):
    game = bets.game()
    play(game, [60] * 2)
    next(b for b in game.children[1].children if b.description == "Reset").click()
    assert game.controls["statement"].value == 1
    assert "2 locked in" in game.caption
    assert game.controls["probability"].value == 60  # what was bet on it: so it stays that


def test_a_look_at_the_example_leaves_the_table_as_it_was(learner):
    game = bets.game()
    play(game, [80, 30])
    buttons = {button.description: button for button in game.children[1].children}
    buttons["Example player"].click()
    assert game.controls["whose"].value == bets.EXAMPLE
    buttons["Your bets"].click()
    assert (game.controls["whose"].value, game.controls["statement"].value) == (bets.YOU, 3)
    assert game.controls["probability"].value == 50 and "2 locked in" in game.caption


def test_the_longest_statement_and_reason_fit_above_the_curves():
    for seen in told(bets.YOU, FINISHED):
        assert seen.statement.text == " ".join(seen.title.split()).partition(" ")[2]
        assert seen.title.count("\n") <= 2
        assert seen.verdict.count("\n") <= 1


@pytest.mark.parametrize(("language", "begins"), [("en", "if it is"), ("de", "wenn sie")])
def test_no_price_is_written_over_another_word(language, begins, learner):
    speak(language)
    game = bets.game()
    curves = game.figure.axes[1]
    names = [t for t in curves.texts if t.get_text().startswith(begins)]
    assert len(names) == 2
    prices = [game.artists["price_true"], game.artists["price_false"]]
    for per_cent in range(1, 100):
        bets._update(game.artists, bets.Round({}), 1, per_cent, bets.YOU)
        boxes = [text.get_window_extent() for text in (*prices, *names)]
        for box, other in itertools.combinations(boxes, 2):
            assert not box.overlaps(other), per_cent
        for box in boxes[:2]:
            assert curves.bbox.x0 <= box.x0 and box.x1 <= curves.bbox.x1, per_cent


def test_the_statement_on_the_screen_is_the_one_asked_about(learner):
    """It belongs to the scenery, which is sent again only when the engine sees a change."""
    game = bets.game()
    scenery = game.children[2].children[0]
    pictures = [scenery.value]
    for _ in range(3):
        lock_in(game, 60)
        pictures.append(scenery.value)
    assert len(set(pictures)) == 4
    game.controls["probability"].value = 31
    assert scenery.value == pictures[-1]
