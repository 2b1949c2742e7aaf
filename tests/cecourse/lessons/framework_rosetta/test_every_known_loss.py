"""The losses that `ce.fingerprint` knows, asked again; PyTorch's by the tool, where CI has it."""

import json
from importlib.metadata import version

import pytest

import cehelpers as ce
from cecourse.lessons.framework_rosetta import calls
from cecourse.lessons.framework_rosetta.mystery import FORECAST_FIRST, SUMMED, mystery, numbers_of
from tools import record_losses
from tools.record_losses import LOSSES, MODULES, losses, named, x64

RECORDED = json.loads(record_losses.FILE.read_text(encoding="utf-8"))
# JAX compiles each shape of each: what is asked here is what the notebook compares
FEW = [text for name in ("Keras", "Optax") for text in LOSSES[name] if "ross" in text.lower()]
ASKED = [
    (name, text)
    for name in LOSSES
    for text in LOSSES[name]
    if name != "PyTorch"
    and (name not in ("Keras", "Optax") or (text in FEW and "ocal" not in text))
]


@pytest.mark.parametrize(("name", "text"), ASKED, ids=[text for _, text in ASKED])
def test_a_loss_is_what_was_recorded_of_it(name, text):
    if name in ("Keras", "Optax"):
        if not calls.have("keras", "jax", "optax"):
            pytest.skip("group frameworks: make test installs it")
        with x64(True):
            found = ce.fingerprint(losses(name)[text][0])
    else:
        found = ce.fingerprint(losses(name)[text][0])
    wide = record_losses.X64 if name == "Optax" else ""
    assert found.name == named(name, text) + wide
    if version(MODULES.get(name, name.lower())) == RECORDED["versions"][name]:
        assert found.differences == []


def test_the_file_has_what_the_tool_would_ask():
    every = [named(name, text) for name, texts in LOSSES.items() for text in texts]
    optax = [key + record_losses.X64 for key in every if key.startswith("Optax")]
    assert sorted(RECORDED["losses"]) == sorted(every + optax)
    assert set(RECORDED["versions"]) == set(LOSSES)
    assert RECORDED["versions"]["PyTorch"] == calls.recorded()["version"]


def test_a_change_is_found(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["record_losses", "--check", "NumPy"])
    assert record_losses.main() == 0
    assert capsys.readouterr().out == f"{len(LOSSES['NumPy'])} losses are what they were.\n"
    text = LOSSES["NumPy"][-1]
    changed = {text: (lambda y, p: 2 * ce.brier_score(y, p), None)}
    monkeypatch.setattr(record_losses, "losses", lambda name: changed)
    assert record_losses.main() == 1
    assert capsys.readouterr().out.startswith(f"{named('NumPy', text)}: factor, ")


def test_a_library_that_is_unknown_is_named(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["record_losses", "TensorFlow"])
    with pytest.raises(SystemExit):
        record_losses.main()
    assert "got 'TensorFlow'" in capsys.readouterr().err


@pytest.mark.parametrize("number", range(24))
def test_the_three_without_a_name_have_the_habits_of_their_numbers(number):
    for code, loss in zip(numbers_of(number), mystery(number), strict=True):
        facts = ce.fingerprint(loss).facts
        assert (facts["order"] == "forecast first") == bool(code - 1 & FORECAST_FIRST)
        assert (facts["reduction"] == "sum over rows") == bool(code - 1 & SUMMED)
        assert facts["eps is"] == "a clip" and (facts["certain and right"] == 0) == (code % 2 == 0)
