"""The two themes, dark and light: one calm palette, one accent colour. The only place with colour literals."""

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="uipath-dark",
    dark=True,
    primary="#5fb3c4",
    secondary="#8fa3b8",
    accent="#5fb3c4",
    foreground="#d6dbe3",
    background="#14171c",
    surface="#191d24",
    panel="#232934",
    success="#86c28b",
    warning="#e2b45f",
    error="#e8808a",
    variables={
        "text-muted": "#8e9aa9",
        "input-cursor-background": "#d6dbe3",
        "input-cursor-foreground": "#14171c",
        "footer-key-foreground": "#5fb3c4",
        "footer-background": "#191d24",
        "footer-description-foreground": "#a9b4c2",
        "scrollbar": "#39424f",
        "scrollbar-background": "#191d24",
        "scrollbar-corner-color": "#191d24",
        "block-cursor-background": "#2b4a54",
        "block-cursor-foreground": "#eef3f7",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#232934",
        "block-cursor-blurred-foreground": "#d6dbe3",
    },
)

LIGHT: Final = Theme(
    name="uipath-light",
    dark=False,
    primary="#0b6b7d",
    secondary="#55636f",
    accent="#0b6b7d",
    foreground="#22282f",
    background="#fcfcfb",
    surface="#f3f5f5",
    panel="#e5e9eb",
    success="#25703a",
    warning="#855300",
    error="#ad2438",
    variables={
        "text-muted": "#5a6670",
        "input-cursor-background": "#22282f",
        "input-cursor-foreground": "#fcfcfb",
        "footer-key-foreground": "#0b6b7d",
        "footer-background": "#e9edee",
        "footer-description-foreground": "#45515b",
        "scrollbar": "#b9c2c8",
        "scrollbar-background": "#eceff0",
        "scrollbar-corner-color": "#eceff0",
        "block-cursor-background": "#c9e3e8",
        "block-cursor-foreground": "#10252b",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e5e9eb",
        "block-cursor-blurred-foreground": "#22282f",
    },
)

THEMES: Final = (DARK, LIGHT)
