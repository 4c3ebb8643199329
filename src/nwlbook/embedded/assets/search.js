// Search in the page's own script and an index that is a script too, so that it also works
// from files. Both are loaded when the reader goes to the search box.
(() => {
  "use strict";

  const LIMIT = 12;
  const AROUND = 90;
  const OPENING = "Opening of the chapter";
  const root = document.body.dataset.root;
  const box = document.querySelector(".search");
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let engine = null;
  let current = -1;

  function script(address) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = root + address;
      element.onload = resolve;
      element.onerror = () => reject(new Error(`${address} cannot be loaded`));
      document.head.append(element);
    });
  }

  function load() {
    engine ??= Promise.all([script("assets/minisearch.js"), script("search-index.js")])
      .then(() => {
        const made = new window.MiniSearch({
          fields: ["heading", "chapter", "text"],
          storeFields: ["href", "chapter", "heading", "text"],
          searchOptions: {
            boost: { heading: 3, chapter: 2 },
            combineWith: "AND",
            fuzzy: 0.15,
            prefix: true,
          },
        });
        made.addAll(window.nwlbookSearchIndex);
        return made;
      });
    return engine;
  }

  // The first words that were found, in what stands around them.
  function excerpt(result) {
    const found = result.terms
      .map((term) => result.text.toLowerCase().indexOf(term))
      .filter((place) => place >= 0);
    const middle = found.length ? Math.min(...found) : 0;
    const start = Math.max(0, result.text.lastIndexOf(" ", Math.max(0, middle - AROUND / 2)) + 1);
    const piece = result.text.slice(start, start + AROUND * 1.5);
    return `${start ? "…" : ""}${piece}${start + piece.length < result.text.length ? "…" : ""}`;
  }

  // The words with what was found in them marked.
  function marked(text, terms) {
    const literal = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return text.split(new RegExp(`(${literal.join("|")})`, "i")).map((piece, index) => {
      if (index % 2 === 0) {
        return piece;
      }
      const mark = document.createElement("mark");
      mark.textContent = piece;
      return mark;
    });
  }

  // Results stand under their chapters, the chapter of the best result first.
  function grouped(results) {
    const chapters = new Map();
    for (const result of results) {
      chapters.set(result.chapter, [...(chapters.get(result.chapter) ?? []), result]);
    }
    let count = 0;
    return [...chapters].map(([chapter, found], index) => {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      const title = document.createElement("span");
      title.id = `search-chapter-${index}`;
      title.className = "where";
      title.setAttribute("role", "presentation");
      title.textContent = chapter;
      group.setAttribute("aria-labelledby", title.id);
      group.append(title, ...found.map((result) => option(result, count++)));
      return group;
    });
  }

  function option(result, index) {
    const item = document.createElement("div");
    item.id = `search-result-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = root + result.href;
    for (const [name, words] of [
      ["what", result.heading || OPENING],
      ["excerpt", excerpt(result)],
    ]) {
      if (words) {
        const line = document.createElement("span");
        line.className = name;
        line.append(...marked(words, result.terms));
        item.append(line);
      }
    }
    item.addEventListener("click", () => go(item));
    return item;
  }

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function go(item) {
    location.href = item.dataset.href;
    close();
  }

  function choose(index) {
    const items = options();
    current = items.length ? (index + items.length) % items.length : -1;
    items.forEach((item, position) => {
      item.setAttribute("aria-selected", String(position === current));
    });
    if (current >= 0) {
      input.setAttribute("aria-activedescendant", items[current].id);
      items[current].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    list.hidden = true;
    box.classList.remove("nothing");
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    current = -1;
  }

  async function search() {
    const words = input.value.trim();
    if (words.length < 2) {
      close();
      status.textContent = "";
      return;
    }
    let results;
    try {
      results = (await load()).search(words);
    } catch (error) {
      console.error(error);
      status.textContent = "The search could not be loaded.";
      return;
    }
    if (words !== input.value.trim()) {
      return;
    }
    list.replaceChildren(...grouped(results.slice(0, LIMIT)));
    list.scrollTop = 0;
    current = -1;
    input.removeAttribute("aria-activedescendant");
    const found = results.length === 1 ? "1 result" : `${results.length || "No"} results`;
    status.textContent = results.length > LIMIT ? `${found}, the best ${LIMIT} are listed` : found;
    box.classList.toggle("nothing", results.length === 0);
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
  }

  input.addEventListener("focus", () => load().catch(() => { engine = null; }));
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        search();
      } else {
        choose(event.key === "ArrowDown" ? current + 1 : Math.max(current, 0) - 1);
      }
    } else if (event.key === "Enter" && !list.hidden && options().length) {
      event.preventDefault();
      go(options()[Math.max(current, 0)]);
    }
  });
  // A single letter would get in the way of those who speak to their computer, so the shortcut
  // has a modifier. It is told where there is a keyboard.
  document.addEventListener("keydown", (event) => {
    const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isShortcut && event.key.toLowerCase() === "k") {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  input.setAttribute("aria-keyshortcuts", "Control+K Meta+K");
  if (window.matchMedia("(hover: hover) and (pointer: fine)").matches) {
    const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
    input.placeholder = `Search (${isApple ? "⌘" : "Ctrl"} K)`;
  }
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) {
      close();
    }
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) {
      close();
    }
  });
})();
