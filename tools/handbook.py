"""The handbook as web pages: one page per guide, an index, one style sheet; nothing is fetched.

python -m tools.handbook build/docs
"""

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
STYLE = Path(__file__).with_name("handbook.css")
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav>
{nav}
</nav>
<main>
{body}
</main>
</body>
</html>
"""


class Group(NamedTuple):
    """A heading of the navigation and its pages."""

    title: str
    pages: tuple[Path, ...]


def groups() -> list[Group]:
    """The pages in the order they are read."""
    from channelctl.systems import SYSTEMS

    docs = ROOT / "docs"
    guides = tuple(ROOT / "src" / "channelctl" / "systems" / name / "guide.md" for name in SYSTEMS)
    first = (docs / "import.md", docs / "formats.md", docs / "operations.md")
    rest = tuple(page for page in sorted(docs.glob("*.md")) if page not in first)
    return [
        Group("channelctl", (ROOT / "README.md", ROOT / "README.zh-CN.md")),
        Group("Using it", (*first, *rest)),
        Group("System by system", guides),
        Group("Behind it", (ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "sample_data" / "README.md")),
    ]


def sources() -> list[Path]:
    """Every page."""
    return [page for group in groups() for page in group.pages]


def name_of(page: Path) -> str:
    """The page's name in the handbook."""
    if page == ROOT / "README.md":
        return "index.html"
    if page.name == "guide.md":
        return f"guide-{page.parent.name}.html"
    if page.name == "README.md":
        return f"{page.parent.name.replace('_', '-')}.html"
    return f"{page.stem.lower().replace('.zh-cn', '-zh')}.html"


def anchors(text: str) -> list[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    return [anchor for _token, _title, anchor in _headings(_parser().parse(text))]


def build(folder: Path) -> list[Path]:
    """Write the handbook; returns its pages.

    Raises:
        FileNotFoundError: a page links to a file that is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STYLE, folder / "style.css")
    made = []
    for page in sources():
        target = folder / name_of(page)
        target.write_text(_html(page, folder), encoding="utf-8")
        made.append(target)
    return made


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _html(page: Path, folder: Path) -> str:
    parser = _parser()
    text = re.sub(r"^<!-- .*? -->\n", "", page.read_text(encoding="utf-8"), flags=re.M)
    tokens = parser.parse(text)
    titles = [title for _token, title, _anchor in _headings(tokens)]
    for token, _title, anchor in _headings(tokens):
        token.attrSet("id", anchor)
    for token in _links(tokens):
        token.attrSet("href", _link(str(token.attrGet("href")), page, folder))
    body = parser.renderer.render(tokens, parser.options, {})
    language = "zh-CN" if page.name.endswith(".zh-CN.md") else "en"
    return _PAGE.format(language=language, title=escape(titles[0]), nav=_navigation(page), body=body)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Each heading with its text and its anchor; a repeated one is numbered."""
    seen: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            title = "".join(child.content for child in inline.children or ())
            plain = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            count = seen[plain] = seen.get(plain, -1) + 1
            yield token, title, f"{plain}-{count}" if count else plain


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "link_open":
            yield token
        yield from _links(token.children or ())


def _link(target: str, page: Path, folder: Path) -> str:
    """Where a link leads in the handbook: a page of it, or a copy of the file."""
    if "://" in target or target.startswith("#"):
        return target
    name, hash_, anchor = target.partition("#")
    file = (page.parent / name).resolve()
    if file in sources():
        return name_of(file) + hash_ + anchor
    if not file.is_file():
        raise FileNotFoundError(f"{page}: {target}")
    (folder / "files").mkdir(exist_ok=True)
    shutil.copyfile(file, folder / "files" / file.name)
    return f"files/{file.name}"


def _navigation(current: Path) -> str:
    lines = []
    for group in groups():
        lines.append(f"<h2>{escape(group.title)}</h2>\n<ul>")
        for page in group.pages:
            here = ' aria-current="page"' if page == current else ""
            lines.append(f'<li><a href="{name_of(page)}"{here}>{escape(_title(page))}</a></li>')
        lines.append("</ul>")
    return "\n".join(lines)


def _title(page: Path) -> str:
    """The page's first heading; the two front pages by their language."""
    fronts = {"README.md": "English", "README.zh-CN.md": "简体中文"}
    if page.parent == ROOT and page.name in fronts:
        return fronts[page.name]
    first = page.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# ")


def main(words: list[str]) -> int:
    """Build into the folder named; the exit code."""
    folder = Path(words[0] if words else "build/docs")
    made = build(folder)
    sys.stdout.write(f"{len(made)} pages: {folder / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
