"""TeX and LaTeX: the words as they print, sections as places; formulas stay as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.parsing.manuscript import Headings
from halo_app.plugins import Limits

_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6}
_SECTION = re.compile(rf"\\({'|'.join(_LEVELS)})\*?\s*(?:\[[^\]]*\])?\s*(?=\{{)")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_VERBATIM = re.compile(r"\\begin\{(verbatim\*?|lstlisting|minted)\}(?:\[[^\]]*\])?(?:\{[^}]*\})?(.*?)\\end\{\1\}", re.DOTALL)
_FORMULA = re.compile(
    r"\$\$.+?\$\$|(?<!\\)\$(?:\\.|[^$\\])+\$|\\\[.+?\\\]|\\\(.+?\\\)"
    r"|\\begin\{((?:equation|align|gather|multline|eqnarray|math|displaymath)\*?)\}.*?\\end\{\1\}", re.DOTALL)
# Commands whose arguments are no words of the text.
_SILENT = frozenset({
    "documentclass", "usepackage", "RequirePackage", "label", "ref", "eqref", "pageref", "autoref", "cref", "Cref",
    "bibliographystyle", "bibliography", "addbibresource", "input", "include", "includegraphics", "graphicspath", "hypersetup",
    "newcommand", "renewcommand", "providecommand", "newenvironment", "renewenvironment", "DeclareMathOperator", "def", "let",
    "setlength", "setcounter", "addtocounter", "numberwithin", "vspace", "hspace", "rule", "geometry", "pagestyle",
    "thispagestyle", "newtheorem", "theoremstyle", "definecolor", "color", "selectlanguage", "index", "nocite", "bibitem",
    "usetikzlibrary", "tableofcontents", "maketitle", "fontsize", "phantomsection", "addcontentsline", "cline", "cmidrule",
    "setstretch", "linespread",
})
_CITES = frozenset({
    "cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear", "parencite", "textcite", "autocite", "footcite",
})
_FIRST_ARGUMENT_SILENT = frozenset({
    "href", "textcolor", "colorbox", "multicolumn", "multirow", "parbox", "raisebox", "scalebox", "resizebox", "hyperref",
})
_SYMBOLS = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "LaTeX": "LaTeX", "TeX": "TeX", "S": "§", "P": "¶", "copyright": "©",
    "pounds": "£", "euro": "€", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textendash": "–", "textemdash": "—", "quad": " ", "qquad": " ", "newline": "\n", "par": "\n\n", "linebreak": "\n",
    "textdegree": "°", "degree": "°", "textregistered": "®", "texttrademark": "™", "textbar": "|", "textless": "<",
    "textgreater": ">", "item": "\n", "hline": "", "today": "",
}
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
            "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a", "k": "\u0328", "b": "\u0331", "d": "\u0323"}
_COMMAND = re.compile(r"\\([A-Za-z@]+)\*?[ \t]*|\\(.)", re.DOTALL)
_ACCENTED = re.compile(r"""\\(?:(['`^"~=.])|([cvuHrkbd])(?![A-Za-z]))\s*(?:\{\s*(\\?[A-Za-z])\s*\}|(\\?[A-Za-z]))""")
_TITLES = ("title", "author", "date")


@dataclass(frozen=True)
class Tex:
    """TeX files: sections are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"tex": "tex", "latex": "tex", "ltx": "tex"})
    about: str = "the words as they print, formulas as written; places are headings (lines before the first one)"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        source = "\n".join(_COMMENT.sub(r"\1", line) for line in text.split("\n"))
        builder = TextBuilder(name, limits)
        front = {key: words(found) for key in _TITLES if (found := _argument_of(source, key))}
        for key, value in front.items():
            builder.property(key, value)
        begin = re.search(r"\\begin\{document\}", source)
        end = re.search(r"\\end\{document\}", source)
        first = source.count("\n", 0, begin.end()) + 1 if begin else 1
        _add_body(builder, source[begin.end() if begin else 0: end.start() if end else None], first)
        return builder.build(title=" ".join(front.get("title", "").split()))


def words(source: str) -> str:
    """Return a stretch of LaTeX as it prints; formulas and verbatim text stay as written."""
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\x00{len(kept) - 1}\x00"

    source = _VERBATIM.sub(lambda match: keep(match.group(2)), source)
    source = re.sub(r"\\verb\*?([^A-Za-z\s])(.*?)\1", lambda match: keep(match.group(2)), source)
    source = _FORMULA.sub(lambda match: keep(match.group(0)), source)
    source = _ACCENTED.sub(_accented, source)
    text = _print(source)
    text = re.sub(r"-{3}", "—", re.sub(r"(?<!-)--(?!-)", "–", text.replace("``", "“").replace("''", "”").replace("~", " ")))
    text = re.sub("\x00(\\d+)\x00", lambda match: kept[int(match.group(1))], text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip("\n")


def _add_body(builder: TextBuilder, body: str, first: int) -> None:
    path = Headings()
    cuts = list(_SECTION.finditer(body))
    lead = body[: cuts[0].start()] if cuts else body
    _add_lead(builder, lead, first)
    ends = [match.start() for match in cuts[1:]] + [len(body)]
    for match, end in zip(cuts, ends[:len(cuts)], strict=True):
        title, after = _braced(body, match.end())
        path.write(builder, _LEVELS[match.group(1)], words(title))
        builder.add(words(body[after:end]), path.locator())


def _add_lead(builder: TextBuilder, lead: str, first: int) -> None:
    """Add what stands above the first heading, paragraph by paragraph, each with the lines it stands on."""
    number = first
    for paragraph in re.split(r"(\n[ \t]*\n)", lead):
        lines = paragraph.split("\n")
        filled = [index for index, line in enumerate(lines) if words(line).strip()]
        if filled:
            start, last = number + filled[0], number + filled[-1]
            builder.add(words(paragraph), Locator(Place.LINE, str(start), last=str(last) if last > start else ""), gap="\n\n")
        number += len(lines) - 1


def _print(source: str) -> str:
    """Return the words of LaTeX without commands, braces and environments."""
    out: list[str] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\":
            piece, at = _command(source, at)
            out.append(piece)
        else:
            out.append("" if char in "{}" else " | " if char == "&" else char)
            at += 1
    return "".join(out)


def _command(source: str, at: int) -> tuple[str, int]:
    """Return what the command at `at` prints, and where to read on."""
    match = _COMMAND.match(source, at)
    if match is None:
        return "", at + 1
    name, symbol = match.group(1), match.group(2)
    after = match.end()
    if symbol is not None:
        return {"\\": "\n", " ": " ", ",": " ", ";": " ", ":": " ", "!": "", "/": "", "-": ""}.get(symbol, symbol), after
    if name in ("begin", "end"):
        return "\n", _past_arguments(source, after)
    if name in _SILENT or name in _TITLES:
        return "", _past_arguments(source, after)
    if name in _CITES:
        inner = _past_brackets(source, after)
        keys, after = _braced(source, inner)
        return f"[{keys}]", after
    if name in _FIRST_ARGUMENT_SILENT:
        return "", _braced(source, _past_brackets(source, after))[1]
    if name in _SYMBOLS:
        return _SYMBOLS[name], (source[after: after + 2] == "{}" and after + 2) or after
    gap = "\n" if name == "caption" else " " if name == "footnote" else ""
    return gap, _past_brackets(source, after)


def _past_brackets(source: str, at: int) -> int:
    while at < len(source) and source[at] == "[":
        close = source.find("]", at)
        if close < 0:
            return at
        at = close + 1
    return at


def _past_arguments(source: str, at: int) -> int:
    """Return the offset behind all [..] and {..} that follow, with white space between them on one line."""
    while True:
        here = at
        at = _past_brackets(source, at)
        if at < len(source) and source[at] == "{":
            at = _braced(source, at)[1]
        if at == here:
            return at


def _braced(source: str, at: int) -> tuple[str, int]:
    """Return the text inside the braces at `at` and the offset behind them; ("", at) when there are none."""
    if source[at: at + 1] != "{":
        return "", at
    depth = 0
    escaped = False
    for index in range(at, len(source)):
        char = source[index]
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if not depth:
                return source[at + 1: index], index + 1
    return source[at + 1:], len(source)


def _argument_of(source: str, command: str) -> str:
    match = re.search(rf"\\{command}\s*(?:\[[^\]]*\])?\s*(?=\{{)", source)
    return _braced(source, match.end())[0] if match else ""


def _accented(match: re.Match[str]) -> str:
    letter = (match.group(3) or match.group(4)).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[match.group(1) or match.group(2)])


PARSER = Tex()
