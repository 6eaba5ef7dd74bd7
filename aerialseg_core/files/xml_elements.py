"""XML of somebody's, read in pieces; entities are refused, so that a short file stays short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder  # nosec B405 - makes elements; what parses is below
from xml.parsers import expat

_CHUNK = 1 << 16


class XmlError(ValueError):
    """A text is no XML."""


class EntityError(XmlError):
    """A text declares entities. GDAL and QGIS write none; GDAL passes over them when it reads, others expand them."""


def read_elements(file: BinaryIO) -> Iterator[Element]:
    """Yield the elements of an XML file in the order in which they end; the last one is the root.

    An element that is not needed any more may be cleared, so that the memory stays small.

    Args:
        file: Open for reading, in bytes.

    Raises:
        XmlError: It is no XML, or declares entities. What came before has been given.
    """
    builder, parser, ended = TreeBuilder(), expat.ParserCreate(), list[Element]()

    def refuse(*_: object) -> NoReturn:
        raise EntityError("it declares entities")

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = lambda name: ended.append(builder.end(name))
    parser.CharacterDataHandler = builder.data
    chunk, failure = b"-", None
    while chunk and failure is None:
        chunk = file.read(_CHUNK)
        try:
            parser.Parse(chunk, not chunk)
        except (expat.ExpatError, EntityError) as error:
            failure = error if isinstance(error, EntityError) else XmlError(str(error))
        yield from ended
        ended.clear()
    if failure is not None:
        raise failure


def read_root(file: BinaryIO) -> Element:
    """Read the root element of an XML file.

    Args:
        file: Open for reading, in bytes.

    Raises:
        XmlError: It is no XML, or declares entities.
    """
    *_, root = read_elements(file)
    return root
