"""What counts as a sale, and what makes two lines the same."""

import datetime as dt
import re
import struct
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import Annotated, NamedTuple

from pydantic import BaseModel

from channelctl.columns import Col


class SalesPolicy(BaseModel, extra="forbid", frozen=True):
    """[sales]: statuses whose lines are kept but are no sale; words in a document type that make a line a return."""

    no_sale_statuses: tuple[str, ...] = ("作废", "已作废")
    return_words: tuple[str, ...] = ("退货", "销退", "退回", "红字", "红冲", "冲红", "return", "credit")


SECTION = SalesPolicy


def identity(text: str) -> int:
    """64 bits of a line's content as a signed whole number: the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def identities(texts: Iterable[str]) -> list[int]:
    """The identity of each text."""
    digests = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return list(struct.unpack(f"<{len(digests)}q", b"".join(digests)))


def content(
    document: str | None,
    day: str,
    office: int | None,
    customer: int | None,
    product: int | None,
    quantity: int | None,
    amount: int,
) -> int:
    """The identity of a line that no document and line number tell: what `load` finds it again by."""
    return identity(f"{document}\x1f{day}\x1f{office}\x1f{customer}\x1f{product}\x1f{quantity}\x1f{amount}")


def without_tax(taxed: int, rate: Decimal) -> int:
    """The amount in 1/10,000 that with tax at this rate is `taxed`, to the fen as an invoice has it."""
    exact = Decimal(taxed) / (1 + rate)
    return int((exact / 100).quantize(Decimal(1), ROUND_HALF_UP)) * 100


def tax_rate(figure: Decimal) -> Decimal | None:
    """13, 13 % and 0.13 are the same rate; None for what is no rate."""
    rate = figure / 100 if figure >= 1 else figure
    return rate if 0 <= rate < 1 else None


_RETURNS = re.compile(r"退|红冲|冲红|return", re.IGNORECASE)
_ABOUT_RETURNS = re.compile(
    r"未退|是否|原因|日期|时间|单|编|号|说明|备注|率|比|政策|类型|状态|人|地址|方式"
    r"|reason|date|number|policy|rate|\bno\b|\bid\b",
    re.IGNORECASE,
)


def is_of_returns(heading: str) -> bool:
    """Whether a heading may stand over figures of returns: 退货, 减：退货, 红冲; not 退货原因 or 退货率."""
    return bool(_RETURNS.search(heading)) and not _ABOUT_RETURNS.search(heading)


_BESIDE_RETURN = re.compile(r"销售|客户|普通|正常|出库|入库|发票|单据|[单票款]|sales?|memo|note|order|[\s/()（）_-]")


def is_return_type(word: str, return_words: Iterable[str]) -> bool:
    """Whether a text is nothing but the name of a type that says return: 销售退货, 红字发票; not 退货未到."""
    rest = plain = word.casefold()
    for one in sorted(return_words, key=len, reverse=True):
        rest = rest.replace(one, "")
    return rest != plain and not _BESIDE_RETURN.sub("", rest)


_MENTIONS = re.compile(r"退[货回机单换]|销退|红[字冲]|冲红|\breturn(?:s|ed)?\b", re.IGNORECASE)
_NO_MENTION = re.compile(r"[未不无没非]\s*退|退\S{0,2}[未没]|\b(?:no|not|non|without)\b", re.IGNORECASE)


def mentions_return(word: str, return_words: Iterable[str]) -> bool:
    """Whether a remark speaks of a return among other words: 屏坏退货, 退机; not 退货未到."""
    plain = word.casefold()
    # Credit is as often what a customer buys on.
    said = any(one in plain for one in return_words if one != "credit") or bool(_MENTIONS.search(plain))
    return said and not _NO_MENTION.search(plain)


def is_grand_total(label: str) -> bool:
    """Whether a label sums up all that stands above, not a group of it."""
    plain = label.casefold().replace(" ", "").replace("\u3000", "")
    return any(word in plain for word in ("合计", "總計", "总计", "合計", "total")) and "sub" not in plain


class SourceLine(NamedTuple):
    """A sale line and where it stands; `office` is the one it counts for, a line made by a command has no file."""

    customer_code: Annotated[str | None, Col("客户编码", "Code", kind="code", wide=True)]
    customer: Annotated[str | None, Col("客户", "Customer", wide=True)]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    office: Annotated[str | None, Col("办事处", "Office", wide=True)]
    document: Annotated[str | None, Col("单据编号", "Document", kind="code")]
    line_no: Annotated[str | None, Col("行号", "Line", kind="code", wide=True)]
    product_code: Annotated[str | None, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str | None, Col("产品", "Product")]
    quantity: Annotated[Decimal | None, Col("数量", "Qty", kind="quantity")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    status: Annotated[str | None, Col("状态", "Status")]
    file: Annotated[str | None, Col("文件", "File", kind="code")]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code")]
    row: Annotated[int | None, Col("行", "Row", kind="count")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    cost: Annotated[Decimal | None, Col("成本", "Cost", kind="money", wide=True)] = None


# The columns of source lines that people see: of one customer's, and of several customers'.
OF_ONE = ("date", "document", "product", "quantity", "amount", "file", "sheet", "row", "batch")
OF_SEVERAL = ("customer_code", *OF_ONE)
