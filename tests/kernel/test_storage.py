"""Files by content, in a folder and behind a URL; also after a fork."""

from __future__ import annotations

import multiprocessing

import pytest

from lms.storage import Storage


@pytest.fixture(params=["folder", "url"])
def storage(request, tmp_path):
    return Storage(str(tmp_path) if request.param == "folder" else "memory:///")


def test_what_is_put_is_got_under_its_hash(storage):
    key = storage.put(b"abc", ".TXT")
    assert key.endswith(".txt")
    assert len(key) == 68
    assert storage.put(b"abc", "txt") == key
    assert storage.get(key) == b"abc"
    assert storage.keys() == [key]


def test_foreign_names_are_not_found(storage):
    for name in ("../../etc/passwd", "abc.txt", "0" * 64 + ".txt"):
        with pytest.raises(FileNotFoundError):
            storage.get(name)


def _put_in_child(storage, answers):
    answers.put(storage.put(b"from the child", "txt"))


def test_a_forked_server_keeps_files(tmp_path):
    storage = Storage(str(tmp_path))
    storage.put(b"from the parent", "txt")
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    child = fork.Process(target=_put_in_child, args=(storage, answers))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert storage.get(answers.get()) == b"from the child"
