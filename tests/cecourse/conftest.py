"""Exercises and predictions are tested in memory: nobody's own file is read or written."""

import pytest

from cecourse import store


@pytest.fixture(autouse=True)
def memory_only(monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "off")
    monkeypatch.setattr(store, "_stores", {})
