"""What the environment signs in with, and that no secret stays in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.secret import Secret
from tui.system.environment import SECRETS, EnvironmentSignIn, take_from

PAT = "rt_" + "51a0" * 16 + "-1"
KEY = "be33946f-9337-5b59-849b-8822fd27e545"


def taken(**environ: str) -> EnvironmentSignIn:
    found = take_from(environ)
    assert found is not None
    assert not set(SECRETS) & set(environ)
    assert not any(value and value in repr(found) for value in environ.values() if value == PAT)
    return found


def test_an_empty_environment_says_nothing() -> None:
    environ = {"PATH": "/bin", "UIPATH_TUI_TOKEN": " ", "UIPATH_PAT": ""}
    assert take_from(environ) is None
    assert environ == {"PATH": "/bin"}


def test_the_own_token_wins_and_every_secret_goes() -> None:
    found = taken(
        UIPATH_TUI_TOKEN=f" '{PAT}'\n",
        UIPATH_ACCESS_TOKEN="another-token",
        UIPATH_PAT="one-more",
        UIPATH_CLIENT_ID="app",
        UIPATH_CLIENT_SECRET="an-invented-secret",
    )
    assert found.token == Secret(PAT)
    assert found.names == ("UIPATH_TUI_TOKEN",)
    assert not found.application.client_secret
    assert found.signs_in


@pytest.mark.parametrize("name", ["UNATTENDED_USER_ACCESS_TOKEN", "UIPATH_ACCESS_TOKEN", "UIPATH_PAT"])
def test_tokens_of_other_tools(name: str) -> None:
    found = taken(**{name: PAT})
    assert (found.token, found.names) == (Secret(PAT), (name,))


def test_an_application_needs_its_id_and_its_secret() -> None:
    found = taken(UIPATH_CLIENT_ID="app", UIPATH_CLIENT_SECRET="an-invented-secret")
    assert (found.application.client_id, found.application.client_secret) == ("app", Secret("an-invented-secret"))
    assert found.signs_in
    lone = taken(UIPATH_CLIENT_SECRET="an-invented-secret")
    assert not lone.signs_in
    assert lone.notes == ("UIPATH_CLIENT_SECRET is ignored: UIPATH_CLIENT_ID is missing.",)
    assert lone.names == ()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {"UIPATH_URL": "https://cloud.uipath.com/acme/Def%20T/orchestrator_"},
            ("automation-cloud", "", "acme", "Def T"),
        ),
        ({"UIPATH_URL": "https://cloud.uipath.com/acme/Default"}, ("automation-cloud", "", "acme", "Default")),
        ({"UIPATH_URL": "cloud.uipath.com/acme"}, ("automation-cloud", "", "acme", "")),
        (
            {"UIPATH_URI": "https://staging.uipath.com", "UIPATH_ORGANIZATION": "acme", "UIPATH_TENANT": "T"},
            ("automation-cloud", "https://staging.uipath.com", "acme", "T"),
        ),
        (
            {"UIPATH_URL": "https://suite.example.com/acme/T"},
            ("automation-suite", "https://suite.example.com", "acme", "T"),
        ),
        (
            {"UIPATH_URI": "https://suite.example.com", "UIPATH_ORGANIZATION": "acme"},
            ("automation-suite", "https://suite.example.com", "acme", ""),
        ),
        (
            {"UIPATH_URI": "https://orchestrator.example.com", "UIPATH_TENANT": "T"},
            ("standalone", "https://orchestrator.example.com", "", "T"),
        ),
        ({"UIPATH_URL": "http://127.0.0.1:8080/a/b"}, ("automation-suite", "http://127.0.0.1:8080", "a", "b")),
        (
            {"UIPATH_URL": "https://x.example.com/a/b", "UIPATH_TUI_DEPLOYMENT": "standalone", "UIPATH_PAT": PAT},
            ("", "", "", ""),
        ),
    ],
)
def test_addresses_of_other_tools(environ: dict[str, str], expected: tuple[str, str, str, str]) -> None:
    found = taken(**environ)
    assert (found.deployment, found.base_url, found.account, found.instance) == expected
    assert not found.notes


def test_folders() -> None:
    found = taken(UIPATH_FOLDER_KEY=KEY, UIPATH_FOLDER_PATH="Finance/Invoices")
    assert (found.folder_key, found.folder_path) == (KEY, "Finance/Invoices")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UIPATH_URL", "ftp://x.example.com/secret-part"),
        ("UIPATH_URL", "http://x.example.com/secret-part"),
        ("UIPATH_URL", "https://user:secret-part@x.example.com"),
        ("UIPATH_URL", "https://[::1"),
        ("UIPATH_FOLDER_KEY", "secret-part"),
        ("UIPATH_TENANT", "secret-part\x1b[31m"),
        ("UIPATH_ORGANIZATION", "secret-part\nsecret-part"),
        ("UIPATH_TUI_TOKEN", "x" * 100_001),
    ],
)
def test_what_cannot_be_used_is_noted_without_its_value(name: str, value: str) -> None:
    found = taken(**{name: value})
    assert len(found.notes) == 1
    assert name in found.notes[0]
    assert "secret-part" not in repr(found)
    assert found.names == ()
    assert not found.signs_in


@given(st.dictionaries(st.sampled_from([*SECRETS, "UIPATH_URL", "UIPATH_TENANT", "UIPATH_IDENTITY_URI"]), st.text()))
def test_any_environment_is_read(environ: dict[str, str]) -> None:
    take_from(environ)
    assert not set(SECRETS) & set(environ)


def test_another_sign_in_host_is_noted() -> None:
    found = taken(UIPATH_URI="https://x.example.com", UIPATH_IDENTITY_URI="https://y.example.com/identity_")
    assert "UIPATH_IDENTITY_URI" in found.notes[0]
    same = taken(UIPATH_URI="https://x.example.com", UIPATH_IDENTITY_URI="https://x.example.com/identity_")
    assert not same.notes
