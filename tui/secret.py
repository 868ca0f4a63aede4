"""A secret that can't be printed by accident. Owns the fingerprint by which a secret is named everywhere else."""

from typing import Final, NoReturn

MASK: Final = "…"
_SECRET_WORDS: Final = (
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
)


def names_a_secret(name: str) -> bool:
    """Tell whether what is called ``name``, an input argument for instance, is better kept nowhere."""
    bare = "".join(character for character in name.lower() if character.isalnum())
    return any(word in bare for word in _SECRET_WORDS)


def fingerprint(value: str) -> str:
    """Return the stable name of a secret: ``…`` and four hexadecimal digits of its SHA-256."""
    import hashlib

    return MASK + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:4]


class Secret:
    """Text that must never reach disk, log, screen or traceback in clear.

    ``str()`` and ``repr()`` give the fingerprint; only `reveal` gives the value. Two secrets with one value are equal.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one place that puts it on the wire."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """The stable name, ``…a3f1``."""
        return fingerprint(self._value)

    def __repr__(self) -> str:
        return f"Secret({self.fingerprint})"

    def __str__(self) -> str:
        return self.fingerprint

    def __format__(self, spec: str) -> str:
        return format(self.fingerprint, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never serialised")

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
