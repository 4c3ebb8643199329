// The menu that leads from a page to the same chapter of another edition.
(function () {
  "use strict";

  const listed = window.nwlEditions;
  const root = new URL("..", document.currentScript.src);

  function currentPage() {
    const page = decodeURI(location.pathname).slice(decodeURI(root.pathname).length);
    return page === "" || page.endsWith("/") ? `${page}index.html` : page;
  }

  // As `counterpart` of the builder has it.
  function counterpart(page, slug) {
    const prefix = listed.prefixes.find((each) => page.startsWith(each));
    return prefix && slug !== "nwl" ? `${prefix}${slug}.html` : page;
  }

  function address(slug) {
    const whole = listed.here === "nwl" ? root : new URL("../../", root);
    const edition = slug === "nwl" ? whole : new URL(`editions/${slug}/`, whole);
    return new URL(counterpart(currentPage(), slug), edition).href;
  }

  function menu() {
    const details = document.createElement("details");
    details.className = "edition-menu download-menu";
    const summary = document.createElement("summary");
    const here = listed.editions.find(([slug]) => slug === listed.here);
    summary.textContent = `Edition: ${here[1]}`;
    const list = document.createElement("ul");
    for (const [slug, name] of listed.editions) {
      const link = document.createElement("a");
      link.href = address(slug);
      link.textContent = name;
      if (slug === listed.here) {
        link.setAttribute("aria-current", "true");
      }
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    details.append(summary, list);
    document.addEventListener("click", (event) => {
      if (!details.contains(event.target)) {
        details.open = false;
      }
    });
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && details.open) {
        details.open = false;
        summary.focus();
      }
    });
    return details;
  }

  function start() {
    const plain = document.querySelector(".edition-link");
    if (!listed || listed.editions.length < 2) {
      plain?.remove();
      return;
    }
    if (plain) {
      plain.replaceWith(menu());
      return;
    }
    const place = document.querySelector("#quarto-sidebar .sidebar-title, .sidebar-header");
    if (place) {
      place.after(menu());
    } else {
      document.body.prepend(menu());
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
