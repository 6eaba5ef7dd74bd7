"""The description of a model from elsewhere: what its metadata and a card beside it say, and the card that it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import ModelError
from ..raster.classes import ClassScheme
from .card import COLOURS_FOR_UNKNOWN, Band, Card
from .signature import CLASSES_ASKED, MEANINGS, ONE_CHANNEL, WHOLE_TYPES, NetworkSpec, Signature

USUAL_PATCH = 512
"""Side of the patch where the network takes any and nothing names one, px."""

ANY_GSD = (1e-6, 1e6)
"""Range of ground resolutions of a model that names none: scenes are read as they are."""

_WHERE = "docs/guides/models.md lists what a card may say"


@dataclass(frozen=True)
class Description:
    """What is said about a segmentation model that is not ours; what is not said is empty."""

    name: str
    """Name of the model."""
    text: str = "A segmentation model from elsewhere."
    """One sentence for people."""
    classes: Mapping[int, str] = field(default_factory=dict)
    """Names of the classes by the number of their channel, from 0."""
    colours: Mapping[int, str] = field(default_factory=dict)
    """Their colours, as #RRGGBB, where they have one."""
    bands: tuple[str, ...] = ()
    """Names of the bands in the order of the network."""
    gsd: float | None = None
    """Ground resolution, metres per pixel; 0 if any is fine."""
    gsd_range: tuple[float, float] | None = None
    """Finest and coarsest ground resolution, metres per pixel."""
    patch: int = 0
    """Side of the patch, px."""
    scale: float | None = None
    """What pixels are divided by before they are standardised."""
    mean: tuple[float, ...] = ()
    """Mean of each band after that."""
    std: tuple[float, ...] = ()
    """Standard deviation of each band after that."""
    dtype: str = ""
    """Type of the training images."""
    range: tuple[float, float] | None = None
    """Values of the training images that were black and white."""
    output: str = ""
    """Name of the output that is the scores."""
    threshold: float = 0.0
    """Probability from which a class counts."""
    small_segment: float = 0.0
    """Areas that Deepness would remove."""
    licence: str = ""
    """Licence of the weights."""
    complete: bool = False
    """Whether what is not said has a usual value, as in the metadata of Deepness."""

    @property
    def named(self) -> int:
        """Number of classes that are named; 0 if none are."""
        return max(self.classes, default=-1) + 1

    def conclude(self, seen: NetworkSpec, file: str) -> tuple[Card, Signature]:
        """Conclude how the network is used, and make its card.

        Args:
            seen: What the network was seen to take and give.
            file: Name of the model's file, for errors.

        Raises:
            ModelError: Something is missing, or the network is another one than the one described.
        """
        signature = seen.to_signature(
            named=self.named,
            threshold=self.threshold,
            output=self.output,
            model=file,
            missing=self._list_missing(seen.dtype in WHOLE_TYPES),
        )
        self._require_complete(seen, signature, file)
        given = [len(values) for values in (self.mean, self.std, self.bands) if values]
        if any(n != seen.bands for n in given):
            wrong = next(n for n in given if n != seen.bands)
            what = "its metadata standardise" if self.complete else "bands, mean or std of its card are of"
            raise ModelError(
                "model-band-count",
                "{name} takes {bands} bands, but {what} {wrong}.",
                "Correct them: {where}.",
                name=self.name,
                bands=seen.bands,
                what=what,
                wrong=wrong,
                where=_WHERE,
            )
        names = _name_classes(self.classes, signature)
        colours = (self.colours.get(i) or COLOURS_FOR_UNKNOWN[i % len(COLOURS_FOR_UNKNOWN)] for i in range(len(names)))
        gsd = self.gsd or 1.0
        scale, mean, std = 1.0, [0.0] * seen.bands, [1.0] * seen.bands
        if not signature.raw:
            scale, mean, std = self.scale or 255.0, [*self.mean] or mean, [*self.std] or std
        bands = self.bands or tuple(f"band {i + 1}" for i in range(seen.bands))
        card = Card(
            name=self.name,
            description=self.text,
            classes=ClassScheme.of(list(zip(names, colours, strict=True))),
            bands=tuple(Band(*band) for band in zip(bands, [scale] * seen.bands, mean, std, strict=True)),
            patch=seen.patch or self.patch or USUAL_PATCH,
            gsd=gsd,
            gsd_range=self.gsd_range or ((gsd, gsd) if self.gsd else ANY_GSD),
            dtype=self.dtype or ("uint16" if signature.dtype == "uint16" else "uint8"),
            range=self.range,
            fixed_patch=bool(seen.patch),
            output=self.output,
            threshold=self.threshold,
            licence=self.licence,
        )
        return card, signature

    def notes(self, signature: Signature) -> list[str]:
        """Say what is missing or not followed, in sentences for people."""
        said = []
        if not self.gsd:
            said.append("It names no ground resolution: scenes are read at their own.")
        if signature.raw and (self.mean or self.std):
            said.append("Its standardisation is not applied, for its input takes pixels as they are stored.")
        if self.small_segment:
            said.append("Its seg_small_segment is not applied: remove small areas with --min-area.")
        return said

    def _list_missing(self, raw: bool, names: str = "") -> list[str]:
        """List what nobody can tell from a network and nobody has said, as it is written into a card.

        Args:
            raw: Whether the network takes pixels as they are stored.
            names: How many classes there are, for people, where that is known.
        """
        if self.complete:
            return []
        wanted = {
            f"{CLASSES_ASKED}{names}": not self.classes,
            'gsd = METRES (or "any")': self.gsd is None,
            "scale = 255 (or what else pixels were divided by)": self.scale is None and not raw,
        }
        return [what for what, is_missing in wanted.items() if is_missing]

    def _require_complete(self, seen: NetworkSpec, signature: Signature, file: str) -> None:
        """Ask for what nobody can tell from the network, and refuse what contradicts it."""
        missing = self._list_missing(signature.raw, f" ({signature.classes} names)")
        if missing:
            raise ModelError(
                "model-unexplained",
                "{file} takes {bands} bands as {dtype} and gives {meaning}, but nothing says what they mean.",
                "Write {missing} into a TOML, and run `aerialseg models add {file} --card CARD.toml`.",
                file=file,
                bands=seen.bands,
                dtype=signature.dtype,
                meaning=MEANINGS[signature.meaning],
                missing=", ".join(missing),
            )
        keys = ("scale", "dtype") if self.complete else ("scale", "mean", "std", "dtype")
        unused = [key for key in keys if getattr(self, key)]
        if signature.raw and unused:
            raise ModelError(
                "model-scaling-unused",
                "{file} takes pixels as they are stored ({dtype}), but its card has {unused}.",
                "Take {pronoun} out.",
                file=file,
                dtype=signature.dtype,
                unused=", ".join(unused),
                pronoun="it" if len(unused) == 1 else "them",
            )
        if not self.complete and self.patch and seen.patch not in (0, self.patch):
            raise ModelError(
                "model-patch-fixed",
                "{file} takes patches of {patch} px only, its card says {card_patch} px.",
                "Take patch out.",
                file=file,
                patch=seen.patch,
                card_patch=self.patch,
            )


def _name_classes(given: Mapping[int, str], signature: Signature) -> list[str]:
    """A name for each class, all of them different."""
    if signature.meaning in ONE_CHANNEL and list(given) == [0]:
        given = {0: "background", 1: given[0]}  # one name is that of what is looked for
    elif signature.meaning in ONE_CHANNEL and not given:
        given = {0: "background"}
    names: list[str] = []
    for number in range(signature.classes):
        name = given.get(number) or f"class {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names
