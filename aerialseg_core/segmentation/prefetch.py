"""Run a generator in a thread of its own, a bounded number of items ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class _End:
    """What `next` gives when there is nothing more."""


def prefetch(items: Iterable[T], ahead: int = 1) -> Generator[T, None, None]:
    """Make the items, in their order, while the consumer is busy with earlier ones.

    Args:
        items: Iterated in another thread. An exception there is raised here, in its place.
        ahead: Items that may be ready or in the making, > 0.

    Yields:
        The items. Closing the generator waits for the item in the making and closes a generator that makes them.
    """
    iterator = iter(items)
    pool = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
    try:
        pending = deque(pool.submit(next, iterator, _End) for _ in range(ahead))
        while (item := pending.popleft().result()) is not _End:
            pending.append(pool.submit(next, iterator, _End))
            yield item  # type: ignore[misc]  # anything but _End is a T
    finally:
        pool.shutdown(cancel_futures=True)
        if isinstance(iterator, Generator):
            iterator.close()
