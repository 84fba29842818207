"""The page that a browser without the token sees: what HALO is waiting for, and how to get in."""

from __future__ import annotations

from html import escape

ENTER = "/enter"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>HALO</title>
<style>
:root {{ color-scheme: light dark; --paper: #FBFAF7; --ink: #1D1C1A; --line: #E4E0D6; --green: #0B6B5B; }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #151412; --ink: #ECE8DF; --line: #33302B; --green: #62CDB4; }} }}
body {{ background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }}
main {{ max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.4rem; }} a {{ color: var(--green); }} code {{ font-size: .95em; }}
input {{ font: inherit; color: inherit; width: 100%; box-sizing: border-box; padding: .5rem; background: none; }}
input {{ border: 1px solid var(--line); border-radius: 8px; }}
button {{ font: inherit; margin-top: .75rem; padding: .5rem 1rem; border: 0; border-radius: 8px; }}
button {{ background: var(--green); color: var(--paper); }}
</style></head><body><main>
<h1>{words}</h1>
<p>Open the link that HALO printed in the terminal when it started. It looks like <code>http://127.0.0.1:8501/?token=…</code>
and works in every browser on this computer. The same token lies in the file <code>launch-token</code> of the data folder.</p>
<form method="post" action="{enter}"><label for="token">Or paste the link or the token here</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Open HALO</button></form>
<p>Came here by a link on another page? <a href="/">Open HALO again</a>; that is often enough.</p>
</main></body></html>
"""


def help_page(words: str) -> str:
    """Return the whole page, `words` as its headline."""
    return _PAGE.format(words=escape(words), enter=ENTER)
