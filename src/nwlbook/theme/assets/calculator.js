// Calculators: the page shows the results of the case assumed, and the table of coefficients
// that lead to the results of any other. From these the script makes controls for the reader.
(() => {
  "use strict";

  // Per cent of spending: what a slider reaches, and its step. Where the savings assumed lie
  // between two steps the slider takes any value, and falls back to a finer step when moved.
  const HIGHEST = 20;
  const STEP = 0.5;
  const FINER_STEPS_A_PERCENT = 10;
  const OWN = "own";
  const ASSUMED = "assumed";
  const MINUS = "\u2212";
  // Amounts are in £ million: decimals of a penny, and those that are shown.
  const PENNY_DECIMALS = 8;
  const SHOWN_DECIMALS = 2;
  const DAY_DECIMALS = 3;
  const PERCENT_DECIMALS = 6;
  // Beyond these decimals a difference is one of floating point.
  const EXACT_DECIMALS = 9;

  // Round half away from zero, as the book does: a whole number of units of the last decimal.
  function roundedUnits(value, decimals) {
    const exact = BigInt(Math.abs(value).toFixed(EXACT_DECIMALS).replace(".", ""));
    const unit = 10n ** BigInt(EXACT_DECIMALS - decimals);
    const units = (exact + unit / 2n) / unit;
    return value < 0 ? -units : units;
  }

  // Write such a whole number as a decimal number.
  function written(units, decimals, { minus = "-", separator = "" } = {}) {
    const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
    const point = digits.length - decimals;
    const whole = digits.slice(0, point).replace(/\B(?=(\d{3})+$)/g, separator);
    const fraction = decimals ? `.${digits.slice(point)}` : "";
    return `${units < 0n ? minus : ""}${whole}${fraction}`;
  }

  function number(value, decimals) {
    return written(roundedUnits(value, decimals), decimals, { minus: MINUS, separator: "," });
  }

  function pounds(million) {
    return written(roundedUnits(million, PENNY_DECIMALS), 2);
  }

  function gbpMillion(million) {
    const text = number(million, SHOWN_DECIMALS);
    return text.startsWith(MINUS) ? `${MINUS}£${text.slice(1)} million` : `£${text} million`;
  }

  function percent(value) {
    return `${Number(value.toFixed(PERCENT_DECIMALS))}%`;
  }

  function listed(items) {
    return [items.slice(0, -1).join(", "), ...items.slice(-1)].filter(Boolean).join(" and ");
  }

  // Only a change is news to a reader by ear.
  function setText(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function element(tag, attributes = {}, ...content) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...content);
    return made;
  }

  // Days after rollout until the deficits so far have been made good: 0 if there is none in the
  // first year of operation, null if the years given do not make it good. Within a year money
  // comes in evenly. `days` counts those from rollout to the end of each year of operation.
  function paybackDays(netBenefit, days) {
    const running = [];
    netBenefit.forEach((amount, year) => running.push((running[year - 1] ?? 0) + amount));
    if (running[0] >= 0) {
      return 0;
    }
    const year = running.findIndex((sum, place) => sum >= 0 && running[place - 1] < 0);
    if (year < 0) {
      return null;
    }
    const share = -running[year - 1] / netBenefit[year];
    return days[year - 1] + (days[year] - days[year - 1]) * share;
  }

  class Calculator {
    constructor(box, place) {
      this.box = box;
      this.name = `calculator-${place}`;
      this.firstYear = Number(box.dataset.firstYear);
      this.days = box.dataset.days.split(" ").map(Number);
      this.readTables();
      const board = box.querySelector(".nwl-calculator-board");
      board.prepend(this.controls());
      box.classList.add("nwl-calculator-live");
      this.reset();
    }

    readTables() {
      const values = (row, name) =>
        [...row.querySelectorAll("td")].map((cell) => Number(cell.dataset[name]));
      this.areas = new Map();
      for (const body of this.box.querySelectorAll("tbody[data-area]")) {
        this.areas.set(body.dataset.area, {
          name: body.rows[0].textContent,
          years: [...body.querySelectorAll("[data-year]")].map((row) => values(row, "million")),
        });
      }
      this.savings = new Map();
      const rows = [...this.box.querySelectorAll("[data-savings-of]")];
      for (const row of rows) {
        this.savings.set(row.dataset.savingsOf, {
          name: row.cells[0].textContent,
          percentages: values(row, "percent"),
        });
      }
      const [, ...headings] = rows[0].closest("table").tHead.rows[0].cells;
      this.operationYears = headings.map((heading) => heading.textContent);
    }

    controls() {
      const areaId = `${this.name}-area`;
      const options = [...this.areas].map(([value, { name }]) => element("option", { value }, name));
      this.area = element("select", { id: areaId, autocomplete: "off" }, ...options);
      this.area.addEventListener("change", () => this.show());
      const reset = element("button", { type: "button" }, "Back to what this page assumes");
      reset.addEventListener("click", () => this.reset());
      return element(
        "div",
        { class: "nwl-calculator-controls" },
        element("label", { for: areaId }, "Area"),
        this.area,
        this.scenarioControls(),
        this.sliderControls(),
        reset,
      );
    }

    scenarioControls() {
      const named = [...this.savings].filter(([key]) => key !== ASSUMED);
      this.scenarios = new Map();
      const labels = [...named.map(([key, { name }]) => [key, name]), [OWN, "My own"]].map(
        ([value, name]) => {
          const attributes = { type: "radio", name: `${this.name}-scenario`, value };
          const radio = element("input", { ...attributes, autocomplete: "off" });
          radio.addEventListener("change", () => this.choose(value));
          this.scenarios.set(value, radio);
          return element("label", {}, radio, element("span", {}, name));
        },
      );
      return element(
        "fieldset",
        { class: "nwl-calculator-scenarios" },
        element("legend", {}, "Scenario"),
        ...labels,
      );
    }

    sliderControls() {
      const all = [...this.savings.values()].map(({ percentages }) => percentages);
      const max = Math.max(HIGHEST, ...all.flat().map(Math.ceil));
      this.sliders = [];
      const rows = this.operationYears.map((name, year) => {
        const id = `${this.name}-year-${year}`;
        const onSteps = all.every((percentages) => Number.isInteger(percentages[year] / STEP));
        const limits = { min: 0, max, step: onSteps ? STEP : "any" };
        const slider = element("input", { id, type: "range", ...limits, autocomplete: "off" });
        // The slider says its value itself: the output beside it is for the eye.
        const output = element("output", { for: id, "aria-live": "off" });
        slider.addEventListener("input", () => this.move(slider));
        this.sliders.push({ slider, output });
        const row = element("div", {}, element("label", { for: id }, name), output, slider);
        if (!this.matters(year)) {
          const note = element(
            "p",
            { id: `${id}-note` },
            "It begins after the years of the case, so its saving changes nothing.",
          );
          slider.setAttribute("aria-describedby", note.id);
          row.append(note);
        }
        return row;
      });
      return element(
        "fieldset",
        { class: "nwl-calculator-savings" },
        element("legend", {}, "Share of acute spending saved, by year of operation"),
        ...rows,
      );
    }

    matters(operationYear) {
      const years = [...this.areas.values()].flatMap((area) => area.years);
      return years.some(([, ...eachPoint]) => eachPoint[operationYear] !== 0);
    }

    reset() {
      this.area.value = this.box.dataset.area;
      this.set(this.savings.get(ASSUMED).percentages);
    }

    choose(scenario) {
      if (scenario !== OWN) {
        this.set(this.savings.get(scenario).percentages);
      }
    }

    set(percentages) {
      this.sliders.forEach(({ slider }, year) => {
        slider.value = percentages[year];
      });
      this.markScenario();
      this.show();
    }

    move(slider) {
      if (slider.step === "any") {
        const steps = Math.round(slider.valueAsNumber * FINER_STEPS_A_PERCENT);
        slider.value = steps / FINER_STEPS_A_PERCENT;
      }
      this.markScenario();
      this.show();
    }

    // The scenario that has just these savings is the one chosen, if there is one.
    markScenario() {
      const chosen = this.percentages();
      const [match] = [...this.scenarios.keys()].filter((key) =>
        this.savings.get(key)?.percentages.every((value, year) => value === chosen[year]),
      );
      this.scenarios.get(match ?? OWN).checked = true;
    }

    percentages() {
      return this.sliders.map(({ slider }) => slider.valueAsNumber);
    }

    show() {
      const percentages = this.percentages();
      const { name, years } = this.areas.get(this.area.value);
      const net = years.map(([withoutSavings, ...eachPoint]) =>
        eachPoint.reduce((sum, slope, year) => sum + slope * percentages[year], withoutSavings),
      );
      this.sliders.forEach(({ slider, output }) => {
        output.textContent = percent(slider.valueAsNumber);
        slider.setAttribute("aria-valuetext", output.textContent);
      });
      this.write("[data-name]", name);
      this.write("[data-savings]", listed(percentages.map(percent)));
      this.box.querySelectorAll("td[data-year]").forEach((cell, year) => {
        this.writeAmount(cell, net[year]);
      });
      const total = net.reduce((sum, amount) => sum + amount, 0);
      this.box.querySelectorAll("[data-total]").forEach((each) => this.writeAmount(each, total));
      this.writePayback(paybackDays(net.slice(this.firstYear), this.days));
    }

    write(selector, text) {
      this.box.querySelectorAll(selector).forEach((each) => {
        setText(each, text);
      });
    }

    // In a cell the heading gives the unit.
    writeAmount(place, million) {
      const inCell = place.tagName === "TD";
      setText(place, inCell ? number(million, SHOWN_DECIMALS) : gbpMillion(million));
      place.dataset.pounds = pounds(million);
    }

    writePayback(days) {
      let text = this.box.dataset.never;
      if (days !== null) {
        const whole = number(days, 0);
        const after = `${whole} ${whole === "1" ? "day" : "days"} after rollout`;
        text = days ? after : this.box.dataset.immediate;
      }
      this.write("[data-payback]", text);
      const exact = days === null ? "" : written(roundedUnits(days, DAY_DECIMALS), DAY_DECIMALS);
      this.box.querySelectorAll("[data-payback]").forEach((each) => {
        each.dataset.exactDays = exact;
      });
    }
  }

  function start() {
    document.querySelectorAll(".nwl-calculator").forEach((box, place) => {
      new Calculator(box, place + 1);
    });
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
