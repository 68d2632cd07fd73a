"""Pictures in a workbook: each on a sheet of its own, drawn by the spreadsheet from the figures to its right."""

from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.report.cells import words
from channelctl.report.charts import Axis, Bars, Chart, Heat, Lines, Mark, Number, axis, from_zero, parts
from channelctl.report.safe import stored
from channelctl.report.width import width

_HEAD, _FIRST = 2, 3
_SIZE = {"width": 760, "height": 440}
_ROWS, _BESIDE = 25, 13
_A4 = 9
_DARK = "#4C8DD6"
_NARROWEST, _WIDEST = 8, 40


def write(book: Any, sheet: Any, chart: Chart, looks: Mapping[str, Any]) -> None:
    """Fill an empty sheet; `looks` are the workbook's formats by kind of figure."""
    sheet.write_string(0, 0, stored(chart.title), looks["title"])
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    if isinstance(chart, Heat):
        _heat(sheet, chart, looks)
    elif isinstance(chart, Bars):
        _bars(book, sheet, chart, looks)
    elif chart.steps:
        _steps(book, sheet, chart, looks)
    else:
        _curves(book, sheet, chart, looks)


def _steps(book: Any, sheet: Any, chart: Lines, looks: Mapping[str, Any]) -> None:
    """A row for each step, a column for each series."""
    names = [stored(one.name) or chart.y.label for one in chart.series]
    columns: list[Sequence[Any]] = [list(map(stored, chart.steps))]
    for one in chart.series:
        found = {int(point.x): point.y for point in one.points}
        columns.append([found.get(place) for place in range(len(chart.steps))])
    _table(sheet, [chart.x.label, *names], columns, [None, *[looks.get(chart.y.kind)] * len(names)], looks, _BESIDE)
    made = book.add_chart({"type": "line"})
    last = _FIRST + len(chart.steps) - 1
    for place in range(_BESIDE + 1, _BESIDE + 1 + len(names)):
        made.add_series(
            {
                "name": [sheet.name, _HEAD, place],
                "categories": [sheet.name, _FIRST, _BESIDE, last, _BESIDE],
                "values": [sheet.name, _FIRST, place, last, place],
                "marker": {"type": "circle", "size": 5},
                "line": {"width": 2},
            }
        )
    values = [point.y for one in chart.series for point in one.points if point.y is not None]
    made.set_x_axis({"name": chart.x.label})
    made.set_y_axis(_axis(chart.y, axis(chart.y, values)))
    _put(sheet, made, chart, legend=len(names) > 1)


def _curves(book: Any, sheet: Any, chart: Lines, looks: Mapping[str, Any]) -> None:
    """Two columns for each series, across and up; then the marks."""
    made = book.add_chart({"type": "scatter", "subtype": "straight"})
    place = _BESIDE
    for one in chart.series:
        name = stored(one.name) or chart.y.label
        both: list[Sequence[Number | None]] = [[point.x for point in one.points], [point.y for point in one.points]]
        formats = [looks.get(chart.x.kind), looks.get(chart.y.kind)]
        _table(sheet, [chart.x.label, name], both, formats, looks, place)
        made.add_series(_series(sheet, place, len(one.points)) | {"marker": {"type": "none"}, "line": {"width": 2.25}})
        place += 3
    if chart.marks:
        made.add_series(_marked(sheet, chart, place, looks))
    values = [point.y for one in chart.series for point in one.points if point.y is not None]
    made.set_x_axis(_axis(chart.x, axis(chart.x, [point.x for one in chart.series for point in one.points])))
    made.set_y_axis(_axis(chart.y, axis(chart.y, values)))
    _put(sheet, made, chart, legend=len(chart.series) > 1)


def _marked(sheet: Any, chart: Lines, place: int, looks: Mapping[str, Any]) -> dict[str, Any]:
    """The marks' own columns, and the dots that are drawn from them with their words beside."""
    marks: Sequence[Mark] = chart.marks
    columns: list[Sequence[Any]] = [
        [mark.x for mark in marks],
        [mark.y for mark in marks],
        [stored(mark.text) for mark in marks],
    ]
    formats = [looks.get(chart.x.kind), looks.get(chart.y.kind), None]
    _table(sheet, [chart.x.label, chart.y.label, _("Marked")], columns, formats, looks, place)
    labels = [{"value": f"{mark.sign} {words(chart.x)(mark.x)} · {words(chart.y)(mark.y)}"} for mark in marks]
    return _series(sheet, place, len(marks), place + 2) | {
        "line": {"none": True},
        "marker": {"type": "diamond", "size": 9, "fill": {"color": "#B45309"}, "border": {"color": "#B45309"}},
        "data_labels": {"value": True, "custom": labels, "position": "below"},
    }


def _heat(sheet: Any, chart: Heat, looks: Mapping[str, Any]) -> None:
    """The figures, each row coloured up to its sum; beside them the same as parts of their row."""
    found: list[list[Number]] = [list(row) for row in chart.cells]
    top = f"{chart.down.label} ↓  {chart.across.label} →"
    names = list(map(stored, chart.columns))
    rows = [stored(name) for name in chart.rows]
    across = [[row[place] for row in found] for place in range(len(names))]
    _table(sheet, [top, *names], [rows, *across], [None, *[looks.get(chart.value.kind)] * len(names)], looks)
    shares = [[row[place] for row in parts(chart)] for place in range(len(names))]
    beside = len(names) + 2
    _table(sheet, [top, *names], [rows, *shares], [None, *[looks["share"]] * len(names)], looks, beside)
    colours = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": _DARK, "min_type": "num", "min_value": 0}
    for row, values in enumerate(found, _FIRST):
        most = float(sum(values)) or 1
        sheet.conditional_format(row, 1, row, len(names), colours | {"max_type": "num", "max_value": most})
    last = _FIRST + len(rows) - 1
    shaded = colours | {"max_type": "num", "max_value": 1}
    sheet.conditional_format(_FIRST, beside + 1, last, beside + len(names), shaded)
    sheet.write_string(last + 2, 0, stored(chart.text))


def _bars(book: Any, sheet: Any, chart: Bars, looks: Mapping[str, Any]) -> None:
    columns: list[Sequence[Any]] = [
        [stored(name) for name, _value in chart.bars],
        [value for _name, value in chart.bars],
    ]
    _table(sheet, [chart.name.label, chart.value.label], columns, [None, looks.get(chart.value.kind)], looks, _BESIDE)
    made = book.add_chart({"type": "bar"})
    last = _FIRST + len(chart.bars) - 1
    made.add_series(
        {
            "name": [sheet.name, _HEAD, _BESIDE + 1],
            "categories": [sheet.name, _FIRST, _BESIDE, last, _BESIDE],
            "values": [sheet.name, _FIRST, _BESIDE + 1, last, _BESIDE + 1],
            "fill": {"color": _DARK},
            "data_labels": {"value": True},
        }
    )
    figures = [value for _name, value in chart.bars if value is not None]
    scale = axis(chart.value, figures) if chart.value.whole else from_zero(figures)
    made.set_x_axis(_axis(chart.value, scale) | {"label_position": "high"})
    made.set_y_axis({"reverse": True})
    _put(sheet, made, chart, legend=False)


def _table(
    sheet: Any,
    heads: Sequence[str],
    columns: Sequence[Sequence[Any]],
    formats: Sequence[Any],
    looks: Mapping[str, Any],
    left: int = 0,
) -> None:
    """Columns of figures or words below their headings."""
    for place, (head, values, look) in enumerate(zip(heads, columns, formats, strict=True), left):
        sheet.write_string(_HEAD, place, head, looks["head"])
        for row, value in enumerate(values, _FIRST):
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif value is not None:
                sheet.write_number(row, place, float(value), look)
        longest = max(map(width, [head, *(value for value in values if isinstance(value, str))]))
        sheet.set_column(place, place, min(max(longest + 2, _NARROWEST), _WIDEST))


def _series(sheet: Any, place: int, count: int, name_at: int | None = None) -> dict[str, Any]:
    """A series of two columns."""
    last = _FIRST + count - 1
    return {
        "name": [sheet.name, _HEAD, place + 1 if name_at is None else name_at],
        "categories": [sheet.name, _FIRST, place, last, place],
        "values": [sheet.name, _FIRST, place + 1, last, place + 1],
    }


def _axis(col: Col, scale: Axis) -> dict[str, Any]:
    shape = {"share": "0%", "money": "#,##0", "count": "#,##0"}.get(col.kind, "General")
    step = scale.ticks[1] - scale.ticks[0]
    bounds = {"min": float(scale.low), "max": float(scale.high), "major_unit": float(step)}
    return {
        "name": col.label,
        "num_format": shape,
        "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
    } | (bounds)


def _put(sheet: Any, made: Any, chart: Chart, legend: bool) -> None:
    """The picture before its figures; it alone is printed."""
    made.set_title({"name": stored(chart.title), "name_font": {"size": 13}})
    made.set_legend({"position": "bottom"} if legend else {"none": True})
    made.set_size(_SIZE)
    sheet.insert_chart(_HEAD, 0, made, {"description": stored(chart.text)})
    sheet.print_area(0, 0, _HEAD + _ROWS, _BESIDE - 1)
