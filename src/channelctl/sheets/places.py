"""What a sheet's or file's name tells that its columns do not: the office."""

import re
from collections.abc import Collection, Sequence
from typing import Any, Literal, NamedTuple

from channelctl.records.names import name_key
from channelctl.sheets import headings

_REGIONS = "华东 华北 华南 华中 西南 西北 东北 中南 华西 东南 苏南 苏北 浙南 浙北 粤东 粤西 珠三角 长三角"
_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
_CITIES = (
    "石家庄 唐山 保定 太原 大同 呼和浩特 包头 沈阳 大连 鞍山 长春 哈尔滨 大庆 南京 苏州 无锡 常州 徐州 "
    "南通 扬州 盐城 镇江 泰州 淮安 连云港 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 台州 衢州 丽水 舟山 义乌 "
    "合肥 芜湖 蚌埠 福州 厦门 泉州 漳州 南昌 九江 赣州 济南 青岛 烟台 潍坊 临沂 淄博 郑州 洛阳 武汉 宜昌 襄阳 "
    "长沙 株洲 衡阳 广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 南宁 柳州 桂林 海口 三亚 成都 绵阳 贵阳 遵义 "
    "昆明 大理 拉萨 西安 宝鸡 兰州 西宁 银川 乌鲁木齐"
)
_PLACES = frozenset(f"{_REGIONS} {_PROVINCES} {_CITIES}".split())
_AROUND = re.compile(r"(?:办事处|分公司|营业部|办|大区|地区|区域|省区|省|市|区|销售|明细|数据|流水|sales|data)+$")
_BETWEEN = re.compile(r"[\s_\-—–.·,，、()\[\]【】+&]+|\d+\s*[年月日季度]*")
_LABEL = re.compile(r"(?:所属|销售)?(?:办事处|分公司|营业部|部门|office|branch)(?:名称|\s*name)?", re.IGNORECASE)
_LABELLED = re.compile(rf"{_LABEL.pattern}\s*[:：]\s*(\S.{{0,40}}?)(?:\s{{2,}}|\s+\S{{1,6}}[:：]|$)", re.IGNORECASE)
_TITLED = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:办事处|分公司|营业部)")


def is_place(name: str) -> bool:
    """Whether it is a region, a province or a city, with or without what offices there are called."""
    plain = headings.simplify(name)
    return plain in _PLACES or _AROUND.sub("", plain) in _PLACES


def office(sheet: str, known: Collection[str]) -> str:
    """The office that a sheet is named for, "" where its name is no place and no office there is; 1 is no office."""
    plain = headings.simplify(sheet)
    if plain.isdigit():
        return ""
    if name_key(sheet, "office") in known:
        return sheet.strip()
    bare = _AROUND.sub("", plain).strip(" -_")
    if name_key(bare, "office") in known:
        return bare
    return bare if bare in _PLACES else ""


class Told(NamedTuple):
    """The office of a whole sheet, and what told it."""

    office: str
    by: Literal["title", "sheet", "file"]


def told(title: Sequence[Sequence[Any]], sheet: str, file: str, known: Collection[str]) -> Told | None:
    """The office that a sheet is of by the rows above its heading, its own name or the file's, in that order.

    A row that says 办事处：杭州 is believed; else the word must be a place, or an office there is, and the only one.
    """
    if named := labelled(title):
        return Told(named, "title")
    if own := office(sheet, known) or _only(sheet, known):
        return Told(own, "sheet")
    titled = {found for row in title for cell in row if isinstance(cell, str) for found in _titled(cell, known)}
    if len(titled) == 1:
        return Told(titled.pop(), "title")
    own = office(file, known) or _only(file, known)
    return Told(own, "file") if own else None


def labelled(title: Sequence[Sequence[Any]]) -> str:
    """What stands behind 办事处：, in the same cell or in the next one."""
    for row in title:
        for place, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            plain = headings.simplify(cell)
            if found := _LABELLED.search(plain):
                return found[1].strip()
            if _LABEL.fullmatch(plain.rstrip(":： ")):
                after = [one.strip() for one in row[place + 1 : place + 3] if isinstance(one, str) and one.strip()]
                if after and not after[0].endswith((":", "：")):
                    return after[0]
    return ""


def _titled(cell: str, known: Collection[str]) -> list[str]:
    """The offices that a title such as 江东省杭州办事处2024年5月销售明细 names."""
    words = _TITLED.findall(headings.simplify(cell))
    ends = ([office(word[start:], known) for start in range(len(word) - 3)] for word in words)
    return [found for end in ends if (found := next(filter(None, end), ""))]


def _only(name: str, known: Collection[str]) -> str:
    """The one office among the parts of a name: 销售_杭州办_2024-05 is of 杭州."""
    found = {one for word in _BETWEEN.split(headings.simplify(name)) if word and (one := office(word, known))}
    return found.pop() if len(found) == 1 else ""
