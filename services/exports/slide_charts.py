"""Charts of a slide: the library's own, so that a presenter can edit the numbers behind them."""

from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from services.exports import palette
from services.exports.slide_parts import colour_of, describe, text
from services.factsheet.model import Item, Section, told

_FULL = 100
_DENSE = 12
_LABEL = 46
_NBSP = "\u00a0"
#: From here on a rate's label has room inside its bar, where the line of the objective does not cross it.
_INSIDE = 12


def columns(slide: Any, section: Section, left: int, top: int, width: int, height: int) -> None:
    """A column for each item, the subject in the accent."""
    chart = _chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, section, (left, top, width, height))
    dense = len(section.items) > _DENSE
    chart.category_axis.tick_labels.font.size = Pt(10 if dense else 14)
    _labels(chart, Pt(9 if dense else 16))
    _paint(chart, section)


def bars(slide: Any, section: Section, left: int, top: int, width: int, height: int) -> None:
    """A bar for each item, the first on top; small ones say so in their label."""
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, section, (left, top, width, height))
    chart.category_axis.reverse_order = True
    dense = len(section.items) > _DENSE
    chart.category_axis.tick_labels.font.size = Pt(11 if dense else 14)
    _labels(chart, Pt(11 if dense else 14))
    _paint(chart, section)


def rates(slide: Any, section: Section, left: int, top: int, width: int, height: int) -> None:
    """Rates out of 100 with their share in the label, and the objective as a dashed line."""
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, section, (left, top, width, height))
    chart.category_axis.reverse_order = True
    chart.value_axis.maximum_scale = _FULL
    chart.plots[0].gap_width = 60
    chart.category_axis.tick_labels.font.size = Pt(15)
    _labels(chart, Pt(16), '0" %"')
    if all(item.size is None or item.size > _INSIDE for item in section.items):
        inside = chart.plots[0].data_labels
        inside.position, inside.font.color.rgb = XL_LABEL_POSITION.INSIDE_BASE, colour_of(palette.PAPER)
    _paint(chart, section)
    room = (0.36, 0.14, 0.6, 0.84)
    _lay_out(chart, *room)
    if section.objective is not None:
        x = int(left + width * (room[0] + room[2] * section.objective / _FULL))
        line = slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, x, int(top + height * (room[1] - 0.02)), x, int(top + height * (room[1] + room[3]))
        )
        line.line.color.rgb, line.line.width, line.line.dash_style = colour_of(palette.OBJECTIVE), Pt(2), MSO_LINE.DASH
        describe(line, f"Objective {section.objective} per cent")
        said = f"objective {section.objective}\u00a0%"
        text(
            slide,
            said,
            x - Inches(0.65),
            top,
            Inches(2),
            Inches(0.3),
            size=Pt(14),
            colour=palette.OBJECTIVE,
            bold=True,
        )


def _chart(slide: Any, kind: XL_CHART_TYPE, section: Section, place: tuple[int, int, int, int]) -> Any:
    data = CategoryChartData(number_format="#,##0")
    data.categories = [_category(item) for item in section.items]
    data.add_series(section.name or "Number", [item.size for item in section.items])
    frame = slide.shapes.add_chart(kind, *(int(number) for number in place), data)
    describe(frame, told(section))
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.color.rgb = colour_of(palette.QUIET)
    chart.plots[0].gap_width = 35
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    axis = chart.category_axis
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = colour_of(palette.RULE)
    return chart


def _category(item: Item) -> str:
    """The label; with the share of a rate, and with the words of a number that is not drawn."""
    label = item.label if len(item.label) <= _LABEL else f"{item.label[: _LABEL - 1].rstrip()}…"
    if item.size is None:
        return f"{label}: {item.text}"
    return f"{label}, {item.part.replace(' ', _NBSP)}" if item.part else label


def _labels(chart: Any, size: int, number_format: str = "#,##0") -> None:
    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.show_value = True
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold, labels.font.color.rgb = size, True, colour_of(palette.INK)


def _paint(chart: Any, section: Section) -> None:
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour_of(palette.CONTEXT)
    for place, item in enumerate(section.items):
        if item.is_subject and item.size is not None:
            point = series.points[place]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = colour_of(palette.CHOSEN)


def _lay_out(chart: Any, x: float, y: float, w: float, h: float) -> None:
    """Fix where the bars begin and end, in shares of the chart, so that a line over them can be placed."""
    area = chart._chartSpace.chart.plotArea  # noqa: SLF001 - the library has no layout
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for name, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", x),
        ("y", y),
        ("w", w),
        ("h", h),
    ):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", str(value))
    area.insert(0, layout)
