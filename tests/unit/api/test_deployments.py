import subprocess
import sys

import pytest

from tui.api.deployments import DEPLOYMENTS, Generation, checked_base_url, deployment, same_site
from tui.errors import Exit, UsageError

GOOD = {
    "https://orchestrator.example.com": "https://orchestrator.example.com",
    "orchestrator.example.com": "https://orchestrator.example.com",
    "  'https://Orchestrator.Example.com/'  ": "https://orchestrator.example.com",
    "https://host.example:443/": "https://host.example",
    "https://host.example:8443": "https://host.example:8443",
    "https://host.example/uipath/": "https://host.example/uipath",
    "https://host.example/a/b": "https://host.example/a/b",
    "https://host.example/uipath/odata/Releases": "https://host.example/uipath",
    "https://host.example/account/login": "https://host.example",
    "https://host.example/swagger/index.html": "https://host.example",
    "https://cloud.uipath.com/org/tenant/orchestrator_/": "https://cloud.uipath.com",
    "https://cloud.uipath.com/org/portal_/home": "https://cloud.uipath.com",
    "https://host.example/identity_/connect/token": "https://host.example",
    "https://suite.example/x/org/tenant/orchestrator_": "https://suite.example/x",
    "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    "http://127.9.8.7": "http://127.9.8.7",
    "http://localhost:80/": "http://localhost",
    "http://[::1]:9": "http://[::1]:9",
    "https://[2001:db8::1]/": "https://[2001:db8::1]",
    "localhost:8080": "https://localhost:8080",
    "https://bücher.example": "https://bücher.example",
}
BAD = [
    "",
    "   ",
    "https://",
    "https:///odata",
    "http://example.com",
    "http://10.0.0.1",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://[::2]",
    "http://0.0.0.0",
    "ftp://example.com",
    "file:///etc/passwd",
    "javascript://example.com/%0aalert(1)",
    "https://user@example.com",
    "https://user:password@example.com",
    "https://example.com@evil.example",
    "https://example.com?x=1",
    "https://example.com/#top",
    "https://example.com/?",
    "https://example.com#",
    "https://example.com:0",
    "https://example.com:70000",
    "https://example.com:port",
    "https://exa mple.com",
    "https://example.com\\@evil.example",
    "https://example.com/\x1b]0;x\x07",
    "https://example.com/\u202etxt",
    "https://example.com/../x",
    "https://[::1",
    "https://example.com\r\nX: y",
    "https://example.com/<script>",
]


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_usable_base_addresses_are_normalised(text: str, expected: str) -> None:
    assert checked_base_url(text) == expected
    assert checked_base_url(expected) == expected


@pytest.mark.parametrize("text", BAD)
def test_other_base_addresses_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UsageError) as error:
        checked_base_url(text)
    failure = error.value.failure
    assert failure.exit is Exit.USAGE
    assert failure.cause
    assert failure.next_step
    assert "password" not in str(failure) or "user name or password" in failure.cause


SAME_SITE = {
    "https://platform.uipath.com/x": True,
    "https://PLATFORM.uipath.com:443/x": True,
    "https://account.uipath.com/oauth/token": True,
    "http://platform.uipath.com/x": False,
    "https://platform.uipath.com:444/x": False,
    "https://platform-community.azurewebsites.net": False,
    "https://platform.uipath.com.evil.example/": False,
    "https://platform.uipath.com@evil.example/": False,
    "https://evil.example/platform.uipath.com": False,
    "https://evil.example\\@platform.uipath.com/": False,
    "https://user:x@platform.uipath.com/": False,
    "//platform.uipath.com/x": False,
    "/odata/Releases": False,
    "": False,
    "https://platform.uipath.com\r\n/": False,
    "javascript:alert(1)": False,
    "https://platform.uipath.com.": False,
}


@pytest.mark.parametrize(("url", "expected"), SAME_SITE.items())
def test_only_the_deployments_own_origins_may_see_a_token(url: str, expected: bool) -> None:
    assert same_site(url, deployment("cloud-2019")) is expected


def test_http_is_only_the_same_site_on_this_machine() -> None:
    local = deployment("cloud-2019", "http://127.0.0.1:8080")
    assert same_site("http://127.0.0.1:8080/odata", local)
    assert not same_site("http://127.0.0.1:8081/odata", local)
    assert not same_site("https://127.0.0.1:8080/odata", local)
    assert same_site("http://[::1]:5/x", deployment("standalone", "http://[::1]:5"))


def test_addresses_of_2019() -> None:
    old = deployment("cloud-2019")
    assert old.generation is Generation.CLOUD_2019
    assert old.token_url == "https://account.uipath.com/oauth/token"
    assert old.accounts_url == "https://platform.uipath.com/cloudrpa/api/getAccountsForUser"
    assert (
        old.instances_url("my acc/../x")
        == "https://platform.uipath.com/cloudrpa/api/account/my%20acc%2F..%2Fx/getAllServiceInstances"
    )
    assert old.orchestrator_bases("acc", "Inst") == (
        "https://platform.uipath.com/acc/Inst",
        "https://platform.uipath.com",
    )
    assert old.orchestrator_bases("acc", "Inst", "root") == ("https://platform.uipath.com",)
    assert old.orchestrator_bases("acc", "Inst", "path") == ("https://platform.uipath.com/acc/Inst",)
    assert old.orchestrator_bases("..", ".", "path") == ("https://platform.uipath.com/%2E%2E/%2E",)
    assert old.uses_tenant_header
    assert old.version_url == old.portal_url("x") == ""


def test_addresses_of_today() -> None:
    cloud = deployment("automation-cloud")
    assert cloud.token_url == "https://cloud.uipath.com/identity_/connect/token"
    assert cloud.orchestrator_bases("org", "ten") == ("https://cloud.uipath.com/org/ten/orchestrator_",)
    assert cloud.portal_url("guid").endswith("/guid/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo")
    assert cloud.version_url == "https://cloud.uipath.com/orchestrator_/api/status/version"
    assert cloud.accounts_url == cloud.instances_url("a") == ""
    suite = deployment("automation-suite", "https://suite.example")
    assert suite.token_url == "https://suite.example/identity_/connect/token"
    own = deployment("standalone", "https://orch.example")
    assert own.token_url == "https://orch.example/identity/connect/token"
    assert own.orchestrator_bases("", "Default") == ("https://orch.example",)
    assert own.uses_tenant_header
    assert own.portal_url("x") == ""


def test_unknown_and_incomplete_deployments() -> None:
    with pytest.raises(UsageError, match="automation-cloud"):
        deployment("automation-clod")
    with pytest.raises(UsageError, match="--base-url"):
        deployment("standalone")
    assert deployment("cloud-2019", client_id="mine").client_id == "mine"
    assert set(DEPLOYMENTS) == {"automation-cloud", "cloud-2019", "automation-suite", "standalone"}


def test_modules_needed_before_the_first_paint_are_cheap() -> None:
    code = (
        "import sys, tui.api.deployments, tui.api.sign_in.tokens, tui.api.start, tui.api.arguments, tui.api.outcome;"
        "print([name for name in ('httpx', 'pydantic', 'ssl', 'asyncio', 'tenacity') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
