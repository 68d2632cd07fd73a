"""Notices by mail: what arrives, what is tried again, and what is never told."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.notices.conftest import Policy
from tests.notices.servers import post

WANG = "mailto:wang@example.com"


@pytest.fixture
def sent(ch: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Send the file by the server at a port; more words follow."""

    def send(port: int, *words: object, to: str = WANG, user: str = ""):  # type: ignore[no-untyped-def]
        monkeypatch.setenv("CHANNELCTL_SMTP", f"smtp://{user}127.0.0.1:{port}")
        return ch("report", "send", file, "--notify", to, *words)

    return send


@pytest.fixture(autouse=True)
def from_us(notify: Policy) -> None:
    notify('sender = "reports@example.com"')


def test_a_mail_arrives_whole_with_its_chinese_title_and_file_name(sent: Run, file: Path) -> None:
    with post() as server:
        assert sent(server.port, "--title", "日跟进 · 南京 · 2024-05-20") == (0, "", "")
    ((sender, people, data),) = server.took
    assert (sender, people) == ("reports@example.com", ["wang@example.com"])
    (message,) = server.messages
    assert (message["Subject"], message["From"], message["To"]) == (
        "日跟进 · 南京 · 2024-05-20",
        "reports@example.com",
        "wang@example.com",
    )
    assert message["Date"].datetime and message["Message-ID"].endswith("@example.com>")
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == file.name
    assert attached.get_content() == file.read_bytes()
    assert attached.get_content_type().endswith("spreadsheetml.sheet")
    assert data.startswith(b"Subject: =?utf-8?")
    assert b"filename*=utf-8''%E6%97%A5" in data.replace(b"\r\n", b"").replace(b"*0*=", b"*=")
    assert data.isascii()


def test_several_people_get_one_mail(sent: Run) -> None:
    with post() as server:
        assert sent(server.port, to="mailto:a@example.com,b@example.org").code == 0
    assert [people for _from, people, _data in server.took] == [["a@example.com", "b@example.org"]]


def test_a_title_breaks_no_header(sent: Run) -> None:
    with post() as server:
        assert sent(server.port, "--title", "May\r\nBcc: evil@example.com").code == 0
    assert server.messages[0]["Subject"] == "May Bcc: evil@example.com"
    assert server.messages[0]["Bcc"] is None
    assert server.took[0][1] == ["wang@example.com"]


def test_text_files_are_said_as_well_as_attached(ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "may.md").write_text("# 五月\n\n- 净销售额: **10,118,190.73**\n", encoding="utf-8")
    with post() as server:
        monkeypatch.setenv("CHANNELCTL_SMTP", f"smtp://127.0.0.1:{server.port}")
        assert ch("report", "send", "may.md", "--notify", WANG).code == 0
    body = server.messages[0].get_body()
    assert body is not None
    assert "- 净销售额: **10,118,190.73**" in body.get_content()
    assert server.messages[0]["Subject"] == "may"


FAILED = "not sent: {file} to mailto:…@example.com: {reason}\n"
AGAIN = "The file stands; to send it: channelctl report send '{file}' --notify ADDRESS\n"


@pytest.mark.parametrize(
    ("answers", "greeted", "reason"),
    [
        ({"CONNECT": ["421 busy", "421 busy", "220 here"]}, 3, ""),
        ({"DATA": ["451 try later", "250 taken"]}, 2, ""),
        ({"RCPT": ["450 greylisted", "250 ok"]}, 2, ""),
        ({"CONNECT": ["421 busy"]}, 3, "the mail server answers 421 busy (3 tries)"),
        ({"RCPT": ["450 full <wang@example.com>"]}, 3, "the mail server answers 450 full <…> (3 tries)"),
        ({"RCPT": ["550 no wang@example.com here"]}, 1, "the mail server answers 550 no … here"),
        ({"MAIL": ["553 not you"]}, 1, "the mail server answers 553 not you"),
        ({"DATA": ["552 too large"]}, 1, "the mail server answers 552 too large"),
        ({"DATA": [""]}, 1, "the connection was broken off; it may have arrived all the same"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_the_server_did_not_take_is_tried_again_and_told(
    sent: Run, file: Path, answers: dict[str, list[str]], greeted: int, reason: str
) -> None:
    with post(answers=answers) as server:
        code, out, err = sent(server.port)
    assert server.greeted == greeted
    assert (len(server.took), code, out) == ((0, 1, "") if reason else (1, 0, ""))
    expected = FAILED.format(file=file, reason=reason) + AGAIN.format(file=file) if reason else ""
    assert err == expected
    assert file.is_file()


def test_of_several_people_who_is_refused_is_counted_and_nobody_gets_it_twice(sent: Run) -> None:
    with post(answers={"RCPT": ["250 ok", "550 unknown", "250 ok"]}) as server:
        code, _out, err = sent(server.port, to="mailto:a@example.com,b@example.com,c@example.com")
    assert (code, len(server.took)) == (1, 1)
    assert "1 of 3 people do not get it: the mail server answers 550 unknown\n" in err


def test_an_address_in_chinese_goes_only_where_the_server_takes_it(sent: Run) -> None:
    with post() as server:
        code, _out, err = sent(server.port, to="mailto:王@example.com")
    assert (code, server.took) == (1, [])
    assert err.splitlines()[0].endswith("to mailto:…@example.com: the mail server takes ASCII addresses only")


def test_nobody_there_is_told_after_three_tries(sent: Run, file: Path) -> None:
    with post() as server:
        pass
    code, _out, err = sent(server.port)
    assert code == 1
    assert err.startswith(FAILED.format(file=file, reason="the connection was refused (3 tries)"))


@pytest.mark.parametrize("where", ["environment", "policy", "netrc"])
def test_a_password_comes_from_where_it_is_kept_and_is_told_nobody(
    ch: Run, sent: Run, file: Path, notify: Policy, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "netrc"
    kept.write_text("machine 127.0.0.1 login wang@example.com password s3cret:pw\n")
    kept.chmod(0o600)
    login = "wang%40example.com"
    with post(auth=True, answers={"DATA": ["550 s3cret:pw wang@example.com"]}) as server:
        notify(f'netrc = "{kept}"' if where == "netrc" else "")
        if where == "environment":
            monkeypatch.setenv("CHANNELCTL_SMTP_PASSWORD", "s3cret:pw")
        if where == "policy":
            login += ":s3cret%3Apw"
        code, out, err = sent(server.port, user=f"{login}@")
    assert server.logins == [("wang@example.com", "s3cret:pw")]
    assert (code, out) == (1, "")
    assert "the mail server answers 550 … …\n" in err
    assert "s3cret" not in err


@pytest.mark.parametrize(
    ("url", "reason", "hint"),
    [
        ("", "no server is named to send mail by", "CHANNELCTL_SMTP=smtp://USER@HOST:587"),
        ("mail.example.com:25", "the mail server is not written as an address of one", "smtp://USER@HOST:587"),
        ("smtp://mail.example.com:x", "the mail server is not written as an address of one", "smtp://USER@HOST"),
        ("http" + "://mail.example.com", "the mail server is not written as an address of one", "smtp://USER@HOST"),
        ("smtp://wang@mail.example.com", "the password for the mail server is not known", "CHANNELCTL_SMTP_PASSWORD"),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_before_anything_is_done(
    ch: Run, file: Path, url: str, reason: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_SMTP", url)
    code, out, err = ch("report", "send", file, "--notify", WANG)
    assert (code, out) == (3, "")
    assert err.startswith(f"channelctl: error: {reason}\n")
    assert hint in err


def test_without_a_sender_nothing_is_sent(sent: Run, notify: Policy) -> None:
    notify()
    with post() as server:
        code, _out, err = sent(server.port)
    assert (code, server.greeted) == (3, 0)
    assert err == (
        "channelctl: error: it is not known from whom mail is to come\n"
        'In [notify] of the policy: sender = "NAME@HOST"\n'
    )


NETRC = {
    "others may read it": ("machine 127.0.0.1 login wang password x\n", 0o644, "holds passwords, and others may"),
    "not written so": ("machine 127.0.0.1 logon s3cret\n", 0o600, "is not written as netrc is, line 1"),
    "of another": ("machine 127.0.0.1 login li password s3cret\n", 0o600, "the password for the mail server is not"),
}


@pytest.mark.parametrize(("text", "mode", "reason"), NETRC.values(), ids=NETRC)
def test_a_file_of_passwords_must_be_ones_own_and_readable(
    sent: Run, notify: Policy, tmp_path: Path, text: str, mode: int, reason: str
) -> None:
    (tmp_path / "kept").write_text(text)
    (tmp_path / "kept").chmod(mode)
    notify('netrc = "kept"', 'sender = "reports@example.com"')
    code, _out, err = sent(1, user="wang@")
    assert code == 3
    assert reason in err
    assert "s3cret" not in err


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's, signed by itself, with its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl on this machine")
    where = tmp_path_factory.mktemp("tls") / "both.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here -addext subjectAltName=IP:127.0.0.1".split()
    subprocess.run([program, *words, "-keyout", where, "-out", f"{where}.crt"], check=True, capture_output=True)
    where.write_bytes(where.read_bytes() + Path(f"{where}.crt").read_bytes())
    return where


def offered(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_where_encryption_is_offered_the_password_goes_by_it(
    sent: Run, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("CHANNELCTL_SMTP_PASSWORD", "pw")
    with post(tls=offered(certificate), auth=True) as server:
        assert sent(server.port, user="wang@") == (0, "", "")
    assert (server.encrypted, len(server.took)) == ([True], 1)


def test_a_certificate_that_nobody_knows_is_not_trusted(
    sent: Run, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_SMTP_PASSWORD", "pw")
    with post(tls=offered(certificate), auth=True) as server:
        code, _out, err = sent(server.port, user="wang@")
    assert (code, server.logins, server.greeted) == (1, [], 1)
    assert ": the server's certificate is not trusted: self-signed certificate\n" in err


def test_a_password_does_not_go_to_another_machine_in_the_clear(
    ch: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from channelctl.notices import mailserver

    monkeypatch.setattr(mailserver, "_HERE", ())
    monkeypatch.setenv("CHANNELCTL_SMTP_PASSWORD", "pw")
    with post(auth=True) as server:
        monkeypatch.setenv("CHANNELCTL_SMTP", f"smtp://wang@127.0.0.1:{server.port}")
        code, _out, err = ch("report", "send", file, "--notify", WANG)
    assert (code, server.logins) == (1, [])
    assert "offers no encryption, and the password is not sent without\n" in err
