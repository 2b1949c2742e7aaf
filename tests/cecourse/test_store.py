"""The learner's file: nothing in it is ever lost, and it never stops a notebook."""

import json
import os
import pydoc
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cecourse import store


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A store in a fresh folder, under its usual name."""
    monkeypatch.delenv(store.VARIABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "my_course.json"


real_sleep = time.sleep


def refuse(*_, **__):
    raise PermissionError


def another_kernel(path):
    """A second store on the same file, with a memory of its own."""
    return store.Store(path)


def test_what_is_written_is_read_and_stands_in_the_file(path):
    store.write("bets", "a", 0.8)
    assert store.read("bets", "a") == 0.8
    assert store.read("bets") == {"a": 0.8}
    assert json.loads(path.read_text()) == {"bets": {"a": 0.8}}


def test_what_is_not_there_has_a_default(path):
    assert store.read("bets", "a") is None
    assert store.read("bets", "a", default=0.5) == 0.5
    assert store.read("bets") == {}
    assert not path.exists()


def test_update_sees_the_old_value(path):
    for n in (1, 2):
        assert store.update("x", "n", lambda old: (old or 0) + 1) == n


def test_no_other_file_is_left_behind(path):
    store.write("bets", "a", 0.8)
    assert [part.name for part in path.parent.iterdir()] == ["my_course.json"]


def test_the_folder_is_the_one_where_the_kernel_started(path, tmp_path, monkeypatch):
    store.write("bets", "a", 0.8)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert store.read("bets", "a") == 0.8


def test_two_kernels_keep_what_the_other_wrote(path):
    other = another_kernel(path)
    store.write("bets", "a", 1)
    other.update("bets", "b", lambda _: 2)
    store.write("exercises", "c", 3)
    other.update("bets", "b", lambda _: 4)
    assert other.read("bets") == {"a": 1, "b": 4}
    assert json.loads(path.read_text()) == {"bets": {"a": 1, "b": 4}, "exercises": {"c": 3}}


def test_many_writers_at_once_lose_nothing(path, monkeypatch):
    # on a machine with no time to spare, nobody loses patience with a lock that is held
    monkeypatch.setattr(store, "WAIT", 600.0)
    monkeypatch.setattr(store, "STALE", 600.0)

    def work(n):
        store = another_kernel(path)
        for i in range(10):
            store.update("section", f"{n}-{i}", lambda _: n)
            store.update("section", "count", lambda old: (old or 0) + 1)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    section = json.loads(path.read_text())["section"]
    assert section["count"] == 30
    assert len(section) == 31


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'{"bets": 3}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"3",
    ],
    ids=["empty", "cut off", "a list", "wrong shape", "not UTF-8", "too deep", "a number"],
)
def test_a_damaged_file_is_kept_under_another_name(path, text, capsys):
    path.write_bytes(text)
    assert store.read("bets", "a", default=0.5) == 0.5
    message = capsys.readouterr().out
    assert message == (
        "my_course.json was damaged; it is kept as my_course.damaged-1.json, "
        "and a new file begins.\n"
    )
    store.write("bets", "a", 1)
    assert (path.parent / "my_course.damaged-1.json").read_bytes() == text
    path.write_bytes(text)
    store.write("bets", "b", 2)
    assert (path.parent / "my_course.damaged-1.json").read_bytes() == text
    assert (path.parent / "my_course.damaged-2.json").read_bytes() == text
    assert store.read("bets") == {"b": 2}


def test_a_value_that_json_cannot_hold_is_refused_before_the_file_is_touched(path):
    store.write("bets", "a", 1)
    with pytest.raises(TypeError, match="set"):
        store.write("bets", "b", {1})
    assert store.read("bets") == {"a": 1}


def test_where_nothing_can_be_written_memory_does(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("not a folder")  # stops even the superuser
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file" / "my_course.json"))
    store.write("bets", "a", 1)
    store.write("bets", "b", 2)
    assert store.read("bets") == {"a": 1, "b": 2}
    assert capsys.readouterr().out == (
        "my_course.json cannot be used in this folder, so your progress is kept only until the "
        "kernel stops.\n"
    )


def test_what_was_kept_in_memory_is_written_once_the_folder_allows_it(path, monkeypatch, capsys):
    with monkeypatch.context() as blocked:
        blocked.setattr("os.replace", refuse)
        store.write("bets", "a", 1)
    assert not path.exists()
    assert list(path.parent.iterdir()) == []
    store.write("bets", "b", 2)
    assert json.loads(path.read_text()) == {"bets": {"a": 1, "b": 2}}


def test_what_could_not_be_written_gives_way_to_a_newer_value(path, monkeypatch, capsys):
    store.write("bets", "a", 1)
    with monkeypatch.context() as blocked:
        blocked.setattr("os.replace", refuse)
        store.write("bets", "a", 2)
        store.write("bets", "b", 2)
    assert store.read("bets") == {"a": 2, "b": 2}
    another_kernel(path).update("bets", "a", lambda _: 3)
    assert store.read("bets") == {"a": 3, "b": 2}
    store.write("bets", "c", 4)
    assert json.loads(path.read_text()) == {"bets": {"a": 3, "b": 2, "c": 4}}


def test_a_file_that_cannot_be_read_is_not_replaced(path, monkeypatch, capsys):
    path.write_text('{"bets": {"a": 1}}')
    with monkeypatch.context() as blocked:
        blocked.setattr(Path, "read_bytes", refuse)
        store.write("bets", "a", 2)
        store.write("bets", "b", 2)
        assert store.read("bets") == {"a": 2, "b": 2}
    assert json.loads(path.read_text()) == {"bets": {"a": 1}}
    assert "cannot be used in this folder" in capsys.readouterr().out
    assert store.read("bets") == {"a": 1, "b": 2}


def test_a_damaged_file_that_cannot_be_set_aside_is_not_replaced(path, monkeypatch, capsys):
    path.write_text("{")
    monkeypatch.setattr(Path, "rename", refuse)
    store.write("bets", "a", 1)
    assert store.read("bets") == {"a": 1}
    assert path.read_text() == "{"


@pytest.mark.parametrize("place", ["os.replace", "pathlib.Path.read_bytes"])
def test_what_is_forbidden_for_a_moment_is_tried_again(path, monkeypatch, capsys, place):
    """Windows guards a file while another program has it open."""
    store.write("bets", "a", 1)
    real = pydoc.locate(place)
    calls = []

    def busy(*args):
        calls.append(args)
        return refuse() if len(calls) < 4 else real(*args)

    monkeypatch.setattr(place, busy)
    store.write("bets", "b", 2)
    assert json.loads(path.read_bytes()) == {"bets": {"a": 1, "b": 2}}
    assert capsys.readouterr().out == ""


def test_what_stays_forbidden_is_waited_for_once(path, monkeypatch, capsys):
    path.write_text("{}")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    waits = []
    monkeypatch.setattr("time.sleep", lambda _: waits.append(1) or real_sleep(0.2))
    store.read("bets")
    assert waits
    waits.clear()
    store.read("bets")
    assert not waits


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["none", "Notepad's"])
def test_a_byte_order_mark_does_no_harm(path, mark, capsys):
    path.write_bytes(mark + b'{"bets": {"a": 1}}')
    assert store.read("bets", "a") == 1
    store.write("bets", "b", 2)
    assert json.loads(path.read_bytes()) == {"bets": {"a": 1, "b": 2}}
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes; Linux and macOS run this")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_file_keeps_its_mode(path, mode):
    store.write("bets", "a", 1)
    path.chmod(mode)
    store.write("bets", "b", 2)
    assert path.stat().st_mode & 0o777 == mode


def test_two_writers_in_one_process_do_not_share_a_temporary_file(path, monkeypatch, capsys):
    both = threading.Barrier(2, timeout=10)
    monkeypatch.setattr("os.fsync", lambda _: both.wait())
    stores = [another_kernel(path) for _ in range(2)]
    written = []
    threads = [
        threading.Thread(target=lambda s=store: written.append(s._write({"bets": {"a": 1}})))
        for store in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert written == [True, True]
    assert capsys.readouterr().out == ""
    assert [part.name for part in path.parent.iterdir()] == ["my_course.json"]


def test_every_other_file_is_one_that_git_ignores(path, monkeypatch):
    """`.gitignore` has `.my_course*`."""
    seen = []
    monkeypatch.setattr("os.fsync", lambda _: seen.extend(p.name for p in path.parent.iterdir()))
    store.write("bets", "a", 1)
    assert len(seen) == 2
    assert all(name.startswith(".my_course") for name in seen)


def test_a_lock_that_is_being_deleted_is_waited_for(path, monkeypatch):
    """Windows then says "forbidden" and not "it exists"."""
    real = os.open

    def as_on_windows(*args, **options):
        try:
            return real(*args, **options)
        except FileExistsError as error:
            raise PermissionError from error

    monkeypatch.setattr("os.open", as_on_windows)
    test_many_writers_at_once_lose_nothing(path, monkeypatch)


def test_in_a_folder_that_is_read_only_nobody_waits_for_a_lock(path, monkeypatch, capsys):
    monkeypatch.setattr("os.open", refuse)
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("it waits"))
    store.write("bets", "a", 1)
    assert store.read("bets", "a") == 1


def test_a_value_with_keys_that_cannot_be_sorted_leaves_nothing_behind(path):
    with pytest.raises(TypeError):
        store.write("bets", "b", {1: 1, "a": 2})
    assert list(path.parent.iterdir()) == []


def test_an_abandoned_lock_is_broken_and_a_held_one_outwaited(path, monkeypatch):
    lock = path.parent / ".my_course.json.lock"
    lock.touch()
    monkeypatch.setattr(store, "WAIT", 0.2)
    store.write("bets", "a", 1)  # waits, then goes on
    assert lock.exists()
    monkeypatch.setattr("time.time", lambda: lock.stat().st_mtime + 60 if lock.exists() else 0)
    store.write("bets", "b", 2)
    assert not lock.exists()
    assert store.read("bets") == {"a": 1, "b": 2}


def test_off_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_course.json").write_text('{"bets": {"a": 1}}')
    assert store.read("bets", "a") is None
    store.write("bets", "b", [2])
    store.read("bets", "b").append(3)
    assert store.read("bets") == {"b": [2]}
    assert (tmp_path / "my_course.json").read_text() == '{"bets": {"a": 1}}'
    assert len(list(tmp_path.iterdir())) == 1


def test_another_file_may_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "mine.json"))
    store.write("bets", "a", 1)
    assert json.loads((tmp_path / "mine.json").read_text()) == {"bets": {"a": 1}}


def test_another_process_reads_what_this_one_wrote(path):
    store.write("bets", "a", 1)
    code = "from cecourse import store; store.write('bets', 'b', store.read('bets', 'a') + 1)"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=path.parent,
        env=os.environ | {"PYTHONPATH": str(Path(store.__file__).parents[1])},
    )
    assert store.read("bets") == {"a": 1, "b": 2}


def test_a_whole_text_takes_the_place_of_the_file(tmp_path):
    for mine in (store.Store(tmp_path / "my_course.json"), store.Store(None)):
        assert mine.text() is None
        mine.update("quiz", "q01", lambda _: "A")
        text = mine.text()
        assert json.loads(text) == {"quiz": {"q01": "A"}}
        mine.replace('{"bets": {"b": 0.5}}')
        assert (mine.read("bets"), mine.read("quiz")) == ({"b": 0.5}, {})
        mine.replace(None)
        assert mine.text() is None
        mine.replace(text)
        assert mine.text() == text


def test_another_file_is_brought_in_and_nothing_better_is_lost(tmp_path):
    for mine in (store.Store(tmp_path / "my_course.json"), store.Store(None)):
        solved, often, once = {"solved": True, "tries": 1}, {"tries": 9}, {"tries": 1}
        own = {"a": solved, "b": once, "c": often, "d": solved, "e": "odd"}
        mine.replace(json.dumps({"exercises": own, "mine": {"x": 1}}))
        other = {"a": often, "b": often, "c": once, "e": solved, "f": once}
        mine.bring_in(json.dumps({"exercises": other, "other": {"y": 2}}))
        best = {"a": solved, "b": often, "c": often, "d": solved, "e": solved, "f": once}
        assert json.loads(mine.text()) == {"exercises": best, "mine": {"x": 1}, "other": {"y": 2}}
        before = mine.text()
        for wrong in ("", "[]", '{"exercises": 3}', "# Notes\n", "null"):
            with pytest.raises(ValueError, match=r"text must be that of a my_course\.json"):
                mine.bring_in(wrong)
        assert mine.text() == before
