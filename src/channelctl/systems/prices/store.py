"""The price list as it is stored."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.tables import Customer
from channelctl.systems.prices.rules import Book, Listed, PricePolicy
from channelctl.systems.prices.tables import Price

PRICE = Price.__table__  # type: ignore[attr-defined]


def limits() -> PricePolicy:
    """What the policy in force says of prices."""
    return policy.section("prices", PricePolicy)


def is_empty(session: Session) -> bool:
    """Whether there is no price at all."""
    return session.execute(select(PRICE.c.id).limit(1)).first() is None


def book(session: Session) -> Book:
    """Every price there is.

    Raises:
        RefusedError: there is none.
    """
    query = (
        select(
            PRICE.c.product_id, col(Product.code), col(Product.name), PRICE.c.channel, PRICE.c["class"],
            PRICE.c.customer_id, func.coalesce(col(Customer.code), ""), func.coalesce(col(Customer.name), ""),
            PRICE.c.valid_from, PRICE.c.last_day, PRICE.c.distribution_price, PRICE.c.dealer_price,
            PRICE.c.consignment_price, PRICE.c.retail_price, PRICE.c.announced_on, PRICE.c.remark,
        )
        .join_from(PRICE, Product, PRICE.c.product_id == col(Product.id))
        .outerjoin(Customer, PRICE.c.customer_id == col(Customer.id))
        .order_by(col(Product.code), PRICE.c.id)
    )  # fmt: skip
    rows = [Listed(*row) for row in session.execute(query)]
    if not rows:
        raise RefusedError(
            _("there is no price list yet"),
            _("channelctl import 价格表.xlsx; a sheet to fill in: channelctl template price"),
        )
    return Book(rows, limits())
