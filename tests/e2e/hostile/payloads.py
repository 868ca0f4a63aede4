"""Thirty texts that attack whoever shows them, and random ones made of the same parts."""

import random
from typing import Final

from tui.simulator.hostile import PAYLOADS as SERVED

PAYLOADS: Final = (
    *SERVED,
    "\x1b]0;OWNED\x1b\\",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1b[6n\x1b[c\x1b[>q",
    "\x1bc",
    "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b^private\x1b\\ \x1bXstart\x1b\\",
    "\x1b[?1049l\x1b[?1000l",
    "\x9d52;c;eA==\x9c\x90q\x9c\x85\x84",
    "\x0e\x0f\x05\x7f\x16",
    "[@click=app.boom]go[/]",
    "[link=http://127.0.0.1/]a[/link][[x]] [0] [$primary]p[/] \\[",
    "[@mouse.down=app.boom('x')]a[/][on red]b[/",
    "$name ${x} %s {0} {{ }} <script> &amp; `id` $(id)",
    "\u2028\u2029\u2066\u2069\u200e\u061c\U000e0001\ue000\uffff",
    "[/]]][[/]:boom:[",
)
_PARTS: Final = (
    *PAYLOADS,
    *("\x1b", "\x1b]", "\x1b[", "\x1bP", "\x9b", "\x9d", "\x07", "\x1b\\", "\r", "\n", "\t", "\x00", "\x7f", "\x08"),
    *("[", "]", "[/", "[b]", "[/b]", "\\[", "[@click=app.boom]", ":", "$", "\u202e", "\u2066", "\ufeff", "\ud800"),
    *("\u0301", "\u200d", "👩", "漢字", "ﷺ", "a", "word ", "0;31m", "52;c;", "\U0010fffe", "\ue000", " ", "é"),
)
EXTREMES: Final = (0x00, 0x1B, 0x7F, 0x80, 0x9F, 0xAD, 0x300, 0x600, 0xD800, 0xDFFF, 0xE000, 0xFFFE, 0xE0001, 0x10FFFF)


def attack(rng: random.Random) -> str:
    """Return one random text: parts of attacks, any code points, or both."""
    parts = [rng.choice(_PARTS) for _ in range(rng.randrange(8))]
    parts += [chr(rng.choice(EXTREMES)) for _ in range(rng.randrange(3))]
    parts += [chr(rng.randrange(0x110000)) for _ in range(rng.randrange(6))]
    rng.shuffle(parts)
    return "".join(parts)
