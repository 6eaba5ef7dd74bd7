# SPDX-License-Identifier: GPL-2.0-or-later
"""What of an address may be shown: the same as in the core, which the plugin must not import.

From here to its end the file is that of `aerialseg_core/redaction.py`; a test compares them.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

HIDDEN = "***"
"""What stands in place of a secret."""

HARMLESS = re.compile(
    "attribution|bands|bbox|class|classes|collection|contextualwmslegend|count|crs|date|datetime|dpi|dpimode"
    "|exaggerate|featurecount|format|from|height|i|interpretation|j|language|layer|layers|limit|list_dir"
    "|maxresolution|max_retry|minresolution|month|offset|outputformat|overview|page|pixelratio|query_layers"
    "|request|resolution|retry_delay|row|service|size|srs|stepheight|stepwidth|style|styles|tilematrix"
    "|tilematrixset|tilepixelratio|tilerow|tilecol|time|to|transparent|type|use_head|version|width|x|y|year|z"
    "|zmax|zmin|zoom"
)
"""Parameters whose values are shown, in small letters."""

_BEGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/{1,2}(?=[^/\s])|/vsi[a-z0-9_]+[/?]|%3A%2F%2F", re.IGNORECASE)
_QUERY = re.compile(
    r"(?:\?|%(?:25)*3F)(?=[\w.$:%\[\]+~-]+(?:=|%(?:25)*3D))|(?<=\S)\.\w{1,8}(?:\?|%(?:25)*3F)(?=[\w$%~+/.-])",
    re.IGNORECASE,
)
"""What is left of an address in the name by which GDAL calls an open raster: the last part, and what is asked of it."""

_USER = re.compile(r"(?<=//)[^/\s?#\"'<>]*@|(?<=[\w+.-]{2}:/)[^/\s?#\"'<>]*@")
_PARAMETER = re.compile(r"([?&;]|&amp;)([\w.$:%\[\]+~-]+)=([^&;\s\"'<>#]*)")
_BARE = re.compile(r"\?(?![\w.$:%\[\]+~-]*=)[\w.$:%~+/-]*[\w$%~+/-]")
_QUOTED = re.compile(
    r"(%(?:25)*(?:3F|26|3B))((?:(?!%(?:25)*(?:3D|26))[^\s\"'<>&?=/])+)(%(?:25)*3D)((?:(?!%(?:25)*(?:26|3B))[^\s\"'<>&:])*)",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"#[^\s\"'<>]*=[^\s\"'<>]*")
_NAMED = re.compile(
    r"(?<![A-Za-z])((?:user(?:name)?|uid|pass(?:word|wd|phrase)?|pwd|token|secret|signature|authcfg"
    r"|[a-z]+_(?:secret|token|key|password)|(?:access|api|secret|account|subscription)[_-]?key(?:_id)?)\s*=\s*)"
    r"('[^']*'|\"[^\"]*\"|[^\s&;,'\"<>]+)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    r"(<(?:[\w-]*(?:pwd|pass|token|secret|key|auth|credential|cookie|signature)[\w-]*|user(?:name)?)>)[^<]+",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]*(?:key|token|auth)[a-z-]*)(\s*[:=]\s*)[^\r\n\"']+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE)


def redact(text: str) -> str:
    """Redact the secrets in the addresses and connection strings of a text.

    Args:
        text: An address, a message, a log: anything.
    """
    text = _HEADER.sub(rf"\1\2{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _ELEMENT.sub(rf"\1{HIDDEN}", text)
    begins = [found.start() for found in (_BEGIN.search(text), _QUERY.search(text)) if found]
    if begins:
        text = text[: min(begins)] + _redact_address(text[min(begins) :])
        head = re.split(r"(?=[a-z]+=https?(?::|%3A))", text, maxsplit=1, flags=re.IGNORECASE)
        if len(head) > 1 and "&" in head[0]:  # QGIS: type=xyz&password=…&url=https://…
            text = _PARAMETER.sub(_redact_parameter, head[0]) + head[1]
    return _NAMED.sub(rf"\1{HIDDEN}", text)


def _redact_address(text: str) -> str:
    """Redact a text that begins with an address; what follows may hold more."""
    text = _USER.sub(f"{HIDDEN}@", text)
    text = _FRAGMENT.sub(f"#{HIDDEN}", text)
    text = _BARE.sub(f"?{HIDDEN}", text)
    text = _PARAMETER.sub(_redact_parameter, text)
    return _QUOTED.sub(_redact_quoted, text)


def _redact_parameter(match: re.Match[str]) -> str:
    """Redact the value of a parameter, unless it is known to be harmless."""
    mark, name, value = match.groups()
    inner = unquote(value)
    if _BEGIN.match(inner):  # an address in an address: /vsicurl?url=…
        shown = redact(inner)
        value = shown if inner == value else quote(shown, safe="*")
    elif not HARMLESS.fullmatch(unquote(name).casefold()):
        value = HIDDEN
    return f"{mark}{name}={value}"


def _redact_quoted(match: re.Match[str]) -> str:
    """Redact the value of a parameter whose address is quoted, as GDAL shows those that it takes for names of files."""
    mark, name, equals, value = match.groups()
    shown = value if HARMLESS.fullmatch(unquote(name).casefold()) else HIDDEN
    return f"{mark}{name}{equals}{shown}"
