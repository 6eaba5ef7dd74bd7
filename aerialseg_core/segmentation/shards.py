"""Shards: a share of the blocks of a scene for each of many processes, on any machines that see the same folder.

Each computes its share and stops; the run without a share computes what is missing and assembles. Nothing but the
folder of the blocks connects them, so whatever starts processes can start shards: an array job of SLURM or Kubernetes,
AWS Batch, or xargs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..config import RasterOptions, SegmentConfig, SegmentOptions
from ..errors import ParameterError
from ..files.locks import lock, make_hidden_path, refuse_locked
from ..files.outputs import raise_output_errors
from ..progress import Reporter
from ..sentences import Sentence
from .blocks import find_block_folder
from .job import Outputs, open_job, stage_outputs
from .predictor import Predictor, load_predictor
from .scratch import refuse_apart
from .work import WorkFacts, compute_blocks, count_windows, find_missing_runs

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


@dataclass(frozen=True)
class Shard:
    """One of several shares of the work, counted from 1.

    Raises:
        ParameterError: There is no such share.
    """

    number: int
    total: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.total:
            raise ParameterError(
                "share-none",
                "There is no share {share}.",
                "The first of sixteen is 1/16, the last one 16/16.",
                share=self,
            )

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read a text such as "3/16".

        Raises:
            ParameterError: It is none.
        """
        found = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", text)
        if not found:
            raise ParameterError(
                "share-unreadable", "{text!r} is no share of the work.", "The third of sixteen is 3/16.", text=text
            )
        return cls(int(found[1]), int(found[2]))

    def take(self, count: int) -> slice:
        """Take this share of so many things: neighbours, so that as little as can be is computed twice between them."""
        return slice(count * (self.number - 1) // self.total, count * self.number // self.total)


def segment_blocks(
    scene: str | Path,
    output: str | Path,
    shard: str | Shard,
    *,
    polygons: str | Path | None = None,
    confidence: str | Path | None = None,
    reporter: Reporter | None = None,
    **options: Unpack[RasterOptions],
) -> WorkFacts:
    """Compute a share of the blocks of a scene; `segment` with the same arguments then assembles the outputs.

    Args:
        scene: As for `segment`.
        output: The class raster that `segment` will write; the blocks lie in a hidden folder beside it.
        shard: Which share, as in "3/16".
        polygons: As for `segment`; named here so that all know it is one job.
        confidence: As for `segment`.
        reporter: Receives progress and messages.
        **options: `unlike` and `seams` as for `segment`; and fields of `SegmentConfig`.

    Returns:
        What it took, and the pixels of each class.

    Raises:
        EngineError: This machine computes other scores than those that began.
        AerialSegError: As `segment`. What is finished by then is kept.
    """
    outputs = Outputs.named(output, confidence, polygons, options.pop("unlike", None), options.pop("seams", None))
    config, reporter = SegmentConfig(**cast(SegmentOptions, options)), reporter or Reporter()
    share = shard if isinstance(shard, Shard) else Shard.parse(shard)
    with ExitStack() as stack:
        outputs = stack.enter_context(stage_outputs(outputs))
        if outputs.scratch:
            refuse_apart("--blocks", config, shares=True)
        stack.enter_context(_make_block_folder(outputs.classes))
        stack.enter_context(lock_share(outputs.classes, share, f"segment --blocks {share}"))
        predictor = load_predictor(config, check=reporter.check)
        return compute_share(str(scene), outputs, share, predictor, config, reporter)


def compute_share(
    source: str, outputs: Outputs, share: Shard, predictor: Predictor, config: SegmentConfig, reporter: Reporter
) -> WorkFacts:
    """Compute a share of the blocks of a scene with a model that is loaded already; otherwise as `segment_blocks`.

    The caller has locked the share (`lock_share`).
    """
    with open_job(source, outputs, predictor, config) as job:
        plan, store = job.plan, job.store
        job.check()
        store.enter(shared=True)
        spans = plan.block_spans[share.take(len(plan.block_spans))]
        runs = list(find_missing_runs(plan, store, spans=spans, stripes=plan.stripes))
        if runs:
            store.sign(predictor.identify(plan.patch), allow_mixed=config.allow_mixed)
        said = "share {share}: {rows} of {all} rows of blocks, {blocks} blocks to compute"
        counts = {"rows": len(spans), "all": len(plan.block_spans), "blocks": sum(map(len, runs))}
        reporter.message(Sentence("share-taken", said, share=share, **counts))
        reporter.start("segment", count_windows(plan, runs), "windows")
        return compute_blocks(plan, job.scene, predictor, store, runs, reporter)


@contextmanager
def _make_block_folder(output: Path) -> Iterator[None]:
    """Make the folder of the blocks, so that who assembles looks for shares; if it stays empty, it goes again."""
    folder = find_block_folder(output)
    with raise_output_errors(output):
        folder.mkdir(0o700, exist_ok=True)
    try:
        yield
    finally:
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def lock_share(output: Path, shard: Shard, task: str) -> Iterator[None]:
    """Keep other processes from computing the same share, and from assembling, while the block lasts.

    Args:
        output: What will be assembled.
        shard: The share.
        task: What is done, in a few words, for the message that others get.

    Raises:
        OutputError: Another process does the same, or assembles already.
    """
    with ExitStack() as stack:
        with raise_output_errors(output):
            stack.enter_context(lock(output, task, _name_lock(output, shard)))
        refuse_locked(output)
        yield


def refuse_running_shards(output: Path) -> None:
    """Refuse to assemble an output, whose lock is held, while shares of it are being computed.

    The whole folder that it is in is listed for that.

    Raises:
        OutputError: One is; the text tells which, and on which machine.
    """
    output = output.absolute()
    begin, end = _name_lock(output, None).name.split("@")
    with suppress(FileNotFoundError):
        names = os.listdir(output.parent)  # there may be many: nothing is made of a name that is none of a lock
        for name in sorted(one for one in names if one.startswith(begin) and one.endswith(end)):
            if re.fullmatch(r"\d+-\d+", name[len(begin) : -len(end)]):
                with raise_output_errors(output), lock(output, "assemble", output.with_name(name)):
                    pass


def _name_lock(output: Path, shard: Shard | None) -> Path:
    """Name the file that shows that a share is being computed; `@` stands for any."""
    return make_hidden_path(output.absolute(), f".{f'{shard.number}-{shard.total}' if shard else '@'}.lock")
