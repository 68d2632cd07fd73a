"""The few styles that a terminal is given."""

BOLD, DIM, BAR, OFF = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style, where colour may be used."""
    return f"{style}{text}{OFF}" if colour and text else text
