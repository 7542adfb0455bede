"""What a page must hold, measured in the browser: each function fails with words that say where."""

from collections.abc import Callable
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

Measured = TypeVar("Measured")

# Left to itself, axe fetches style sheets again and is stopped by the pages' policy. It asks for the size of
# targets, which WCAG 2.2 brought, only when told.
RULES = {"target-size": True}

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.type !== "hidden")
  .filter((each) => getComputedStyle(each).display !== "inline" && !each.closest(".hidden-text"))
  .map((each) => ({ each, box: (each.closest("label") ?? each).getBoundingClientRect() }))
  .filter(({ box }) => box.width < 24 || box.height < 24)
  .map(({ each, box }) => `${each.outerHTML.slice(0, 120)}: ${box.width} x ${box.height}`)"""

SIDEWAYS = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  const widest = [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.outerHTML.slice(0, 120));
  return over > 0 ? [`${over} pixels`, ...widest.slice(0, 5)] : [];
}"""

# Colors that are on their way to others, as after a change of scheme, are nobody's.
SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished))"""

# Nothing but one's own parts may be over what has the focus, and something must show that it has it.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = at.closest(".choice") ?? at;
  const box = shown.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 1);
  const y = box.top + Math.min(box.height / 2, 12);
  const over = document.elementFromPoint(x, y);
  const style = getComputedStyle(shown);
  return {
    what: at.outerHTML.slice(0, 160),
    number: [...document.querySelectorAll("*")].indexOf(at),
    seen: y > 0 && y < innerHeight,
    covered: !(over && (shown.contains(over) || over.contains(shown))),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""

# Words in English that are no name, in text that is not marked as English.
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element.closest("[lang]").lang === "en" || element.closest("template, script, noscript")) continue;
    if (/\\b(the|your|you|and|of|with|this|these|will|from|not|is|was|are)\\b/i.test(node.data)) {
      found.push(node.data.trim());
    }
  }
  return found;
}"""


def measured(page: Page, measure: Callable[[], Measured]) -> Measured:
    """Measures once more where another page came meanwhile: a click is over before its page is there."""
    try:
        return measure()
    except Error as error:
        # The second is what axe says when its own script went with the page.
        if not any(said in str(error) for said in ("context was destroyed", "axe is not defined")):
            raise
    page.wait_for_load_state()
    return measure()


def accessibility(page: Page, *, without: tuple[str, ...] = (), within: str = "") -> list[str]:
    """What axe finds, one line each; `without` are rules that do not fit this page.

    `within` is the selector of the one part to look at, where the rest was looked at before.
    """
    rules = {rule: {"enabled": wanted} for rule, wanted in (RULES | dict.fromkeys(without, False)).items()}
    return _axe(page, {"rules": rules}, within)


def contrast(page: Page) -> list[str]:
    """What axe says of the colors alone, for a page whose other sides were looked at in other colors."""
    return _axe(page, {"runOnly": ["color-contrast"]})


def _axe(page: Page, options: dict[str, Any], within: str = "") -> list[str]:
    options = {"preload": False, **options}

    def run() -> Any:
        page.evaluate(SETTLED)
        return Axe().run(page, context=within or None, options=options)

    answer = measured(page, run)
    found = answer.response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = measured(page, lambda: page.evaluate(SIDEWAYS))
    return found


def small_targets(page: Page) -> list[str]:
    """Controls of less than 24 by 24 pixels; links inside a sentence are as high as its lines."""
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found


def english_words(page: Page) -> list[str]:
    found: list[str] = page.evaluate(WORDS)
    return found


def focus_walk(page: Page, *, most: int = 150) -> tuple[int, list[str]]:
    """Presses Tab from the top until it comes round: how many stops there are, and what is wrong at which."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    stops: list[int] = []
    wrong: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None or at["number"] in stops:
            break
        stops.append(at["number"])
        for name, fails in (
            ("is out of sight", not at["seen"]),
            ("is covered", at["covered"]),
            ("shows no focus", not at["outlined"]),
        ):
            if fails:
                wrong.append(f"{at['what']} {name}")
    return len(stops), wrong
