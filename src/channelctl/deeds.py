"""What was done, as the log and the list of batches keep it, in the words of the language in force."""

from channelctl.i18n import _, language
from channelctl.records import kinds


def action_text(action: str) -> str:
    """What was done to a record, or by a command; in English the word that is kept."""
    words = {
        "import": _("import"), "add": _("add"), "set": _("set"), "remove": _("remove"), "merge": _("merge"),
        "erase": _("erase"), "approve": _("approve"), "freeze": _("freeze"), "copy": _("copy"), "spread": _("spread"),
        "close": _("close"), "apply": _("apply"), "undo": _("undo"), "edit": _("edit"), "made": _("made"),
        "release": _("release"), "check": _("check"), "unapply": _("unapply"),
        "grant": _("grant"), "revoke": _("revoke"),
        "changed": _("changed"), "removed": _("removed"), "erased": _("erased"),
    }  # fmt: skip
    return action if language() == "en" else words.get(action, action)


def command_text(command: str) -> str:
    """A command that wrote: in English as it is typed, else what was done and to what."""
    noun, _blank, verb = command.rpartition(" ")
    if language() == "en":
        return command
    if not noun:
        return action_text(verb)
    return _("{what}: {action}").format(what=_what(noun), action=action_text(verb))


def _what(noun: str) -> str:
    """What a command is about: records of a kind, or one of the nouns that have commands of their own."""
    own = {"batch": _("batch"), "tier": _("tiers"), "score": _("scores"), "map": _("mappings"), "target": _("targets"),
           "credit": _("credit"), "db": _("database")}  # fmt: skip
    if noun in own:
        return own[noun]
    return next((kind.label for kind in kinds().values() if noun in (kind.noun, kind.command)), noun)
