"""Which band is red: one rule for training, audit, evaluation and segmenting.

What the user says counts. Else a band is what its name says, then what its wavelength says, then its colour
interpretation; names come first, because GDAL calls the bands of any image of three red, green and blue. What nothing
says is taken in the order in which it is stored, and the choice mentions it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import rasterio
from rasterio.enums import ColorInterp

from ..errors import SceneError
from ..sentences import Sentence, join
from .opening import Dataset, describe_as_vrt, unshare_sources

RGB = ("red", "green", "blue")
"""What people see."""

Kind = tuple[str, float]
"""What a band shows, such as `red`, and how far it is from the typical one: of two red bands the nearer is taken."""

_ALPHA = ColorInterp.alpha
_OTHER = "other"
_LAST = 9.0
"""A band that is red by its colour interpretation comes after every one that is red by name."""

_WORDS: tuple[tuple[str, str], ...] = (
    (_OTHER, r"mask\w*|quality|qa|std|stdev|stddev|variance|alpha|cloud\w*|nd[vw]i|ndre|e?vi|savi|dsm|dtm|dem|chm"),
    (_OTHER, r"heights?|elevation|thermal( infrared)?|[lt]w?ir\d*|mwir|v[vh]|h[vh]|green i|violet|orange"),
    ("coastal", r"coastal( blue| aerosol)?|aerosols?"),
    ("rededge", r"red ?edge ?\d*|rot ?kante"),
    ("swir22", r"swir ?(2|22)"),
    ("swir16", r"swir ?(1|16)|swir|(short ?wave|mid) ?(infra ?red|ir)"),
    ("nir+", r"(nir|near infra ?red) ?(2|08|narrow)|narrow (nir|near infra ?red)"),
    (_OTHER, r"nir ?09|water vapou?r|cirrus"),
    ("nir", r"(near |nahes |proche )?(infra ?red|infrarot|infrarouge|ir)( proche)?|nir ?1?|pir|infrarrojo( cercano)?"),
    ("nir", r"infrarosso( vicino)?|infravermelho( proximo)?"),
    ("red", r"red ?\d*|rot|rouge|rojo|rosso|vermelho|rood"),
    ("green", r"green ?\d*|grun|gruen|vert|verde|groen"),
    ("blue", r"blue ?\d*|blau|bleu|azul|blu|blauw"),
    ("yellow", r"yellow|gelb|jaune"),
    ("grey", r"gr[ae]y|grau|panchromatic|pan"),
)
"""Words in the name of a band, in small letters, without accents; a part that a line finds is out for the next."""

_LETTERS = {"r": "red", "g": "green", "b": "blue", "n": "nir"}

_CENTRES = {
    "coastal": (0.4, 0.443, 0.45),
    "blue": (0.45, 0.48, 0.512),
    "green": (0.512, 0.555, 0.585),
    "yellow": (0.585, 0.605, 0.625),
    "red": (0.625, 0.655, 0.69),
    "rededge": (0.69, 0.71, 0.755),
    "nir": (0.755, 0.84, 0.95),
    "swir16": (1.5, 1.61, 1.8),
    "swir22": (2.0, 2.2, 2.4),
}
"""From, centre, to: micrometres, after Sentinel-2, Landsat, WorldView, Planet and common drone cameras."""

_COLOURS: dict[ColorInterp, Kind] = {
    getattr(ColorInterp, name): (kind, _LAST)
    for name, kind in (
        *((name, name) for name in ("red", "green", "blue", "coastal", "rededge", "nir")),
        ("swir", "swir16"),
    )
    if hasattr(ColorInterp, name)  # some only since GDAL 3.10
}


def _parse_numbers(kinds: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in kinds.split())


_SENTINEL_2 = _parse_numbers(
    "1=coastal 2=blue 3=green 4=red 5=rededge 6=rededge+ 7=rededge++ 8=nir 8A=nir+ 9=other 10=other 11=swir16 12=swir22"
)
_LANDSAT_8 = _parse_numbers("1=coastal 2=blue 3=green 4=red 5=nir 6=swir16 7=swir22 8=grey 9=other 10=other 11=other")
_LANDSAT_4 = _parse_numbers("1=blue 2=green 3=red 4=nir 5=swir16 6=other 7=swir22 8=grey")
_BOTH = {number: _SENTINEL_2[number] for number in ("2", "3", "4", "8")}
"""What Sentinel-2 and Landsat 8 and 9 agree on, and B8, which is no band of a stack of Landsat's colours."""

_SENSORS = ((_SENTINEL_2, "Sentinel-2"), (_LANDSAT_8, "Landsat 8 and 9"), (_LANDSAT_4, "Landsat 4 to 7"))

_LEAST_NANOMETRES, _MOST_MICROMETRES = 100, 20

_NUMBERED = re.compile(r"(?:^|[\s_])(SR_)?B(0?\d|1\d|8A)(?=$|[\s_,;.:(])", re.IGNORECASE)
_NUMBERING = re.compile(r"(?:band|layer|channel|kanal|input|ch|b|c|x)?[\s_]*\d*", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(nm|nanomet|[uµμ]m|micromet)", re.IGNORECASE)
_NAME_TAGS = ("bandname", "name", "longname", "commonname", "description")
_LENGTH_TAGS = ("centralwavelengthum", "wavelength", "centralwavelength", "centerwavelength", "centrewavelength")
_UNIT_TAGS = ("wavelengthunits", "wavelengthunit")


@dataclass(frozen=True)
class BandFacts:
    """What a raster says about one of its bands."""

    name: str = ""
    """Its description, or its name in the metadata."""
    wavelength: float | None = None
    """Centre, micrometres."""
    colour: ColorInterp = ColorInterp.undefined
    """Its colour interpretation."""


@dataclass(frozen=True)
class BandChoice:
    """Which bands are read."""

    bands: tuple[int, ...]
    """Counted from 1, in the order of the model."""
    reason: str
    """How they were found, such as "by name"."""
    note: str = ""
    """What is doubtful about it, without a full stop; empty if nothing is."""


def read_facts(dataset: Dataset) -> tuple[BandFacts, ...]:
    """Read what a raster says about its bands.

    Args:
        dataset: An open rasterio dataset.
    """
    common = _read_tags(dataset, 0)
    facts = []
    for index, (described, colour) in enumerate(zip(dataset.descriptions, dataset.colorinterp, strict=True), start=1):
        own = _read_tags(dataset, index)
        name = (described or next((own[key] for key in _NAME_TAGS if key in own), "")).strip()
        facts.append(BandFacts(name, _find_wavelength(name, own, common, (index, dataset.count)), colour))
    return tuple(facts)


@contextmanager
def unset_false_alpha(dataset: Dataset) -> Iterator[Dataset]:
    """Take the alpha of a raster for a band like others if it is one by its name; any other raster stays as it is.

    GDAL calls the fourth of four 8-bit bands alpha unless it is told otherwise: near infrared, which is 0 on water,
    would cut the water out of the map.

    Args:
        dataset: An open rasterio dataset.

    Yields:
        A rasterio dataset on the same grid.
    """
    kinds = find_kinds([name or "" for name in dataset.descriptions])
    named = [kind and kind[0] for kind, colour in zip(kinds, dataset.colorinterp, strict=True) if colour is _ALPHA]
    if named in ([], [None], [_OTHER]):
        yield dataset
        return
    text = unshare_sources(describe_as_vrt(dataset))
    with rasterio.open(text.replace("<ColorInterp>Alpha<", "<ColorInterp>Undefined<")) as renamed:
        yield renamed


def choose_bands(
    facts: Sequence[BandFacts],
    wanted: Sequence[str],
    chosen: Sequence[int] | None = None,
    *,
    raster: str,
    remedy: str = "Name them with --bands.",
) -> BandChoice:
    """Find the bands that a model wants.

    Args:
        facts: Of all bands of the raster.
        wanted: Names of the model's bands.
        chosen: What the user says, counted from 1.
        raster: How errors call the raster.
        remedy: What errors advise.

    Raises:
        SceneError: There are too few bands, or none is what the model wants.
    """
    usable = [i for i, one in enumerate(facts, start=1) if one.colour is not ColorInterp.alpha]
    taken = tuple(chosen or usable[: len(wanted)])
    if len(taken) != len(wanted) or max(taken) > len(facts) or min(taken) < 1:
        raise SceneError(
            "bands-too-few",
            "The model needs {count} bands ({wanted}), but {raster} has {usable}, bands {chosen} chosen.",
            "{remedy}",
            count=len(wanted),
            wanted=", ".join(wanted),
            raster=raster,
            usable=len(usable),
            chosen=", ".join(map(str, taken)) or "none",
            remedy=remedy,
        )
    if chosen:
        return BandChoice(taken, Sentence("bands-as-chosen", "as chosen"))
    evidence = _Evidence.of(facts, wanted, usable)
    match = evidence.match(evidence.all) or evidence.match(evidence.strong)  # the colours may be GDAL's default only
    if match is None:
        shown = {kind[0] for kind in evidence.strong.values() if kind}
        lacking = [name for name, kind in zip(wanted, evidence.wanted, strict=True) if kind not in shown]
        has = ", ".join(facts[i - 1].name or (evidence.strong[i] or ("unnamed",))[0] for i in usable)
        raise SceneError(
            "bands-missing",
            "The model needs {wanted}, but no band of {raster} is {lacking}: they are {found}.",
            "{remedy}",
            wanted=", ".join(wanted),
            raster=raster,
            lacking=_join_or(lacking),
            found=has,
            remedy=remedy,
        )
    notes = [*match.doubts, *_note_order(evidence, match, wanted), *_note_numbers(evidence, match, facts)]
    notes += _note_contradictions(evidence, match.bands)
    return BandChoice(match.bands, _give_reason(evidence, match), join(notes, "; "))


def choose_shown_bands(facts: Sequence[BandFacts], chosen: Sequence[int] = ()) -> tuple[int, ...]:
    """Choose the bands to show people as red, green and blue: three, or the first one where there are fewer.

    Args:
        facts: Of all bands of the raster.
        chosen: Those that are read from it, if that is known.
    """
    usable = [i for i, one in enumerate(facts, start=1) if one.colour is not ColorInterp.alpha] or [1]
    if chosen or len(usable) < len(RGB):
        shown = tuple(chosen or usable)
        return shown[:3] if len(shown) >= len(RGB) else shown[:1]
    try:
        return choose_bands(facts, RGB, raster="").bands
    except SceneError:  # nir, red, green, as such images are shown
        return tuple(usable[:3])


def find_kinds(names: Sequence[str]) -> list[Kind | None]:
    """Find what bands of these names show; None where a name does not say.

    Numbers such as B4 are understood together: "B1, B2, B3" is mere numbering, with B8A among them it is Sentinel-2.
    """
    found = [_find_kind_in_words(name) for name in names]
    sensor = _find_sensor(names)
    for i, name in enumerate(names):
        number = _find_number(name)
        if found[i] is None and number and number in sensor:
            found[i] = _rank(sensor[number])
    return found


@dataclass(frozen=True)
class _Match:
    """Bands for what is wanted."""

    bands: tuple[int, ...]
    guessed: tuple[int, ...]
    """Places in `bands` that nothing tells; they took what was left in its order."""
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class _Evidence:
    """What is wanted, and what the names, wavelengths and colours of the usable bands say."""

    wanted: tuple[str | None, ...]
    exact: dict[int, int]
    """Bands of the very name that is wanted, by place, where it is no colour, such as `height`."""
    names: dict[int, Kind | None]
    lengths: dict[int, Kind | None]
    colours: dict[int, Kind | None]

    @classmethod
    def of(cls, facts: Sequence[BandFacts], wanted: Sequence[str], usable: Sequence[int]) -> _Evidence:
        shown = [None if kind is None or kind[0] == _OTHER else kind[0] for kind in find_kinds(wanted)]
        named = find_kinds([one.name for one in facts])
        plain = {_simplify(facts[i - 1].name): i for i in reversed(usable)}
        own = {place: _simplify(name) for place, name in enumerate(wanted) if not _NUMBERING.fullmatch(name.strip())}
        return cls(
            tuple(shown),
            {place: plain[name] for place, name in own.items() if shown[place] is None and name in plain},
            {i: named[i - 1] for i in usable},
            {i: _find_kind_of_length(facts[i - 1].wavelength) for i in usable},
            {i: _COLOURS.get(facts[i - 1].colour) for i in usable},
        )

    @property
    def strong(self) -> dict[int, Kind | None]:
        """What names and, where they say nothing, wavelengths say."""
        return {i: self.names[i] or self.lengths[i] for i in self.names}

    @property
    def all(self) -> dict[int, Kind | None]:
        """The same, and where they say nothing either, colours."""
        return {i: kind or self.colours[i] for i, kind in self.strong.items()}

    def match(self, kinds: dict[int, Kind | None]) -> _Match | None:
        """Find a band for everything; None if there are too few of which nothing is known for what is not found."""
        taken: dict[int, int] = {}
        doubts = []
        for place, wanted in enumerate(self.wanted):
            free = [i for i in kinds if i not in taken.values()]
            alike = sorted((kind[1], i) for i in free if (kind := kinds[i]) and kind[0] == wanted)
            if self.exact.get(place) in free:
                taken[place] = self.exact[place]
            elif alike:
                taken[place] = alike[0][1]
                equal = [i for rank, i in alike if rank == alike[0][0]]
                if len(equal) > 1:
                    said = "bands {bands} are all {wanted}: the first of them was taken"
                    doubts.append(Sentence("bands-equal", said, bands=_join(equal), wanted=wanted))
        guessed = [place for place in range(len(self.wanted)) if place not in taken]
        for place in guessed:
            free = [i for i in kinds if i not in taken.values()]
            unknown = [i for i in free if kinds[i] is None]
            nameless = self.wanted[place] is None
            # A model that names none of its bands takes them as they are stored.
            left = free if not any(self.wanted) else unknown or (free if nameless else [])
            if not left:
                return None
            taken[place] = left[0]
        return _Match(tuple(taken[place] for place in range(len(self.wanted))), tuple(guessed), tuple(doubts))


def _note_order(evidence: _Evidence, match: _Match, wanted: Sequence[str]) -> Iterator[str]:
    """Say what was done where nothing tells one band from another."""
    if not match.guessed:
        return
    total, bands = len(evidence.names), match.bands
    numbers = _join([bands[place] for place in match.guessed])
    were = "was" if len(match.guessed) == 1 else "were"
    shown = [kind[0] for i in bands if (kind := evidence.all[i])]
    complete = len(match.guessed) == len(bands)
    if not any(evidence.wanted):
        usual = shown in ([], ["red", "green", "blue"])
        if total != len(bands) or not usual:
            which = "" if usual else f", which show {', '.join(shown)},"
            said = "the model does not name its bands: {bands} of {total}{which} {were} taken as stored"
            yield Sentence("bands-nameless", said, bands=numbers, total=total, which=which, were=were)
    elif complete and shown:
        yield Sentence(
            "bands-contrary",
            "the bands show {shown}, the model wants {wanted}: {bands} {were} taken as stored",
            shown=", ".join(shown),
            wanted=", ".join(wanted),
            bands=numbers,
            were=were,
        )
    elif complete and len(bands) == total == 1:
        if evidence.wanted != ("grey",):
            said = "nothing says whether the only band is {wanted}: it was taken"
            yield Sentence("bands-only-one", said, wanted=wanted[0])
    elif not (complete and len(bands) == total == 3):
        yield Sentence(
            "bands-untold",
            "nothing says which of the {total} bands is {wanted}: {bands} {were} taken as stored",
            total=total,
            wanted=_join_or([wanted[place] for place in match.guessed]),
            names=", ".join(wanted[place] for place in match.guessed),
            bands=numbers,
            were=were,
        )


def _note_numbers(evidence: _Evidence, match: _Match, facts: Sequence[BandFacts]) -> Iterator[str]:
    """Say of which sensor the numbers in names were taken to be."""
    names = [facts[i - 1].name for i in match.bands if evidence.names[i]]
    numbered = [name for name in names if not _find_kind_in_words(name)]
    if numbered:
        meant = _find_sensor([one.name for one in facts])
        sensor = next((name for numbers, name in _SENSORS if meant is numbers), "Sentinel-2 and Landsat 8 and 9")
        said = "{names} were read as numbers of {sensor}"
        yield Sentence("bands-numbered", said, names=", ".join(numbered), sensor=sensor)


def _note_contradictions(evidence: _Evidence, bands: tuple[int, ...]) -> Iterator[str]:
    """Say where names or wavelengths do not agree with what stands behind them."""
    by = "names" if any(evidence.names[i] for i in bands) else "wavelengths"
    others = {"wavelengths": evidence.lengths, "colour interpretation": evidence.colours}
    for other, kinds in others.items():
        for i in bands:
            said, told = evidence.strong[i], kinds[i]
            if said and told and said[0] != told[0]:
                yield Sentence(
                    "bands-contradict",
                    "{by} and {other} contradict each other (band {band}: {said}, {told}): the {by} were taken",
                    by=by,
                    other=other,
                    band=i,
                    said=said[0],
                    told=told[0],
                )
                break


def _give_reason(evidence: _Evidence, match: _Match) -> str:
    known = [i for place, i in enumerate(match.bands) if place not in match.guessed]
    if not known:
        return Sentence("bands-as-stored", "as stored")
    if any(evidence.names[i] for i in known):
        return Sentence("bands-by-name", "by name")
    if any(evidence.lengths[i] for i in known):
        return Sentence("bands-by-wavelength", "by wavelength")
    return Sentence("bands-by-colour", "by colour")


def _join_or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _join(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _simplify(name: str) -> str:
    """Bring a name into small letters, without accents, its words apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare.casefold()).strip()


def _rank(kind: str) -> Kind:
    """Split a kind into itself and how many others of it come first."""
    plain = kind.rstrip("+")
    return plain, float(len(kind) - len(plain))


@lru_cache(maxsize=1024)
def _find_kind_in_words(name: str) -> Kind | None:
    text = _simplify(name)
    if text in _LETTERS:
        return _LETTERS[text], 0.0
    kinds: dict[str, None] = {}
    for kind, words in _WORDS:
        text, found = re.subn(rf"\b(?:{words})\b", "|", text)
        if found:
            kinds[kind] = None
    return _rank(next(iter(kinds))) if len(kinds) == 1 else None


def _find_number(name: str) -> str | None:
    """Find 4 in "B04", "B4, central wavelength 665 nm" or "SR_B4"; None if there is no such number, or several."""
    found = {number.upper().lstrip("0") for _, number in _NUMBERED.findall(name)}
    return found.pop() if len(found) == 1 else None


def _find_sensor(names: Sequence[str]) -> dict[str, str]:
    """Find what the numbers in these names mean; empty if they are only numbers, or may be of different sensors."""
    numbers = [_find_number(name) for name in names]
    known = {number for number in numbers if number}
    text = " ".join(names).upper()
    if not known:
        return {}
    if re.search(r"\bL[CO]0[89]_", text):
        return _LANDSAT_8
    if re.search(r"\bL[TEM]0[4-7]_", text):
        return _LANDSAT_4
    if "SR_B" in text:  # Landsat, of which 4 to 7 count from blue and have no band 6 of colours
        if "6" in known or "1" not in known:
            return _LANDSAT_8
        return _LANDSAT_4 if "7" in known else {}
    if known & {"8A", "12"} or re.search(r"(?:^|[\s_])B0\d", text):
        return _SENTINEL_2
    counted = all(number in (None, str(i)) for i, number in enumerate(numbers, start=1))
    if counted or "1" in known:
        return {}
    return _SENTINEL_2 if "8" in known else _BOTH


def _find_kind_of_length(length: float | None) -> Kind | None:
    if length is None:
        return None
    for kind, (low, centre, high) in _CENTRES.items():
        if low <= length < high:
            return kind, abs(length - centre)
    return _OTHER, 0.0


def _read_tags(dataset: Dataset, index: int) -> dict[str, str]:
    """Read the metadata of a band, or with index 0 of the raster, keys in small letters without underscores."""
    domains = (dataset.tags(index, ns="ENVI"), dataset.tags(index, ns="IMAGERY"), dataset.tags(index))
    return {re.sub(r"[\W_]+", "", key.casefold()): value for tags in domains for key, value in tags.items()}


def _find_wavelength(name: str, own: dict[str, str], common: dict[str, str], place: tuple[int, int]) -> float | None:
    """Find a wavelength by the tags of a band, by a list in those of the raster, or by the name of the band; µm."""
    index, count = place
    unit = next((tags[key] for tags in (own, common) for key in _UNIT_TAGS if key in tags), "")
    for key in _LENGTH_TAGS:
        unit_here = "um" if key.endswith("um") else unit
        if key in own:
            return _parse_micrometres(own[key], unit_here)
        listed = [part for part in re.split(r"[\s,{}]+", common.get(key, "")) if part]
        if len(listed) == count:
            return _parse_micrometres(listed[index - 1], unit_here)
    return _parse_micrometres(named.group(), "") if (named := _LENGTH.search(name)) else None


def _parse_micrometres(text: str, unit: str) -> float | None:
    """Read the first number of a text in micrometres; without a unit by its size, None if that does not tell either."""
    found = _LENGTH.search(text)
    number = re.search(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", text, re.IGNORECASE)
    if number is None:
        return None
    value, unit = float(number.group()), (found.group(2) if found else unit).strip().casefold()
    if unit.startswith("n") or (not unit and value >= _LEAST_NANOMETRES):
        return value / 1000
    return value if unit[:1] in ("u", "µ", "μ", "m") or (not unit and value < _MOST_MICROMETRES) else None
