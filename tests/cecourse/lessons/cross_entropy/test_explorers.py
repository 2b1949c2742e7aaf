"""The explorers of notebook 02: what a setting shows, against SciPy."""

import math
import re
from importlib.resources import files

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import rel_entr
from scipy.stats import norm

from cecourse.lessons.cross_entropy import explorers, tales
from cecourse.palette import EXTRA, GOOD, MODEL, TRUTH, ink, tint

EDGES = [0.0, 0.01, 0.5, 0.99, 1.0]


def weather(sun, share):
    return np.array([sun, (1 - sun) * share, (1 - sun) * (1 - share)])


@pytest.fixture(scope="module")
def only_code():
    return explorers.wrong_code()


@pytest.fixture
def code(only_code):
    only_code.set(**only_code._presets["Reset"])
    return only_code


@pytest.fixture
def bump():
    return explorers.one_bump()


def shown(caption, name):
    value = re.search(rf"{re.escape(name)}(?: is)? (∞|[\d.]+\d)", caption)[1]
    return math.inf if value == "∞" else float(value)


@pytest.mark.parametrize("q_sun", EDGES)
@pytest.mark.parametrize("p_sun", EDGES)
@pytest.mark.parametrize("shares", [(0.6, 2 / 3), (0.0, 1.0), (1.0, 0.5)])
def test_the_caption_says_what_scipy_says(code, q_sun, p_sun, shares):
    code.set(q_sun=q_sun, p_sun=p_sun, q_cloud=shares[0], p_cloud=shares[1])
    p, q = weather(p_sun, shares[1]), weather(q_sun, shares[0])
    h = -sum(x * math.log(x) for x in p if x > 0)
    there, back = rel_entr(p, q).sum(), rel_entr(q, p).sum()
    assert shown(code.caption, "H(P)") == pytest.approx(h, abs=6e-4)
    assert shown(code.caption, "+ KL") == pytest.approx(there, abs=6e-4)
    assert shown(code.caption, "H(P, Q)") == pytest.approx(h + there, abs=6e-4)
    assert shown(code.caption, "KL(Q‖P)") == pytest.approx(back, abs=6e-4)


def area(boxes):
    return sum(box.get_width() * box.get_height() for box in boxes if box.get_visible())


def test_the_areas_are_the_entropy_and_the_cross_entropy(code):
    code.set(q_sun=0.35, q_cloud=0.9, p_sun=0.6, p_cloud=0.25)
    p, q = weather(0.6, 0.25), weather(0.35, 0.9)
    paid, overpaid, saved = (area(code.artists[name]) for name in ("paid", "overpaid", "saved"))
    assert paid + overpaid == pytest.approx(-p @ np.log(q))
    assert paid + saved == pytest.approx(-p @ np.log(p))
    column = code.artists["entropy"].get_height() + code.artists["divergence"].get_height()
    assert column == pytest.approx(-p @ np.log(q))
    assert code.artists["mean"].get_ydata()[0] == pytest.approx(-p @ np.log(q))


def test_the_rectangles_lie_side_by_side(code):
    code.set(p_sun=0.25, p_cloud=0.2)
    boxes = code.artists["paid"]
    assert [box.get_x() for box in boxes] == pytest.approx([0, 0.25, 0.4])
    assert boxes[-1].get_x() + boxes[-1].get_width() == pytest.approx(1)


def test_an_infinite_bill_stays_in_the_picture(code):
    code.set(q_sun=0.6, q_cloud=1.0)
    column = code.artists["divergence"]
    assert column.get_y() + column.get_height() < explorers.TOP
    assert code.artists["total_text"].get_text() == "∞ ↑"


def test_the_key_stands_below_every_rectangle(code):
    ax = code.artists["model"][0].axes
    key = [text for text in ax.texts if "dashed" in text.get_text() or "frame" in text.get_text()]
    assert len(key) == 2
    assert all(text.get_position()[1] < -0.3 for text in key)


def test_the_names_never_overlap(code):
    for p_sun in EDGES:
        for share in EDGES:
            code.set(p_sun=p_sun, p_cloud=share)
            x = [name.get_position()[0] for name in code.artists["names"]]
            assert np.diff(x).min() > 0.15
            assert max(x) <= 1


def test_what_the_reader_is_asked_to_predict(code):
    columns = {}
    for q_sun in np.arange(30, 61) / 60:
        code.set(q_sun=q_sun)
        columns[q_sun] = shown(code.caption, "H(P, Q)")
    assert min(columns, key=columns.get) == pytest.approx(0.7, abs=0.02)
    assert columns[1.0] == math.inf

    code.set(**code._presets["Reset"])
    before = shown(code.caption, "H(P, Q)"), shown(code.caption, "+ KL")
    code.set(p_sun=1.0)
    after = shown(code.caption, "H(P, Q)"), shown(code.caption, "+ KL")
    assert before == (0.887, 0.085)
    assert after == (0.693, 0.693)


def press(explorer, label):
    (button,) = (one for one in explorer.children[1].children if one.description == label)
    button.click()
    assert "failed" not in explorer.caption


def test_the_presets_of_the_code_are_what_they_are_called(code):
    start = code.caption

    def pressed(label):
        press(code, label)
        v = code.values
        return weather(v["p_sun"], v["p_cloud"]), weather(v["q_sun"], v["q_cloud"])

    p, q = pressed("Q = P")
    assert p == pytest.approx(q) and shown(code.caption, "+ KL") == 0
    assert pressed("Q knows nothing")[1] == pytest.approx(np.full(3, 1 / 3))
    assert shown(code.caption, "H(P, Q)") == pytest.approx(math.log(3), abs=6e-4)
    assert pressed("Q rules rain out")[1][explorers.WEATHER.index("rain")] == 0
    assert "+ KL ∞ = H(P, Q) ∞ nats" in code.caption
    assert pressed("P is certain")[0].max() == 1
    assert "H(P) 0.000 + KL 0.693 = H(P, Q) 0.693 nats" in code.caption  # whatever was before
    press(code, "Reset")
    assert code.caption == start
    assert len(code._presets) == 5


def test_the_controls_move_what_they_name(code, bump):
    names = {name: control.description for name, control in code.controls.items()}
    assert names == {
        "q_sun": "Q(sun), the model",
        "q_cloud": "Q: cloud if no sun",
        "p_sun": "P(sun), the truth",
        "p_cloud": "P: cloud if no sun",
    }
    code.set(q_sun=0.5, q_cloud=0.2, p_sun=0.2, p_cloud=0.75)
    assert "P = (0.20, 0.60, 0.20), Q = (0.50, 0.10, 0.40): H(P)" in code.caption
    assert [control.description for control in bump.controls.values()] == ["Q's mean", "Q's width"]


def test_the_key_and_the_colours_of_the_code(code):
    ax = code.artists["model"][0].axes
    assert (told(ax)[0], told(ax)[2]) == (
        "The column levels the rectangles: mean height = cross-entropy",
        "nats",
    )
    code.set(q_sun=0.5, q_cloud=0.6)  # sun overpaid, cloud and rain saved
    sun, _, rain = code.artists["model"]
    assert (sun.get_color(), sun.is_dashed()) == (MODEL, True)
    assert list(sun.get_ydata()) == pytest.approx([-math.log(0.5)] * 2)
    assert list(rain.get_xdata()) == pytest.approx([0.9, 1])
    seen = [[box.get_visible() for box in code.artists[name]] for name in ("overpaid", "saved")]
    assert seen == [[True, False, False], [False, True, True]]
    for words, color, artist in (
        ("dashed line: −ln q, what is paid", MODEL, sun),
        ("pink dots: overpaid", EXTRA, code.artists["overpaid"][0]),
        ("green frame: saved, up to −ln p", GOOD, code.artists["saved"][1]),
    ):
        assert written(ax, words).get_color() == ink(color)
        drawn = artist.get_color() if artist is sun else artist.get_edgecolor()
        assert to_hex(drawn) == to_hex(color)
    names = {name.get_text(): name.get_position()[0] for name in code.artists["names"]}
    assert names == pytest.approx({"sun": 0.35, "cloud": 0.8, "rain": 0.96}, abs=0.02)
    own, price = code.artists["entropy"], code.artists["divergence"]
    assert [to_hex(box.get_edgecolor()) for box in (own, price)] == [to_hex(TRUTH), to_hex(EXTRA)]
    assert code.artists["entropy_text"].get_text() == f"H(P) {own.get_height():.3f}"
    assert code.artists["divergence_text"].get_text() == f"KL {price.get_height():.3f}"
    assert code.artists["total_text"].get_text() == "0.887"
    assert (own.get_y(), price.get_y()) == (0, own.get_height())


@pytest.mark.parametrize("q_sun", [0.05, 0.5, 0.69])
def test_the_words_of_the_column_stay_apart(code, q_sun):
    code.set(q_sun=q_sun)
    own, price, total = (code.artists[f"{n}_text"] for n in ("entropy", "divergence", "total"))
    heights = [words.get_position()[1] for words in (own, price, total)]
    assert price.get_visible() and heights[1] >= heights[0] + 0.3
    pink = code.artists["divergence"]
    if pink.get_height() > 0.3:  # the middle of what it names
        assert heights[1] == pytest.approx(pink.get_y() + pink.get_height() / 2)
    elif pink.get_height() > 0.05:
        assert heights[1] < heights[2] - 0.1


def test_no_divergence_has_no_words(code):
    code.set(q_sun=0.7, q_cloud=2 / 3)
    assert not code.artists["divergence_text"].get_visible()


def test_the_presets_of_the_bump_are_what_they_are_called(bump):
    start = bump.caption
    least = explorers.LEAST

    def pressed(label):
        press(bump, label)
        v = bump.values
        return v["mean"], *explorers.both_divergences(v["mean"], v["width"])

    assert pressed("Cover both")[1] == pytest.approx(least[0], abs=1e-3)
    mean, _, left = pressed("Seek the left")
    assert (mean, left) == (-2, pytest.approx(least[1], abs=1e-3))
    mean, _, right = pressed("Seek the right")
    nearby = [explorers.both_divergences(*at)[1] for at in ((1.8, 0.6), (2.2, 0.6), (2, 0.55))]
    assert mean == 2 and left < right < min(nearby)  # the smaller bump's own bottom
    press(bump, "Reset")
    assert bump.caption == start
    assert len(bump._presets) == 4


def test_the_names_and_the_colours_of_the_bumps(bump):
    press(bump, "Seek the left")
    top, bottom = bump.figure.axes
    truth, model = line(top, TRUTH), line(top, MODEL)
    assert (truth.is_dashed(), model.is_dashed()) == (False, True)
    x = truth.get_xdata()
    want = 0.6 * norm.pdf(x, -2, 0.6) + 0.4 * norm.pdf(x, 2, 0.6)
    np.testing.assert_allclose(truth.get_ydata(), want, atol=1e-12)
    (p,) = (text for text in top.texts if text.get_text() == "P")
    assert (nearest(top, p), p.get_color()) == (truth, TRUTH)
    q = bump.artists["model_text"]
    assert (nearest(top, q), q.get_text(), q.get_color()) == (model, "Q", ink(MODEL))
    assert told(bottom)[1] == "nats (mark: the best bump)"
    bars = bump.artists["bars"]
    assert [to_hex(bar.get_edgecolor()) for bar in bars] == [to_hex(EXTRA), to_hex(GOOD)]
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [*map(to_hex, map(tint, (EXTRA, GOOD)))]
    names = [label.get_text() for label in bottom.get_yticklabels()]
    shown_at = {n: t.get_text() for n, t in zip(names, bump.artists["texts"], strict=True)}
    assert shown_at == {"KL(P‖Q)": "8.217 →", "KL(Q‖P)": "0.510"}
    assert "mean −2.0 and width 0.60: forward KL(P‖Q) 8.217, reverse KL(Q‖P) 0.510 nats" in (
        bump.caption
    )


# -- a word as a file -----------------------------------------------------------------------------


@pytest.fixture
def coder():
    return explorers.word_file()


def price(word, code, extra):
    """The bits of a word in a tale's book, counted from the tale itself."""
    data = files("cecourse.lessons.cross_entropy")
    texts = [
        (data / f"red_riding_hood_{c}.txt").read_text("utf-8").lower() for c in ("en", "de", "fr")
    ]
    letters = {c for text in texts for c in text if c.isalpha()}
    own = [c for c in texts[("en", "de", "fr").index(code)] if c.isalpha()]
    whole = len(own) + extra * len(letters)
    shares = [(own.count(c) + extra) / whole for c in word]
    return math.inf if 0 in shares else -sum(map(math.log2, shares))


@pytest.mark.parametrize("word", ["tür", "jäger", "qqqqqqqq", "e"])
@pytest.mark.parametrize("extra", [0, 1, 10_000])
@pytest.mark.parametrize("code", ["en", "de", "fr"])
def test_the_caption_counts_the_bits_and_the_bytes(coder, word, extra, code):
    coder.set(word=word, extra=extra, book=code)
    for name, other in (("Berlin's", "de"), ("London's", "en"), ("Paris'", "fr")):
        bits = price(word, other, extra)
        told_bits = f"{bits:.2f} bits" if math.isfinite(bits) else "∞ bits"
        if other != code:
            assert f"{name} {told_bits}" in coder.caption
            continue
        start = f"{word} with {name} book, {extra:,} extra for each letter: {told_bits}, "
        assert coder.caption.startswith(start)
        said = coder.caption[len(start) :].split(".")[0]
        if math.isinf(bits):
            assert said == "no file, however long"
            assert coder.artists["file"].get_text() == ""
        else:
            size = int(said.split()[0])
            assert math.ceil(bits / 8) - 1 <= size <= math.ceil(bits / 8)
            assert f"the file: {said}" in coder.artists["file"].get_text()


def test_a_letter_without_a_share_ends_the_message(coder):
    press(coder, "A letter never seen")
    assert [t.get_text() for t in coder.artists["bits"]][:2] == ["∞", ""]
    assert coder.artists["empty"].get_text() == "no share for j"
    assert not any(box.get_visible() for box in coder.artists["shares"])
    coder.set(word="ej")
    assert [t.get_text() for t in coder.artists["bits"]][1:3] == ["∞", ""]
    assert [box.get_visible() for box in coder.artists["shares"]][:2] == [True, False]


def test_letter_by_letter(coder):
    coder.set(word="jäger")
    before = 0.0
    for sent in range(1, 6):
        coder.set(sent=sent)
        seen = [box for box in coder.artists["shares"] if box.get_visible()]
        assert len(seen) == sent
        after = -sum(math.log2(box.get_width()) for box in seen)
        assert after == pytest.approx(price("jäger"[:sent], "de", 1)) and after > before
        before = after
    coder.set(sent=0)
    assert "Nothing is sent yet" in coder.caption
    assert coder.artists["file"].get_text() == ""


def test_what_is_typed_is_made_to_fit(coder):
    coder.set(word="Tür 7")
    assert coder.caption.startswith("What is no letter of the three tales is left out. tür with")
    coder.set(word="Großmutter")
    assert coder.caption.startswith("Of what you typed 8 letters are sent. großmutt with")
    coder.set(word="!?")
    assert "Nothing is sent yet" in coder.caption and "failed" not in coder.caption


def test_a_longest_word_is_a_small_step_and_its_rows_stay_apart(coder):
    coder.set(word="rotkäppc", book="en")
    assert len(coder._foreground.value.encode()) <= 60_000
    tops = [box.get_y() for box in coder.artists["shares"]]
    high = coder.artists["shares"][0].get_height()
    assert (-np.diff(tops) > 1.5 * high).all()
    assert coder.artists["file"].get_position()[1] < tops[-1]
    assert coder.artists["file"].get_text().split("\n")[0].endswith(" …")


def test_the_names_stand_over_their_shares(coder):
    alphabet = tales.alphabet()
    q = tales.book_of("de", 1)
    left = np.cumsum(q) - q
    named = {t.get_text(): t.get_position()[0] for t in coder.artists["names"] if t.get_text()}
    assert set(named) == {a for a, share in zip(alphabet, q, strict=True) if share >= 0.042}
    for letter, x in named.items():
        k = alphabet.index(letter)
        assert left[k] < x < left[k] + q[k]
    cuts = coder.artists["cuts"].get_xdata()
    assert set(np.round(left, 9)) <= set(np.round(cuts[np.isfinite(cuts)], 9))


def test_the_presets_and_controls_of_the_coder(coder):
    start = coder.caption
    for label, said in (
        ("London's book", "tür with London's book, 1 extra for each letter: 18.71 bits, 3 bytes"),
        ("One letter sent", "t with Berlin's book, 1 extra for each letter: 3.93 bits, 1 byte."),
        ("A letter never seen", "jäger with London's book, 0 extra for each letter: ∞ bits"),
        ("It knows nothing", "tür with Berlin's book, 10,000 extra for each letter: 15.59 bits"),
    ):
        press(coder, label)
        assert coder.caption.startswith(said)
    assert 3 * math.log2(37) == pytest.approx(15.6, abs=0.05)
    press(coder, "Reset")
    assert coder.caption == start
    assert [control.description for control in coder.controls.values()] == [
        "Word to send",
        "Letters sent, at most",
        "Code book",
        "Extra count a letter",
    ]


def test_an_error_is_shown_in_the_caption():
    code = explorers.wrong_code()
    code.controls["q_sun"].max = 2
    code.controls["q_sun"].value = 1.5
    assert "failed with ValueError" in code.caption


@pytest.mark.parametrize(("mean", "width"), [(0, 1), (-4, 0.3), (4, 4), (-0.4, 2.05), (2, 0.6)])
def test_both_divergences_against_adaptive_integration(mean, width):
    def log_p(x):
        return np.logaddexp(
            math.log(0.6) + norm.logpdf(x, -2, 0.6), math.log(0.4) + norm.logpdf(x, 2, 0.6)
        )

    def forward(x):
        return math.exp(log_p(x)) * (log_p(x) - norm.logpdf(x, mean, width))

    def reverse(x):
        return norm.pdf(x, mean, width) * (norm.logpdf(x, mean, width) - log_p(x))

    there, back = explorers.both_divergences(mean, width)
    ends = {"points": [-4, -2, 0, 2, 4], "limit": 400}
    assert there == pytest.approx(quad(forward, -28, 28, **ends)[0], rel=1e-6)
    assert back == pytest.approx(quad(reverse, -28, 28, **ends)[0], rel=1e-6)


def test_the_marks_stand_at_the_best_bump(bump):
    marks = [line.get_xdata()[0] for line in bump.artists["marks"]]
    for direction, start in ((0, (0, 2)), (1, (-1.5, 0.8))):
        best = minimize(
            lambda v, k=direction: explorers.both_divergences(*v)[k], start, method="Nelder-Mead"
        )
        assert marks[direction] == pytest.approx(best.fun, abs=1e-4)
        assert f"{best.fun:.3f}" in bump.caption


@pytest.mark.parametrize(("mean", "width"), [(-4, 0.3), (0, 1), (2, 0.3), (4, 4)])
def test_the_model_and_its_name_stay_in_the_frame(bump, mean, width):
    bump.set(mean=mean, width=width)
    x, y = bump.artists["model_text"].get_position()
    top = bump.artists["model"].axes.get_ylim()[1]
    assert x == mean
    assert bump.artists["model"].get_ydata().max() <= y < 0.95 * top


def test_the_bars_and_the_curve_follow(bump):
    bump.set(mean=-1.0, width=0.8)
    there, back = explorers.both_divergences(-1.0, 0.8)
    assert [bar.get_width() for bar in bump.artists["bars"]] == pytest.approx(
        [min(there, 3), min(back, 3)]
    )
    model = bump.artists["model"]
    x, y = model.get_data()
    assert x[y.argmax()] == pytest.approx(-1.0, abs=0.02)
    assert y.max() == pytest.approx(norm.pdf(0) / 0.8, rel=1e-3)
    assert f"{there:.3f}" in bump.caption and f"{back:.3f}" in bump.caption
