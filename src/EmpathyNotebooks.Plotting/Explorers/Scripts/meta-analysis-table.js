/* The study table; a click on a heading sorts it, and the forest plot with it. */
class MetaAnalysisTable {
  constructor(explorer) {
    this.explorer = explorer;
    const { html } = drawing;
    const { measure, model } = explorer;
    const number = { numeric: true };
    this.columns = [
      { name: "Study", of: study => study.label, text: study => study.label },
      ...model.hasSampleSizes ? [{ name: "n", ...number, of: study => study.n, text: study => texts.count(study.n) }] : [],
      { name: `${measure.symbol} [${model.level} CI]`, ...number, of: study => study.y, text: study => measure.of(study).effect(study.y, study.interval) },
      { name: "Variance v", ...number, of: study => study.v, text: study => texts.significant(study.v, 3) },
      { name: "Weight", ...number, live: true, of: study => study.weight, text: study => study.included ? texts.percent(study.weight) : "out" },
      { name: `${measure.symbol} without it`, ...number, live: true, of: study => study.baujat?.without ?? null,
        text: study => study.baujat ? measure.text(study.baujat.without, 1) : "–" },
      ...model.columns.map((column, c) => ({
        name: column.name, numeric: column.isNumeric, of: study => study.values[c],
        text: study => study.texts[c] ?? "–"
      }))
    ];
    this.sorted = { column: null, down: false };
    this.headings = this.columns.map(column => html("th", { scope: "col", class: column.numeric ? "number" : null },
      controls.button(column.name, () => this.sortBy(column))));
    this.rows = new Map(explorer.studies.map(study => [study, this.row(study)]));
    this.body = html("tbody");
    this.table = html("table", { class: "studies" }, html("caption", null, "Studies: a heading sorts, a box takes a study in or out"),
      html("thead", null, html("tr", null, html("th", { scope: "col" }, "In"), ...this.headings)), this.body);
    this.element = html("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Study table" }, this.table);
    this.listen();
    this.reorder();
  }

  row(study) {
    const { html } = drawing;
    const box = html("input", { type: "checkbox", tabindex: "-1", "aria-label": study.label });
    const cells = this.columns.map((column, c) => html(c ? "td" : "th", { class: column.numeric ? "number" : null, scope: c ? null : "row" },
      column.live ? "" : column.text(study)));
    return { element: html("tr", null, html("td", null, box), ...cells), box, cells };
  }

  listen() {
    const { explorer, body } = this;
    this.top = 0;
    this.element.addEventListener("scroll", () => { this.top = this.element.scrollTop; }, { passive: true });
    const studyOf = target => {
      const element = target.closest?.("tr");
      return element ? explorer.studies.find(study => this.rows.get(study).element === element) : null;
    };
    const toggle = box => {
      explorer.toggle(studyOf(box));
      this.update();
    };
    body.addEventListener("change", event => toggle(event.target));
    body.addEventListener("click", event => {
      if (!event.target.matches("input")) toggle(event.target);
    });
    body.addEventListener("pointerover", event => explorer.highlight(studyOf(event.target), this));
    body.addEventListener("pointerleave", () => explorer.highlight(null, this));
    body.addEventListener("focusin", event => explorer.highlight(studyOf(event.target), null));
    body.addEventListener("focusout", () => explorer.highlight(null, this));
    this.roving = controls.rove(body, () => explorer.order.map(index => this.rows.get(explorer.studies[index]).box), toggle);
  }

  /* Upwards, then downwards, then as the data stand. */
  sortBy(column) {
    const { explorer, sorted } = this;
    if (sorted.column !== column) this.sorted = { column, down: false };
    else if (!sorted.down) this.sorted = { column, down: true };
    else this.sorted = { column: null, down: false };
    const order = explorer.studies.map(study => study.index);
    if (this.sorted.column) {
      const value = index => column.of(explorer.studies[index]);
      order.sort((a, b) => {
        const x = value(a), y = value(b);
        // What is not known stands last either way.
        if (x === null || y === null) return (x === null) - (y === null) || a - b;
        const by = typeof x === "number" ? x - y : x.localeCompare(y, "en");
        return (this.sorted.down ? -by : by) || a - b;
      });
    }
    explorer.sort(order);
    explorer.host.announce(this.sorted.column ? `Sorted by ${column.name}, ${this.sorted.down ? "largest" : "smallest"} first.` : "In the order of the data.");
  }

  reorder() {
    const { explorer } = this;
    this.body.append(...explorer.order.map(index => this.rows.get(explorer.studies[index]).element));
    this.roving.start();
    this.columns.forEach((column, c) => drawing.set(this.headings[c], {
      "aria-sort": this.sorted.column === column ? (this.sorted.down ? "descending" : "ascending") : null
    }));
  }

  /* Columns keep the width that their first content gives them, so that a new weight does not lay out all rows again. */
  resize() {
    const { table } = this;
    const all = [...table.tHead.rows[0].cells];
    table.style.tableLayout = "auto";
    all.forEach(cell => { cell.style.width = ""; });
    const widths = all.map(cell => cell.getBoundingClientRect().width);
    all.forEach((cell, i) => { cell.style.width = widths[i] + "px"; });
    table.style.tableLayout = "fixed";
    this.rowHeight = table.tBodies[0].rows[0].offsetHeight;
    this.height = this.element.clientHeight;
  }

  /* The rows in sight at once, all others when the reader pauses: writing into a long table takes longer than everything else. */
  update() {
    for (const [study, { element, box }] of this.rows) {
      box.checked = study.included;
      element.classList.toggle("out", !study.included);
    }
    // Asking the box where it stands would lay out everything twice.
    const { top, height, rowHeight } = this;
    const first = Math.floor(top / (rowHeight || 1)) - 3, last = first + Math.ceil(height / (rowHeight || 1)) + 3;
    this.write(rowHeight ? [Math.max(0, first), last] : []);
    clearTimeout(this.waiting);
    if (rowHeight) this.waiting = setTimeout(() => this.write([]), 150);
  }

  /* Weights and refits of the studies in these places of the order. */
  write(range) {
    const { explorer } = this;
    for (const index of explorer.order.slice(...range)) {
      const study = explorer.studies[index], { cells } = this.rows.get(study);
      this.columns.forEach((column, c) => { if (column.live) drawing.write(cells[c], column.text(study)); });
    }
  }

  highlight(study, isSource) {
    this.shown?.classList.remove("highlighted");
    this.shown = study ? this.rows.get(study).element : null;
    this.shown?.classList.add("highlighted");
    if (!study || isSource) return;
    const box = this.element, row = this.shown;
    const top = row.offsetTop - this.table.tHead.offsetHeight, bottom = row.offsetTop + row.offsetHeight;
    if (box.scrollTop > top) box.scrollTop = top;
    else if (box.scrollTop + box.clientHeight < bottom) box.scrollTop = bottom - box.clientHeight;
  }
}
