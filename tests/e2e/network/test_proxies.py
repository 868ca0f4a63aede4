"""Proxies between the twin and the server: one that reads along, and every way in which one fails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.e2e.clients.tls_front import tls_front
from tests.e2e.network import peers
from tests.e2e.network.mitm import mitm
from tests.e2e.twin.running import INTAKE, place, run, several, token
from tui.api.failures import failure_for
from tui.exchanges.reasons import Reason
from tui.simulator.server import SimulatorServer

SERVER = "orchestrator.test"
"""A name that nothing resolves: only through the proxy is there a server behind it."""
BASE_URL = f"https://{SERVER}:8443"
USER, PASSWORD = "walker", "Proxy-Pass%21-word.0123"
TOKEN = "Some_User_Key-of_nobody-that_is_long_enough_0123"


@dataclass(frozen=True)
class Told:
    """One run: its exit code, what it said, and everything it wrote to its home."""

    code: int
    out: str
    err: str
    written: bytes
    proxy: str

    @property
    def everything(self) -> str:
        """All that anybody could read afterwards."""
        return self.out + self.err + self.written.decode("utf-8", "replace")


def ask(arguments: Sequence[str], given: str, home: Path, proxy: str, env: Mapping[str, str] | None = None) -> Told:
    """Run the twin through ``proxy`` (``user:password@host:port``) with a log in its home."""
    home.mkdir()
    environment = {"HTTPS_PROXY": f"http://{proxy}", **(env or {})}
    done = run(
        ["start", *arguments, "--release", INTAKE, "--token-stdin", "--log", "log.jsonl"],
        home,
        stdin=given,
        env=environment,
    )
    written = b"\n".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    shown = f"http://{proxy.rpartition('@')[2]}"
    return Told(done.returncode, done.stdout, done.stderr, written, shown)


PLACE = ("--deployment", "cloud-2019", "--base-url", BASE_URL, "--account", "a", "--instance", "b")


def answering(answer: bytes) -> Callable[[Path], tuple[Told, peers.Peer]]:
    """Return a run through a proxy that answers everything with ``answer``."""

    def job(home: Path) -> tuple[Told, peers.Peer]:
        with peers.peer(answer=answer) as proxy:
            return ask(PLACE, TOKEN, home, f"{USER}:{PASSWORD}@127.0.0.1:{proxy.port}"), proxy

    return job


def dead(home: Path) -> tuple[Told, peers.Peer]:
    """Run through a proxy that is gone."""
    with peers.peer() as proxy:
        pass
    return ask(PLACE, TOKEN, home, f"{USER}:{PASSWORD}@127.0.0.1:{proxy.port}"), proxy


def nameless(home: Path) -> tuple[Told, peers.Peer]:
    """Run through a proxy whose name nobody knows."""
    return ask(PLACE, TOKEN, home, f"{USER}:{PASSWORD}@proxy.invalid:3128"), peers.Peer()


def passed_by(home: Path) -> tuple[Told, peers.Peer]:
    """Run with a proxy that the server is exempt from."""
    with peers.peer(answer=b"") as proxy:
        return ask(PLACE, TOKEN, home, f"127.0.0.1:{proxy.port}", {"NO_PROXY": f"other.test,{SERVER}"}), proxy


def unusable(home: Path) -> tuple[Told, peers.Peer]:
    """Run with a setting that names no proxy."""
    return ask(PLACE, TOKEN, home, f"{USER}:{PASSWORD}@[::1"), peers.Peer()


def refusing(status: str) -> bytes:
    """Return a proxy's refusal."""
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


FAILING = {
    "dead": (dead, Reason.PROXY_UNREACHABLE),
    "unknown name": (nameless, Reason.PROXY_NAME),
    "garbage": (answering(b"\x00\x01 what is this\r\n\r\n"), Reason.PROXY_GARBAGE),
    "closes": (answering(b""), Reason.PROXY_CLOSED),
    "407": (answering(refusing("407 Proxy Authentication Required")), Reason.PROXY_SIGN_IN),
    "403": (answering(refusing("403 Forbidden")), Reason.PROXY_REFUSED),
    "502": (answering(refusing("502 Bad Gateway")), Reason.PROXY_FAILED),
    "200, then no TLS": (answering(b"HTTP/1.1 200 OK\r\n\r\n"), Reason.TLS_CUT),
}
OTHERS = {"passed by": passed_by, "unusable": unusable}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[Told, peers.Peer]]]:
    """Each failing proxy, used once."""
    folder = tmp_path_factory.mktemp("proxies")
    jobs = {name: job for name, (job, _) in FAILING.items()} | OTHERS
    with several({name: partial(job, folder / name) for name, job in jobs.items()}) as result:
        yield result


@pytest.mark.parametrize("name", FAILING)
def test_each_failing_proxy_is_told_in_its_own_sentence(
    told: Callable[[str], tuple[Told, peers.Peer]], name: str
) -> None:
    seen, proxy = told(name)
    failure = failure_for(FAILING[name][1], "sign in", SERVER, proxy=seen.proxy)
    assert str(failure) in seen.out + seen.err
    assert seen.code == failure.exit
    assert f"calls go through the proxy {seen.proxy}\n" in seen.err
    assert TOKEN.encode() not in proxy.received
    assert not proxy.received or proxy.received.startswith(f"CONNECT {SERVER}:8443 HTTP/1.1\r\n".encode())


@pytest.mark.parametrize("name", [*FAILING, "unusable"])
def test_no_failure_repeats_the_proxys_password(told: Callable[[str], tuple[Told, peers.Peer]], name: str) -> None:
    everything = told(name)[0].everything
    assert everything
    assert PASSWORD not in everything
    assert "Proxy-Pass" not in everything
    assert USER not in everything


def test_a_server_that_is_exempt_is_asked_directly(told: Callable[[str], tuple[Told, peers.Peer]]) -> None:
    seen, proxy = told("passed by")
    assert str(failure_for(Reason.NAME, "sign in", SERVER)) in seen.out + seen.err
    assert "proxy" not in seen.err
    assert proxy.connections == 0


def test_an_unusable_setting_is_one_sentence(told: Callable[[str], tuple[Told, peers.Peer]]) -> None:
    seen, _ = told("unusable")
    assert seen.code == 2
    assert "The proxy setting can't be used" in seen.out + seen.err
    assert "Traceback" not in seen.everything


@dataclass(frozen=True)
class Inspected:
    """Runs through a proxy that reads along; ``early`` is what had reached the server before anybody trusted it."""

    works: Told
    untrusted: Told
    no_password: Told
    wrong_password: Told
    early: int
    paths: Sequence[str]


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Inspected:
    """Run the twin through mitmproxy: first where it must fail, then from beginning to end."""
    folder = tmp_path_factory.mktemp("inspected")
    with (
        SimulatorServer(("happy",), speed=60.0) as server,
        tls_front(urlsplit(server.summary["base_url"]).port or 0, folder, SERVER) as (port, authority),
        mitm(folder, port, authority, f"{USER}:{unquote(PASSWORD)}") as between,
    ):
        given = token(server.summary, today=False)
        arguments = place({**server.summary, "base_url": BASE_URL}, today=False)
        trusting = {"SSL_CERT_FILE": str(between.authority)}
        known = f"{USER}:{PASSWORD}@127.0.0.1:{between.port}"
        jobs = {
            "untrusted": partial(ask, arguments, given, folder / "untrusted", known),
            "no password": partial(ask, arguments, given, folder / "none", f"127.0.0.1:{between.port}", trusting),
            "wrong password": partial(
                ask, arguments, given, folder / "wrong", f"{USER}:Another-Word.9876@127.0.0.1:{between.port}", trusting
            ),
        }
        with several(jobs) as result:
            untrusted, none, wrong = (result(name) for name in jobs)
        early = len(server.journal)
        works = ask(arguments, given, folder / "works", known, trusting)
        return Inspected(works, untrusted, none, wrong, early, [request.path for request in server.journal])


def test_the_whole_flow_goes_through_a_proxy_that_is_trusted(inspected: Inspected) -> None:
    seen = inspected.works
    assert seen.code == 0, seen.out + seen.err
    assert "Successful" in seen.out.splitlines()[-1]
    assert seen.err == f"uipath-tui: calls go through the proxy {seen.proxy}\n"
    assert [path for path in inspected.paths if path.endswith("StartJobs")] != []


def test_a_proxy_that_is_not_trusted_gets_and_passes_on_nothing(inspected: Inspected) -> None:
    seen = inspected.untrusted
    failure = failure_for(Reason.PROXY_INSPECTS, "sign in", SERVER, proxy=seen.proxy)
    assert (seen.code, str(failure) in seen.out + seen.err) == (failure.exit, True), seen.out + seen.err
    assert inspected.early == 0


def test_a_proxy_that_wants_a_password_says_so(inspected: Inspected) -> None:
    for seen in (inspected.no_password, inspected.wrong_password):
        failure = failure_for(Reason.PROXY_SIGN_IN, "sign in", SERVER, proxy=seen.proxy)
        assert (seen.code, str(failure) in seen.out + seen.err) == (failure.exit, True), seen.out + seen.err


def test_the_password_of_the_proxy_is_nowhere(inspected: Inspected) -> None:
    runs = (inspected.works, inspected.untrusted, inspected.no_password, inspected.wrong_password)
    assert b'"url"' in inspected.works.written, "the log is there"
    for seen in runs:
        for secret in (PASSWORD, "Proxy-Pass", "Another-Word", USER):
            assert secret not in seen.everything
