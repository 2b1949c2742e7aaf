"""Tests are in memory and in English: nobody's own file is read or written."""

import pytest

from cecourse import language, store


@pytest.fixture(autouse=True)
def memory_only(monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "off")
    monkeypatch.setattr(store, "_stores", {})
    yield
    language.speak(language.OWN)
