// Runs before the page is painted, so that a remembered theme does not flash.
(() => {
  "use strict";

  const page = document.documentElement;
  page.classList.add("scripted");
  try {
    const theme = localStorage.getItem("nwlbook-theme");
    if (theme === "light" || theme === "dark") {
      page.dataset.theme = theme;
    }
  } catch {
    // storage can be refused, as it is for files in some browsers: the system's theme holds
  }
})();
