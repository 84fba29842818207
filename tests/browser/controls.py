"""Find every control of a page by its role, also inside our own components, and name it so that it can be found again."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

FIND = """
() => {
  const kinds = 'button, a[href], summary, input, textarea, select, [role=button], [role=tab], [role=checkbox], [role=combobox], '
    + '[role=option], [role=switch], [role=radio], [role=menuitem]';
  const found = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) walk(node.shadowRoot);
      node.removeAttribute('data-found');
      if (node.matches(kinds)) found.push(node);
    }
  };
  walk(document);
  const within = (node) => {
    for (let at = node; at; at = at.parentElement ?? at.getRootNode().host)
      for (const name of at.classList ?? []) if (name.startsWith('st-key-')) return name.replace(/[0-9a-f]{32}|-\\d+(?=-|$)/g, '…');
    return '';
  };
  const nameOf = (node) => (node.getAttribute('aria-label') || node.innerText || node.getAttribute('title') || node.placeholder
    || node.closest('label')?.innerText || node.labels?.[0]?.innerText || node.type || '')
    .replace(/expand_\\w+|keyboard_\\w+|^✓/g, '').trim().replace(/\\s+/g, ' ');          // icons have names too
  let count = 0;
  return found.flatMap((node) => {
    const shown = node.type === 'checkbox' ? node.closest('label') ?? node : node;         // Streamlit hides the box itself
    const place = shown.getBoundingClientRect();
    const style = getComputedStyle(shown);
    const hidden = !place.width || !place.height || style.visibility === 'hidden' || !shown.checkVisibility();
    if (hidden || node.disabled || node.type === 'file' || node.closest('[inert], [aria-hidden=true]')) return [];
    shown.dataset.found = String(++count);
    const role = node.getAttribute('role') ?? (node.tagName === 'INPUT' ? node.type : node.tagName.toLowerCase());
    const aside = Boolean(node.closest('[data-testid=stSidebar]') ?? node.getRootNode().host?.closest('[data-testid=stSidebar]'));
    if (place.right <= 0 && !aside || place.width < 8 || place.height < 8) return [];                          // for the keyboard only
    const frame = node.closest('[data-testid=stTextInputRootElement], [data-testid=stChatInput] > div, [role=group]');
    const [width, height] = [place.width, Math.max(place.height, node.matches('input, textarea') && frame?.offsetHeight || 0)];
    return [{ place: String(count), role, name: nameOf(node), within: within(node), width, height, aside, away: place.right <= 0 }];
  });
}
"""


@dataclass(frozen=True, slots=True)
class Control:
    """One control as it is seen now; `place` finds it until the page is looked at again."""

    role: str
    name: str
    within: str            # the nearest key of the page, ids left out
    place: str
    width: float
    height: float
    aside: bool            # in the navigation
    away: bool             # the navigation is folded

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells two controls apart: cards of one kind hold the same ones."""
        return self.role, self.within, "" if self.role == "option" else self.name

    @property
    def turn(self) -> int:
        """When it is pressed among those that came up together: what closes comes late, what deletes last."""
        closes = self.name.startswith(("‹", "Close", "Cancel", "Show in context", "New chat"))
        return 2 if self.name.startswith(("Delete", "Dismiss", "Yes, delete")) else int(closes)


def controls(page: Page) -> list[Control]:
    """Return what can be pressed or typed into now, in the order of the page."""
    return [Control(**one) for one in page.evaluate(FIND)]
