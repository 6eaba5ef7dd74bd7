"""Items made ahead of time in another thread: the same items, boundedly many, and nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aerialseg_core.segmentation.prefetch import prefetch


@settings(deadline=None)  # threads take their time on a busy machine
@given(st.lists(st.integers() | st.none()), st.integers(1, 5))
def test_items_come_whole_and_in_order(items: list[int | None], ahead: int) -> None:
    assert list(prefetch(items, ahead)) == items


def test_items_are_made_in_another_thread() -> None:
    threads = list(prefetch(threading.get_ident() for _ in range(3)))
    assert threading.get_ident() not in threads
    assert len(set(threads)) == 1


def test_no_more_than_asked_for_are_made_ahead() -> None:
    made = []

    def numbers() -> Iterator[int]:
        for n in range(100):
            made.append(n)
            yield n

    taken = prefetch(numbers(), ahead=3)
    assert next(taken) == 0
    taken.close()
    assert len(made) <= 4


def test_an_error_arrives_in_its_place() -> None:
    def numbers() -> Iterator[int]:
        yield 1
        raise KeyError("broken")

    taken = prefetch(numbers(), ahead=2)
    assert next(taken) == 1
    with pytest.raises(KeyError, match="broken"):
        next(taken)


def test_closing_closes_the_source_too() -> None:
    closed = threading.Event()

    def numbers() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.set()

    taken = prefetch(prefetch(numbers()), ahead=2)
    next(taken)
    taken.close()
    assert closed.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("prefetch")]
