"""XML of somebody's: read as the standard library reads it, in pieces of any size, and without entities."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aerialseg_core.errors import RasterReadError
from aerialseg_core.files import xml_elements
from aerialseg_core.files.xml_elements import EntityError, XmlError, read_elements, read_root
from aerialseg_core.raster.opening import list_sources

TEXT = '<a x="1"><!-- no --><b>Käse &amp; <![CDATA[<Brot>]]></b>tail<c/><d><e y="&lt;">東京</e></d></a>'
DECLARED = '<!DOCTYPE a [<!ENTITY x "hidden">{}]>'


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_reads_what_the_standard_library_reads(chunk: int, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_elements, "_CHUNK", chunk)
    content = f'<?xml version="1.0" encoding="{encoding}"?>{TEXT}'.encode(encoding)
    assert ElementTree.tostring(read_root(io.BytesIO(content))) == ElementTree.tostring(ElementTree.fromstring(content))


def test_elements_may_be_cleared_as_they_come() -> None:
    texts = []
    for element in read_elements(io.BytesIO(b"<a>" + b"<b>text</b>" * 20_000 + b"</a>")):
        texts.append(element.text)
        element.clear()
    assert texts == ["text"] * 20_000 + [None]


@pytest.mark.parametrize("text", ["", "no XML", "<a>", "<a></b>", "<a/><a/>", "<a>&undeclared;</a>"])
def test_what_is_no_xml_is_said(text: str) -> None:
    with pytest.raises(XmlError):
        read_root(io.BytesIO(text.encode()))


def test_what_came_before_a_mistake_is_given() -> None:
    elements = read_elements(io.BytesIO(b"<a><b>first</b></c>"))
    assert next(elements).text == "first"
    with pytest.raises(XmlError):
        next(elements)


def test_entities_are_refused_however_much_they_would_come_to() -> None:
    bombs = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 9))
    with pytest.raises(EntityError):
        read_root(io.BytesIO(f"{DECLARED.format(bombs)}<a>&x8;</a>".encode()))


def test_no_source_of_a_virtual_raster_hides_behind_an_entity(tmp_path: Path) -> None:
    vrt = tmp_path / "scene.vrt"
    source = "<SourceFilename relativeToVRT='0'>/vsicurl/http://host/&x;</SourceFilename>"
    vrt.write_text(f"{DECLARED.format('')}<VRTDataset>{source}</VRTDataset>")
    with pytest.raises(RasterReadError, match=r"scene\.vrt declares entities"):
        list(list_sources(vrt))
    vrt.write_text(f"<!DOCTYPE VRTDataset><VRTDataset>{source.replace('&x;', 'a.tif')}</VRTDataset>")
    assert list(list_sources(vrt)) == ["/vsicurl/http://host/a.tif"]
