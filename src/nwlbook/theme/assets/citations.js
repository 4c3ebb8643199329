// Under each figure and table: its citation, made of what stands in the page, to be copied.
// Without this script the link beside the caption is there, which is the same address.
(() => {
  "use strict";

  const edition = window.nwlEdition;
  const root = new URL("..", document.currentScript.src).href;
  const FLOATS = "figure.float[id], .quarto-float[id]";
  const NAME = /^(?:Figure|Table)\s[A-Z\d][\w.]*/;

  function words(element) {
    return element.textContent.replace(/\s+/g, " ").trim();
  }

  // A figure's caption begins with its finding, in bold; what follows is the measure.
  function titleOf(caption) {
    const whole = words(caption);
    const bold = caption.querySelector("strong");
    const finding = bold ? words(bold) : "";
    const end = finding ? whole.indexOf(finding) + finding.length : whole.length;
    return whole.slice(0, end).replace(/\.$/, "");
  }

  // Opened from a folder, a page has no address that anyone else could use.
  function addressOf(id) {
    const page = location.href.replace(/[?#].*/, "");
    const place = page.endsWith("/") ? `${page}index.html` : page;
    return `${location.protocol === "file:" ? place.slice(root.length) : place}#${id}`;
  }

  function citation(id, caption) {
    const book = [edition.title, edition.subtitle].filter(Boolean).join(": ");
    const issue = [edition.edition, edition.date].filter(Boolean).join(", ");
    return `${edition.author}. “${titleOf(caption)}”, in: ${book}. Edition: ${issue}. `
      + addressOf(id);
  }

  // The clipboard needs a secure page, so the older way stays for plain http.
  async function copy(text, shown) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      getSelection().selectAllChildren(shown);
      return document.execCommand("copy");
    }
  }

  function panel(id, name, caption) {
    const box = document.createElement("details");
    box.className = "nwl-cite";
    const summary = document.createElement("summary");
    summary.textContent = `Cite ${name}`;
    const shown = document.createElement("p");
    shown.className = "nwl-cite-text";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy citation";
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      status.textContent = "";
      const copied = await copy(shown.textContent, shown);
      status.textContent = copied ? "Copied" : "Selected: copy it with your keyboard";
    });
    box.addEventListener("toggle", () => {
      shown.textContent = citation(id, caption);
      status.textContent = "";
    });
    box.append(summary, shown, button, status);
    return box;
  }

  function permanentLink(id, name) {
    const link = document.createElement("a");
    link.className = "nwl-anchor";
    link.href = `#${id}`;
    link.setAttribute("aria-label", `Link to ${name}`);
    link.textContent = "#";
    return link;
  }

  function start() {
    for (const float of document.querySelectorAll(FLOATS)) {
      const caption = float.querySelector("figcaption");
      const name = caption && words(caption).match(NAME)?.[0];
      if (!name) {
        continue;
      }
      if (!float.querySelector(".nwl-anchor")) {
        caption.after(permanentLink(float.id, name));
      }
      if (edition) {
        const block = float.closest(".cell") ?? float;
        const notes = block.nextElementSibling?.closest(".nwl-notes");
        const cite = panel(float.id, name, caption);
        if (notes) {
          notes.append(cite);
        } else {
          block.after(cite);
        }
      }
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
