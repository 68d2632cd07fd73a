"""How rebate policies are put before a person."""

from collections.abc import Sequence

from channelctl import errors
from channelctl.i18n import _, ngettext
from channelctl.report import Report
from channelctl.systems.rebates.rules import Rule
from channelctl.systems.rebates.rules_lint import LintRow
from channelctl.systems.rebates.rules_policy import PolicyRow, RuleShown, VersionRow, policies, shown, versions
from channelctl.systems.rebates.rules_words import no_rules_text


def listed(rules: Sequence[Rule]) -> Report:
    """A row for each version of each policy."""
    rows = policies(rules)
    notes = [] if rows else [no_rules_text()]
    count = len({row.policy for row in rows})
    more = _("What one pays, in words: channelctl rebate policy show {code}")
    closing = [more.format(code=rows[0].policy)] if rows else []
    title = _("Rebate policies · {count}").format(count=count)
    return Report("rebate_policy", PolicyRow, rows, title, notes=notes, closing=closing)


def one(rules: Sequence[Rule], version: str) -> Report:
    """The rules of a version in words; the highest where none is asked for."""
    own = [rule for rule in rules if rule.version == version]
    title = [own[0].policy, own[0].name, _("version {version}").format(version=version)]
    others = sorted({rule.version for rule in rules} - {version})
    closing = []
    for other in others:
        text = _("Version {version}: channelctl rebate policy show {code} --version {version}")
        closing.append(text.format(code=own[0].policy, version=other))
    if others:
        closing.append(_("All versions: channelctl rebate policy versions {code}").format(code=own[0].policy))
    params = {"policy": own[0].policy, "version": version}
    rows, name = shown(own), " · ".join(title)
    return Report("rebate_policy_show", RuleShown, rows, name, params=params, closing=closing, card=True)


def changed(rules: Sequence[Rule]) -> Report:
    """The versions of a policy, and what each changed."""
    rows = versions(rules)
    count = len({row.version for row in rows})
    said = ngettext("{count} version", "{count} versions", count).format(count=count)
    title = f"{rules[0].policy} · {rules[-1].name} · {said}"
    params = {"policy": rules[0].policy}
    return Report("rebate_policy_versions", VersionRow, rows, title, params=params, card=True)


def lint(rows: Sequence[LintRow], rules: int, notes: Sequence[str]) -> Report:
    """What is odd about the policies; exit 1 where something is. `notes` tell what was not looked at."""
    said = ngettext("{count} rule looked at", "{count} rules looked at", rules).format(count=rules)
    found = ngettext("{count} finding", "{count} findings", len(rows)).format(count=len(rows))
    closing = [found] if rows else [_("nothing odd was found")] if rules else []
    notes = notes if rules else [no_rules_text()]
    code = errors.FINDINGS if rows else errors.DONE
    title = f"{_('Rebate policies')} · {said}"
    return Report("rebate_policy_lint", LintRow, rows, title, notes=notes, closing=closing, exit_code=code)
