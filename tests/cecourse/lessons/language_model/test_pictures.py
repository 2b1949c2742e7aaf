"""Notebook 13's pictures: what they draw is what they say."""

import numpy as np
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex

from cecourse.lessons.language_model import teachers
from cecourse.palette import GOOD, LOSS, MODEL, TRUTH, ink

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


def test_teacher_rows():
    rows = {"hard label": [1, 0, 0], "teacher": [0.7, 0.296, 0.004]}
    fig, words = teachers.teacher_rows([*"EAI"], rows)
    assert fig.get_suptitle() == "A teacher says what else it might have been"
    for ax, (title, row), labels in zip(
        fig.axes, rows.items(), (["1.00", "0", "0"], [".70", ".30", "<.01"]), strict=True
    ):
        assert told(ax)[0] == title
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], row)
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["E", "A", "I"]
        assert [text.get_text() for text in ax.texts] == labels
        assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {TRUTH.lower()}
    assert words == (
        "Probabilities of the 3 likeliest next letters, in panels. hard label: E 1.00, A 0, I 0; "
        "teacher: E .70, A .30, I <.01."
    )


def test_shrinking():
    lengths = {1: 0.9, 2: 0.31, 4: 0.083, 8: 0.021}
    fig, words = teachers.shrinking(lengths)
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "Softer rows pull less, by about 1/T²; the factor T² undoes it"
    assert (x, y) == ("temperature T of teacher and student", "mean length of the gradient")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    wanted = {MODEL: list(lengths.values()), LOSS: [T**2 * g for T, g in lengths.items()]}
    for words_of, color in (("as it comes", MODEL), ("times T²", LOSS)):
        assert nearest(ax, written(ax, words_of)).get_color() == color
        curve, dots = (one for one in ax.lines if one.get_color() == color)
        for drawn in (curve, dots):
            np.testing.assert_allclose(
                drawn.get_xydata(), [*zip(lengths, wanted[color], strict=True)]
            )
        assert curve.is_dashed() == (color == MODEL)
    for T, length in lengths.items():
        assert written(ax, f"{length:#.2g}").xy == (T, length)
        assert f"{length:#.2g} at T = {T} ({T * T * length:.2f})" in words


# ---------------------------------------------------------------- after pretraining


def test_both_fall():
    steps = np.array([[0.5, 0.2, 0.3], [0.4, 0.1, 0.5], [0.3, 0.05, 0.65]])
    fig, words = teachers.both_fall(steps, ["No", "Never", "Yes"], [0.69, 0.5, 0.4])
    left, right = fig.axes
    assert told(left) == ("Both answers fall, the third rises", "steps", "probability")
    assert told(right) == ("The loss falls", "steps", "loss in nats")
    for k, (name, color) in enumerate(
        (("No, chosen", GOOD), ("Never, rejected", MODEL), ("Yes, in no pair", None))
    ):
        label = written(left, name)
        curve = nearest(left, label)
        np.testing.assert_allclose(curve.get_ydata(), steps[:, k])
        assert label.get_position()[1] == steps[-1, k]
        if color:
            assert curve.get_color() == label.get_color() == ink(color)
    np.testing.assert_allclose(line(right, LOSS).get_ydata(), [0.69, 0.5, 0.4])
    assert len({str(one.get_linestyle()) + str(one._dash_pattern) for one in left.lines}) == 3
    assert "over 2 steps of a preference loss that has No chosen and Never rejected" in words
    assert "No from 0.50 to 0.30, Never from 0.20 to 0.05, Yes from 0.30 to 0.65" in words
    assert words.endswith("the loss: from 0.69 to 0.40 nats.")


def test_three_slopes():
    gradients = {"k1": [0, 0, 1e-17], "KL(a‖b)": [0.176, -0.098, -0.078]}
    fig, words = teachers.three_slopes(gradients, ["KL(a‖b)"])
    (ax,) = fig.axes
    assert told(ax) == ("One value, three gradients", "", "gradient in the logit")
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(np.reshape(heights, (2, 3)), list(gradients.values()), atol=1e-12)
    assert [text.get_text() for text in ax.texts] == ["0", "0", "0", "+.18", "−.10", "−.08"]
    assert [text.xy[1] for text in ax.texts] == heights
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert set(hatches[:3]) == {"////"} and set(hatches[3:]) == {None}
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [
        "k1\nas a loss",
        "KL itself:\nKL(a‖b)",
    ]
    assert words.endswith("k1 0, 0, 0; KL(a‖b) +.18, −.10, −.08.")


# ---------------------------------------------------------------- how low can it go?
