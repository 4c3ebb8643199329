// Draws one static image in a headless page. Loaded once a page, after plotly.js; images.py
// calls drawChart for one figure at a time.
(() => {
  "use strict";

  const known = new Set(Object.keys(Plotly.PlotSchema.get().traces));

  // plotly.js takes the ids of clip paths and patterns from Math.random. Seeding it with the
  // figure's hash makes them the same each time and different between figures (mulberry32).
  function seedRandom(seed) {
    let state = seed >>> 0;
    Math.random = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  function isShown(trace) {
    return trace.visible !== false && trace.visible !== "legendonly";
  }

  // plotly.js draws an unknown kind of trace as a line, and leaves an empty one out, silently.
  function checkDrawn(drawn, traces) {
    if (drawn.querySelector("parsererror")) {
      throw new Error("the image is not well-formed");
    }
    const missing = traces.length - drawn.querySelectorAll("g.trace").length;
    if (missing > 0) {
      throw new Error(`${missing} of ${traces.length} traces are not in the image: no data in them?`);
    }
    if (!drawn.querySelector("g.trace path[d]:not([d='']), g.trace text")) {
      throw new Error("the traces hold nothing that can be drawn");
    }
  }

  // The browser puts an element's style where in its attributes it was first asked for, which
  // hangs on what plotly.js remembers of earlier figures.
  function sortAttributes(drawn) {
    for (const element of drawn.querySelectorAll("*")) {
      const attributes = [...element.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const attribute of attributes) {
        element.removeAttributeNode(attribute);
        element.setAttributeNode(attribute);
      }
    }
  }

  globalThis.drawChart = async ({ data, layout }, { seed, width, height, font }) => {
    const traces = data.filter(isShown);
    if (traces.length === 0) {
      throw new Error("there is no trace to draw");
    }
    for (const trace of traces) {
      const kind = trace.type ?? "scatter";
      if (!known.has(kind)) {
        throw new Error(`traces of type '${kind}' are not in the plotly.js bundle`);
      }
    }
    const family = layout.font?.family ?? layout.template?.layout?.font?.family ?? font;
    seedRandom(seed);
    const svg = await Plotly.toImage(
      { data, layout: { ...layout, font: { ...layout.font, family } } },
      { format: "svg", imageDataOnly: true, width, height },
    );
    const drawn = new DOMParser().parseFromString(svg, "image/svg+xml");
    checkDrawn(drawn, traces);
    sortAttributes(drawn);
    return new XMLSerializer().serializeToString(drawn);
  };
})();
