"""Two who decide the same application at once."""

from pathlib import Path

from tests.conftest import Run
from tests.credit.granting import applied, begin
from tests.processes import environment, finish, start
from tests.tables import address, connected


def test_of_two_that_approve_at_once_one_does_and_the_other_says_so(ch: Run, tmp_path: Path) -> None:
    begin(ch)
    number = applied(ch, "K1", "1000")
    users = "lisi", "zhao"
    both = [
        start(
            "credit", "approve", number, cwd=tmp_path,
            env=environment(CHANNELCTL_DB=address(tmp_path / "channel.db"), CHANNELCTL_USER=user),
        )
        for user in users
    ]  # fmt: skip
    first, second = sorted(finish(one) for one in both)
    assert (first[0], second[0]) == (0, 3)
    assert second[1] == ""
    assert second[2] in {
        f"channelctl: error: {number} was decided on 2024-06-03 by {user}: approved (batch 4)\n"
        "Apply anew: channelctl credit apply K1 AMOUNT\n"
        for user in users
    }
    with connected(tmp_path / "channel.db") as connection:
        assert connection.execute("SELECT count(*) FROM credit_decision").fetchone() == (1,)
        assert connection.execute("SELECT count(*), sum(limit_amount) FROM credit_limit").fetchone() == (1, 10_000_000)
