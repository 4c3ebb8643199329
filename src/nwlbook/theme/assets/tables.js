// Tables that a reader can sort: the heads of their columns become buttons. Without this
// script, and in print, the rows stand in the order in which they were written.
(() => {
  "use strict";

  const NUMBER = /^[-\u2212]?£?\d[\d,]*(\.\d+)?/;
  const words = new Intl.Collator("en-GB", { sensitivity: "base", numeric: true });

  function written(row, column) {
    return row.cells[column].textContent.trim();
  }

  function amount(text) {
    const found = text.match(NUMBER);
    return found ? Number(found[0].replace("\u2212", "-").replace(/[£,]/g, "")) : null;
  }

  // A column with numbers is sorted by them; what is no number, such as "No data", stays last
  // in both directions, and rows that are alike keep the order of the page.
  function comparison(rows, column, direction) {
    const amounts = new Map(rows.map((row) => [row, amount(written(row, column))]));
    const hasNumbers = [...amounts.values()].some((value) => value !== null);
    return (first, second) => {
      const [one, other] = [amounts.get(first), amounts.get(second)];
      if (hasNumbers && (one === null || other === null)) {
        return Number(one === null) - Number(other === null);
      }
      const difference = hasNumbers
        ? one - other
        : words.compare(written(first, column), written(second, column));
      return direction * difference;
    };
  }

  function start(table) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nwl-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const isAscending = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", isAscending ? "descending" : "ascending");
        const compare = comparison(original, column, isAscending ? -1 : 1);
        body.append(...[...original].sort(compare));
      });
    });
    table.classList.add("nwl-sort-ready");
  }

  function startAll() {
    document.querySelectorAll("table.nwl-sortable").forEach(start);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", startAll);
  } else {
    startAll();
  }
})();
