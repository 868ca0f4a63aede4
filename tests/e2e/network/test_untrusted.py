"""Servers that can't be trusted or don't speak TLS as they should: nothing reaches them, and each is told apart."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import trustme

from tests.e2e.network import peers
from tests.e2e.twin.running import run, several
from tui.api.failures import failure_for
from tui.exchanges.reasons import Reason

TOKEN = "Some_User_Key-of_nobody-that_is_long_enough_0123"
HTTP_400 = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
REASONS = {
    "unknown authority": Reason.UNKNOWN_AUTHORITY,
    "self-signed": Reason.SELF_SIGNED,
    "expired": Reason.CERTIFICATE_EXPIRED,
    "not valid yet": Reason.NOT_YET_VALID,
    "other host": Reason.WRONG_HOST,
    "only TLS 1.0": Reason.OLD_TLS,
    "plain http": Reason.NOT_TLS,
    "reset": Reason.TLS_CUT,
}
SPEAKS_TLS = [name for name in REASONS if name not in ("plain http", "reset")]


@dataclass(frozen=True)
class Told:
    """One run: its exit code, what it said, and how many bytes of it the other end could read."""

    code: int
    said: str
    received: bytes
    connections: int


def contexts(known: trustme.CA, folder: Path) -> Mapping[str, peers.Wrap | None]:
    """Return how each server takes a connection; ``known`` is the one authority that is trusted."""
    later = datetime.now(UTC) + timedelta(days=30)
    return {
        "unknown authority": peers.speaking(peers.certified(trustme.CA())),
        "self-signed": peers.speaking(peers.self_signed(folder)),
        "expired": peers.speaking(peers.certified(known, not_after=peers.LONG_AGO)),
        "not valid yet": peers.speaking(peers.certified(known, not_before=later, not_after=later + timedelta(days=1))),
        "other host": peers.speaking(peers.certified(known, "elsewhere.example")),
        "only TLS 1.0": peers.speaking(peers.only_old_tls(known)),
        "plain http": None,
        "reset": peers.reset,
    }


def ask(wrap: peers.Wrap | None, home: Path, authority: Path) -> Told:
    """Let the twin sign in at one of these servers."""
    home.mkdir()
    with peers.peer(wrap, HTTP_400) as server:
        arguments = ["start", "--deployment", "cloud-2019", "--base-url", f"https://localhost:{server.port}"]
        done = run(
            [*arguments, "--token-stdin", "--release", "Demo", "--account", "a", "--instance", "b"],
            home,
            stdin=TOKEN,
            env={"SSL_CERT_FILE": str(authority)},
        )
        return Told(done.returncode, done.stdout + done.stderr, bytes(server.received), server.connections)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Told]]:
    """Each server, asked once."""
    folder = tmp_path_factory.mktemp("untrusted")
    known = trustme.CA()
    file = folder / "known.pem"
    known.cert_pem.write_to_path(str(file))
    found = contexts(known, folder)
    with several({name: partial(ask, wrap, folder / name, file) for name, wrap in found.items()}) as result:
        yield result


@pytest.mark.parametrize("name", REASONS)
def test_each_is_told_in_its_own_sentence(told: Callable[[str], Told], name: str) -> None:
    failure = failure_for(REASONS[name], "sign in", "localhost")
    seen = told(name)
    assert seen.connections > 0
    assert (seen.code, str(failure) in seen.said) == (failure.exit, True), seen.said
    assert TOKEN not in seen.said


@pytest.mark.parametrize("name", SPEAKS_TLS)
def test_no_byte_reaches_who_is_not_trusted(told: Callable[[str], Told], name: str) -> None:
    assert told(name).received == b""


def test_who_speaks_no_tls_sees_no_request(told: Callable[[str], Told]) -> None:
    received = told("plain http").received
    assert received.startswith(b"\x16\x03"), "the first message of TLS"
    assert b"localhost" in received, "the name is all that it tells"
    assert b"HTTP/1.1" not in received
    assert TOKEN.encode() not in received


@pytest.mark.parametrize("reason", Reason)
def test_no_two_reasons_are_told_alike(reason: Reason) -> None:
    mine = str(failure_for(reason, "sign in", "localhost"))
    assert [other for other in Reason if str(failure_for(other, "sign in", "localhost")) == mine] == [reason]
    assert "  " not in mine


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "names ca.pem, which is no file that can be read"),
        (b"", "names ca.pem, which holds no certificate"),
        (b"no certificate at all\n", "names ca.pem, which holds no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "names ca.pem, which holds no certificate"),
    ],
    ids=["missing", "empty", "words", "damaged"],
)
def test_a_certificate_file_that_is_none_is_told_before_anything_is_sent(
    content: bytes | None, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    seen = ask(peers.speaking(peers.certified(trustme.CA())), tmp_path / "home", file)
    assert seen.code == 2
    assert f"SSL_CERT_FILE {says}" in seen.said
    assert "Correct SSL_CERT_FILE or remove it" in seen.said
    assert seen.connections == 0
