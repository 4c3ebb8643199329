// Follows `nwlbook preview`: shows another build when there is one, and what is wrong when not.
(() => {
  "use strict";
  const shown = document.currentScript.dataset.version;
  const place = `nwl-preview:${location.pathname}`;
  let panel = null;
  let pill = null;
  let closed = "";

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function remember() {
    try {
      sessionStorage.setItem(place, String(scrollY));
    } catch {
      // Without storage the browser's own memory of the position has to do.
    }
  }

  function returnToPlace() {
    let kept = null;
    try {
      kept = sessionStorage.getItem(place);
      sessionStorage.removeItem(place);
    } catch {
      return;
    }
    if (kept !== null && Math.abs(scrollY - Number(kept)) > 1) {
      scrollTo({ top: Number(kept), behavior: "instant" });
    }
  }

  function hidePanel() {
    panel?.remove();
    panel = null;
  }

  function showPanel(error) {
    if (panel?.dataset.error === error || closed === error) return;
    hidePanel();
    const [summary, ...details] = error.split("\n");
    panel = element("section", "nwl-preview-panel");
    panel.setAttribute("role", "alert");
    panel.dataset.error = error;
    const button = element("button", "nwl-preview-close", "Hide");
    button.type = "button";
    button.addEventListener("click", () => {
      closed = error;
      hidePanel();
    });
    panel.append(
      element("p", "nwl-preview-title", "Not built: this page is the last good one"),
      button,
      element("p", "nwl-preview-summary", summary),
    );
    const report = details.join("\n").trim();
    if (report) {
      const lines = element("pre", "nwl-preview-report", report);
      lines.tabIndex = 0;
      lines.setAttribute("role", "region");
      lines.setAttribute("aria-label", "Report");
      panel.append(lines);
    }
    if (!shown) panel.firstChild.textContent = "Not built";
    document.body.append(panel);
  }

  function say(text) {
    if (!pill) {
      pill = element("p", "nwl-preview-pill");
      pill.setAttribute("role", "status");
      document.body.append(pill);
    }
    pill.textContent = text;
    pill.hidden = !text;
  }

  function follow({ version, building, error }) {
    if (version && version !== shown) {
      remember();
      location.reload();
      return;
    }
    say(building ? "Building …" : "");
    if (error) {
      showPanel(error);
    } else if (!building) {
      closed = "";
      hidePanel();
    }
  }

  // A hidden tab lets go of its connection: a browser has only six for one server.
  let stream = null;
  function connect() {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/__preview__/events");
      stream.onmessage = (event) => follow(JSON.parse(event.data));
      stream.onerror = () => say("The preview does not answer");
    }
  }

  addEventListener("load", returnToPlace);
  addEventListener("visibilitychange", connect);
  addEventListener("pagehide", () => stream?.close());
  connect();
})();
