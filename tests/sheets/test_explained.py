"""How to look up what the codes of a file mean: one line that works as it stands."""

import pytest

from tests.conftest import Run
from tests.making import sheet

# A cell for each of six codes, the customer first: text for a number, a day, a formula's error and so on.
BAD = {
    "E201": ("", "2024-05-03", "F1", "1", ""),
    "E202": ("甲", "31.31.2024", "F2", "1", ""),
    "E204": ("甲", "2024-05-03", "F3", "x", ""),
    "E208": ("甲", "2024-05-03", "F4", "#N/A", ""),
    "E302": ("甲", "2024-05-03", "F0", "2", ""),
    "E356": ("甲", "2024-05-03", "F5", "1", "?"),
}
HEADINGS = "客户 单据日期 应收单号 应收金额 应收类型"


@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_the_codes_of_a_file_are_named_five_at_most(ch: Run, count: int) -> None:
    codes = list(BAD)[:count]
    rows = [("甲", "2024-05-03", "F0", "1", ""), *(BAD[code] for code in codes)]
    sheet("owed", HEADINGS, rows)
    done = ch("import", "owed.csv", "--format", "json").data["problems"]
    assert sorted({one["code"] for one in done}) == codes
    what = "a code means" if count == 1 else "the codes mean"
    lines = ch("import", "owed.csv").out.splitlines()
    [line] = [line for line in lines if "channelctl explain" in line]
    assert line == f"  What {what}: channelctl explain {' '.join(codes[:5])}"
    told = ch(*line.partition("channelctl ")[2].split())
    assert told.code == 0
    assert [line[:4] for line in told.out.splitlines()[::2]] == codes[:5]


def test_a_code_is_explained_once_and_a_wrong_one_refused(ch: Run) -> None:
    assert ch("explain", "E302", "e302") == ch("explain", "E302")
    wrong = ch("explain", "E302", "E999")
    assert (wrong.code, wrong.out, wrong.err.splitlines()[0]) == (
        2,
        "",
        "channelctl: error: there is no code “E999”",
    )
