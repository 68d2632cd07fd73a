"""`rebate statement`: from one balance to another, to the fen, on screens, in workbooks and on paper."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from channelctl.systems.rebates.rules_statement import file_names
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.rebates.ledger import balance, rules, settle, sold, take

D = Decimal


@pytest.fixture
def ledger(ch: Run) -> None:
    """April and May settled for K1, 5,000 paid out in May, a return of May settled in June."""
    sales = sold("sales", ("2024-04-10", "A1", "K1", 400), ("2024-05-10", "A2", "K1", 1000))
    take(ch, rules(), sales)
    settle(ch, "2024-04")
    words = ("date=2024-05-06", "customer=K1", "amount=5000", "form=货补", "state=已兑付", "reference=HZ1")
    assert ch("rebate", "payout", "add", "F1", *words).code == 0
    settle(ch, "2024-05")
    take(ch, sold("late", ("2024-06-02", "R1", "K1", -1, "A2")))
    settle(ch, "2024-06")


@pytest.mark.usefixtures("ledger")
def test_a_statement_goes_from_the_opening_to_the_closing_balance(ch: Run) -> None:
    done = ch("rebate", "statement", "K1", "--from", "2024-05")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "statement of rebates · K1 客户K1 · from 2024-05\n"
        "\n"
        "balance\n"
        "Item              Amount, CNY\n"
        "─────────────────────────────\n"
        "opening balance      8,000.00\n"
        "settled             80,000.00\n"
        "late changes       -60,020.00\n"
        "paid out            -5,000.00\n"
        "planned payouts          0.00\n"
        "closing balance     22,980.00\n"
        "payable             22,980.00\n"
        "\n"
        "payouts\n"
        "Date         Number   Form    State      Amount, CNY   Reference   Remark\n"
        "─────────────────────────────────────────────────────────────────────────\n"
        "2024-05-06   F1       goods   paid out      5,000.00   HZ1\n"
        "\n"
        "Settlement   Through      State     Policy   Name   Window     Base   Bracket                         "
        "   Entitlement, CNY   Settled before, CNY   This settlement, CNY   Late change\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────"
        "────────────────────────────────────────────────────────────────────────────────\n"
        "2024-05      2024-05-31   final     DL       DL     2024-05   1,000   from 1,000 units: 80 yuan a unit"
        "          80,000.00                  0.00              80,000.00\n"
        "2024-06      2024-06-03   interim   DL       DL     2024-05     999   from 400 units: 20 yuan a unit  "
        "          19,980.00             80,000.00             -60,020.00   late change\n"
        "                                    total                                                             "
        "                                                       19,980.00\n"
        "\n"
        "Closing balance 22,980.00\n"
    )
    holds_to_schema(ch, "rebate_statement", "rebate", "statement", "K1")


@pytest.mark.usefixtures("ledger")
def test_statements_month_by_month_join_up_to_the_ledger(ch: Run) -> None:
    parts = [balance(ch, "K1", "--from", month, "--to", month) for month in ("2024-04", "2024-05", "2024-06")]
    whole = balance(ch, "K1")
    assert parts[0]["opening"] == whole["opening"] == 0
    assert [one["closing"] for one in parts] == [8000, 83000, 22980]
    assert [one["opening"] for one in parts[1:]] == [8000, 83000]
    for name in ("settled", "late_changes", "paid"):
        assert sum(one[name] for one in parts) == whole[name]
    assert whole["closing"] == parts[-1]["closing"]
    (history,) = ch("rebate", "history", "--customer", "K1").out.splitlines()[-1:]
    assert history == "Settled 27,980.00, paid out 5,000.00, planned 0.00, balance 22,980.00, payable 22,980.00"


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("opening balance", "closing balance", "late change", "paid out")),
        ("zh", ("项目", "本次结算", "所在档", "客户K1")),
    ],
)
def test_a_page_of_it_can_be_printed_and_says_the_same_in_both_languages(
    ch: Run, lang: str, words: tuple[str, ...]
) -> None:
    assert ch("--lang", lang, "rebate", "statement", "K1", "--output", "x.html").code == 0
    page = Path("x.html").read_text("utf-8")
    assert "@media print" in page
    assert "@page { size: A4 landscape" in page
    for text in (*words, "80,000.00", "-60,020.00", "22,980.00"):
        assert text in page


def test_a_page_names_policy_state_units_and_limits_and_tells_two_rules_apart(ch: Run) -> None:
    capped = ("DL", "1", "1", "手机达量返利", "达量返利", "2024-01-01", "台数", "元/台", "300", "25", 5000, 100)
    second = ("DL", "1", "2", "净额返利", "达量返利", "2024-01-01", "净额", "百分比", "100000", "1", "", "")
    headings = "政策 版本 规则 政策名称 返利类型 开始日期 计量 返利方式 达量门槛 返利 封顶 起付"
    take(ch, sheet("rules", headings, [capped, second]), sold("sales", ("2024-05-10", "A1", "K1", 575)))
    settle(ch, "2024-05")
    assert ch("rebate", "statement", "K1", "--output", "x.html").code == 0
    page = Path("x.html").read_text("utf-8")
    for words in (
        '<td class="k">手机达量返利</td>',
        '<td class="k">final</td>',
        '<td class="x">from 300 units: 25 yuan a unit, at most 5,000.00, nothing below 100.00</td>',
        '<td class="x">from 100,000 yuan: 1%</td>',
        '<td class="k">2024-05-31</td>',
        '<th scope="col">Rule</th>',
        '<table class="wide" ',
    ):
        assert words in page


@pytest.mark.usefixtures("ledger")
def test_a_workbook_of_it_holds_the_figures_as_numbers(ch: Run) -> None:
    assert ch("rebate", "statement", "K1", "--output", "x.xlsx").code == 0
    book = openpyxl.load_workbook("x.xlsx")
    lines, sums, paid = book.worksheets
    amounts = [
        cell.value
        for cell in next(column for column in lines.iter_cols() if column[2].value == "This settlement (CNY)")
    ]
    assert amounts[3:6] == [8000, 80000, -60020]
    assert [tuple(cell.value for cell in row) for row in sums.iter_rows(min_row=4, max_row=10)] == [
        ("opening balance", 0),
        ("settled", 88000),
        ("late changes", -60020),
        ("paid out", -5000),
        ("planned payouts", 0),
        ("closing balance", 22980),
        ("payable", 22980),
    ]
    assert paid.cell(4, 2).value == "F1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("K9",), "channelctl: error: no customer “K9”"),
        (("K1", "--from", "2024-06", "--to", "2024-05"), "channelctl: error: the statement ends (2024-05) before it"),
        (("K1", "--from", "May"), "channelctl: error: “May” is not a month"),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_what_makes_no_statement_is_said(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("rebate", "statement", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


@pytest.mark.usefixtures("ledger")
def test_a_customer_without_a_settlement_has_a_statement_of_nothing(ch: Run) -> None:
    assert ch("customer", "add", "K5", "客户K5").code == 0
    done = ch("rebate", "statement", "K5")
    assert (done.code, done.err) == (0, "nothing was settled for this customer in these months\n")
    assert set(balance(ch, "K5").values()) == {0}


@pytest.mark.usefixtures("ledger")
def test_it_can_be_had_as_it_was_known(ch: Run) -> None:
    rows = report(ch, "rebate", "statement", "K1", "--known", 3)["rows"]
    assert [(row["month"], row["amount"]) for row in rows] == [("2024-04", D(8000))]


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(("words", "name"), [((), "rebates_K1.xlsx"), (("--as", "html"), "rebates_K1.html")])
def test_every_customers_statement_goes_into_a_file_of_its_own(ch: Run, words: tuple[str, ...], name: str) -> None:
    Path("out").mkdir()
    done = ch("rebate", "statements", "out", *words)
    assert done.code == 0
    assert done.out.splitlines()[-1] == "1 statement written"
    assert [path.name for path in Path("out").iterdir()] == [name]
    assert ch("rebate", "statement", "K1", "--output", f"one{Path(name).suffix}").code == 0
    assert Path("out", name).read_bytes() == Path(f"one{Path(name).suffix}").read_bytes()
    rows = holds_to_schema(ch, "rebate_statements", "rebate", "statements", "out", *words)["rows"]
    assert [(row["customer_code"], row["balance"], row["file"]) for row in rows] == [("K1", 22980, name)]


@pytest.mark.usefixtures("ledger")
def test_statements_need_a_folder_and_a_form_that_there_is(ch: Run) -> None:
    assert ch("rebate", "statements", "nowhere").code == 3
    Path("out").mkdir()
    done = ch("rebate", "statements", "out", "--as", "pdf")
    assert (done.code, done.err) == (
        2,
        "channelctl: error: “pdf” is not a form of statements\n--as xlsx, --as html\n",
    )
    assert list(Path("out").iterdir()) == []


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (["C1", "客户1"], ["rebates_C1.x", "rebates_客户1.x"]),
        (
            ["../../etc", "a/b", "a\\b", "A_B"],
            ["rebates_______etc.x", "rebates_a_b.x", "rebates_a_b_2.x", "rebates_A_B_3.x"],
        ),
        (["." * 300, "\0"], ["rebates_" + "_" * 60 + ".x", "rebates__.x"]),
    ],
)
def test_a_code_never_names_a_folder(codes: list[str], names: list[str]) -> None:
    assert file_names(codes, "x") == names
