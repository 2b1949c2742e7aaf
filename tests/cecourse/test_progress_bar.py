"""The progress bar moves, disappears, and is nowhere to be seen where notebooks are compared."""

import pytest

from cecourse import progress_bar


class Bar:
    def __init__(self, **options):
        self.total, self.n, self.closed, self.options = options["total"], 0, False, options

    def update(self):
        self.n += 1

    def close(self):
        self.closed = True


@pytest.fixture
def bars(monkeypatch):
    made = []
    monkeypatch.setattr(
        progress_bar, "tqdm", lambda **options: made.append(Bar(**options)) or made[-1]
    )
    return made


def test_it_takes_any_callback_arguments_and_closes_when_full(bars, monkeypatch):
    monkeypatch.delenv(progress_bar.VARIABLE, raising=False)
    step = progress_bar.progress_bar(2, "training")
    step(1, "network")
    assert (bars[0].n, bars[0].closed) == (1, False)
    step()
    assert (bars[0].n, bars[0].closed) == (2, True)
    assert bars[0].options["desc"] == "training"
    assert not bars[0].options["disable"] and not bars[0].options["leave"]


def test_the_real_bar_prints_nothing_when_it_is_off(monkeypatch, capsys):
    monkeypatch.setenv(progress_bar.VARIABLE, "off")
    step = progress_bar.progress_bar(1, "training")
    step()
    assert capsys.readouterr() == ("", "")


def test_no_steps_are_an_error():
    with pytest.raises(ValueError, match="total must be at least 1; got 0"):
        progress_bar.progress_bar(0, "training")
