"""Ten published tables and the story's row, each audited."""

import math

import pytest

import cehelpers as ce
from cecourse.lessons.fraud_scorer import published
from cecourse.lessons.fraud_scorer.published import MODELS, STORY, TABLES, audit_table, overview


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_is_audited(table):
    rate = table.positives / table.n
    assert 0 < table.positives < table.n
    assert "http" in table.url and len(table.citation) > 30
    for (model, report), (name, auc, loss) in zip(audit_table(table), table.rows, strict=True):
        assert model == name
        assert report.ceiling == ce.log_loss_ceiling(auc, rate)
        assert report.constant == pytest.approx(ce.entropy([rate, 1 - rate]))
        assert report.ceiling_low <= report.ceiling <= report.ceiling_high
        if report.verdict == "possible":
            assert report.floor < loss <= report.ceiling
        else:
            assert loss > report.ceiling


def test_no_model_is_picked_for_its_verdict():
    """Nine leaderboards, and the same six models from each."""
    assert len(TABLES) == 10
    assert all(tuple(row[0] for row in table.rows) == MODELS for table in TABLES[:9])


def verdicts(table):
    return [report.verdict for _, report in audit_table(table)]


def test_what_the_notebook_says_of_them():
    bad = [verdicts(table).count("impossible") for table in TABLES]
    assert bad == [0, 0, 0, 0, 0, 0, 1, 2, 4, 2]
    assert sum(map(bool, bad)) == 4  # tables with an impossible row
    table = next(table for table in TABLES if table.name.startswith("CTRLib"))
    for (_, report), (*_, loss) in zip(audit_table(table), table.rows, strict=True):
        assert loss > report.constant
        assert "the base rate as a constant" in report.sentence


def test_the_story_s_row():
    ((_, report),) = audit_table(STORY)
    assert report.verdict == "impossible"
    assert 0.0105 / report.ceiling_high == pytest.approx(1.09, abs=0.01)
    # one decimal less in the loss, and rounding would explain it
    assert ce.audit_report(0.0018, 0.96, 0.01, 2_400_000, (4, 2, 2)).verdict == "suspicious"


def test_overview_is_a_line_for_each():
    lines = overview((*TABLES, STORY)).splitlines()
    assert len(lines) == 12 and max(map(len, lines)) <= 79
    for table, line in zip((*TABLES, STORY), lines[1:], strict=True):
        assert line.startswith(table.name)
        assert line.endswith(f"{verdicts(table).count('impossible')} of {len(table.rows)}")
        assert f"{table.positives / table.n:.2%}" in line
    worst = published.TABLES[8]
    assert "xDeepFM" in lines[9]
    assert math.isclose(max(row[2] for row in worst.rows), 0.3201)  # LR: the largest, not the worst
