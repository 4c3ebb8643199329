// What the page's controls do. Without this script every text is there and readable.
(() => {
  "use strict";

  const page = document.documentElement;

  function startTheme() {
    const button = document.querySelector(".theme-button");
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (page.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("nwlbook-theme", page.dataset.theme);
      } catch {
        // the theme then holds for this page only
      }
      show();
    });
    system.addEventListener("change", show);
    show();
    button.hidden = false;
  }

  function startMenu() {
    const button = document.querySelector(".menu-button");
    const chapters = document.getElementById("chapters");
    const show = (open) => {
      button.setAttribute("aria-expanded", String(open));
      chapters.classList.toggle("open", open);
    };
    button.addEventListener("click", () => {
      show(button.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && chapters.classList.contains("open")) {
        show(false);
        button.focus();
      }
    });
    chapters.querySelectorAll(".part").forEach(startPart);
    const current = chapters.querySelector("[aria-current]");
    if (current && chapters.scrollHeight > chapters.clientHeight) {
      chapters.scrollTop = current.offsetTop - chapters.clientHeight / 3;
    }
  }

  // Without script each part stands open, and its title is no button.
  function startPart(part) {
    const button = part.querySelector(".part-title");
    const show = () => {
      button.setAttribute("aria-expanded", String(part.classList.contains("open")));
    };
    button.addEventListener("click", () => {
      part.classList.toggle("open");
      show();
    });
    button.disabled = false;
    show();
  }

  function startDownloads() {
    const menu = document.querySelector(".download-menu");
    if (!menu) {
      return;
    }
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  function startTabs(tabset) {
    const list = tabset.querySelector(":scope > .tabs");
    const tabs = [...list.children];
    const panels = [...tabset.querySelectorAll(":scope > .tab-panel")];
    const select = (chosen, focus) => {
      tabs.forEach((tab, index) => {
        tab.setAttribute("aria-selected", String(index === chosen));
        tab.tabIndex = index === chosen ? 0 : -1;
        panels[index].classList.toggle("shown", index === chosen);
      });
      if (focus) {
        tabs[chosen].focus();
      }
    };
    list.setAttribute("role", "tablist");
    tabs.forEach((tab, index) => {
      tab.setAttribute("role", "tab");
      panels[index].setAttribute("role", "tabpanel");
      panels[index].setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => select(index, false));
    });
    list.addEventListener("keydown", (event) => {
      const current = tabs.indexOf(document.activeElement);
      const last = tabs.length - 1;
      const chosen = {
        ArrowRight: current === last ? 0 : current + 1,
        ArrowLeft: current === 0 ? last : current - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (chosen !== undefined) {
        event.preventDefault();
        select(chosen, true);
      }
    });
    select(0, false);
    // a link to something in a hidden panel opens the panel
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const index = panels.findIndex((panel) => panel.contains(target));
      if (target && index >= 0) {
        select(index, false);
        target.scrollIntoView();
      }
    };
    window.addEventListener("hashchange", reveal);
    reveal();
  }

  function followContents() {
    const links = [...document.querySelectorAll(".contents-beside a")];
    const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
    if (!links.length) {
      return;
    }
    const box = document.querySelector(".contents-beside");
    let current = -1;
    let waiting = false;
    const show = (index) => {
      if (index === current) {
        return;
      }
      links[current]?.removeAttribute("aria-current");
      links[index]?.setAttribute("aria-current", "true");
      current = index;
      // contents longer than the window follow the reader
      if (index >= 0 && box.scrollHeight > box.clientHeight) {
        box.scrollTop = links[index].offsetTop - box.clientHeight / 2;
      }
    };
    const mark = () => {
      waiting = false;
      const passed = sections.filter((one) => one.getBoundingClientRect().top < 120).length;
      const left = page.scrollHeight - window.innerHeight - window.scrollY;
      // a short last section never comes to the top of the window
      show(window.scrollY > 0 && left < 2 ? links.length - 1 : passed - 1);
    };
    document.addEventListener("scroll", () => {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(mark);
      }
    }, { passive: true });
    mark();
  }

  // On paper what is folded stands open, and the page says where it came from; a page opened
  // from a folder has no address that anyone else could use.
  function prepareForPrint() {
    const FOLDED = "main details:not([open], .contents-fold, .nwl-cite)";
    const address = document.querySelector(".print-address");
    let opened = [];
    window.addEventListener("beforeprint", () => {
      const isPublished = location.protocol.startsWith("http");
      address.textContent = isPublished ? `, ${location.origin}${location.pathname}` : "";
      opened = [...document.querySelectorAll(FOLDED)];
      opened.forEach((one) => { one.open = true; });
    });
    window.addEventListener("afterprint", () => {
      opened.forEach((one) => { one.open = false; });
    });
  }

  startTheme();
  startMenu();
  startDownloads();
  document.querySelectorAll(".tabset").forEach(startTabs);
  followContents();
  prepareForPrint();
})();
