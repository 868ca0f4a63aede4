"""What is copied does what was done: other programs send the same method, target, headers and body, byte for byte."""

import base64
import contextlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.share.powershell_reader import Command, Reader
from tests.e2e.share.recording_server import Recorder, recording
from tests.e2e.share.requests_made import Made, made, parts
from tui.exchanges.share.copy_as import copy_as
from tui.exchanges.share.joget import json_tool

Parts = tuple[str, str, list[tuple[str, bytes]], bytes, str]
RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}
GRAMMAR = "tree-sitter==0.26.1 tree-sitter-powershell==0.26.4"
TOKEN = "an-invented-token.of_nobody-0123456789"
START = b'{"startInfo":{"ReleaseKey":"5b4c0a62-0000-4000-8000-01","InputArguments":"{\\"in_Text\\":\\"it\'s $5!\\"}"}}'
EXAMPLES: list[Parts] = [
    ("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", [
        ("Authorization", f"Bearer {TOKEN}".encode()), ("Content-Type", b"application/json"),
        ("X-UIPATH-TenantName", b"Harbour's"), ("Accept", b"application/json"),
    ], START, TOKEN),
    ("POST", "/oauth/token", [("Content-Type", b"application/json")],
     f'{{"grant_type":"refresh_token","client_id":"x","refresh_token":"{TOKEN}"}}'.encode(), TOKEN),
    ("POST", "/identity_/connect/token", [("Content-Type", b"application/x-www-form-urlencoded")],
     f"grant_type=refresh_token&refresh_token={TOKEN}".encode(), TOKEN),
    ("GET", "/odata/Jobs?$filter=Key%20eq%20'x'&$top=1&a=b%2Bc+d", [("Accept", b"application/json")], b"", TOKEN),
    ("POST", "/odata/Jobs(1)/UiPath.Server.Configuration.OData.StopJob", [], b"", TOKEN),
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Recorder]:
    with recording() as found:
        yield found


@pytest.fixture(scope="module")
def httpie() -> str:
    """Return the folder of ``http``, from the path or from what uv has already fetched."""
    found = shutil.which("http")
    if found:
        return os.path.dirname(found)
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        pytest.skip("neither HTTPie nor uv is here")
    command = [uv, "tool", "run", "--offline", "--quiet", "--from", "httpie", "python", "-c"]
    done = subprocess.run([*command, "import sys; print(sys.prefix)"], capture_output=True, text=True, timeout=60)
    if done.returncode:
        pytest.skip("HTTPie has not been fetched: uv tool run --from httpie http --version")
    return os.path.join(done.stdout.strip(), "bin")


def run_shell(request: Made, text: str, path: str = "", shell: str = "bash") -> None:
    environment = {"PATH": f"{path}:{os.environ['PATH']}", "HOME": "/nonexistent", "LANG": "C.UTF-8", **request.secrets}
    done = subprocess.run([shell, "-c", text], capture_output=True, env=environment, timeout=60)
    assert done.returncode == 0, (text, done.stderr.decode())


def sent_same(server: Recorder, request: Made) -> None:
    assert len(server.came) == 1
    assert server.came.pop().comparable() == request.came


def refused_rightly(request: Made, refused: str) -> None:
    """Only what no command line can hold is refused."""
    assert "NUL" in refused or "HTTPie" in refused or "no text" in refused, refused


def through_curl(server: Recorder, found: Parts) -> None:
    request = made(server.origin, *found)
    copied = copy_as(request.asked, "curl")
    if copied.refused:
        assert b"\0" in found[3]
        return
    assert copied.text.replace("\n", "").isprintable()
    assert found[4] not in copied.text
    run_shell(request, copied.text)
    sent_same(server, request)


def through_python(server: Recorder, found: Parts) -> None:
    request = made(server.origin, *found)
    copied = copy_as(request.asked, "python")
    if copied.refused:
        assert "/." in found[1]
        return
    assert copied.text.replace("\n", "").isprintable()
    assert found[4] not in copied.text
    before = dict(os.environ)
    os.environ.update(request.secrets)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(copied.text, "copied.py", "exec"), {})  # noqa: S102
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert said.getvalue().strip() == "204"
    sent_same(server, request)


def through_httpie(server: Recorder, found: Parts, folder: str) -> None:
    request = made(server.origin, *found)
    copied = copy_as(request.asked, "httpie")
    if copied.refused:
        refused_rightly(request, copied.refused)
        return
    run_shell(request, copied.text, folder)
    sent_same(server, request)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here")
@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_curl_sends_a_call_of_the_program_again(server: Recorder, found: Parts) -> None:
    through_curl(server, found)


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="curl or bash is not here")
@given(found=parts())
@settings(max_examples=60, **RELAXED)
def test_curl_sends_the_same(server: Recorder, found: Parts) -> None:
    server.came.clear()
    through_curl(server, found)


@pytest.mark.full
@pytest.mark.timeout(1800)
@given(found=parts())
@settings(max_examples=2000, **RELAXED)
def test_curl_sends_the_same_in_full(server: Recorder, found: Parts) -> None:
    server.came.clear()
    through_curl(server, found)


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_python_sends_a_call_of_the_program_again(server: Recorder, found: Parts) -> None:
    through_python(server, found)


@given(found=parts())
@settings(max_examples=60, **RELAXED)
def test_python_sends_the_same(server: Recorder, found: Parts) -> None:
    server.came.clear()
    through_python(server, found)


@pytest.mark.full
@pytest.mark.timeout(1800)
@given(found=parts())
@settings(max_examples=2000, **RELAXED)
def test_python_sends_the_same_in_full(server: Recorder, found: Parts) -> None:
    server.came.clear()
    through_python(server, found)


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_httpie_sends_a_call_of_the_program_again(server: Recorder, found: Parts, httpie: str) -> None:
    through_httpie(server, found, httpie)


@pytest.mark.full
@pytest.mark.timeout(1800)
@given(found=parts())
@settings(max_examples=200, **RELAXED)
def test_httpie_sends_the_same_in_full(server: Recorder, httpie: str, found: Parts) -> None:
    server.came.clear()
    through_httpie(server, found, httpie)


@pytest.mark.skipif(not shutil.which("pwsh"), reason="PowerShell is not here")
@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_powershell_sends_a_call_of_the_program_again(server: Recorder, found: Parts) -> None:
    request = made(server.origin, *found)
    copied = copy_as(request.asked, "powershell")
    environment = {**os.environ, **request.secrets}
    subprocess.run(["pwsh", "-NoProfile", "-c", copied.text], env=environment, check=True, timeout=60)
    came = server.came.pop().comparable()
    assert (came.method, came.target, came.body) == (request.came.method, request.came.target, request.came.body)
    assert set(request.came.headers) <= set(came.headers)


def for_powershell(found: Parts) -> tuple[str, dict[str, str]]:
    """Return the command that is copied, and the values of its variables; an empty one where it can't be written."""
    request = made("https://x.example", *found)
    copied = copy_as(request.asked, "powershell")
    if copied.refused:
        assert "no text" in copied.refused or "ASCII" in copied.refused
        return "", {}
    assert copied.text.replace("\n", "").isprintable()
    assert found[4] not in copied.text
    return copied.text, request.secrets


def says_the_same(command: Command, found: Parts) -> None:
    headers = {name.lower(): value for name, value in command.headers.items()}
    for header, argument in (("user-agent", "UserAgent"), ("content-type", "ContentType")):
        if argument in command.values:
            headers[header] = command.values[argument]
    assert command.values["Method"] == found[0]
    assert command.values["Uri"] == "https://x.example" + found[1]
    assert command.body == found[3]
    assert headers == {name.lower(): value.decode() for name, value in found[2]}


def read_powershell(found: Parts) -> None:
    """Read the command by PowerShell's rules and compare what it says with what was sent."""
    text, variables = for_powershell(found)
    if text:
        says_the_same(Reader(text, variables).read(), found)


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_powershell_reads_a_call_of_the_program(found: Parts) -> None:
    read_powershell(found)


@given(found=parts())
@settings(max_examples=200, **RELAXED)
def test_powershell_reads_the_same(found: Parts) -> None:
    read_powershell(found)


@pytest.fixture(scope="module")
def grammar() -> list[str]:
    """Return the command that reads by the grammar of others, from what uv has already fetched."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        pytest.skip("uv is not here")
    command = [uv, "run", "--offline", "--quiet", "--no-project", *(f"--with={each}" for each in GRAMMAR.split())]
    done = subprocess.run(
        [*command, "python", "-c", "import tree_sitter_powershell"], capture_output=True, text=True, timeout=60
    )
    if done.returncode:
        pytest.skip(f"the grammar has not been fetched: uv run --no-project {' '.join(command[5:])} python -V")
    return [*command, "python", str(Path(__file__).with_name("powershell_grammar.py"))]


def read_by_the_grammar(grammar: list[str], calls: list[Parts]) -> None:
    asked = [(*for_powershell(found), found) for found in calls]
    written = [each for each in asked if each[0]]
    done = subprocess.run(
        grammar, input=json.dumps([each[:2] for each in written]), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    for (text, _, found), answer in zip(written, json.loads(done.stdout), strict=True):
        assert "error" not in answer, (answer, text)
        assert (answer["name"], answer["switches"]) == ("Invoke-WebRequest", ["UseBasicParsing"])
        body = base64.b64decode(answer["body"])
        says_the_same(Command(values=answer["values"], headers=answer["headers"], body=body), found)


def test_a_grammar_of_others_reads_calls_of_the_program_for_powershell(grammar: list[str]) -> None:
    read_by_the_grammar(grammar, EXAMPLES)


@given(calls=st.lists(parts(), min_size=20, max_size=40))
@settings(max_examples=10, **RELAXED)
def test_a_grammar_of_others_reads_the_same_for_powershell(grammar: list[str], calls: list[Parts]) -> None:
    read_by_the_grammar(grammar, calls)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Invoke-WebRequest -Uri 'a", "does not parse"),
        ("Invoke-WebRequest -Uri ([char]0x0041 + 'a')", "adds numbers"),
        ('Invoke-WebRequest -Uri "$x"', "expandable"),
        ("Invoke-WebRequest -Uri 'a'; Remove-Item 'b'", "ValueError"),
    ],
)
def test_a_grammar_of_others_finds_what_is_wrong(grammar: list[str], text: str, why: str) -> None:
    done = subprocess.run(grammar, input=json.dumps([(text, {})]), capture_output=True, text=True, timeout=60)
    (answer,) = json.loads(done.stdout)
    assert why in answer["error"]


@given(st.binary(max_size=40).filter(lambda data: b"\0" not in data))
@settings(max_examples=150, **RELAXED)
def test_a_shell_reads_back_every_byte(data: bytes) -> None:
    from tui.exchanges.share.shells import quoted

    word = quoted((data,))
    assert word.isprintable()
    done = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, env={"LANG": "C.UTF-8"}, timeout=30)
    assert done.stdout == data


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: f"{found[0]} {found[1][:20]}")
def test_the_json_tool_is_told_all_it_has_to_send(found: Parts) -> None:
    request = made("https://x.example", *found)
    fields = json_tool(request.asked)

    def filled(text: str) -> str:
        for name, value in request.secrets.items():
            text = text.replace(f"#envVariable.{name}#", value)
        return text

    assert filled(fields.url) == "https://x.example" + found[1]
    assert fields.call_type == found[0]
    if fields.parameters:
        from urllib.parse import urlencode

        assert urlencode([(name, filled(value)) for name, value in fields.parameters]).encode() == found[3]
    else:
        assert filled(fields.payload).encode() == found[3]
        assert [(name, filled(value).encode()) for name, value in fields.headers] == found[2]
        assert not found[3] or json.loads(filled(fields.payload))


def test_one_secret_has_one_name_and_two_have_two() -> None:
    from tui.exchanges.share.asked import Names, asked
    from tui.secret import fingerprint

    one, two = fingerprint("one"), fingerprint("two")
    names = Names()
    first = asked(
        "POST", "https://x.example/a", (("Authorization", f"Bearer {one}"),), f"t={one}&u={two}".encode(), names
    )
    second = asked("GET", "https://x.example/b", (("Authorization", f"Bearer {two}"),), b"", names)
    third = asked("GET", "https://x.example/b", (("Authorization", f"Bearer {fingerprint('three')}"),), b"", names)
    assert first.secrets == ("UIPATH_TOKEN", "UIPATH_U")
    assert second.secrets == ("UIPATH_U",)
    assert third.secrets == ("UIPATH_TOKEN_2",)
