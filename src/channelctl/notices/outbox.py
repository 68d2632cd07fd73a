"""What is to be sent when the files stand: checked before anything is made, told where it did not go."""

from collections.abc import Sequence
from pathlib import Path

from channelctl import policy
from channelctl.i18n import _, ngettext
from channelctl.notices import Channel, Notice, UnsentError
from channelctl.notices.addresses import Address, is_of_offices, resolve
from channelctl.notices.policy import NotifyPolicy
from channelctl.notices.trying import persist
from channelctl.packs import Pack, command_line
from channelctl.report import out, safe

SECTION = "notify"


class Outbox:
    """Notices in the order they go, each with its address.

    `offices` are those whose files will be written, None the whole's; of `many` files each office's goes to the
    addresses with {office} in them, the whole's to the others.

    Raises:
        UsageError: an address is none, or needs an office where none is asked for.
        RefusedError: something is missing that is needed to send to it.
    """

    def __init__(self, words: Sequence[str], offices: Sequence[str | None], many: bool = False) -> None:
        self._policy = policy.section(SECTION, NotifyPolicy)
        self._channels: dict[Address, Channel] = {}
        self._routes: dict[str | None, list[Address]] = {}
        self._waiting: list[tuple[Address, Notice]] = []
        names = self._policy.names
        for office in offices if words else ():
            chosen = [word for word in words if not many or is_of_offices(word, names) == (office is not None)]
            self._routes[office] = list(dict.fromkeys(resolve(word, office, names) for word in chosen))
        for address in {one: None for route in self._routes.values() for one in route}:
            self._channels[address] = _channel(address, self._policy)

    def take_pack(self, pack: Pack, file: Path, office: str | None, unit: str) -> None:
        """Keep the word of a pack until its file stands."""
        from channelctl.notices.wording import of_pack

        if self._routes.get(office):
            self.take(of_pack(pack, file, unit), office)

    def take(self, notice: Notice, office: str | None = None) -> None:
        """Keep a notice for all who are to get it."""
        self._waiting += [(address, notice) for address in self._routes.get(office, ())]

    def send(self) -> bool:
        """Send all of them, and tell what did not go; whether all went."""
        lost = []
        for address, notice in self._waiting:
            try:
                persist(lambda: self._channels[address](notice), self._policy)  # noqa: B023
            except UnsentError as error:
                lost.append((address, notice))
                text = _("not sent: {file} to {address}: {reason}")
                _tell(text.format(file=notice.file, address=address.shown, reason=error.reason))
            else:
                _tell_person(_("sent: {file} to {address}").format(file=notice.file.name, address=address.shown))
        if lost:
            words = ("report", "send", str(lost[0][1].file), "--notify", lost[0][0].name or "ADDRESS")
            text = ngettext(
                "The file stands; to send it: {command}", "The files stand; to send one: {command}", len(lost)
            )
            _tell(text.format(command=command_line(words)))
        return not lost


def _channel(address: Address, given: NotifyPolicy) -> Channel:
    """What sends to an address."""
    if address.is_mail:
        from channelctl.notices import mail

        return mail.ready(address, given)
    from channelctl.notices import webhook

    if address.scheme in webhook.SCHEMES:
        return webhook.ready(address, given)
    from channelctl.notices import services

    return services.ready(address, given)


def _tell(text: str) -> None:
    out.remark(safe.shown(text))


def _tell_person(text: str) -> None:
    """What nobody but a person who waits for it wants to know."""
    import sys

    if out.is_terminal(sys.stderr):
        _tell(text)
