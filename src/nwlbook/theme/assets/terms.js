// What a linked term means, beside the link: on hover, on keyboard focus, and on the first tap,
// which then offers the way to the glossary. Without this script the link leads there at once.
(() => {
  "use strict";

  const edition = window.nwlEdition;
  const assets = new URL(".", document.currentScript.src);
  const SHOW_AFTER = 150;
  const HIDE_AFTER = 250;
  const GAP = 6;
  const MARGIN = 8;
  let shown = null;
  let timer = 0;

  function later(action, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  }

  function hide() {
    clearTimeout(timer);
    shown?.box.setAttribute("hidden", "");
    shown = null;
  }

  class Tip {
    constructor(link, meaning, number) {
      this.link = link;
      this.finger = false;
      this.box = document.createElement("div");
      this.box.className = "nwl-tip";
      this.box.hidden = true;
      const text = document.createElement("p");
      text.id = `nwl-tip-${number}`;
      text.textContent = meaning;
      this.more = document.createElement("a");
      this.more.href = link.href;
      this.more.textContent = "To the glossary";
      this.box.append(text, this.more);
      link.setAttribute("aria-describedby", text.id);
      this.listen();
    }

    listen() {
      const { link, box } = this;
      for (const part of [link, box]) {
        part.addEventListener("pointerenter", (event) => {
          if (event.pointerType !== "touch") {
            later(() => this.show(false), shown === this ? 0 : SHOW_AFTER);
          }
        });
        part.addEventListener("pointerleave", (event) => {
          if (event.pointerType !== "touch" && !link.matches(":focus-visible")) {
            later(hide, HIDE_AFTER);
          }
        });
      }
      link.addEventListener("focus", () => {
        if (link.matches(":focus-visible")) {
          this.show(false);
        }
      });
      link.addEventListener("blur", (event) => {
        // At once, or the tip lies over what the keyboard has gone to.
        if (shown === this && !box.contains(event.relatedTarget) && !box.matches(":hover")) {
          hide();
        }
      });
      link.addEventListener("pointerdown", (event) => {
        this.finger = event.pointerType === "touch";
      });
      link.addEventListener("click", (event) => {
        // A screen reader's own activation is no tap and follows the link.
        const isTap = this.finger && event.detail > 0;
        this.finger = false;
        if (isTap && shown !== this) {
          event.preventDefault();
          this.show(true);
        }
      });
    }

    show(byTouch) {
      clearTimeout(timer);
      if (shown !== this) {
        hide();
        this.more.hidden = !byTouch;
        this.box.removeAttribute("hidden");
        shown = this;
        this.place();
      }
    }

    // Under the line in which the term ends, above it where the window leaves no room.
    place() {
      const { box } = this;
      const lines = this.link.getClientRects();
      const [first, last] = [lines[0], lines[lines.length - 1]];
      const frame = (box.offsetParent ?? document.body).getBoundingClientRect();
      const width = document.documentElement.clientWidth;
      const left = Math.max(MARGIN, Math.min(last.left, width - box.offsetWidth - MARGIN));
      const below = last.bottom + GAP;
      const fits = below + box.offsetHeight <= window.innerHeight;
      const above = first.top - GAP - box.offsetHeight;
      const top = fits || above < 0 ? below : above;
      box.style.left = `${left - frame.left}px`;
      box.style.top = `${top - frame.top}px`;
    }
  }

  function describe(links) {
    const place = document.querySelector("main") ?? document.body;
    links.forEach((link, number) => {
      const meaning = window.nwlGlossary[decodeURIComponent(link.hash.slice(1))];
      if (meaning) {
        place.append(new Tip(link, meaning, number).box);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        hide();
      }
    });
    document.addEventListener("pointerdown", (event) => {
      if (shown && !shown.link.contains(event.target) && !shown.box.contains(event.target)) {
        hide();
      }
    });
    window.addEventListener("resize", hide);
  }

  function start() {
    if (!edition?.glossary) {
      return;
    }
    const glossary = new URL(`../${edition.glossary}`, assets).pathname;
    const links = [...document.querySelectorAll('main a[href*="#term-"]')].filter(
      (link) => link.pathname === glossary && link.pathname !== location.pathname,
    );
    if (!links.length) {
      return;
    }
    const script = document.createElement("script");
    script.src = new URL("glossary-terms.js", assets).href;
    script.onload = () => describe(links);
    document.head.append(script);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
