"""Every way in, each a function that brings `Credentials`. What they may reach is `identity`'s.

The records they make say in words how the sign-in was made, and hold what renews it.
"""

from tui.api.connection import Connection
from tui.api.sign_in.advice import Way, token_ended
from tui.api.sign_in.auth import Credentials
from tui.api.sign_in.grants import application_grant, code_grant, password_grant, refresh_grant
from tui.api.sign_in.pkce import AuthorizationAttempt
from tui.api.sign_in.rotation import Keeper, tokens_of
from tui.api.sign_in.scopes import scopes_of_an_application
from tui.api.sign_in.token_set import Application, Login, SignInRecord, Tokens
from tui.api.sign_in.tokens import Recognised
from tui.errors import Exit, Failure, UsageError
from tui.secret import Secret


async def sign_in(
    connection: Connection, recognised: Recognised, *, client_id: str = "", client_secret: Secret | None = None
) -> Credentials:
    """Sign in with what was pasted.

    In 2019 the user key is exchanged at once. Today's tokens are taken as they are: the first call proves them. With
    the ``client_id`` of one's own application (and its secret, if it has one), a refresh token that came in a token
    answer renews them.

    Raises `UsageError` for what can't sign in there, `SignInError` when refused.
    """
    if not recognised.usable:
        raise UsageError(
            Failure(
                title="This can't be used to sign in",
                cause=recognised.sentence,
                next_step="Paste something else",
                exit=Exit.SIGN_IN,
            )
        )
    deployment = connection.deployment
    application = Application(client_id or deployment.client_id, client_secret or Secret(""))
    if deployment.is_2019:
        answer = await refresh_grant(connection, recognised.secret, application)
        tokens = tokens_of(answer, connection, Tokens(recognised.access, recognised.id_token, recognised.secret))
    else:
        tokens = Tokens(recognised.secret, recognised.id_token, recognised.refresh, recognised.expires_at)
    return Credentials(connection, SignInRecord(recognised.kind.value, tokens, application))


async def sign_in_by_code(connection: Connection, attempt: AuthorizationAttempt, code: Secret) -> Credentials:
    """Sign in with the code in which the browser sign-in ``attempt`` ended.

    Raises `SignInError` when refused, or before any call when the attempt was used already.
    """
    answer = await code_grant(connection, attempt, code)
    record = SignInRecord(Way.BROWSER.value, tokens_of(answer, connection), attempt.application)
    return Credentials(connection, record)


async def sign_in_as_application(connection: Connection, application: Application) -> Credentials:
    """Sign in as a confidential application. Raises `SignInError` when refused, `UsageError` when a part is missing."""
    deployment = connection.deployment
    if deployment.is_2019 or not application.client_id or not application.client_secret:
        missing = "the cloud platform of 2019 has no such sign-in"
        if not deployment.is_2019:
            missing = f"its {'secret' if application.client_id else 'id'} is missing"
        raise UsageError(
            Failure(
                title="The application can't sign in",
                cause=missing,
                next_step="Give the id and the secret of a confidential external application, or choose another way in",
                exit=Exit.USAGE,
            )
        )
    scopes = scopes_of_an_application(application.scopes)
    application = Application(application.client_id, application.client_secret, scopes)
    tokens = tokens_of(await application_grant(connection, application), connection)
    return Credentials(connection, SignInRecord(Way.APPLICATION.value, tokens, application, own_grant=True))


async def sign_in_by_password(connection: Connection, login: Login) -> Credentials:
    """Sign in with a user and a password (a server of one's own). Raises `SignInError` when refused."""
    tokens = tokens_of(await password_grant(connection, login), connection)
    return Credentials(connection, SignInRecord(Way.PASSWORD.value, tokens, login=login))


async def sign_in_again(connection: Connection, record: SignInRecord, keeper: Keeper | None = None) -> Credentials:
    """Go on with a sign-in that was kept. Makes no call while its access token is good.

    Raises `SignInError` when access has ended and nothing renews it.
    """
    credentials = Credentials(connection, record, keeper=keeper)
    if credentials.expired() and not credentials.can_renew:
        raise token_ended(record.tokens.expires_at)
    await credentials.ready()
    return credentials
