"""What the tests of accessibility ask a browser about a page."""

import base64
from pathlib import Path
from typing import Any

# All that the tabulator key should reach, in the order of the page: of radio buttons with one
# name the chosen one, of what is folded away nothing.
REACHABLE = """() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const shown = (one) => one.checkVisibility({visibilityProperty: true});
  return [...document.querySelectorAll(wanted)].filter((one) => one.tabIndex >= 0
    && !one.disabled && shown(one) && !(one.type === 'radio' && !one.checked));
}"""
NUMBERED = f"""() => ({REACHABLE})().map((one, at) => {{
  one.dataset.stop = at;
  return one.outerHTML.slice(0, 90);
}})"""
# Where the focus is, and whether its middle can be seen; null when it has left the page.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getClientRects()[0];
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const seen = right > left && bottom > top && hit !== null
    && (one.contains(hit) || hit.contains(one) && !hit.closest('.top-bar, .nwl-calculator-result'));
  return [one.dataset.stop === undefined ? -1 : Number(one.dataset.stop), seen,
    one.outerHTML.slice(0, 90)];
}"""
# Controls that are not part of a line of text, and are smaller than a finger can hit.
SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, input, nav a, .top-bar a, .anchor, .editions-page li a')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => [one.closest('label') ?? one, one])
  .map(([target, one]) => [target.getBoundingClientRect(), one])
  .filter(([box]) => box.width < 24 || box.height < 24)
  .map(([box, one]) => `${Math.round(box.width)} x ${Math.round(box.height)}: `
    + one.outerHTML.slice(0, 90))"""
# What is wider than its box: lost where it is cut off, and where it scrolls without a keyboard.
LOST = """() => [...document.querySelectorAll('body *')].filter((one) => {
    if (one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1) {
      return false;
    }
    const style = getComputedStyle(one);
    const hides = style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1
      || ['hidden', 'clip'].includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
    return hides && style.display !== 'inline' && one.checkVisibility()
      && !one.closest('.visually-hidden, svg, math')
      && !(['auto', 'scroll'].includes(style.overflowX)
        && (one.matches('pre[tabindex="0"]') || one.matches('[tabindex="0"][role="region"]')
          || one.matches('nav')));
  }).map((one) => one.outerHTML.slice(0, 120))"""
WIDER = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
MOVES = """() => [document.documentElement, ...document.querySelectorAll('*')].filter((one) => {
    const style = getComputedStyle(one);
    return style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0)
      || style.animationName !== 'none' || style.scrollBehavior === 'smooth';
  }).map((one) => one.outerHTML.slice(0, 90))"""
# Pixels of two pictures of one place whose contrast with each other is 3:1 or more.
CHANGED = """async ([before, after]) => {
  const channel = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = (data, at) => 0.2126 * channel(data[at] / 255)
    + 0.7152 * channel(data[at + 1] / 255) + 0.0722 * channel(data[at + 2] / 255);
  const pixels = async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height).data;
  };
  const [one, other] = [await pixels(before), await pixels(after)];
  let count = 0;
  for (let at = 0; at < one.length; at += 4) {
    const [dark, bright] = [light(one, at), light(other, at)].sort((a, b) => a - b);
    count += (bright + 0.05) / (dark + 0.05) >= 3;
  }
  return count;
}"""
# The rows of a table, and the folds of a long list of them, are written by one line of code each:
# axe need not read three hundred.
SHORTEN = """([rows, folds]) => {
  [...document.querySelectorAll('main details')].slice(folds).forEach((one) => one.remove());
  document.querySelectorAll('tbody').forEach((body) =>
    [...body.rows].slice(rows).forEach((row) => row.remove()));
}"""
OPEN = """folds => document.querySelectorAll(folds).forEach((one) => { one.open = true; })"""
RUN_AXE = """({tags, rules}) => axe.run(document, {preload: false, resultTypes: ['violations'],
    runOnly: rules.length ? {type: 'rule', values: rules} : {type: 'tag', values: tags}})
  .then((result) => result.violations.map((one) => `${one.id}: ${one.nodes[0].html}`))"""
# What the success criterion on text spacing lets a reader set.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""


def open_page(page: Any, site: Path, name: str) -> None:
    """Open a page from its file, as someone does who was sent the folder."""
    page.goto((site / f"{name}.html").as_uri())


def wake_chart(page: Any) -> None:
    """Make the first chart of a page interactive, if it has one."""
    buttons = page.locator(".nwl-chart-ready .nwl-chart-wake")
    if buttons.count() and buttons.first.is_visible():
        buttons.first.press("Enter")
        page.locator(".nwl-chart-awake").first.wait_for()


def walk(page: Any, key: str, most: int) -> list[tuple[int, bool, str]]:
    """Press a key until the focus leaves the page or starts anew, and return where it was."""
    stops: list[tuple[int, bool, str]] = []
    for _ in range(most):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop[0] == stops[0][0]):
            return stops
        stops.append(tuple(stop))
    return stops


def pixels_that_change(page: Any, judge: Any, element: Any) -> tuple[int, float]:
    """Return how many pixels around an element tell its focus, and half of its perimeter."""
    element.evaluate("one => { one.scrollIntoView({block: 'center'}); one.blur(); }")
    box = element.bounding_box()
    size = page.viewport_size
    left, top = max(0, box["x"] - 8), max(0, box["y"] - 8)
    clip = {
        "x": left,
        "y": top,
        "width": min(box["x"] + box["width"] + 8, size["width"]) - left,
        "height": min(box["y"] + box["height"] + 8, size["height"]) - top,
    }
    before = _picture(page, clip)
    element.evaluate("one => one.focus({preventScroll: true, focusVisible: true})")
    after = _picture(page, clip)
    visible = min(box["width"], size["width"]) + min(box["height"], size["height"])
    return judge.evaluate(CHANGED, [before, after]), visible


def _picture(page: Any, clip: dict[str, float]) -> str:
    return base64.b64encode(page.screenshot(clip=clip, caret="hide")).decode()
