"""The vectors bite: a fault of each flag, as one line, is noticed by that flag's cases alone.

The matrix has a row for each mutant and a column for each flag: how many cases notice that carry
this flag and no other. Its last column are the plain cases, which carry none.
"""

import sys
from collections import Counter

import mutants
import pytest
from mutants import MUTANTS

import cehelpers as ce
from vectors import runner
from vectors.runner import PLAIN

SOUND = mutants.library()


def noticed(library, todo):
    """How many cases are not passed, by their flag."""
    outcomes = ((case, runner.judge(case, library(case)).outcome) for case in todo)
    return Counter((case["flags"] or [PLAIN])[0] for case, found in outcomes if found != "passed")


@pytest.fixture(scope="module")
def single():
    """The cases that carry one flag or none, by loss."""
    found = {}
    for case in runner.cases():
        if len(case["flags"]) < 2:
            found.setdefault(case["loss"], []).append(case)
    return found


@pytest.fixture(scope="module")
def matrix(single):
    """A row for each mutant, over the cases of its own losses."""
    rows = []
    for mutant in MUTANTS:
        library = mutants.library(mutant)
        rows.append(noticed(library, [c for loss in mutant.losses.split() for c in single[loss]]))
    return rows


def named(rows):
    return {f"{mutant.flag}: {mutant.fault.strip()}": dict(row) for mutant, row in rows}


def test_the_sound_library_passes_what_mutants_are_asked():
    assert not noticed(SOUND, runner.cases())


def test_every_flag_has_a_mutant_and_every_mutant_a_flag():
    assert {mutant.flag for mutant in MUTANTS} == set(runner.flags())


def test_each_is_one_line_for_another():
    for mutant in MUTANTS:
        assert mutant.line.strip() != mutant.fault.strip()
        assert mutant.source.count(mutant.fault) == 1


def test_the_cases_of_its_flag_alone_kill_each_mutant(matrix):
    rows = list(zip(MUTANTS, matrix, strict=True))
    assert not named((mutant, row) for mutant, row in rows if not row[mutant.flag])


def test_a_fault_in_a_corner_is_noticed_by_no_plain_case(matrix):
    rows = list(zip(MUTANTS, matrix, strict=True))
    assert not named((mutant, row) for mutant, row in rows if row[PLAIN] and not mutant.broad)
    assert not named((mutant, row) for mutant, row in rows if mutant.broad and not row[PLAIN])


def test_a_mutant_leaves_no_trace():
    case = next(case for case in runner.cases(flagged=["logit-near-half"]) if case["flags"])
    mutant = next(mutant for mutant in MUTANTS if mutant.flag == "logit-near-half")
    assert mutants.library(mutant)(case) != mutants.library()(case) == SOUND(case)
    assert sys.modules["cehelpers"] is ce
