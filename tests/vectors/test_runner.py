"""The runner on small tables of cases: what passes, what is refused, not offered or wrong, and how
it says so; adapters and commands that are broken in every way."""

import json
import sys

import pytest

from vectors import __main__ as command_line
from vectors import adapters, report, runner
from vectors.runner import Answer, Problem, judge

FLAGS = {
    "certain-and-wrong": {
        "sentence": "A certain forecast that is wrong costs infinity.",
        "reports": [
            {"repository": "someone/something", "number": 7, "year": 2020, "what": "It said 100."}
        ],
    },
    "mean-over-weights": {"sentence": "A weighted mean divides by the weights.", "reports": []},
    "outside-0-1": {"sentence": "A probability of 1.2 is an error.", "reports": []},
    "nan-input": {"sentence": "A nan is an error or a nan.", "reports": []},
}


def case(number, arguments, value=None, *, flags=(), options=(), **more):
    made = {
        "id": f"small-{number:04}",
        "loss": "binary_cross_entropy",
        "arguments": dict(zip(("y_true", "y_prob"), arguments, strict=True)),
        "options": {"reduction": "mean"} | dict(options),
        "flags": list(flags),
    }
    made |= {"refuse": True} if value is None else {"value": value, "tolerance": "tight"}
    return made | more


HALF = 0.6931471805599453
CASES = [
    case(1, ([1], [0.5]), HALF, gradient={"y_prob": [-2.0]}),
    case(2, ([1, 0], [0.0, 0.5]), "inf", flags=["certain-and-wrong"], tolerance="exact"),
    case(
        3,
        ([1, 0], [0.5, 0.75]),
        0.8664339756999316,
        flags=["mean-over-weights"],
        options={"sample_weight": [3.0, 1.0]},
    ),
    case(4, ([1], [1.2]), flags=["outside-0-1"]),
    case(5, ([1], ["nan"]), flags=["nan-input"]),
    case(6, ([1, 0], [0.5, 0.5]), [HALF, HALF], options={"reduction": "none"}),
]

RIGHT = """
import math

NAME, VERSION = "mine", "1.0"


def ln(x):
    return math.log(x) if x else -math.inf


def binary_cross_entropy(y_true, y_prob, *, sample_weight=None, reduction="mean"):
    if not all(0 <= p <= 1 for p in y_prob):
        raise ValueError(f"y_prob must lie in [0, 1]; got {y_prob}")
    each = [-ln(p if y else 1 - p) for y, p in zip(y_true, y_prob, strict=True)]
    weight = sample_weight or [1] * len(each)
    if reduction == "none":
        return each
    return sum(w * x for w, x in zip(weight, each)) / sum(weight)


def gradient(loss, arguments, options):
    y_true, y_prob = arguments.values()
    return [(-1 / p if y else 1 / (1 - p)) / len(y_true) for y, p in zip(y_true, y_prob)]
"""


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """The small table in the place of the files."""
    (tmp_path / "data").mkdir()
    text = json.dumps({"format": 1, "family": "small", "version": "1.0.0", "cases": CASES})
    (tmp_path / "data" / "small.json").write_text(text, encoding="utf-8")
    (tmp_path / "flags.json").write_text(json.dumps(FLAGS), encoding="utf-8")
    monkeypatch.setattr(runner, "HERE", tmp_path)
    return tmp_path


def written(folder, text, name="yours.py"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def outcomes(text, folder):
    ask = adapters.Module(adapters.load(written(folder, text)))
    return [verdict.outcome for verdict in runner.run(ask, runner.cases())]


def printed(capsys, *words):
    """The status, what was printed, and what was complained of."""
    status = command_line.main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


# ---------------------------------------------------------------- a module


def test_a_right_module_of_pure_python_passes(small, capsys):
    status, out, _ = printed(capsys, "--library", written(small, RIGHT))
    assert status == 0
    assert out.startswith("mine 1.0: 6 passed, 0 refused, 0 not offered, 0 wrong, of 6 cases\n")
    assert "all passed: certain-and-wrong, mean-over-weights, outside-0-1, nan-input, plain" in out


FAULTS = {
    "certain-and-wrong": ("if x else -math.inf", "if x else -100"),
    "mean-over-weights": ("/ sum(weight)", "/ len(each)"),
    "outside-0-1": ("raise ValueError(", "print("),
}


@pytest.mark.parametrize("flag", FAULTS)
def test_a_planted_fault_is_told_with_its_sentence_and_a_case(flag, small, capsys):
    broken = RIGHT.replace(*FAULTS[flag])
    assert broken != RIGHT
    status, out, _ = printed(capsys, "--library", written(small, broken))
    assert status == 1
    assert f"{flag}: {FLAGS[flag]['sentence']}" in out
    told = out.split(f"{flag}: {FLAGS[flag]['sentence']}")[1]
    example = next(c for c in CASES if flag in c["flags"])
    assert f"{example['id']}: {report.call(example)}\n    expected " in told
    for other in set(FAULTS) - {flag}:
        assert f"{other}: " not in out


def test_a_report_names_repository_number_year_and_numbers(small, capsys):
    broken = RIGHT.replace(*FAULTS["certain-and-wrong"])
    _, out, _ = printed(capsys, "--library", written(small, broken))
    assert (
        "  reported in someone/something#7 (2020): It said 100.\n"
        "  small-0002: binary_cross_entropy([1, 0], [0.0, 0.5], reduction='mean')\n"
        "    expected inf\n"
        "    got      50.34657359027997"
    ) in out


def test_a_wrong_gradient_is_wrong_though_the_value_is_right(small, capsys):
    broken = RIGHT.replace("(-1 / p if y", "(1 / p if y")
    status, out, _ = printed(capsys, "--library", written(small, broken))
    assert status == 1
    assert "gradient expected y_prob: [-2.0]\n    gradient got      y_prob: [2.0]" in out


def test_a_gradient_that_is_not_given_is_not_judged(small):
    begins = "    y_true, y_prob = arguments.values()\n"
    none = RIGHT.replace(begins, f"    return None\n{begins}")
    assert outcomes(none, small) == ["passed"] * 6
    without = RIGHT.partition("def gradient")[0]
    assert outcomes(without, small) == ["passed"] * 6


def test_an_error_that_is_not_due_is_a_refusal_and_no_fault(small, capsys):
    broken = RIGHT.replace("return math.log(x) if x else -math.inf", "return math.log(x)")
    status, out, _ = printed(capsys, "--library", written(small, broken))
    assert status == 0
    assert "5 passed, 1 refused" in out
    assert "refused, though there is an answer:\n  1 times, as in small-0002: ValueError: " in out


def test_what_is_not_there_is_not_offered(small, capsys):
    assert outcomes("", small) == ["not offered"] * 6
    no_weights = RIGHT.replace("sample_weight=None, ", "").replace("sample_weight or ", "")
    expected = ["passed", "passed", "not offered", "passed", "passed", "passed"]
    assert outcomes(no_weights, small) == expected
    _, out, _ = printed(capsys, "--library", written(small, no_weights))
    assert "\nnot asked: mean-over-weights\n" in out and "\nmean-over-weights  " not in out
    # the mean is what a function without a choice is taken to give
    mean_only = RIGHT.replace(', reduction="mean"):', '):\n    reduction = "mean"')
    assert outcomes(mean_only, small)[-1] == "not offered"
    assert outcomes(mean_only, small)[:-1] == ["passed"] * 5
    says_so = RIGHT.replace("        return each", "        return NotImplemented")
    assert outcomes(says_so, small)[-1] == "not offered"


def test_a_nan_for_a_nan_has_told(small):
    lax = RIGHT.replace("0 <= p <= 1", "not p > 1").replace("ln(p if y", "ln(p if y == 1")
    assert outcomes(lax, small) == ["passed"] * 6
    begins = "    each ="
    number = lax.replace(begins, f"    if math.isnan(y_prob[0]):\n        return 0.0\n{begins}")
    assert outcomes(number, small)[4] == "wrong"


@pytest.mark.parametrize(
    ("value", "got", "right"),
    [
        (1.0, 1.0, True),
        (1.0, 1 + 8 * 2**-52, True),
        (1.0, 1 + 12 * 2**-52, False),
        (0.0, 1e-300, False),
        (0.0, -0.0, True),
        (3e-323, 4e-323, True),
        ("inf", float("inf"), True),
        ("inf", 1e308, False),
        (1.0, float("nan"), False),
        (1.0, [1.0], False),
        ([1.0], 1.0, False),
        ([1.0, 2.0], [1.0, 2.0], True),
        ([1.0, 2.0], [1.0], False),
        ([[1.0], [2.0]], [[1.0], [3.0]], False),
        (1.0, None, False),
        (1.0, "1.0", False),
        (1.0, 1 + 0j, False),
    ],
)
def test_a_value_is_judged_by_shape_and_relative_distance(value, got, right):
    verdict = judge(case(1, ([1], [0.5]), value), Answer(got))
    assert verdict.outcome == ("passed" if right else "wrong")


@pytest.mark.parametrize(
    ("tolerance", "units"), [("tight", 8), ("sum", 32), ({"condition": 100}, 800)]
)
def test_each_class_of_tolerance_has_its_width(tolerance, units):
    asked = case(1, ([1], [0.5]), 1.0, tolerance=tolerance)
    for share, outcome in ((0.9, "passed"), (1.1, "wrong")):
        assert judge(asked, Answer(1 + share * units * 2**-52)).outcome == outcome
        single = judge(asked, Answer(1 + share * units * 2**-23), single=True)
        assert single.outcome == outcome


def test_the_root_and_exact_classes():
    root = case(1, ([1], [0.5]), 2.0, tolerance="root")
    assert judge(root, Answer(2.0 + 1e-9)).outcome == "passed"
    assert judge(root, Answer(2.0 + 3e-9)).outcome == "wrong"
    exact = case(1, ([1], [0.5]), 2.0, tolerance="exact")
    assert judge(exact, Answer(2.0 + 2**-51)).outcome == "wrong"


def test_32_bits_ask_what_32_bits_can_hold():
    shift = runner.shift_of_rounding
    assert shift(case(1, ([1], [0.5]), HALF)) == 0
    assert shift(case(1, ([1], [1.2]))) == 0
    # 0.9 moves to its neighbour, and the value with it, by the slope times the way
    rounded = case(1, ([1], [0.9]), 0.105, gradient={"y_prob": [-1 / 0.9]})
    assert shift(rounded) == pytest.approx(abs(runner.rounded(0.9) - 0.9) / 0.9)
    for other in (
        case(1, ([1], [0.9]), 0.105),  # how far it moves is not known
        case(1, ([1], [1 - 1e-12]), 1e-12, gradient={"y_prob": [-1.0]}),  # it moves to 1
        case(1, ([1], [0.5]), 1e-50),
        case(1, ([1], [0.5]), 1e50),
        case(1, ([1], [0.5]), 0.5, gradient={"y_prob": [1e-44]}),
        case(1, ([1], [0.5]), 0.5, tolerance="root"),
    ):
        assert shift(other) is None


def test_single_hands_over_rounded_numbers_and_says_what_it_leaves_out(small, capsys):
    path = written(small, RIGHT)
    status, out, _ = printed(capsys, "--library", path, "--single")
    assert (status, "6 passed" in out) == (0, True)
    double = RIGHT.replace("return math.log(x)", "return math.log(x) * (1 + 1e-9)")
    assert printed(capsys, "--library", written(small, double), "--single")[0] == 0
    assert printed(capsys, "--library", written(small, double))[0] == 1


def test_arrays_come_as_the_adapter_makes_them(small):
    made = f"{RIGHT}\nseen = []\n\ndef array(values, dtype):\n"
    made += "    seen.append((values, dtype))\n    return values\n"
    module = adapters.load(written(small, made))
    for single, wanted in ((False, "float64"), (True, "float32")):
        ask = adapters.Module(module, single=single)
        assert ask(CASES[2]).value is not None
        kinds = [dtype for _, dtype in module.seen[-3:]]
        assert kinds == ["int64", wanted, wanted]


# ---------------------------------------------------------------- adapters that cannot be loaded


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "yours.py, line 1: invalid syntax: def f(:"),
        ("1 / 0\n", "yours.py cannot be imported: ZeroDivisionError: division by zero"),
        ("import no_such_thing\n", "yours.py needs no_such_thing, which is not installed here"),
        ("raise SystemExit(3)\n", "yours.py cannot be imported: SystemExit: 3"),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(text, said, small, capsys):
    path = written(small, text)
    status, out, err = printed(capsys, "--library", path)
    assert (status, out) == (2, "")
    assert err.strip() == said.replace("yours.py", path)


def test_a_file_or_a_name_that_does_not_exist(small, capsys):
    path = str(small / "nowhere.py")
    assert printed(capsys, "--library", path) == (2, "", f"there is no file {path}\n")
    status, _, err = printed(capsys, "--library", "tensorflaw")
    assert status == 2
    assert err.startswith("there is no library 'tensorflaw'; there are cehelpers, jax, keras,")


def test_unknown_flags_and_families_are_told_with_the_known(small, capsys):
    path = written(small, RIGHT)
    status, _, err = printed(capsys, "--library", path, "--flag", "no-such")
    assert (status, err.split(";")[0]) == (2, "there is no flag 'no-such'")
    status, _, err = printed(capsys, "--library", path, "--family", "no-such")
    assert (status, err) == (2, "there is no family 'no-such'; there are small\n")


def test_some_flags_and_json(small, capsys):
    broken = written(small, RIGHT.replace(*FAULTS["certain-and-wrong"]))
    words = ("--library", broken, "--flag", "certain-and-wrong", "--flag", "nan-input", "--json")
    status, out, _ = printed(capsys, *words)
    found = json.loads(out)
    assert status == 1
    assert (found["library"], found["version"]) == ("mine", "1.0")
    assert found["counts"] == {"passed": 1, "refused": 0, "not offered": 0, "wrong": 1}
    assert found["flags"]["certain-and-wrong"]["wrong"] == 1
    assert found["cases"][0] == {
        "id": "small-0002",
        "outcome": "wrong",
        "value": {"expected": "inf", "got": 50.346573590279974},
    }


def test_the_flags_are_listed(capsys):
    status, out, _ = printed(capsys, "--list-flags")
    assert status == 0
    assert "mean-over-weights: A weighted mean divides by the weights.\n" in out
    assert len(out.splitlines()) == len(FLAGS)


# ---------------------------------------------------------------- a command

SPEAKS = """
import json, math, sys

for line in sys.stdin:
    case = json.loads(line)
    y_true, y_prob = (case["arguments"][name] for name in ("y_true", "y_prob"))
    answer = {"id": case["id"]}
    if "sample_weight" in case["options"]:
        answer["not_offered"] = True
    elif any(p == "nan" or p > 1 for p in y_prob):
        answer["refused"] = "outside of [0, 1]"
    else:
        p = [p if y else 1 - p for y, p in zip(y_true, y_prob)]
        each = [-math.log(x) if x else math.inf for x in p]
        value = each if case["options"]["reduction"] == "none" else sum(each) / len(each)
        answer["value"] = "inf" if value == math.inf else value
        if value != math.inf:
            answer["gradient"] = [-1 / p[0]]
    print(json.dumps(answer), flush=True)
"""


def words(folder, text):
    """A command that runs a script."""
    path = written(folder, text, "mine.py").replace("\\", "/")
    return ["--command", f'"{sys.executable}" "{path}"'.replace("\\", "/")]


def test_a_command_is_asked_line_by_line(small, capsys):
    status, out, _ = printed(capsys, *words(small, SPEAKS))
    assert status == 0
    assert "5 passed, 0 refused, 1 not offered, 0 wrong, of 6 cases" in out
    broken = SPEAKS.replace("else math.inf", "else 100").replace("-1 / p[0]", "1 / p[0]")
    status, out, _ = printed(capsys, *words(small, broken))
    assert status == 1
    assert f"certain-and-wrong: {FLAGS['certain-and-wrong']['sentence']}" in out
    assert "gradient got      y_prob: [2.0]" in out


def test_a_crash_or_silence_is_wrong_and_the_command_starts_anew(small, capsys):
    begins = "    answer = {"
    dies = SPEAKS.replace(begins, f"    if 0.0 in y_prob:\n        sys.exit(3)\n{begins}")
    status, out, _ = printed(capsys, *words(small, dies))
    assert status == 1
    assert "4 passed, 0 refused, 1 not offered, 1 wrong" in out
    assert "expected inf\n    got      the command ended, with status 3" in out
    sleeps = dies.replace("sys.exit(3)", "import time; time.sleep(600)")
    status, out, _ = printed(capsys, *words(small, sleeps), "--seconds", "3")
    assert status == 1
    assert "got      no answer within 3 s" in out
    # nor does an error that was due excuse it
    dies = SPEAKS.replace('answer["refused"] = ', "sys.exit(4) #")
    assert "2 wrong" in printed(capsys, *words(small, dies))[1]


def test_three_times_nothing_is_enough(small, capsys):
    status, out, err = printed(capsys, *words(small, "import sys; sys.exit(5)"))
    assert (status, out) == (2, "")
    assert err == (
        "three cases in a row had no answer, the last small-0003: "
        "the command ended, with status 5\n"
    )


def test_dying_now_and_then_is_told_case_by_case(small, capsys):
    begins = "    answer = {"
    dies = SPEAKS.replace(begins, f"    if case['id'][-1] in '246':\n        sys.exit(3)\n{begins}")
    status, out, _ = printed(capsys, *words(small, dies))
    assert (status, "3 wrong, of 6 cases" in out) == (1, True)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("'hello'", "an answer must be one line of JSON; got 'hello'"),
        ("'{}'", "an answer must repeat the id of its case; got '{}'"),
        ("'[1]'", "an answer must repeat the id of its case; got '[1]'"),
        ('\'{"id": "small-0002", "value": 1}\'', "an answer must repeat the id of its case; got"),
        ('\'{"id": "small-0001"}\'', 'an answer needs "value", "refused" or "not_offered"; got'),
        (
            '\'{"id": "small-0001", "value": null}\'',
            'null is no value, and JSON has no infinity: write "inf", "-inf" or "nan"; got None',
        ),
    ],
)
def test_garbage_stops_the_run_with_a_sentence(answer, said, small, capsys):
    talks = f"import sys\nfor line in sys.stdin:\n    print({answer}, flush=True)\n"
    status, out, err = printed(capsys, *words(small, talks))
    assert (status, out) == (2, "")
    assert err.startswith(f"small-0001: {said}")


def test_a_command_that_cannot_start(capsys):
    status, _, err = printed(capsys, "--command", "no-such-program --at all")
    assert status == 2
    assert err == "no-such-program cannot be started: No such file or directory\n"
    assert printed(capsys, "--command", " ")[::2] == (2, "the command is empty\n")


def test_nobody_is_asked_without_a_name(capsys):
    with pytest.raises(SystemExit):
        command_line.main([])
    assert "name a --library or a --command" in capsys.readouterr().err


def test_the_problem_of_a_loader_is_a_sentence():
    with pytest.raises(Problem, match=r"^there is no file a\.py$"):
        adapters.load("a.py")
