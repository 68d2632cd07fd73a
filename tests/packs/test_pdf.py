"""A pack as PDF."""

import re
import subprocess
import sys
import zlib
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from channelctl.errors import RefusedError
from channelctl.packs import Pack, html
from tests.packs.made import across, hostile, listed, pack

pytest.importorskip("weasyprint", reason="the extra “pdf” is not installed")

from channelctl.packs import pdf

FITS = pack(one_page=True, parts=[pack().parts[0], pack().parts[2]])


def plain(data: bytes) -> bytes:
    """What a file holds, also where it is packed."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S)
    return data + b"\n".join(zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"x")


def count(data: bytes) -> int:
    """How many pages."""
    return len(boxes(data))


def boxes(data: bytes) -> list[bool]:
    """Of each page, whether it lies across."""
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", plain(data))
    return [float(wide) > float(high) for wide, high in sizes]


@pytest.fixture(scope="module")
def made() -> bytes:
    """The pack of every kind of thing, once, and a wide table."""
    return pdf.render(pack(parts=[*pack().parts, across()], absent=(), origin=()))


def test_it_is_a_tagged_pdf_of_pages_as_the_tables_want_them(made: bytes) -> None:
    assert made.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in plain(made) and b"/StructTreeRoot" in plain(made)
    assert [side for side, _run in groupby(boxes(made))] == [False, True]


SAME = """
import sys
from channelctl.packs import pdf
from tests.packs.made import pack
sys.stdout.buffer.write(pdf.render(pack(parts=pack().parts[:1])))
"""


def test_another_run_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONPATH", f"{root / 'src'}:{root}")
    done = subprocess.run([sys.executable, "-c", SAME], capture_output=True, check=True, cwd=root)
    assert done.stdout == pdf.render(pack(parts=pack().parts[:1]))
    assert done.stderr == b""


def test_a_pack_of_one_page_is_one() -> None:
    assert count(pdf.render(FITS)) == 1


def test_what_the_page_itself_would_set_too_large_is_set_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_HIGH", 10_000)
    long = pack(one_page=True, parts=[pack().parts[0], pack().parts[2]] * 3)
    asked = []
    real = html.render

    def told(made: Pack, unit: str = "yuan", *, still: bool = False, type: float | None = None) -> str:
        asked.append(type)
        return real(made, unit, still=still, type=type)

    monkeypatch.setattr(html, "render", told)
    pdf.render(long)
    assert asked[:2] == [None, 7.0]


def test_nothing_is_fetched_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_args: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert count(pdf.render(hostile("<img src='http://127.0.0.1/x'><link href=file:///etc/passwd>"))) >= 1


def test_a_machine_without_the_libraries_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint.urls", None)
    with pytest.raises(RefusedError, match="Pango") as caught:
        pdf.render(FITS)
    assert "write .html" in caught.value.hint


def test_letters_that_no_font_has_are_named() -> None:
    with pytest.raises(RefusedError) as caught:
        pdf.render(pack(title="Private \U0001e900 use", parts=[pack().parts[2]]))
    assert "\U0001e900" in caught.value.message


def test_a_table_that_has_room_upright_stays_upright() -> None:
    part = pack().parts[1]
    narrow = replace(part, report=replace(listed(3), only=["code", "customer"]))
    assert set(boxes(pdf.render(pack(parts=[narrow])))) == {False}
