// Charts: the page shows a static image of each; the interactive chart takes its place when a
// reader points at it or asks for it. plotly.js is loaded once, and only then.
(() => {
  "use strict";

  const BUNDLE = new URL("plotly.min.js", document.currentScript.src).href;
  const TO_INTERACTIVE = "Interactive chart";
  const TO_STATIC = "Static image";
  const FAILED = "The interactive chart could not be shown.";
  // After pointing at a chart has woken it, a click on its button still means "wake it".
  const SETTLING_MILLISECONDS = 1000;
  const NEAR = "300px";
  const SMALLEST_SHARE = 0.8;
  // No toolbar: its buttons have no names, and nothing may be sent to plotly's servers.
  const CONFIG = {
    displayModeBar: false,
    displaylogo: false,
    responsive: true,
    sendData: false,
    showSendToCloud: false,
    showTips: false,
  };

  let loading = null;

  function loadPlotly() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = BUNDLE;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        loading = null;
        script.remove();
        reject(new Error(`${BUNDLE} cannot be loaded`));
      };
      document.head.append(script);
    });
    return loading;
  }

  class Chart {
    constructor(box) {
      this.box = box;
      this.image = box.querySelector("img");
      this.button = box.querySelector(".nwl-chart-wake");
      this.live = null;
      this.waking = false;
      this.dismissed = false;
      this.settledAt = 0;
      this.message = document.createElement("p");
      this.message.className = "nwl-chart-message";
      this.message.setAttribute("role", "status");
      box.append(this.message);
      box.classList.add("nwl-chart-ready");
      if (this.image) {
        this.awaitReader();
      } else {
        this.awaitView();
      }
    }

    awaitReader() {
      this.box.addEventListener("pointerenter", (event) => this.pointedAt(event));
      this.box.addEventListener("focusin", () => loadPlotly().catch(() => {}), { once: true });
      this.image.addEventListener("click", () => this.wake());
      this.button?.addEventListener("click", () => this.toggle());
    }

    awaitView() {
      this.button?.remove();
      const observer = new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          observer.disconnect();
          this.wake();
        }
      }, { rootMargin: NEAR });
      observer.observe(this.box);
    }

    // A finger that scrolls past is no wish, and where the chart is taller than its image it
    // would push the page away from under the pointer: there it takes a click.
    async pointedAt(event) {
      const grows = this.height() > this.image.clientHeight;
      if (event.pointerType === "touch" || grows || this.dismissed || this.live) {
        return;
      }
      await this.wake();
      if (this.live) {
        this.settledAt = performance.now() + SETTLING_MILLISECONDS;
      }
    }

    toggle() {
      if (this.waking || performance.now() < this.settledAt) {
        return;
      }
      if (this.live) {
        this.dismissed = true;
        this.sleep();
      } else {
        this.wake();
      }
    }

    // The height of the image as it is shown, so that the page stays where it is, unless that
    // leaves too little room for text, which is not scaled down with the image.
    height() {
      const full = Number(this.box.dataset.height);
      const shown = this.image?.clientHeight ?? full;
      return shown < SMALLEST_SHARE * full ? full : shown;
    }

    async wake() {
      if (this.live || this.waking) {
        return;
      }
      this.waking = true;
      this.message.textContent = "";
      this.box.setAttribute("aria-busy", "true");
      const live = document.createElement("div");
      live.className = "nwl-chart-live";
      try {
        const plotly = await loadPlotly();
        const { data, layout, config } = this.figure();
        live.style.height = `${layout.height}px`;
        this.box.prepend(live);
        await plotly.newPlot(live, data, layout, config);
        this.show(live);
      } catch (error) {
        console.error(error);
        live.remove();
        this.message.textContent = FAILED;
      } finally {
        this.waking = false;
        this.box.removeAttribute("aria-busy");
      }
    }

    figure() {
      const text = this.box.querySelector(".nwl-chart-data").textContent;
      const { data, layout, config } = JSON.parse(text);
      // The width is the box's. Dragging scrolls the page unless the chart says otherwise.
      const { width, ...rest } = layout;
      return {
        data,
        layout: { dragmode: false, ...rest, autosize: true, height: this.height() },
        config: { ...config, ...CONFIG },
      };
    }

    show(live) {
      this.live = live;
      live.setAttribute("role", "img");
      live.setAttribute("aria-label", this.box.getAttribute("aria-label"));
      this.box.classList.add("nwl-chart-awake");
      if (this.image) {
        this.image.hidden = true;
      }
      if (this.button) {
        this.button.textContent = TO_STATIC;
      }
    }

    sleep() {
      window.Plotly.purge(this.live);
      this.live.remove();
      this.live = null;
      this.image.hidden = false;
      this.box.classList.remove("nwl-chart-awake");
      this.button.textContent = TO_INTERACTIVE;
    }
  }

  function start() {
    for (const box of document.querySelectorAll(".nwl-chart")) {
      new Chart(box);
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
