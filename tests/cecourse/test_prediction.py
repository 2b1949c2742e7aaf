"""The engine of the predictions: the price is a proper score, and nothing is told or lost."""

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from scipy.special import expit, logit
from sklearn.metrics import log_loss

from cecourse import account, picture, store
from cecourse.lessons.binary_cross_entropy import bets
from cecourse.palette import MODEL, TRUTH, ink
from cecourse.prediction import AGAIN, LEVELS, Form, Option, Prediction, commitment_of
from cehelpers import fit_temperature, wilson_interval


def value():
    return 2.5


OPTIONS = [
    Option("one", lambda x: x < 2, "Because it is small."),
    Option("two or three", lambda x: 2 <= x < 4, "It lies between."),
    Option("four", lambda x: x >= 4, "Because it is large."),
]


def asked(function=value, options=OPTIONS, measured=False):
    return Prediction(function, "How  many\nare there?", options, measured)


RECORD = {"time": "2026-01-01T00:00:00+00:00", "chosen": "two or three", "sure": 0.6, "hit": True}
HUGE, FREE = RECORD | {"of": 10**400, "price": 0.5}, RECORD | {"of": 3, "price": math.inf}


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "my_course.json"))
    return tmp_path / "my_course.json"


def test_the_right_option_is_computed():
    assert (asked().right.text, asked().letter) == ("two or three", "B")
    assert asked(lambda: 7).letter == "C"


def test_no_option_or_two_that_hold_are_an_error_that_shows_the_value():
    twice = [*OPTIONS[:2], Option("few", lambda x: x < 3, "")]
    with pytest.raises(ValueError, match=r"must hold for 2.5; got \['two or three', 'few'\]"):
        _ = asked(options=twice).right
    with pytest.raises(ValueError, match=r"must hold for nan; got \[\]"):
        _ = asked(lambda: math.nan).right


def test_the_example_of_the_page():
    told = asked().commit(OPTIONS[1], 0.6)
    assert told.startswith("This is so. You gave it 0.6, which costs 0.51 nats. Knowing nothing")
    told = asked().told(asked().committed._replace(hit=False, price=math.log(5)))
    assert told.startswith("This is not so. You left 0.2 for the right option, which costs ")


@given(st.integers(2, 4), st.floats(0.01, 0.99))
def test_nobody_can_expect_a_lower_price_by_saying_something_else(count, belief):
    """Whoever believes in an option with `belief`, and evenly in the others, should say so."""
    options = [Option(str(i), i, "") for i in range(count)]

    def expected(said):
        prices = [asked(lambda i=i: i, options).price(options[0], said) for i in range(count)]
        return np.dot(prices, [belief] + (count - 1) * [(1 - belief) / (count - 1)])

    honest = expected(belief)
    assert all(honest <= expected(said) + 1e-12 for said in np.linspace(0.01, 0.99, 50))
    assert expected(1 / count) == pytest.approx(math.log(count))


def test_a_second_try_is_kept_and_not_scored(file):
    one = asked()
    one.commit(OPTIONS[0], 0.9)
    first = one.committed
    told = one.commit(OPTIONS[1], 0.99)
    assert "This is so. The first commitment counts" in told
    assert "nats" not in told
    assert one.committed == first and first.price == pytest.approx(-math.log(0.05), abs=1e-6)
    for _ in range(2 * AGAIN):
        one.commit(OPTIONS[2], 0.5)
    kept = json.loads(file.read_text())["predictions"][one.id]
    assert len(kept["again"]) == AGAIN
    assert kept["again"][-1]["chosen"] == "four"


@pytest.mark.parametrize(
    "damage",
    [None, 3, "x", [], {}, {"sure": 0.6}, {"again": 3}, HUGE, FREE],
)
def test_a_record_that_somebody_has_edited_is_no_commitment_and_stops_nothing(file, damage):
    one = asked()
    store.write("predictions", one.id, damage)
    assert one.committed is None
    assert not len(account.answers().sure)
    Form(one)
    one.commit(OPTIONS[1], 0.8)
    assert one.committed.hit


def test_a_commitment_outlives_a_full_disk_and_a_damaged_file(file, monkeypatch):
    file.write_text('{"predictions": {"03/other": ', encoding="utf-8")  # half a file
    one = asked()
    one.commit(OPTIONS[1], 0.7)
    assert one.committed.hit
    assert [kept.name for kept in file.parent.glob("*damaged*")] == ["my_course.damaged-1.json"]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "replace", full)
    other = asked(lambda: 7)
    other.id = "03/on_a_full_disk"
    told = other.commit(OPTIONS[2], 0.9)
    assert told.startswith("This is so. You gave it 0.9") and other.committed.hit
    assert len(account.answers().sure) == 2


def test_a_record_of_another_edition_is_read():
    record = {"time": "2026-01-01T00:00:00+00:00", "chosen": "gone", "sure": 0.7, "of": 4}
    store.write("predictions", asked().id, record | {"hit": False, "price": 2.3026, "new": 1})
    form = Form(asked())
    assert form.options.value is None
    assert "You left 0.1 for the right option, which costs 2.30 nats" in form.told
    assert commitment_of(record) is None


def test_what_fails_is_said_and_not_swallowed():
    form = Form(asked(lambda: 1 / 0))
    form.options.value, form.sure.value = OPTIONS[0], 0.9
    form.button.click()
    assert form.told == "This failed with ZeroDivisionError: division by zero"


def test_the_form_asks_for_both_and_says_what_is_missing():
    form = Form(asked())
    assert form.options.value is None and form.sure.value is None  # no anchor
    form.button.click()
    assert form.told.startswith("Choose an option first")
    form.options.value = OPTIONS[1]
    form.button.click()
    assert form.told.startswith("Choose how sure you are first")
    assert asked().committed is None
    form.sure.value = 0.9
    form.button.click()
    assert asked().committed.hit
    again = Form(asked())
    assert (again.options.value, again.sure.value) == (OPTIONS[1], 0.9)
    assert "This is so. You gave it 0.9" in again.told and OPTIONS[1].reason in again.told


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_levels_begin_at_knowing_nothing_and_never_reach_certainty(count):
    options = [Option(str(i), i, "") for i in range(count)]
    levels = [level for _, level in Form(asked(lambda: 0, options)).sure.options[1:]]
    assert levels[0] == 1 / count and levels[-1] == max(LEVELS) == 0.99
    assert levels == sorted(levels) and min(np.diff(levels)) > 0.03


def test_without_a_kernel_question_and_options_are_read_and_never_the_answer():
    data = asked()._repr_mimebundle_()
    plain = data["text/plain"]
    assert plain.startswith("Predict first. How many are there?")
    for text in (plain, data["text/html"]):
        assert all(option.text in text for option in OPTIONS)
        assert not any(option.reason in text for option in OPTIONS)
    assert asked(lambda: 7)._repr_mimebundle_()["text/plain"] == plain


def test_what_is_measured_is_written_where_it_is_allowed_and_only_if_it_is_new(
    tmp_path, monkeypatch
):
    one = asked(measured=True)
    kept = tmp_path / "measured.json"
    monkeypatch.setattr(Prediction, "_file", kept)
    with pytest.raises(LookupError, match="not measured yet; `make notebooks` does it"):
        one.meets(2.5)
    monkeypatch.setenv("CEHELPERS_MEASURE", "yes")
    assert asked(measured=True).meets(np.float64(2.5123))
    assert json.loads(kept.read_text()) == {"value": 2.5}
    assert asked(measured=True).meets(3.9)
    assert json.loads(kept.read_text()) == {"value": 2.5}  # the same option: not one byte differs
    assert asked(measured=True).meets(5.0)
    assert json.loads(kept.read_text()) == {"value": 5.0}
    assert asked(measured=True).meets(3.96)  # rounded it would lie beyond the edge
    assert json.loads(kept.read_text()) == {"value": 3.96}
    monkeypatch.delenv("CEHELPERS_MEASURE")
    assert not asked(measured=True).meets(1.0)


# ---------------------------------------------------------------- the account


def of(rows):
    return account.Answers(*np.array(rows, dtype=float).T)


def test_the_prices_are_those_of_the_predictions():
    one = asked()
    for chosen, sure in ((OPTIONS[1], 0.6), (OPTIONS[0], 0.6)):
        row = of([(sure, chosen == one.right, 3)])
        assert row.prices[0] == pytest.approx(one.price(chosen, sure))


def test_the_account_reads_what_was_committed():
    asked().commit(OPTIONS[0], 0.7)
    found = account.answers()
    assert found.sure.tolist() == [0.7] and found.right.tolist() == [0]
    assert found.nothing == pytest.approx(math.log(3))


def test_wealth_is_that_of_a_bettor():
    rng = np.random.default_rng(0)
    rows = [(s, rng.random() < s, k) for k in (2, 3, 4) for s in rng.uniform(0.3, 0.95, 9)]
    wealth = 1.0
    for sure, right, count in rows:
        stakes = wealth * np.array([sure] + (count - 1) * [(1 - sure) / (count - 1)])
        wealth = count * stakes[0 if right else 1]
    assert of(rows).wealth == pytest.approx(wealth)
    even = of([(0.7, 1, 2), (0.6, 0, 2)])
    assert even.wealth == pytest.approx(2**2 * math.exp(-2 * even.prices.mean()))


def test_a_temperature_divides_the_logits_of_all_options():
    from cehelpers import softmax

    for sure, count in ((0.6, 2), (0.6, 3), (0.3, 4)):
        row = of([(sure, 1, count)])
        logits = np.log([sure] + (count - 1) * [(1 - sure) / (count - 1)])
        for t in (0.5, 1, 3):
            assert row.tempered(t).sure[0] == pytest.approx(softmax(logits, temperature=t)[0])
        assert row.tempered(np.inf).sure[0] == pytest.approx(1 / count)


def players(seed, n, heat):
    """Answers of somebody whose logits are `heat` times too large."""
    rng = np.random.default_rng(seed)
    options = rng.choice([2.0, 3.0, 4.0], n)
    honest = account.Answers(rng.uniform(1 / options, 0.95), np.zeros(n), options)
    return honest.tempered(1 / heat)._replace(right=(rng.random(n) < honest.sure).astype(float))


def test_the_planted_temperature_is_found_and_its_interval_holds_it():
    inside = 0
    for seed in range(100):
        found = account.temperature(players(seed, 60, 2.0))
        inside += found.low <= 2.0 <= found.high
    assert 89 <= inside <= 99  # 95%
    assert account.temperature(players(0, 20_000, 2.0)).best == pytest.approx(2.0, rel=0.05)


def test_the_example_players_temperature_is_that_of_binary_logits():
    y, p = bets.example_player()
    found = account.temperature(account.of_bets(y, p))
    losses = {t: log_loss(y, expit(logit(p) / t)) for t in (1.0, found.best, found.low)}
    assert found.best == pytest.approx(fit_temperature(y.astype(int), logit(p)), rel=0.02)
    assert found.price == pytest.approx(losses[found.best])
    assert 20 * (losses[found.low] - losses[found.best]) == pytest.approx(1.92, abs=0.05)
    assert 20 * (math.log(2) - losses[found.best]) < 1.92 and math.isinf(found.high)
    assert account.of_bets(y, p).prices.mean() == pytest.approx(losses[1.0])


@pytest.mark.parametrize(
    ("y", "p", "best"),
    [
        ([1, 0, 1], [0.9, 0.2, 0.6], 0.05),  # all right: as cold as the grid goes
        ([0, 1, 0], [0.9, 0.2, 0.6], math.inf),  # all wrong: say one half
    ],
)
def test_rounds_without_a_finite_temperature(y, p, best):
    made = account.of_bets(y, p)
    found = account.temperature(made)
    assert found.best == pytest.approx(best)
    assert found.low <= found.best <= found.high
    assert found.price <= made.prices.mean()
    assert str(found).startswith(f"best T {'∞' if math.isinf(best) else 'nearly 0'}, not ruled out")
    assert f"{len(y)} answers" in account.reliability(made, found.best).description


def test_a_bet_that_takes_no_side_is_no_answer():
    made = account.of_bets([1, 1, 0, 1], [0.5, 0.5, 0.5, 0.2])
    assert (made.sure.tolist(), made.right.tolist()) == ([0.8], [0])
    assert not len(account.of_bets([1, 0], [0.5, 0.5]).sure)


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([1, 0], [1.0, 0.2], "p must lie in [1e-9, 1 - 1e-9]; got 1.0"),
        ([1, 0], [1e-300, 0.2], "p must lie in [1e-9, 1 - 1e-9]; got 1e-300"),
        ([1, 0], [math.nan, 0.2], "p must lie in [1e-9, 1 - 1e-9]; got nan"),
        ([1, 2], [0.3, 0.2], "y must be 0 or 1; got 2.0"),
        ([[1], [0]], [0.9, 0.2], "y and p must have one shape (n,); got (2, 1) and (2,)"),
        ([[1], [0]], [[0.9], [0.2]], "y and p must have one shape (n,); got (2, 1) and (2, 1)"),
        ([1, 0, 1], [0.3, 0.2], "y and p must have one shape (n,); got (3,) and (2,)"),
    ],
)
def test_bets_that_are_none_are_named(y, p, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        account.of_bets(y, p)


@pytest.mark.parametrize("sure", [0.0, 1.0, -0.1, math.nan])
def test_nobody_can_commit_to_certainty_or_to_another_questions_option(sure):
    with pytest.raises(ValueError, match=f"strictly between 0 and 1; got {sure}"):
        asked().commit(OPTIONS[0], sure)
    with pytest.raises(ValueError, match="chosen must be one of the options; got Option"):
        asked().commit(Option("five", 5, ""), 0.5)
    assert asked().committed is None


@pytest.mark.parametrize("of", [account.split, account.temperature])
def test_no_answers_have_neither_a_split_nor_a_temperature(of):
    with pytest.raises(ValueError, match="made must hold at least one answer"):
        of(account.of_bets([], []))


def test_the_split_of_thousands_of_answers():
    """Its luck is about half a nat for each level, shared among all: Wilks' theorem."""
    made = account.of_bets(np.arange(5000) % 10 < 8, np.full(5000, 0.8))
    parts = account.split(made)
    assert parts.dishonest == pytest.approx(0, abs=1e-12)
    assert parts.luck == pytest.approx(0.5 / 5000, rel=0.01)


def test_a_thousand_players_at_random_pay_what_the_split_says():
    for seed in range(1000):
        made = players(seed, 5 + seed % 40, 1.0)
        prices = made.prices
        assert np.all(prices > 0)
        assert made.wealth == pytest.approx(np.exp(len(prices) * (made.nothing - prices.mean())))
    made = of([(0.9, 1, 2)] * 8 + [(0.9, 0, 2)] * 2 + [(0.6, 0, 3)])
    parts = account.split(made)
    assert parts.unknown + parts.dishonest == pytest.approx(made.prices.mean())
    entropy = -(0.8 * math.log(0.8) + 0.2 * math.log(0.2))
    assert parts.unknown == pytest.approx((10 * entropy + math.log(2)) / 11)
    assert parts.levels == 2


def test_the_luck_is_what_honest_players_pay():
    levels = np.tile([0.4, 0.6, 0.8, 0.95], 15)
    paid = []
    for seed in range(100):
        right = np.random.default_rng(seed).random(60) < levels
        paid.append(account.split(account.Answers(levels, right * 1.0, np.full(60, 3.0))))
    assert np.mean([one.dishonest for one in paid]) == pytest.approx(paid[0].luck, rel=0.15)


def test_the_card_waits_for_enough_answers(monkeypatch, capsys):
    account.card()
    assert capsys.readouterr().out.startswith("Predictions committed so far: 0. From 20 on")
    shown = []
    monkeypatch.setattr(picture, "show", shown.append)
    monkeypatch.setattr(account, "answers", lambda: players(0, 25, 1.0))
    account.card()
    own = players(0, 25, 1.0)
    said = capsys.readouterr().out
    assert f"25 predictions cost {own.prices.mean():.3f} nats" in said
    assert f"has become {own.wealth:.3g} €" in said
    assert "of 25 answers" in shown[0].description


@pytest.mark.parametrize(
    ("heat", "side", "word"), [(4.0, "below", "sure"), (0.25, "above", "modest")]
)
def test_what_the_card_says_of_a_dot_is_what_the_picture_shows(
    heat, side, word, monkeypatch, capsys
):
    shown = []
    monkeypatch.setattr(picture, "show", shown.append)
    monkeypatch.setattr(account, "answers", lambda: players(1, 600, heat))
    account.card()
    said = capsys.readouterr().out
    assert re.search(rf"{side} (?:the diagonal was|it) too {word}", said)
    dots = [one for one in shown[0].figure.axes[0].lines if one.get_color() == TRUTH]
    off = [one.get_ydata()[0] - one.get_xdata()[0] for one in dots[-2:]]
    assert np.all(np.array(off) < 0) if side == "below" else np.all(np.array(off) > 0)


def test_the_diagram_draws_the_groups_and_where_the_temperature_moves_them():
    made = players(3, 90, 2.0)
    fig, words = account.reliability(made, 2.0)
    ax = fig.axes[0]
    order = np.argsort(made.sure, kind="stable")
    for k, group in enumerate(np.split(order, 3)):
        share, sure = made.right[group].mean(), made.sure[group].mean()
        assert f"{int(made.right[group].sum())} of 30 right at {sure:.2f}" in words
        dots = [line for line in ax.lines if len(line.get_xdata()) == 1]
        assert dots[2 * k].get_xdata()[0] == pytest.approx(sure)
        assert dots[2 * k].get_ydata()[0] == dots[2 * k + 1].get_ydata()[0] == pytest.approx(share)
        cooler = made.tempered(2.0).sure[group].mean()
        assert dots[2 * k + 1].get_xdata()[0] == pytest.approx(cooler)
        assert [dot.get_color() for dot in dots[2 * k : 2 * k + 2]] == [TRUTH, MODEL]
    assert ax.get_title(loc="left").startswith("90 answers.")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("how sure an answer was", "share that was right")
    labels = [label.get_text() for label in ax.get_yticklabels()]
    named = dict(zip(labels, ax.get_yticks(), strict=True))
    assert named["each wrong"] < named["0.0"] < named["1.0"] < named["each right"]
    (rim,) = (line for line in ax.lines if line.get_marker() == "|")
    np.testing.assert_array_equal(rim.get_ydata() > 0.5, made.right == 1)
    np.testing.assert_array_equal(rim.get_xdata(), made.sure)
    (legend,) = (text for text in ax.texts if "at T = 2.0" in text.get_text())
    assert legend.get_color() == ink(MODEL)
    for bar, group in zip(ax.collections[1::2], np.split(order, 3), strict=True):
        low, high = wilson_interval(made.right[group].sum(), 30)
        np.testing.assert_allclose(bar.get_segments()[0][:, 1], [low, high])
        assert to_hex(bar.get_color()[0]).upper() == TRUTH
