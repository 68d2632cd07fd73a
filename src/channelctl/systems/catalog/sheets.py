"""The sheet of products."""

from dataclasses import dataclass, replace
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind

# Columns by which a row of another record says of which product it is.
PRODUCT_CODE = Col(
    "产品编码",
    "Product code",
    ("物料编码", "商品编码", "存货编码", "产品代码", "产品 ID", "SKU", "item code", "product id", "货号"),
    kind="code",
    wide=True,
)
PRODUCT = Col(
    "型号",
    "Product",
    (
        "产品型号", "规格型号", "产品名称", "商品名称", "物料名称", "存货名称", "产品", "商品", "品名", "机型",
        "product name", "model", "item", "item name",
    ),
    ref="product",
    required=True,
    example="I9300",
)  # fmt: skip


@dataclass(frozen=True)
class ProductRow:
    """A product or model."""

    code: Annotated[
        str,
        replace(PRODUCT_CODE, wide=False, example="P001"),
    ]
    name: Annotated[
        str,
        Col(
            "型号",
            "Product",
            ("产品名称", "商品名称", "物料名称", "存货名称", "产品型号", "产品", "product name", "model", "item"),
            required=True,
            example="I9300",
        ),
    ]
    brand: Annotated[str | None, Col("品牌", "Brand", ("vendor", "product vendor"))]
    category: Annotated[str | None, Col("类别", "Category", ("品类", "产品类别", "大类", "商品类别", "product line"))]
    unit: Annotated[str | None, Col("单位", "Unit", ("计量单位", "uom"), example="台")]
    specification: Annotated[str | None, Col("规格", "Specification", ("规格型号", "spec"), wide=True)]


KINDS = (
    Kind(
        "product",
        "产品",
        "products",
        ProductRow,
        "channelctl.systems.catalog.tables:Product",
        needs=(("code", "name"),),
    ),
)
