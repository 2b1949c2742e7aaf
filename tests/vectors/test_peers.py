"""The harness on a peer made up here, with tests of its own."""

import importlib
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import cehelpers as ce
from vectors.peers import __main__ as command
from vectors.peers import plugin
from vectors.peers.plugin import DIFFERENT, EQUAL, NOT_OURS, PEER_REFUSES, REFUSED, UNEXPLAINED

PACKAGE = """
import math

def surprise(p, base=math.e, scale=1):
    if p == 2:
        raise ValueError("two")
    return -scale * math.log(max(p, 0.01), base)

def both(p):
    return surprise(p) + surprise(p)

TABLE = {surprise: "known"}
"""
TESTS = """
import math
import pytest
from fakepeer import TABLE, both, surprise

@pytest.mark.parametrize("p", [0.5, 0.25])
def test_equal(p):
    assert surprise(p) == -math.log(p)
    assert surprise(p, base=2) == -math.log2(p)
    assert surprise(p, scale=1) == -math.log(p)

def test_clipped():
    assert surprise(0.001) == surprise(0.002) == -math.log(0.01)

def test_more_than_one():
    assert surprise(1.5) < 0

def test_scaled():
    assert surprise(0.5, scale=2) == 2 * surprise(0.5)

def test_refused():
    with pytest.raises(ValueError, match="two"):
        surprise(2)

def test_inside():
    assert both(0.5) == 2 * math.log(2)

def test_what_it_is():
    assert TABLE[surprise] == "known"
    assert surprise.__name__ == "surprise"

@pytest.mark.skip
def test_left_out():
    assert surprise(0.5) == 0

def test_broken():
    assert not surprise
"""
NAME = "fakepeer.surprise"


def surprisal(p, base=None):
    return ce.surprisal(p, base=base)


def clipped(p, base=None):
    return ce.surprisal(max(p, 0.01), base=base)


@pytest.fixture
def peer(tmp_path, monkeypatch):
    """Its table, and the package behind it."""
    (tmp_path / "fakepeer").mkdir()
    (tmp_path / "fakepeer" / "__init__.py").write_text(PACKAGE)
    (tmp_path / "fakepeer" / "test_it.py").write_text(TESTS)
    monkeypatch.syspath_prepend(tmp_path)
    yield SimpleNamespace(
        NAME="Fake",
        PACKAGE="fakepeer",
        DISTRIBUTION="numpy",
        CALLERS=("test",),
        TESTS=(str(tmp_path / "fakepeer" / "test_it.py"),),
        SELECT="not broken",
        OURS={NAME: surprisal},
        HABITS={NAME: {"clips p": clipped}},
    )
    for name in ("fakepeer", "fakepeer.test_it"):
        sys.modules.pop(name, None)


def test_each_call_of_a_test_is_counted_as_what_it_is(peer):
    record = plugin.run(peer)
    assert record.calls == {
        NAME: {EQUAL: 7, DIFFERENT: 2, REFUSED: 1, NOT_OURS: 1, PEER_REFUSES: 1}
    }
    whys = {(one.kind, one.why): one.count for one in record.reasons.values()}
    assert whys == {
        (DIFFERENT, "Fake clips p"): 2,
        (REFUSED, "p must lie in [0, 1]"): 1,
        (NOT_OURS, "option scale"): 1,
    }
    assert record.tests == {"passed": 8, "skipped": 1}
    example = record.reasons[NAME, DIFFERENT, "Fake clips p"].example
    assert example["test"].endswith("test_it.py::test_clipped")
    assert (example["arguments"], example["theirs"]) == ("0.001", str(-np.log(0.01)))
    assert example["ours"] == str(-np.log(0.001))


def test_a_difference_that_no_habit_explains(peer):
    peer.HABITS = {NAME: {"halves": lambda p: ce.surprisal(p) / 2}}
    reasons = plugin.run(peer).reasons
    assert reasons[NAME, DIFFERENT, UNEXPLAINED].count == 2


def test_a_refusal_says_with_which_habit_the_numbers_agree(peer):
    peer.HABITS[NAME]["takes any number"] = lambda p: -np.log(p)
    reasons = plugin.run(peer).reasons
    assert reasons[NAME, REFUSED, "p must lie in [0, 1] (Fake takes any number)"].count == 1


def test_an_error_that_is_no_sentence_of_ours_is_unexplained(peer):
    peer.OURS = {NAME: lambda p: {}[p]}
    record = plugin.run(peer)
    assert record.reasons[NAME, DIFFERENT, UNEXPLAINED].example["ours"] == "KeyError(0.5)"
    assert record.tests == {"passed": 8, "skipped": 1}  # the peer's tests don't notice


def test_a_test_that_fails_is_counted(peer):
    peer.SELECT = ""
    assert plugin.run(peer).tests == {"passed": 8, "skipped": 1, "failed": 1}


def test_what_was_shadowed_is_restored(peer):
    package = importlib.import_module("fakepeer")
    before = package.surprise
    plugin.run(peer)
    assert package.surprise is before and sys.modules["fakepeer.test_it"].surprise is not before
    assert not isinstance(package.surprise, plugin.Shadow)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.0 + 1e-6, False),
        (0.0, 1e-300, False),
        (np.inf, np.inf, True),
        (np.nan, np.nan, True),
        ([1.0, 2.0], [[1.0, 2.0]], False),  # equal but for the shape
        ((1.0, [2.0]), (1.0, [2.0]), True),
        ((1.0, None), (1.0, None), True),
        ((1.0, 2.0), (1.0, 2.0, 3.0), False),
        (None, 0.0, False),
    ],
)
def test_when_answers_are_alike(ours, theirs, same):
    assert plugin.alike(ours, theirs, 1e-7) is same


def test_the_coarsest_array_says_how_near():
    single = np.ones(2, np.float32)
    assert plugin.tolerance([np.ones(2), "mean", 3]) == 1e-7
    assert plugin.tolerance([np.ones(2), single]) == 64 * np.finfo(np.float32).eps


def test_an_example_is_a_line_whatever_was_asked():
    many = np.arange(100.0)
    assert plugin.brief((many, [1, 2]), {"how": "mean"}) == (
        "[ 0., 1., ..., 98., 99.], [1, 2], how='mean'"
    )
    assert plugin.short(([0.5], [0.25])) == "([0.5], [0.25])"
    assert plugin.short(([[1], [1, 2]], [1])) == "([[1], [1, 2]], [1])"  # no array
    assert plugin.short(np.float32(0.5)) == "0.5 in float32"
    assert len(plugin.short(np.random.default_rng(0).random((9, 9, 9)))) <= 160


# ---------------------------------------------------------------- the command


@pytest.fixture
def peers(peer, tmp_path, monkeypatch, capsys):
    """The command, which knows this peer alone; what it returns, and prints."""
    monkeypatch.setitem(sys.modules, "vectors.peers.fake", peer)
    monkeypatch.setattr(command, "PEERS", ("fake",))
    file = tmp_path / "peers.json"

    def run(*words):
        sys.modules.pop("fakepeer.test_it", None)
        status = command.main(["fake", *words], file)
        return status, capsys.readouterr().out

    run.file = file
    return run


def test_the_command_writes_what_it_finds_and_finds_it_again(peers):
    status, said = peers()
    assert status == 0 and "different, 2: fakepeer.surprise: Fake clips p" in said
    assert f"Fake {np.__version__}: 8 passed, 1 skipped of its own tests" in said
    assert peers("--check")[0] == 0
    kept = json.loads(peers.file.read_text(encoding="utf-8"))
    kept["fake"]["functions"][NAME][EQUAL] += 1
    peers.file.write_text(json.dumps(kept))
    status, said = peers("--check")
    assert status == 1 and "recorded {'equal': 8," in said and "here {'equal': 7," in said


def test_the_command_fails_where_something_is_unexplained(peers, peer):
    peer.HABITS = {}
    status, said = peers()
    assert status == 1 and "unexplained: fakepeer.surprise, 2 times: {'test'" in said
    assert not peers.file.exists()
    assert "Fake is not in the file" in peers("--check")[1]


def test_the_command_fails_where_a_table_says_what_nothing_shows(peers, peer):
    peer.HABITS[NAME]["doubles"] = lambda p: 2 * ce.surprisal(p)
    assert peers() == (1, peers()[1]) and "no test shows that Fake doubles" in peers()[1]
    del peer.HABITS[NAME]["doubles"]
    peer.OURS["fakepeer.both"] = lambda p: 2 * ce.surprisal(p)
    peer.SELECT = "equal or clipped"
    assert "no test of Fake calls fakepeer.both" in peers()[1]


# ---------------------------------------------------------------- what is recorded


def test_every_recorded_call_has_its_reason():
    rows = command.recorded()
    assert list(rows) == list(command.PEERS)
    for found in rows.values():
        counts = command.totals(found)
        for kind in (DIFFERENT, REFUSED, NOT_OURS):
            reasons = [one for one in found["reasons"] if one["kind"] == kind]
            assert sum(one["count"] for one in reasons) == counts[kind]
        assert UNEXPLAINED not in [one["why"] for one in found["reasons"]]
        assert set(found["tests"]) <= {"passed", "skipped"}
