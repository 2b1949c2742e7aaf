"""A curve of one's own, notebook 11: read from text, and told what fits it."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from drawn import line

from cecourse.lessons.loss_clinic import own_curve
from cecourse.lessons.loss_clinic.curves import read_curve
from cecourse.lessons.loss_clinic.differential import BITS, DIVERGES, RULES, differential, told
from cecourse.lessons.loss_clinic.diseases import (
    ACCUMULATED,
    AXIS,
    DISEASES,
    HEALTHY,
    PADDED,
    TORCH,
)
from cecourse.palette import LOSS, MODEL

CAP = -math.log(1e-7)
LN10 = math.log(10)


def falling(start, end, steps=120, scatter=0.03):
    """A curve that falls from `start` and levels off at `end`."""
    rng = np.random.default_rng(1)
    curve = end + (start - end) * np.exp(-np.arange(steps) / (steps / 10))
    curve[1:] += scatter * abs(start - end) * rng.normal(size=steps - 1) * 0.3
    return curve


LAST = math.log(math.e + 9) - 1
CURVES = {  # of K = 10 and 64 rows: a curve that each rule must put first
    HEALTHY: falling(LN10, 0.4),
    "dead inputs": LN10 + 0.01 * np.sin(np.arange(80)),
    "softmax twice": np.maximum(falling(LN10, LAST + 0.02), LAST),
    "wrong labels": falling(LN10, 1.25),
    "log missing": falling(-0.1, -0.9),
    TORCH: 0.03 - 0.2 * np.arange(60),
    "arguments swapped": falling(0.9 * CAP, 1.0),
    "eps clipping": np.minimum(falling(13.1, 8.0), CAP),
    "log of zero": np.r_[falling(LN10, 0.5, 50), 20 * [np.nan]],
    "sum for mean": 64 * falling(LN10, 0.4),
    PADDED: 0.7 * falling(LN10, 0.4),
    AXIS: falling(math.log(64), math.log(6.4)),
    BITS: falling(LN10, 0.4) / math.log(2),
    DIVERGES: falling(LN10, 9.0),
    ACCUMULATED: np.where(np.arange(120) % 4 == 3, 1.8, 1) * falling(LN10, 0.9),
}


@pytest.mark.parametrize("name", CURVES)
def test_the_curve_of_a_book_is_put_first(name):
    fits = differential(CURVES[name], 10, 64)
    assert fits[0].name == name, fits
    assert fits == sorted(fits, key=lambda one: -one.fits)
    assert all(0 < one.fits <= 1 and one.why and one.parted for one in fits)


def test_new_rows_part_overconfidence_from_health():
    curve, new = falling(LN10, 0.05), [1.2, 0.9, 0.8, 1.0, 1.3]
    assert differential(curve, 10, 64, new=new)[0].name == "overconfidence"
    assert differential(curve, 10, 64, new=sorted(new)[::-1])[0].name == HEALTHY
    assert {one.name for one in differential(curve, 10, 64)[:2]} == {HEALTHY, "overconfidence"}


def test_accuracy_parts_wrong_labels_from_a_softmax_too_many():
    curve = np.maximum(falling(LN10, LAST + 0.1), LAST)
    assert differential(curve, 10, 64, accuracy=0.97)[0].name == "softmax twice"
    assert differential(curve, 10, 64, accuracy=0.55)[0].name == "wrong labels"


def test_two_at_once():
    names = [one.name for one in differential(64 * falling(LN10, 1.25), 10, 64)]
    assert names[:2] == ["sum for mean", "wrong labels"]
    why = differential(64 * falling(LN10, 1.25), 10, 64)[1].why
    assert why.startswith("divided by 64, it starts at 2.3")
    short = np.where(np.arange(120) % 17 == 16, 16, 64)  # each epoch's last batch
    names = [one.name for one in differential(short * CURVES["softmax twice"], 10, 64)]
    assert names[:2] == ["sum for mean", "softmax twice"]
    names = [one.name for one in differential(0.7 * np.full(50, LN10), 10, 64)]
    assert names[:2] == [PADDED, "dead inputs"]


def test_less_is_known_and_less_is_said():
    for name in (HEALTHY, "wrong labels", "log missing", TORCH, "log of zero"):
        names = [one.name for one in differential(CURVES[name])]
        assert name in names[:3]
    (sure, *_), (unsure, *_) = (differential(CURVES[HEALTHY], *known) for known in ((10, 64), ()))
    assert sure.fits > unsure.fits and "which is ln K for K = 10" in unsure.why
    assert "sum for mean" in [one.name for one in differential(CURVES["sum for mean"], 10)]
    assert AXIS in [one.name for one in differential(CURVES[AXIS], 10)]


def test_the_words():
    text = told(differential(CURVES["sum for mean"], 10, 64))
    assert text.startswith("1. sum for mean fits well: it starts at 147: 64 rows times ln K.")
    assert f"To part it: {DISEASES['sum for mean'].parted}." in text
    assert " is " not in text.split(":")[0]
    assert told([]).startswith("Nothing in the list fits this curve.")
    assert told(differential(3.7 + 0.3 * np.sin(np.arange(40)), 10, 64)).startswith(
        "Nothing in the list"
    )
    assert set(RULES) == {*DISEASES, BITS, DIVERGES}


@pytest.mark.parametrize(
    ("curve", "known", "said"),
    [
        ([1.0, 2.0], (), "three losses or more"),
        ([[1.0, 2.0, 3.0]], (), "three losses or more"),
        ([1.0, 2.0, 3.0], (1,), "classes must be a whole number from 2 to 1,000,000,000; got 1"),
        ([1.0, 2.0, 3.0], ("10",), "classes must be a whole number .*; got '10'"),
        ([1.0, 2.0, 3.0], (2.5,), "classes must be a whole number .*; got 2.5"),
        ([1.0, 2.0, 3.0], (3, 0), "batch must be a whole number from 1 to .*; got 0"),
        ([1.0, 2.0, 3.0], (3, 10**400), "batch must be a whole number .*; got 10+…"),
        ([1.0, "a", 3.0], (), r"curve must hold numbers, in a row; got \[1.0, 'a', 3.0"),
    ],
)
def test_what_is_no_curve(curve, known, said):
    with pytest.raises(ValueError, match=said):
        differential(curve, *known)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"new": ["2"]}, r"new must hold numbers, in a row; got \['2'\]"),
        ({"new": [[2.0, 1.0]]}, r"new must hold numbers, in a row; got \[\[2.0, 1.0\]\]"),
        ({"new": 2.0}, "new must hold numbers, in a row; got 2.0"),
        ({"accuracy": 95}, "accuracy must be a share from 0 to 1; got 95"),
        ({"accuracy": math.nan}, "accuracy must be a share from 0 to 1; got nan"),
        ({"accuracy": "high"}, "accuracy must be a share from 0 to 1; got 'high'"),
    ],
)
def test_what_is_not_known_of_a_run(known, said):
    with pytest.raises(ValueError, match=said):
        differential(CURVES[HEALTHY], 10, 64, **known)


def test_what_may_be_known_of_a_run():
    plain = differential(CURVES[HEALTHY], 10, 64)
    assert differential(CURVES[HEALTHY], 10.0, np.int64(64), new=[]) == plain
    for share in (0, 1, np.float32(0.5)):
        fits = differential(CURVES[HEALTHY], 10, 64, new=np.array([2, 1]), accuracy=share)
        assert fits[0].name == HEALTHY


def test_the_sum_of_one_row_is_its_mean():
    names = [one.name for one in differential(CURVES[HEALTHY], 10, 1)]
    assert names[0] == HEALTHY and "sum for mean" not in names
    assert differential(2 * CURVES[HEALTHY], 10, 2)[0].name == "sum for mean"


@pytest.mark.parametrize(
    "curve", [3 * [0.0], 5 * [math.nan], [1e300, 1e300, 1e300], 3 * [math.inf]]
)
def test_odd_curves_do_not_crash(curve):
    for known in ((), (10,), (10, 64), (2, 1)):
        assert told(differential(curve, *known))


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize(
    "text",
    [
        "2.5\n1.25\n0.5\n",
        "loss\n2.5\n1.25\n0.5",
        "step,loss\n0,2.5\n1,1.25\n2,0.5\n",
        "0;2,5\n1;1,25\n2;0,5",
        "Schritt;Verlust\r\n0;2,5\r\n1;1,25\r\n2;0,5\r\n",
        "step\tloss\n0\t2.5\n\n1\t1.25\n2\t0.5\n",
        "\ufeff# a run\n0, 2.5\n1, 1.25\n2, 5e-1",
        '"step","loss"\n"0","2.5"\n"1","1.25"\n"2","0.5"',
        "loss\n2,5\n1,25\n0,5\n".replace(",", "."),
    ],
)
def test_one_and_two_columns(text):
    losses, new = read_curve(text)
    np.testing.assert_array_equal(losses, [2.5, 1.25, 0.5])
    assert new is None


def test_a_third_column_is_the_loss_on_new_rows():
    losses, new = read_curve("step,loss,val_loss\n0,2.5,\n1,nan,2.0\n2,0.5,1.5")
    np.testing.assert_array_equal(losses, [2.5, math.nan, 0.5])
    np.testing.assert_array_equal(new, [2.0, 1.5])
    curve = falling(LN10, 0.05, 50)
    rows = zip(curve, np.linspace(1, 3, 50), strict=True)
    text = "\n".join(f"{n};{a:.4f};{b:.4f}" for n, (a, b) in enumerate(rows))
    assert differential(text, 10)[0].name == "overconfidence"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line with a loss"),
        ("loss\n", "no line with a loss"),
        ("0,2.5\n1,abc\n2,0.5", "Line 2 holds 'abc' where a loss should be"),
        ("step,loss\n\n0,2.5\n1\n2,0.5", "Line 4 has 1 column, and line 3 has 2"),
        ("0;2,5\n1;\n2;0,5", "Line 2 has no loss"),
        ("1,2,3,4\n1,2,3,4", "Line 1 has 4 columns"),
        ("2.5\n1.25\n1.2.3", "Line 3 holds '1.2.3'"),
        ("2.5\n-1e308\n1", r"Line 2 holds '-1e308': a loss is read up to ±1e\+100\."),
        ("0;1\n1;" + 400 * "9", "Line 2 holds '9+…: a loss is read up to"),
        ("1\n" + 140_000 * "x", "Line 2 has no columns that can be read: field larger than"),
        ("1\n" + 100_000 * "x", "Line 2 holds 'x{59}… where a loss should be"),
    ],
)
def test_a_bad_line_is_named(text, said):
    with pytest.raises(ValueError, match=said):
        read_curve(text)


@pytest.mark.parametrize(
    "text", ["2,30\n1,75\n1,20", "loss\n2,30\n2,10\n1,95", "0,95\n0,90\n0,85", "0,9\n1,1\n1,3"]
)
def test_a_decimal_comma_is_not_taken_for_two_columns(text):
    with pytest.raises(ValueError, match="Is its comma a decimal one"):
        read_curve(text)
    points = text.replace(",", ".").split("\n")
    np.testing.assert_array_equal(read_curve("\n".join(points))[0], list(map(float, points[-3:])))


def test_the_line_of_a_decimal_comma_is_named():
    said = "Line 4 would be step 1 and loss 95, but the step before was 2"
    with pytest.raises(ValueError, match=said):
        read_curve("loss\n1,05\n2,10\n1,95")


def test_a_comma_beside_a_point_parts_columns():
    """Whole losses with steps that count on; epochs that come twice; a run that began again."""
    for steps in ((0, 1, 2), (0, 0, 1), (5, 6, 0)):
        text = "\n".join(f"{n},{x}" for n, x in zip(steps, (2.5, 1.25, 0.5), strict=True))
        np.testing.assert_array_equal(read_curve(text)[0], [2.5, 1.25, 0.5])
    np.testing.assert_array_equal(read_curve("0,9\n10,5\n20,3")[0], [9, 5, 3])


# ---------------------------------------------------------------- the form


def form(text="", classes="10", batch="64"):
    own = own_curve.own_curve(text)
    own.classes.value, own.batch.value = classes, batch
    return own


def test_a_pasted_curve_is_told_and_drawn():
    own = form("\n".join(f"{n};{x:.4f}" for n, x in enumerate(CURVES["sum for mean"])))
    own.diagnose.click()
    assert own.said.startswith("1. sum for mean fits well: it starts at 147: 64 rows times ln K.")
    assert "Chart of a loss curve of 120 losses, from 147 to" in own._chart.value
    assert "sum for mean" in own._answer.value
    data, _ = own._repr_mimebundle_()
    assert own.said in data["text/plain"] and "sum for mean" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def file(content, name="run.csv"):
    when = datetime(2026, 1, 2, tzinfo=UTC)
    told = {"name": name, "type": "", "size": len(content), "last_modified": when}
    return (told | {"content": memoryview(content)},)


def test_a_file_is_read_into_the_field():
    own = form()
    text = "step;loss\n" + "\n".join(
        f"{n};{x:.3f}".replace(".", ",") for n, x in enumerate(falling(-0.1, -0.9))
    )
    own.upload.value = file(b"\xef\xbb\xbf" + text.encode())
    assert own.text.value == text and own.said.startswith("1. log missing fits")


def test_what_cannot_be_read_is_said_and_nothing_is_lost():
    own = form("2.3\n1.2\nabc", classes="ten")
    own.diagnose.click()
    assert own.said == "Not read. Line 3 holds 'abc' where a loss should be."
    own.text.value = "2.3\n1.2\n1.1"
    own.diagnose.click()
    assert (
        own.said == "Not read. Classes K must be a whole number from 2 to 1,000,000,000; got 'ten'."
    )
    own.upload.value = file(b"a,b\n1,x\n", "bad.csv")
    assert own.said == "Not read. bad.csv: Line 2 holds 'x' where a loss should be."
    assert own.text.value == "2.3\n1.2\n1.1" and own.classes.value == "ten"
    own.upload.value = file(b"1\n" + b"x" * 140_000, "long.csv")
    assert own.said.startswith("Not read. long.csv: Line 2 has no columns")
    own.upload.value = file(b"1\n" * 3_000_000, "large.csv")
    assert "large.csv holds more than 5,000,000 bytes" in own.said
    own.classes.value = ""
    own.diagnose.click()
    assert "Not read" not in own.said


def test_what_is_too_large_is_said():
    digits, curve = 400 * "9", "2.3\n1.2\n1.1"
    for classes, batch, said in ((digits, "", "Classes K"), ("", digits, "Rows of a batch")):
        own = form(curve, classes, batch)
        own.diagnose.click()
        assert own.said.startswith(f"Not read. {said} must be a whole number from")
        assert own.said.endswith("9….") and len(own.said) < 200
    own = form(curve, 5000 * "9")
    own.diagnose.click()
    assert own.said.startswith("Not read. Classes K must be") and len(own.said) < 200
    own = form("1e308\n-1e308\n1e308", "", "")
    own.diagnose.click()
    assert own.said.startswith("Not read. Line 1 holds '1e308'")
    own = form("1e100\n-1e100\n1e-300", "1000000000", "1,000,000,000")
    own.diagnose.click()
    assert "Not read" not in own.said and "from 1e+100 to 1e−300" in own._chart.value


def test_a_file_takes_the_place_of_what_was_typed_and_says_so():
    own = form("9\n8\n7")
    assert "takes the place of what stands in the field" in own.children[0].value
    own.upload.value = file(b"2.3\n1.2\n1.1")
    assert own.text.value == "2.3\n1.2\n1.1"


def test_the_chart_of_a_curve():
    losses = np.array([2.5, math.nan, 0.5, 0.25])
    fig, words = own_curve.picture(losses, np.array([2.0, 1.5]), 10)
    (ax,) = fig.axes
    np.testing.assert_array_equal(line(ax, LOSS).get_ydata(), losses)
    drawn = {tuple(one.get_ydata()) for one in ax.lines if one.get_color() == MODEL}
    assert (2.0, 1.5) in drawn and (LN10, LN10) in drawn
    for part in ("from 2.5 to 0.25", "highest 2.5, 1 of them no finite", "ln 10 = 2.3"):
        assert part in words
    _, words = own_curve.picture(np.full(3, math.nan))
    assert "from nan to nan" in words


def test_its_controls_have_names():
    own = form()
    for control in (own.text, own.upload, own.classes, own.batch, own.diagnose):
        assert control.description and control.tooltip
