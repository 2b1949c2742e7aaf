"""The dictionary of notebook 12, its page to print and its traps, asked of the libraries.

PyTorch answers by its record, which `tools/record_torch.py --check` holds where torch is installed.
"""

import ast
import inspect
import json
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from mpmath import exp, log, mp, mpf
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.framework_rosetta import calls, exercises
from cecourse.lessons.framework_rosetta.calls import (
    CALLS,
    FAR,
    FRAMEWORKS,
    HABITS,
    LOSSES,
    by_rule,
    evaluate,
    inputs,
    recorded,
)
from tools import record_torch

if not calls.have("keras", "optax"):
    pytest.skip("group frameworks: make test installs it", allow_module_level=True)

SOURCES = Path(__file__).parents[4] / "notebooks" / "source"
PAGE = (SOURCES / "12_framework_rosetta.md").read_text(encoding="utf-8")
KEPT = json.loads(record_torch.FILE.read_text(encoding="utf-8"))
KEYS = [key for key, _ in LOSSES]
F4 = np.float32


@pytest.fixture(scope="module")
def scope():
    jax = calls.library("jax")
    jax.config.update("jax_enable_x64", True)
    return calls.names() | inputs() | {"jnp": jax.numpy}


def plain(call):
    """A line of code without what does not matter: line breaks, 3. for 3.0."""
    return ast.unparse(ast.parse(call.strip(), mode="eval"))


TORCH = {
    plain(entry["call"]): entry["value"]
    for part in ("table", "traps", "far")
    for entry in KEPT[part].values()
}


def in_float32(first_logit):
    arrays = inputs(first_logit).items()
    return {name: value.astype(F4) if value.dtype == float else value for name, value in arrays}


# ---------------------------------------------------------------- every line that is shown


def table(after):
    """The table behind some words of the notebook, without its head: rows of cells."""
    part = PAGE.partition(after)[2].partition("|---")[2].partition("\n\n")[0]
    lines = re.sub("<!--.*?-->", "", part).splitlines()[1:]
    return [[cell.strip() for cell in re.split(r" \| ?", line.strip("| "))] for line in lines]


def test_every_line_of_the_page_to_print_returns_what_it_translates(scope):
    page = [[re.findall(r"`([^`]+)`", cell) for cell in row] for row in table("If you know only")]
    torch, keras, optax = zip(*page, strict=True)
    z_and_y, integer = optax[0][0].removesuffix(".mean()"), optax[2][0].removesuffix(".mean()")

    def more(call, added):  # an argument more
        return f"{call[:-1]}, {added.removeprefix('… ')})"

    def of_class(call, added):
        head, _, tail = call.partition(")(")
        return f"{head}, {added})({tail}"

    rows = {  # of PyTorch, Keras and Optax; dots stand for the call of an earlier row
        "logits": (torch[0][0], keras[0][0], optax[0][0]),
        "pos_weight": (
            more(torch[0][0], torch[1][0]),
            more(keras[0][0], keras[1][0]),
            f"({optax[1][0].replace('…', 'optax.' + z_and_y)}){optax[1][1]}",
        ),
        "integer": (torch[2][0], keras[2][0], optax[2][0]),
        "rows": (torch[3][0], keras[3][0], optax[3][0]),
        "weights": (
            more(torch[2][0], torch[4][0]),
            more(of_class(keras[2][0], keras[4][1]), keras[4][0]),
            optax[4][0].replace("…", "optax." + integer),
        ),
        "smoothing": (
            more(torch[2][0], torch[5][0]),
            of_class(keras[3][0], keras[5][0]).replace("(T,", "(one_hot,"),
            optax[3][0].replace("T)", f"optax.{optax[5][0]})"),
        ),
        "ignored": (
            more(torch[2][0].replace("labels", "torch.tensor([0, -1])"), torch[6][0]),
            of_class(keras[2][0], keras[6][0]),
            f"{more(integer, optax[6][0])}{optax[6][1]}",
        ),
        "kl": (torch[7][0], keras[7][0], optax[7][0]),
        "none": (
            more(torch[0][0], torch[8][0]),
            of_class(keras[0][0], keras[8][0]),
            optax[0][0].replace(optax[8][0], ""),
        ),
        "sum": (
            more(torch[0][0], torch[9][0]),
            of_class(keras[0][0], keras[9][0]),
            optax[0][0].replace(optax[9][1], optax[9][0]),
        ),
    }
    assert len(page) == len(rows)
    each = ce.binary_cross_entropy_with_logits(scope["y"], scope["z"], reduction="none")
    padded = scope | {"labels": np.array([0, -1]), "mask": np.array([True, False])}
    first = ce.sparse_categorical_cross_entropy_with_logits([0], scope["Z"][:1])
    others = {"ignored": first, "none": each, "sum": each.sum()}
    for key, (torch_line, keras_line, optax_line) in rows.items():
        due = others[key] if key in others else evaluate("cehelpers", key)
        names = padded if key == "ignored" else scope
        bare = optax_line.startswith(("s", "k"))  # not jnp.average(…) and the like
        found = {
            "PyTorch": TORCH[plain(torch_line)],
            "Keras": eval("keras.losses." + keras_line, names),
            "Optax": eval("optax." * bare + optax_line, names),
        }
        for library, value in found.items():
            assert np.ravel(value) == pytest.approx(np.ravel(due), rel=1e-6), (key, library)


def test_every_line_of_pytorch_that_is_shown_is_recorded():
    texts = [PAGE, (SOURCES / "04_logits.md").read_text(encoding="utf-8")]
    for one in vars(exercises).values():
        if getattr(one, "notebook", None) == "12":
            texts += [one.question, one.right, *one.hints, *(f"`{c}`" for c in (one.choices or {}))]
            texts += [f"`{option}`" for option in (one.choices or {}).values()]
    shown = re.findall(
        r"`(F\.\w+\([^`]*\))`|^(torch\.nn\.\S+\(.*?\)\(.*?\))", "\n".join(texts), re.M
    )
    lines = {plain(one or other) for one, other in shown}
    assert len(lines) >= 10
    assert lines - set(TORCH) == set()


def test_the_cell_that_asks_pytorch_again_makes_the_recorded_call():
    (call,) = re.findall(r"live = (F\..*)\.item\(\)", PAGE)
    assert plain(re.sub(r't\["(\w+)"\]', r"\1", call)) == plain(CALLS["PyTorch"]["weights"])


def test_names_of_arguments_in_the_advice(scope):
    advice = PAGE.partition("*Exchanged arguments that run.*")[2].partition("*A metric")[0]
    named, keras, optax = re.findall(r"`([^`]+)`", advice)
    meant = recorded()["table"]["rows"]
    assert TORCH[plain(named)] == meant
    keras = keras.replace("loss(", "keras.losses.CategoricalCrossentropy(from_logits=True)(")
    keras = keras.replace("y_true=…", "y_true=T").replace("y_pred=…", "y_pred=Z")
    assert eval(keras, scope) == pytest.approx(meant, rel=1e-6)
    optax = optax.replace("…", ".softmax_cross_entropy")
    assert eval(optax, scope).mean() == pytest.approx(meant, rel=1e-9)


def test_the_calls_that_notebook_04_shows(scope):
    text = (SOURCES / "04_logits.md").read_text(encoding="utf-8")
    block = text.partition("Their calls:")[2].partition("```python\n")[2].partition("```")[0]
    lines = [line.partition("#") for line in block.splitlines()]
    assert [line[0].partition(".")[0] for line in lines] == ["torch", "keras", "optax", "tf"]
    order = {"y": "truth", "z": "logit"}
    for call, _, remark in lines[:3]:
        first, second = re.search(r"\((\w), (\w)\) *$", call).groups()
        assert remark.strip() == f"{order[first]}, {order[second]}"
    for call, *_ in lines[1:3]:
        columns = {name: scope[name][:, None] for name in "yz"}
        assert np.mean(eval(call, scope | columns)) == pytest.approx(
            evaluate("cehelpers", "logits"), rel=1e-6
        )


# ---------------------------------------------------------------- habits


ROLE = {"y": "truth", "p": "forecast", "z": "logits"}


def order(library):
    """What the first two arguments of a library's call are."""
    call = CALLS[library]["logits" if library == "Optax" else "binary"]
    return [ROLE[name] for name in re.search(r"\((\w), (\w)\)", call).groups()]


def test_habits_name_what_comes_first():
    for library in ("cehelpers", "scikit-learn", "Keras", "Optax", "PyTorch"):
        assert HABITS[library].startswith(f"{order(library)[0]} first; ")


def stops(call):
    try:
        call()
    except Exception:
        return True
    return False


def test_the_table_of_traps(scope):
    rows = {name: cells for name, *cells in table("The traps, in one table:")}
    losses, optax, said = scope["keras"].losses, scope["optax"], recorded()
    Z, Q, T, labels = (scope[name] for name in ("Z", "Q", "T", "labels"))
    libraries = ("PyTorch", "Keras", "Optax", "scikit-learn")
    assert rows["order"] == [", ".join(order(library)) for library in libraries]

    assert said["traps"]["each row"].mean() == pytest.approx(said["table"]["logits"])
    assert np.shape(losses.BinaryCrossentropy(reduction=None)(T, Q)) == (2,)
    assert np.shape(optax.softmax_cross_entropy(Z, T)) == (2,)
    assert rows["default"] == ["mean", "mean over last axis, then rows", "each row", "mean"]

    weights, due = scope["w"][labels], evaluate("cehelpers", "weights")
    sparse = losses.SparseCategoricalCrossentropy(from_logits=True)
    divided = {
        "PyTorch": said["table"]["weights"],
        "Keras": float(sparse(labels, Z, sample_weight=weights)),
        "scikit-learn": log_loss(labels, Q, labels=[0, 1, 2], sample_weight=weights),
    }
    by = {1.0: "Σw", round(weights.mean(), 5): "n"}
    over = {name: by[round(value / due, 5)] for name, value in divided.items()}
    assert rows["weighted mean over"] == [over.get(name, "yours to choose") for name in libraries]

    for call in (losses.CategoricalCrossentropy, optax.softmax_cross_entropy):
        assert inspect.signature(call).parameters["axis"].default == -1
    assert rows["the classes lie along"] == ["axis 1", "the last axis", "the last axis", "columns"]
    assert rows["logits?"] == [
        "`…_with_logits`, `cross_entropy`",
        "`from_logits=True`",
        "always",
        "never",
    ]
    assert "from_logits" in inspect.signature(losses.BinaryCrossentropy).parameters

    by_label = optax.softmax_cross_entropy_with_integer_labels
    assert stops(lambda: by_label(Z, T)) and stops(lambda: log_loss(scope["s"], scope["p"]))
    soft = ["yes", "yes, not the sparse loss", "yes, not the integer loss", "by weighted copies"]
    assert rows["soft labels"] == soft

    one = np.ones(1)
    assert said["traps"]["a probability of 1.2"] == "RuntimeError"
    assert stops(lambda: log_loss([1], 1.2 * one, labels=[0, 1]))
    assert losses.BinaryCrossentropy()(one, 1.2 * one) < 1e-6
    assert rows["p = 1.2"] == ["stops", "clips", "–", "stops"]

    assert said["traps"]["label -1"] == said["traps"]["label 3"] == "IndexError"
    padded = np.array([0, -1])
    assert stops(lambda: log_loss(padded, Q, labels=[0, 1, 2]))
    assert stops(lambda: ce.sparse_categorical_cross_entropy_with_logits(padded, Z))
    sparse = losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    assert sparse(padded, Z)[1] == 0
    assert by_label(Z, padded)[1] == by_label(Z, np.array([0, 2]))[1]
    assert rows["label −1"] == ["stops", "scores 0, with JAX", "the last class", "stops"]

    L, S = scope["L"], scope["S"]
    hidden = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(S, L)
    each = by_label(L, S, where=S >= 0)
    left_out = ce.sparse_categorical_cross_entropy_with_logits(S[S >= 0], L[S >= 0])
    assert said["traps"]["mean over tokens"] == pytest.approx(left_out)
    assert float(hidden) == pytest.approx(left_out, rel=1e-6)
    assert float(each.mean()) == pytest.approx(left_out * (S >= 0).mean(), rel=1e-6)
    assert rows["padding in the mean"] == [
        "left out: −100, or `ignore_index`",
        "left out by `ignore_class`, counted with weights of 0",
        "counted, by `where` too",
        "delete its rows",
    ]
    weight = losses.SparseCategoricalCrossentropy(from_logits=True)
    zeroed = weight(np.maximum(S, 0), L, sample_weight=(S >= 0).astype(float))
    assert float(zeroed) == pytest.approx(float(each.mean()), rel=1e-6)

    kinds = ["float32", "float32", "float32 unless", "float64"]
    for library, kind, cell in zip(libraries, kinds, rows["arithmetic"], strict=True):
        assert kind in cell and kind in HABITS[library].rpartition("; ")[2]


def test_tags_in_a_table_have_the_mean_and_the_sum_that_the_page_says(scope):
    Y, Z = (scope["Z"] > 1).astype(float), scope["Z"]
    each = ce.binary_cross_entropy_with_logits(Y, Z, reduction="none")
    Binary = scope["keras"].losses.BinaryCrossentropy
    assert Binary(from_logits=True)(Y, Z) == pytest.approx(each.mean(), rel=1e-6)
    summed = Binary(from_logits=True, reduction="sum")
    assert "sum over such a table is PyTorch's divided by $K$" in PAGE
    assert summed(Y, Z) == pytest.approx(each.sum() / 3, rel=1e-6)
    assert summed(Y.reshape(-1, 1), Z.reshape(-1, 1)) == pytest.approx(each.sum(), rel=1e-6)


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("framework", ["Keras", "Optax"])
@pytest.mark.parametrize("first_logit", [-40.0, -3.0, 2.0, 12.0, 40.0])
def test_the_rules_are_what_the_libraries_return(framework, key, first_logit):
    with np.errstate(divide="ignore"):
        found = evaluate(framework, key, in_float32(first_logit))
    rule = by_rule(framework, key, first_logit)  # a float32 is good to 1e-6 beside logits of 12
    assert rule == pytest.approx(found, rel=1e-5, abs=1e-6, nan_ok=True)


FROM_LOGITS = (
    "logits",
    "pos_weight",
    "integer",
    "rows",
    "weights",
    "tokens",
    "smoothing",
)  # the others end
# in an infinity or a clip by what they are: losses of probabilities that have been rounded


@pytest.mark.parametrize("first_logit", [50.0, -50.0])
@pytest.mark.parametrize("key", FROM_LOGITS)
def test_no_call_from_logits_loses_a_loss_far_out_in_float32(key, first_logit):
    """scikit-learn has no such call: it is given probabilities, which the notebook says."""
    truth = calls.exact(key, first_logit)
    for framework in ("cehelpers", "SciPy", "Keras", "Optax"):
        found = evaluate(framework, key, in_float32(first_logit))
        assert found == pytest.approx(truth, rel=1e-5), framework
    entry = KEPT["table, far out in float32"][key]
    assert entry["call"] == CALLS["PyTorch"][key]
    assert entry["value"][[50.0, -50.0].index(first_logit)] == pytest.approx(truth, rel=1e-5)


def test_digits():
    with mp.workdps(400):
        truth = [float(log(1 + exp(-mpf(z)))) for z in FAR]
    np.testing.assert_allclose(calls.true_far_losses(), truth, rtol=4e-16)
    found = calls.digits_right([1.001, 2.0, math.inf, math.nan, 0.0, 5.0], [1, 2, 3, 4, 5, 1])
    np.testing.assert_allclose(found, [3, 16, 0, 0, 0, 0], atol=1e-9)


# ---------------------------------------------------------------- what is printed, what is kept


def test_rosetta_prints_call_and_number(capsys):
    calls.rosetta("weights")
    said = capsys.readouterr().out
    for framework in FRAMEWORKS:
        first, *more = CALLS[framework]["weights"].splitlines()
        assert re.search(rf"^{framework} +{re.escape(first)} +0\.4486$", said, re.MULTILINE)
        assert all(line in said for line in more)
    assert max(map(len, said.splitlines())) <= 80
    with pytest.raises(ValueError, match="got 'weight'"):
        calls.rosetta("weight")


def test_a_missing_library_is_said_in_one_line(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "keras", None)  # what makes `import keras` fail
    assert not calls.have("numpy", "keras")
    assert capsys.readouterr().out == "keras: not installed here, so this part is left out.\n"
    assert calls.library("keras") is None
    assert calls.have("numpy")
    monkeypatch.setitem(calls.names(), "keras", None)
    calls.rosetta("integer")
    assert re.search(r"^Keras .* absent$", capsys.readouterr().out, re.MULTILINE)


def test_the_file_is_what_the_tool_would_ask():
    texts = (CALLS["PyTorch"], calls.TORCH_TRAPS, calls.TORCH_FAR)
    for part, wanted in zip(("table", "traps", "far"), texts, strict=True):
        assert {name: entry["call"] for name, entry in KEPT[part].items()} == wanted
    assert tuple(KEPT["warnings"]) == calls.TORCH_WARNS
    assert re.fullmatch(r"\d+\.\d+\.\d+", KEPT["version"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", KEPT["date"])


def test_a_difference_is_found():
    parts = {part: KEPT[part] for part in ("table", "traps", "far")}
    assert record_torch.differences(KEPT, parts) == []
    other = json.loads(json.dumps(parts))
    other["table"]["kl"]["value"] *= 1 + 2e-6
    other["traps"]["label -1"]["value"] = "ValueError"
    other["far"]["PyTorch, logits"]["value"][3] += 1
    other["traps"].pop("exchanged")
    found = [line.partition(":")[0] for line in record_torch.differences(KEPT, other)]
    wanted = ["table, kl", "traps, exchanged", "traps, label -1", "far, PyTorch, logits"]
    assert found == wanted


def test_every_dialect_has_its_trap_beside_it():
    """A reader who only reads printouts stops reading: at most two stand in a row."""
    cells = re.findall(r"```{code-cell} ipython3\n(?::[^\n]*\n)*\n?(.*?)```", PAGE, re.DOTALL)
    printed = [re.fullmatch(r'rosetta\("(\w+)"\)', cell.strip()) for cell in cells]
    assert sorted(one[1] for one in printed if one) == sorted(KEYS)
    runs = re.findall("x+", "".join("x" if one else " " for one in printed))
    assert max(map(len, runs)) <= 2
