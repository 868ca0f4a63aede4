"""Owns `Arguments.Input` and `Arguments.Output`: .NET types by assembly-qualified name, as a JSON string of a list.

Type names: a UiPath sample app's canned release lists thirteen primitives; generics as in one recorded release. Old
packages name ``mscorlib``, new ones ``System.Private.CoreLib`` (UiPath skills, ``solution-files.md``).
"""

import json
from dataclasses import dataclass
from typing import Any

_MSCORLIB = "mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
_CORELIB = "System.Private.CoreLib, Version=8.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
_DATA = "System.Data, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"


def dotnet(name: str, *, modern: bool = False) -> str:
    """Return the assembly-qualified form of a plain type such as ``System.Int32``."""
    return f"{name}, {_CORELIB if modern else _MSCORLIB}"


def generic(name: str, *of: str) -> str:
    """Return a generic's name, whose brackets hold assembly-qualified names with commas of their own."""
    inner = ",".join(f"[{dotnet(member)}]" for member in of)
    return f"{name}`{len(of)}[{inner}], {_MSCORLIB}"


STRING = dotnet("System.String")
BOOLEAN = dotnet("System.Boolean")
INT32 = dotnet("System.Int32")
DATA_TABLE = f"System.Data.DataTable, {_DATA}"
DICTIONARY = generic("System.Collections.Generic.Dictionary", "System.String", "System.Object")
LIST = generic("System.Collections.Generic.List", "System.String")

EVERY_TYPE: tuple[tuple[str, str], ...] = (
    ("in_Text", STRING),
    ("in_Letter", dotnet("System.Char")),
    ("in_Flag", BOOLEAN),
    ("in_Int16", dotnet("System.Int16")),
    ("in_Int32", INT32),
    ("in_Int64", dotnet("System.Int64", modern=True)),
    ("in_UInt16", dotnet("System.UInt16")),
    ("in_UInt32", dotnet("System.UInt32")),
    ("in_UInt64", dotnet("System.UInt64")),
    ("in_Byte", dotnet("System.Byte")),
    ("in_SByte", dotnet("System.SByte")),
    ("in_Single", dotnet("System.Single")),
    ("in_Double", dotnet("System.Double")),
    ("in_Decimal", dotnet("System.Decimal")),
    ("in_When", dotnet("System.DateTime")),
    ("in_Duration", dotnet("System.TimeSpan")),
    ("in_Names", dotnet("System.String[]")),
    ("in_List", LIST),
    ("in_Dictionary", DICTIONARY),
    ("in_Table", DATA_TABLE),
    ("in_Anything", dotnet("System.Object")),
)
"""Every kind of argument a form may meet: name and type."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One input argument of a release."""

    name: str
    type: str
    required: bool = False
    has_default: bool = False

    def wire(self) -> dict[str, Any]:
        """Return the entry as the package's metadata has it."""
        return {"name": self.name, "type": self.type, "required": self.required, "hasDefault": self.has_default}


def argument_list(arguments: tuple[Argument, ...], *, pretty: bool = False) -> str | None:
    """Return the JSON string of input arguments, or None for none; ``pretty`` has raw newlines in it."""
    if not arguments:
        return None
    return json.dumps([argument.wire() for argument in arguments], indent=2 if pretty else None)


def output_list(outputs: tuple[tuple[str, str], ...]) -> str | None:
    """Return the JSON string of output arguments, whose entries lack ``required`` and ``hasDefault``."""
    return json.dumps([{"name": name, "type": of} for name, of in outputs]) if outputs else None


def missing_required(arguments: tuple[Argument, ...], given: dict[str, Any]) -> list[str]:
    """Return the required arguments without a default that ``given`` (name → value) leaves out or null."""
    present = {name.lower() for name, value in given.items() if value is not None}
    return [
        argument.name
        for argument in arguments
        if argument.required and not argument.has_default and argument.name.lower() not in present
    ]
