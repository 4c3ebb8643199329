// Runs before the page is painted, so that a remembered theme does not flash.
(() => {
  "use strict";

  const page = document.documentElement;
  page.classList.add("scripted");
  // Where there is no other edition, nothing that leads to one is shown even for a moment.
  page.classList.toggle("one-edition", !(window.nwlEditions?.editions.length > 1));
  try {
    const theme = localStorage.getItem("nwlbook-theme");
    if (theme === "light" || theme === "dark") {
      page.dataset.theme = theme;
    }
  } catch {
    // storage can be refused, as it is for files in some browsers: the system's theme holds
  }
})();
