"""Two columns of amounts, one of them net by its heading: where they differ, somebody has to say which counts."""

import re
from collections.abc import Sequence

from channelctl.i18n import _
from channelctl.sheets import convert, headings
from channelctl.sheets.layout import MADE, TOLD
from channelctl.sheets.naming import named
from channelctl.sheets.problems import NET, Flaw
from channelctl.sheets.shapes.shape import Dated
from channelctl.sheets.target import Row, Target
from channelctl.systems.sales.rows_fields import Column

_NET = re.compile(
    r"净|实际|实收|实付|实销|(?:折扣?|折让|优惠|返利|让利|扣减|抵扣|冲减)[之以]?后|after discount|\bnet\b"
)
_MONEY = re.compile(r"额|款|收入|总价|合计|净销售?$|amount|sales|value")
_OTHER = re.compile(r"退|利润|毛利|净利|成本|费|率|比|数量|单价|库存|税额|日期|编号|profit|price|cost|rate|qty")
_FEN = 100


class Nets:
    """Compares the amount of each line with those of columns not read that may be the one meant."""

    def __init__(self, target: Target) -> None:
        self._target = target
        columns = target.layout.columns
        self._field = next((name for name in ("amount", "amount_taxed") if name in columns), "")
        self._left: dict[int, str] = {}
        read = columns.get(self._field)
        if (read is not None and read.matched in (*MADE, *TOLD)) or not isinstance(target.layout.shape, Dated | None):
            return
        is_net = read is not None and _is_net(read.heading)
        for index, word in target.layout.unread.items():
            rival = _is_net(word) or (is_net and named(target.kind, headings.read(word).key) == "amount")
            if rival and index not in target.layout.ignored:
                self._left[index] = word

    def note(self, numbers: Sequence[int | None], rows: Sequence[Row], columns: dict[str, Column]) -> None:
        """Refuse at the first line whose figures differ; the rows that are no lines have no number."""
        for index, word in list(self._left.items()):
            factor = headings.read(word).factor
            read = self._target.layout.columns.get(self._field)
            factor = factor or (read.factor if read is not None else None)
            raw = [cells[index] if index < len(cells) else "" for _number, cells in rows]
            others, _bad, _rounded = convert.units(raw, factor)
            for place, (number, other) in enumerate(zip(numbers, others, strict=True)):
                if number is None or other is None or _agrees(other, columns, place):
                    continue
                self._say(word, number, raw[place])
                del self._left[index]
                break

    def _say(self, word: str, number: int, cell: object) -> None:
        read = self._target.layout.columns.get(self._field)
        if read is None:
            text = _(
                '{other} is not read and differs from quantity × price: --map "{other}=amount" or --map "{other}=-"'
            )
            said = text.format(other=word)
        else:
            text = _(
                'the figures of {other}, which is not read, differ from those of {heading}: --map "{other}={field}" or'
                ' --map "{heading}={field}" says which count'
            )
            said = text.format(other=word, heading=read.heading, field=self._field)
        self._target.report(Flaw(NET, said), number, self._field or "unit_price", cell)


def _is_net(heading: str) -> bool:
    plain = headings.simplify(heading)
    return bool(_NET.search(plain) and _MONEY.search(headings.read(heading).key)) and not _OTHER.search(plain)


def _agrees(other: int, columns: dict[str, Column], place: int) -> bool:
    """Whether it is the amount, with tax or without, before returns or after; a sign says nothing of which it is."""
    amount = columns["amount"][place]
    taxed, tax, back = (columns[name][place] for name in ("amount_taxed", "tax", "returned"))
    if amount is None:
        return True
    likely = [amount, amount + (tax or 0), *([] if taxed is None else [taxed])]
    likely += [one + sign * abs(back) for one in list(likely) for sign in (1, -1)] if back else []
    return any(abs(abs(other) - abs(one)) <= _FEN for one in likely)
