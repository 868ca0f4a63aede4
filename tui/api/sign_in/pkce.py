"""The browser sign-in of both generations: the address to open, and the proof that a code belongs to it (PKCE).

2019: ``LoginForm.cs`` of UiPath.PowerShell at 3c5a9c3; today: the documentation of external applications and
UiPathOrch. Standard library only; opens nothing and asks nobody.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

from tui.api.deployments import Deployment
from tui.api.guids import is_guid
from tui.api.sign_in.landing import Landing, landing_of
from tui.api.sign_in.scopes import scopes_of_a_person
from tui.api.sign_in.token_set import Application
from tui.errors import Exit, Failure, SignInError, UsageError
from tui.secret import Secret

AUDIENCE_2019: Final = "https://orchestrator.cloud.uipath.com"
SCOPES_2019: Final = "openid profile offline_access email"
_CODE: Final = re.compile(r"[A-Za-z0-9_\-.~+]{8,4000}\Z")
_AROUND: Final = "\ufeff\u200b\u2060 \t\r\n\"'`“”‘’<>"


def new_verifier() -> Secret:
    """Return a new code verifier: 32 random bytes, 43 characters."""
    return Secret(secrets.token_urlsafe(32))


def new_state() -> Secret:
    """Return a new state: 16 random bytes, by which the answer to a sign-in is known from everybody else's."""
    return Secret(secrets.token_urlsafe(16))


def challenge_of(verifier: Secret) -> str:
    """Return the S256 challenge of ``verifier``, without padding."""
    digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


@dataclass(slots=True)
class _Use:
    done: bool = False


@dataclass(frozen=True, slots=True)
class AuthorizationAttempt:
    """One browser sign-in that was begun. ``address`` is to be opened by the person; it holds the state."""

    place: Deployment
    address: str = field(repr=False)
    redirect_uri: str
    verifier: Secret
    state: Secret
    application: Application
    _use: _Use = field(default_factory=_Use, repr=False, compare=False)

    def redeem(self) -> None:
        """Take the one use of this attempt. Raises `SignInError` for a second one."""
        if self._use.done:
            raise SignInError(
                Failure(
                    title="This browser sign-in was used already",
                    cause="its code works only once",
                    next_step="Start the browser sign-in again",
                    exit=Exit.SIGN_IN,
                )
            )
        self._use.done = True

    def give_back(self) -> None:
        """Allow another use: the code never left this machine."""
        self._use.done = False


def begin_authorization(
    place: Deployment,
    application: Application,
    redirect_uri: str = "",
    *,
    state: Secret | None = None,
    organization: str = "",
) -> AuthorizationAttempt:
    """Begin a browser sign-in. Empty parts of ``application`` and ``redirect_uri`` are those of ``place``.

    ``state`` is that of the listener which waits for the answer. ``organization`` chooses one before the person does,
    which sends them straight to its own directory (today only). Raises `UsageError` where the application id or the
    redirect address is missing.
    """
    client_id = application.client_id or place.client_id
    redirect_uri = redirect_uri or place.redirect_url
    if not client_id or not redirect_uri:
        raise _incomplete("application id" if not client_id else "redirect address")
    scopes = (application.scopes or SCOPES_2019) if place.is_2019 else scopes_of_a_person(application.scopes)
    application = Application(client_id, application.client_secret, scopes)
    verifier, state = new_verifier(), state or new_state()
    query = _query(place, application, redirect_uri, verifier, state)
    if organization and not place.is_2019:
        query += "&" + urlencode({"acr_values": f"tenantName:{organization}"}, quote_via=quote)
    return AuthorizationAttempt(place, f"{place.authorize_url}?{query}", redirect_uri, verifier, state, application)


def code_from(attempt: AuthorizationAttempt, text: str, *, pasted: bool = True) -> Secret:
    """Return the code with which ``attempt`` ended: out of the whole redirect address, a part of it, or the bare code.

    Only what a person ``pasted`` may come without the state, since a person may copy the code alone. Raises
    `SignInError` for an address of another sign-in or of an error, `UsageError` for what holds no code.
    """
    bare = text.strip(_AROUND)
    landing = landing_of(bare)
    if _is_code(bare):
        landing = Landing(Secret(bare))
    landing = landing or Landing()
    given = landing.state.reveal()
    if given and not is_state(attempt.state, given):
        raise SignInError(
            Failure(
                title="The browser sign-in can't be used",
                cause="this address belongs to another sign-in",
                next_step="Paste the address where the sign-in ended that was begun here last",
                exit=Exit.SIGN_IN,
            )
        )
    if landing.failure is not None:
        raise SignInError(landing.failure)
    if not landing.code or (not given and not pasted):
        raise _no_code(landing)
    return landing.code


def is_state(state: Secret, given: str) -> bool:
    """Tell whether ``given`` is ``state``, in a time that does not depend on where they differ."""
    return secrets.compare_digest(state.reveal().encode(), given.encode("utf-8", "surrogatepass"))


def _is_code(text: str) -> bool:
    return bool(_CODE.match(text)) and not is_guid(text) and not text.startswith(("eyJ", "rt_"))


def _no_code(landing: Landing) -> UsageError:
    cause = "it is neither the address where the browser sign-in ended nor the code in it"
    if landing.is_sign_in_page:
        cause = "it is the address where the sign-in begins"
    return UsageError(
        Failure(
            title="This holds no code of a browser sign-in",
            cause=cause,
            next_step="Sign in on the page, then copy the whole address from the browser and paste it",
            exit=Exit.SIGN_IN,
        )
    )


def _query(place: Deployment, application: Application, redirect_uri: str, verifier: Secret, state: Secret) -> str:
    fields = {"response_type": "code", "client_id": application.client_id, "redirect_uri": redirect_uri}
    scopes = application.scopes.split()
    if place.is_2019:
        fields["audience"] = AUDIENCE_2019
    if place.is_2019 or "openid" in scopes:
        fields["nonce"] = secrets.token_urlsafe(16)
    fields |= {"state": state.reveal(), "code_challenge_method": "S256"}
    # The server of 2019 wants a literal + between scopes; a space once cut the address for macOS's opener.
    between = "+" if place.is_2019 else "%20"
    scope = between.join(quote(each, safe="") for each in scopes)
    encoded = urlencode(fields, quote_via=quote, safe="")
    return f"{encoded}&code_challenge={challenge_of(verifier)}&scope={scope}"


def _incomplete(what: str) -> UsageError:
    return UsageError(
        Failure(
            title=f"The {what} is missing",
            cause="the browser sign-in of today belongs to an application of your own organization",
            next_step="Register one under Admin, External applications: not confidential, user scopes, and a redirect "
            "address such as http://127.0.0.1:8765/",
            exit=Exit.USAGE,
        )
    )
