"""Owns the token services' no. Standard library only."""


class TokenError(Exception):
    """A token endpoint's no: ``error`` is one of RFC 6749's words."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(description or error)
        self.error = error
        self.description = description
