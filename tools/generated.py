"""The tables in the handbook that are made from the code: a page holds each between two comments.

    <!-- table: fields sales -->  …  <!-- end -->

`pytest tests/test_guides.py --update` writes them, the same test without it holds them to the code.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

TABLE = re.compile(r"(<!-- table: (\w+)(?: (\w+))? -->\n)(.*?)(<!-- end -->)", re.S)
_KINDS = {
    "text": "text",
    "code": "code, kept as text",
    "money": "amount",
    "quantity": "number",
    "date": "date",
    "month": "month",
    "flag": "yes or no",
    "count": "whole number",
    "share": "share: 13 %, 13 or 0.13",
    "score": "score: 0.8 or 80 %",
}


def filled(page: str) -> str:
    """The page with its generated tables as the code has them today."""
    return TABLE.sub(lambda found: f"{found[1]}\n{_MAKERS[found[2]](found[3])}\n{found[5]}", page)


def fields(kind: str) -> str:
    """The fields of a kind of sheet: name, headings, aliases, what they hold."""
    from channelctl.records import kinds

    rows = []
    for name, col in kinds()[kind].columns.items():
        aliases = [alias for alias in dict.fromkeys(col.aliases) if alias.casefold() not in (col.zh, col.en.casefold())]
        weak = [alias for alias in aliases if alias.startswith("~")]
        said = ", ".join(alias for alias in aliases if alias not in weak)
        if weak:
            said += f" (only beside other headings: {', '.join(alias.lstrip('~') for alias in weak)})"
        holds = _KINDS[col.kind] + (", needed" if col.required else "")
        if col.ref and not name.endswith("_code"):
            holds = f"code or name of {'an' if col.ref[0] in 'aeiou' else 'a'} {col.ref}" + (
                ", needed" if col.required else ""
            )
        rows.append((f"`{name.rstrip('_')}`", col.zh, col.en, said.strip(), holds))
    return _table(("field", "中文", "English", "also read", "holds"), rows)


def policy(section: str) -> str:
    """The settings of a policy section and their defaults."""
    rows = [(f"`{name}`", f"`{value}`" if value else "") for name, value in _settings(section)]
    return _table(("setting", "default"), rows)


def _settings(section: str) -> Iterator[tuple[str, str]]:
    from channelctl import policy, policy_words

    for name, value in policy.all_models()[section]().model_dump(mode="json").items():
        if isinstance(value, dict):
            yield from ((f"{name}.{part}", policy_words.text(item)) for part, item in value.items())
        else:
            yield name, policy_words.text(value)


def codes(_unused: str | None) -> str:
    """What every problem code means and what to do."""
    from channelctl.sheets.problems import explanations

    return _table(("code", "what it means", "what to do"), [(f"`{c}`", *texts) for c, texts in explanations().items()])


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _head in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


_MAKERS: Mapping[str, Callable[[Any], str]] = {"fields": fields, "policy": policy, "codes": codes}
