"""Remarks on a file that a later file of the same command may settle."""

from collections.abc import Sequence

from channelctl import db
from channelctl.sheets.results import FileResult


def look_again(results: Sequence[FileResult]) -> None:
    """Say remarks on files that were written as they stand after the last file of all."""
    doubtful = [one for one in results[:-1] if one.doubtful and one.batch is not None]
    if not doubtful:
        return
    with db.session() as session:
        for result in doubtful:
            for target in result.doubtful:
                place = {id(one): at for at, one in enumerate(result.problems)}
                said = [place[id(one)] for one in target.problems if one.code in target.doubts]
                target.look_again(session)
                if said:
                    now = [one for one in target.problems if one.code in target.doubts]
                    kept = [one for at, one in enumerate(result.problems) if at not in said]
                    result.problems = [*kept[: said[0]], *now, *kept[said[0] :]]
