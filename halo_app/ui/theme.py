"""Paper, ink, one green, one highlighter: the tokens as Streamlit options and as constant CSS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "halo.css"
LOGO = ASSETS / "logo.svg"
COMPACT = ASSETS / "compact.css"
FAVICON = ASSETS / "favicon.png"

_LIGHT = {
    "background": "#FBFAF7",
    "surface": "#FFFFFF",
    "sidebar": "#F4F1EA",
    "text": "#1D1C1A",
    "border": "#E4E0D6",
    "accent": "#0B6B5B",
    "verified": "#1B7245",
    "partial": "#8A5A00",
    "unsupported": "#B3261E",
    "soft": "#E3F0EC",
}
_DARK = {
    "background": "#151412",
    "surface": "#1D1C19",
    "sidebar": "#1A1917",
    "text": "#ECE8DF",
    "border": "#33302B",
    "accent": "#62CDB4",
    "verified": "#6CCB95",
    "partial": "#E2B252",
    "unsupported": "#F2938C",
    "soft": "#1E2F2B",
}


def _section(prefix: str, tokens: Mapping[str, str]) -> dict[str, str | bool]:
    return {
        f"{prefix}.primaryColor": tokens["accent"],
        f"{prefix}.backgroundColor": tokens["background"],
        f"{prefix}.secondaryBackgroundColor": tokens["surface"],
        f"{prefix}.textColor": tokens["text"],
        f"{prefix}.linkColor": tokens["accent"],
        f"{prefix}.borderColor": tokens["border"],
        f"{prefix}.codeTextColor": tokens["text"],
        f"{prefix}.codeBackgroundColor": tokens["sidebar"],
        f"{prefix}.greenTextColor": tokens["verified"],
        f"{prefix}.orangeTextColor": tokens["partial"],
        f"{prefix}.redTextColor": tokens["unsupported"],
        f"{prefix}.showWidgetBorder": True,
        f"{prefix}.sidebar.backgroundColor": tokens["sidebar"],
        f"{prefix}.sidebar.secondaryBackgroundColor": tokens["surface"],
        f"{prefix}.sidebar.borderColor": tokens["border"],
    }


OPTIONS: dict[str, str | bool | int] = {
    **_section("theme.light", _LIGHT),
    **_section("theme.dark", _DARK),
    "theme.font": "sans-serif",
    "theme.headingFont": "sans-serif",
    "theme.baseRadius": "8px",
    "theme.buttonRadius": "8px",
    "theme.baseFontSize": 16,
    "theme.showSidebarBorder": True,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
}
"""Streamlit options of the look, by dotted name; the server sets them before the first page is drawn."""


def style(*, compact: bool = False) -> str:
    """Return the style sheet as markup with something beside it: alone, it would share a place with toasts, and go with them."""
    sheets = [STYLE, COMPACT] if compact else [STYLE]
    return f"<i hidden></i><style>{''.join(sheet.read_text(encoding='utf-8') for sheet in sheets)}</style>"


def head(theme: str) -> str:
    """Return what a page's empty frame needs to begin in the right colours: nothing is painted in others first.

    `theme` is `light`, `dark` or `system`. Streamlit reads its choice from the browser's store before it draws.
    """
    schemes = {"light": "light", "dark": "dark"}.get(theme, "light dark")
    name = {"light": "Light", "dark": "Dark"}.get(theme, "System")
    paper = f"light-dark({_LIGHT['background']},{_DARK['background']})"
    script = f"window.haloTheme='{name}';try{{localStorage.setItem('stActiveTheme-'+location.pathname+'-v2','\"{name}\"')}}catch{{}}"
    return f"<style>html{{color-scheme:{schemes};background:{paper}}}</style><script>{script}</script>"


def flags() -> list[str]:
    """Return the options as arguments of `streamlit run`."""
    return [f"--{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in OPTIONS.items()]
