"""Exercises are tested in memory: nobody's own file is read or written."""

import pytest

from cehelpers import _store


@pytest.fixture(autouse=True)
def memory_only(monkeypatch):
    monkeypatch.setenv(_store.VARIABLE, "off")
    monkeypatch.setattr(_store, "_stores", {})
