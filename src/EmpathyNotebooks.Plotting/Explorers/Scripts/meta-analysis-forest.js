/* The forest plot: rows of text with one drawing behind them, in a box that scrolls under its head and over its pooled row. */
class MetaAnalysisForest {
  constructor(explorer) {
    this.explorer = explorer;
    const { html, svg } = drawing;
    const { measure } = explorer;
    this.rows = new Map(explorer.studies.map(study => [study, this.row(study)]));
    this.marks = svg("svg", { class: "marks-of-rows", "aria-hidden": "true" });
    this.lines = this.marks.appendChild(svg("g"));
    this.list = html("div", { class: "rows", role: "listbox", "aria-multiselectable": "true" });
    this.axis = svg("svg", { class: "forest-axis", "aria-hidden": "true" });
    this.pooledMarks = svg("svg", { class: "pooled-marks", "aria-hidden": "true" });
    this.pooledLabel = html("span", { class: "label" });
    this.pooledText = html("span", { class: "effect" });
    this.predictionLabel = html("span", { class: "label" });
    this.predictionText = html("span", { class: "effect" });
    this.effectHead = html("span", { class: "effect" });
    this.head = html("div", { class: "head line" }, html("span", { class: "label" }, "Study"), html("span"), this.effectHead, html("span", { class: "weight" }, "Weight"));
    this.foot = html("div", { class: "foot" },
      html("div", { class: "pooled line" }, this.pooledLabel, html("span", null, this.pooledMarks), this.pooledText, html("span", { class: "weight" }, "100%")),
      html("div", { class: "line" }, this.predictionLabel, html("span"), this.predictionText),
      html("div", { class: "line" }, html("span"), html("span", null, this.axis)));
    this.scroller = html("div", { class: "scroller", "data-lm-suppress-shortcuts": true }, this.head, html("div", { class: "body" }, this.marks, this.list), this.foot);
    this.element = html("div", { class: "forest" }, this.scroller);
    this.longest = Math.max(...explorer.studies.map(study => measure.of(study).effect(study.y, study.interval).length), 12);
    this.drawn = new Map(explorer.studies.map(study => [study, this.mark()]));
    this.listen();
    this.reorder();
  }

  row(study) {
    const { html } = drawing;
    const weight = html("span", { class: "weight" });
    const effect = html("span", { class: "effect" });
    const element = html("div", { class: "row line", role: "option", tabindex: "-1" },
      html("span", { class: "label", title: study.label }, ...MetaAnalysisForest.label(study.label)), html("span"),
      effect, weight);
    return { element, effect, weight };
  }

  /* A long label ends in dots, but before its year, which tells studies of the same authors apart. */
  static label(text) {
    const [, start, year] = /^(.*\S)(\s+\(?(?:1[5-9]|20)\d\d[a-z]?\)?)$/.exec(text) ?? [null, text, ""];
    return [drawing.html("span", null, start), drawing.html("span", null, year.replace(/^\s+/, "\u00a0"))];
  }

  mark() {
    const { svg } = drawing;
    const parts = { line: svg("path", { class: "interval" }), square: svg("rect", { class: "square" }) };
    const element = svg("g", { class: "study" }, parts.line, parts.square);
    this.marks.append(element);
    return { element, ...parts };
  }

  listen() {
    const { explorer, list } = this;
    const studyOf = target => {
      const element = target.closest?.("[role=option]");
      return element ? explorer.studies.find(study => this.rows.get(study).element === element) : null;
    };
    list.addEventListener("click", event => {
      const study = studyOf(event.target);
      if (study) explorer.toggle(study);
    });
    list.addEventListener("pointerover", event => explorer.highlight(studyOf(event.target), this));
    list.addEventListener("pointerleave", () => explorer.highlight(null, this));
    list.addEventListener("focusin", event => explorer.highlight(studyOf(event.target), null));
    list.addEventListener("focusout", () => explorer.highlight(null, this));
    this.roving = controls.rove(list, () => explorer.order.map(index => this.rows.get(explorer.studies[index]).element),
      element => explorer.toggle(studyOf(element)));
  }

  reorder() {
    const { explorer } = this;
    this.list.append(...explorer.order.map(index => this.rows.get(explorer.studies[index]).element));
    this.roving.start();
    if (this.x) this.place();
  }

  /* Where intervals of many digits would leave no room to draw, effects stand without them, as in a printed column. */
  write() {
    const { explorer: { measure, model, studies, width }, longest } = this;
    this.isShort = width < 560 && 7.2 * longest > 0.45 * width;
    const values = studies.map(study => measure.of(study).text(study.y));
    const characters = this.isShort ? Math.max(6, ...values.map(text => text.length)) : longest;
    this.scroller.style.setProperty("--effect-width", characters * 0.86 + "ch");
    drawing.write(this.effectHead, this.isShort ? measure.symbol : `${measure.symbol} [${model.level} CI]`);
    studies.forEach((study, i) => drawing.write(this.rows.get(study).effect, this.isShort ? values[i] : measure.of(study).effect(study.y, study.interval)));
  }

  resize() {
    const { explorer } = this;
    const { axis } = explorer.model;
    this.write();
    this.makeRoom();
    const box = this.pooledMarks.parentElement.getBoundingClientRect();
    this.rowHeight = this.rows.get(explorer.studies[0]).element.offsetHeight;
    this.width = box.width;
    this.x = new drawing.Scale(axis.minimum, axis.maximum, 10, box.width - 10);
    this.ticks = drawing.ticksFor(axis.ticks, box.width - 20);
    const { set, svg } = drawing;
    const left = box.left - this.foot.getBoundingClientRect().left;
    const height = this.rowHeight * explorer.studies.length;
    set(this.marks, { width: this.width, height, style: `left:${left}px` });
    set(this.pooledMarks, { width: this.width, height: 46 });
    set(this.axis, { width: this.width, height: 40 });
    const nullLine = axis.nullValue !== null && this.x.contains(axis.nullValue) ? this.x.at(axis.nullValue) : null;
    const fixed = height => [
      ...this.ticks.map(tick => svg("line", { class: "grid", x1: this.x.at(tick.value), x2: this.x.at(tick.value), y1: 0, y2: height })),
      ...nullLine === null ? [] : [svg("line", { class: "null", x1: nullLine, x2: nullLine, y1: 0, y2: height })]
    ];
    // A long number at an end stands beside its line rather than half outside.
    const half = text => [...text].reduce((sum, letter) => sum + (/[\d.]/.test(letter) ? 3.4 : 4), 1);
    const inside = (x, text) => Math.min(Math.max(x, half(text)), this.width - half(text));
    this.pooledLine = svg("line", { class: "pooled-line", y1: 0, y2: height });
    this.lines.replaceChildren(...fixed(height), this.pooledLine);
    this.diamond = svg("path", { class: "diamond" });
    this.prediction = svg("path", { class: "prediction", transform: "translate(0 34)" });
    this.pooledMarks.replaceChildren(...fixed(46), this.diamond, this.prediction);
    this.axis.replaceChildren(svg("line", { class: "axis", x1: 0, x2: this.width, y1: 0.5, y2: 0.5 }),
      ...this.ticks.map(tick => svg("text", { class: "tick", x: inside(this.x.at(tick.value), tick.text), y: 16, "text-anchor": "middle" }, tick.text)),
      svg("text", { class: "title", x: this.width / 2, y: 33, "text-anchor": "middle" }, axis.title));
    for (const [study, mark] of this.drawn) drawing.set(mark.line, { d: this.span(study.interval) });
    this.place();
    this.update();
  }

  /* Labels take what they need, and the drawing the rest. */
  makeRoom() {
    const widths = [...this.rows.values()].map(({ element }) => [...element.firstChild.children].reduce((sum, part) => sum + part.scrollWidth + 2, 0));
    this.scroller.style.setProperty("--label-width", Math.max(136, ...widths) + "px");
  }

  /* Puts the marks at the height of their rows. */
  place() {
    const { explorer } = this;
    explorer.order.forEach((index, place) => {
      drawing.set(this.drawn.get(explorer.studies[index]).element, { transform: `translate(0 ${(place + 0.5) * this.rowHeight})` });
    });
  }

  /* From the pooled scale to the axis: by ratios where it is divided so, else as shown. */
  at(value) {
    const { measure } = this.explorer;
    return measure.isRatio ? value : measure.toDisplay(value);
  }

  span(interval) { return drawing.span(this.x, interval.map(limit => this.at(limit))); }

  update() {
    if (!this.x) return;
    const { explorer } = this;
    const { measure, now, model } = explorer;
    const largest = Math.max(...now.weights);
    const side = explorer.studies.length > 60 ? 11 : 13;
    for (const study of explorer.studies) {
      const row = this.rows.get(study), mark = this.drawn.get(study);
      drawing.write(row.weight, study.included ? texts.percent(study.weight) : "out");
      drawing.set(row.element, { "aria-selected": study.included ? "true" : "false" });
      const size = study.included ? Math.max(3, side * Math.sqrt(study.weight / largest)) : 5;
      const y = this.at(study.y), inside = this.x.contains(y);
      drawing.set(mark.square, { x: this.x.within(y) - size / 2, y: -size / 2, width: size, height: size, visibility: inside ? null : "hidden" });
      mark.element.classList.toggle("out", !study.included);
    }
    const estimate = this.at(now.estimate);
    drawing.set(this.pooledLine, { x1: this.x.within(estimate), x2: this.x.within(estimate) });
    this.pool();
    drawing.write(this.pooledLabel, explorer.shortName(explorer.settings));
    drawing.write(this.pooledText, this.isShort ? measure.text(now.estimate) : measure.effect(now.estimate, now.ci));
    drawing.write(this.predictionLabel, now.pi ? "Prediction interval" : "");
    drawing.write(this.predictionText, now.pi && !this.isShort ? measure.interval(now.pi) : "");
    drawing.set(this.list, { "aria-label": `Forest plot of ${texts.studies(model.studies.length)}. ${explorer.sentence()}. The space bar leaves a study out and takes it back.` });
  }

  pool() {
    const { set } = drawing;
    const { explorer: { now } } = this;
    set(this.diamond, { d: drawing.diamond(this.x, now.ci.map(limit => this.at(limit)), this.at(now.estimate), 12, 8) });
    set(this.prediction, { d: now.pi ? this.span(now.pi) : null });
  }

  highlight(study, isSource) {
    this.shown?.forEach(element => element.classList.remove("highlighted"));
    this.shown = study ? [this.rows.get(study).element, this.drawn.get(study).element] : [];
    this.shown.forEach(element => element.classList.add("highlighted"));
    if (study && !isSource) this.reveal(study);
  }

  /* Scrolls the box alone, never the page, until the row stands between head and pooled row. */
  reveal(study) {
    const { scroller, head, foot, rowHeight } = this;
    const top = this.explorer.order.indexOf(study.index) * rowHeight;
    const least = top + rowHeight + head.offsetHeight + foot.offsetHeight - scroller.clientHeight;
    scroller.scrollTop = Math.max(least, Math.min(top, scroller.scrollTop));
  }
}
