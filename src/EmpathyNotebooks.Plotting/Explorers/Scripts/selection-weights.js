/* Selection weights by hand: a bar for each interval of p; mean, interval and τ² follow. */
page.explorers.selectionWeights = class {
  static least = 0.01;

  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.measure = new texts.Measure(model.measure);
    this.y = model.studies.map(study => model.sign * study.y);
    this.v = model.studies.map(study => study.v);
    this.stories = [{ key: "none", text: "none", weights: model.cuts.map(() => 1) }, ...model.presets].map(story => ({ ...story, fit: this.fitWith(story.weights) }));
    this.groups = this.stories[0].fit.groups;
    this.weights = [...this.stories[0].weights];
    this.looked = null;
    const { html } = drawing;
    this.preset = controls.choice({
      name: host.name + "-preset", legend: "Selection", value: "none", options: this.stories.map(({ key, text }) => ({ value: key, text, title: key === "none" ? "no selection" : text + " selection" })),
      onChange: key => this.set(() => { this.weights = [...this.stories.find(story => story.key === key).weights]; })
    });
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    this.bars = new drawing.Plane({ margin: { left: 44, right: 8, top: 26, bottom: 40 }, height: 330 });
    this.funnel = new drawing.Plane({ margin: { left: 48, right: 14, top: 26, bottom: 40 }, height: 330 });
    this.about = html("p", { class: "about" });
    this.table = html("table", { class: "adjusted" });
    const picture = (title, plane, ...more) => html("div", { class: "picture" }, html("p", { class: "picture-title" }, title), plane.element, ...more);
    const key = (...parts) => html("p", { class: "key" }, ...parts.flatMap(([name, text]) => [html("span", { class: name }, text), " "]));
    this.element = html("div", { class: "weights" },
      html("div", { class: "choices" }, this.preset.element),
      html("div", { class: "verdict" }, this.headline, this.under),
      html("div", { class: "pictures" },
        picture("How likely results are published", this.bars, html("p", { class: "note" }, "Drag the bars, or move a bar by the arrow keys. Above them: how many studies.")),
        picture("What each study stands for", this.funnel, key(["key-dot", "a study, its area the studies it stands for"], ["key-seen", "mean without selection"], ["key-correct", "mean with these weights"]))),
      this.about, html("div", { class: "table-box" }, this.table));
    host.element.append(this.element);
    this.makeBars();
  }

  fitWith(weights) {
    const { sign, cuts, isRandom, level } = this.model, found = selection.fit(this.y, this.v, cuts, weights, isRandom);
    const half = found.se * statistics.intervalQuantile(level, null), mean = sign * found.mean;
    return { ...found, mean, interval: [mean - half, mean + half] };
  }

  /* The words of an interval of p; the first has the number 0. */
  interval(j) {
    const { cuts } = this.model, p = i => texts.number(cuts[i], 3, false).replace(/0+$/, "");
    return j === 0 ? `p ≤ ${p(0)}` : j === cuts.length ? `p > ${p(j - 1)}` : `${p(j - 1)} < p ≤ ${p(j)}`;
  }

  makeBars() {
    const { svg, set } = drawing, { element } = this.bars, { cuts } = this.model, { counts } = this.stories[0].fit;
    set(element, { role: "group", "aria-label": "Weights of intervals of p" });
    element.classList.add("bars");
    this.columns = [...cuts, 1].map((_, j) => {
      const hit = svg("rect", { class: "hit" }), bar = svg("rect", { class: "weight-bar" }), count = svg("text", { class: "tick", "text-anchor": "middle" }, String(counts[j]));
      const group = svg("g", { class: "column" }, hit, bar, count);
      if (j > 0) {
        set(group, {
          role: "slider", tabindex: 0, "aria-orientation": "vertical", "aria-label": `weight of ${this.interval(j)}, ${texts.studies(counts[j])}`, "aria-valuemin": this.constructor.least, "aria-valuemax": 1,
          "data-lm-suppress-shortcuts": true
        });
        group.addEventListener("keydown", event => this.key(event, j));
        group.addEventListener("focus", () => this.look(j));
      }
      return { group, hit, bar, count };
    });
    let held = null;
    const at = event => {
      const { x, y } = this.bars.pointer(event), { x: across, y: up } = this.bars;
      const j = Math.floor((x - across.from) / (across.to - across.from) * (cuts.length + 1));
      return { j: Math.min(cuts.length, Math.max(0, j)), value: (y - up.from) / (up.to - up.from) * up.maximum };
    };
    const paint = event => {
      const { j, value } = at(event);
      if (j > 0) this.move(j, Math.round(100 * value) / 100);
    };
    element.addEventListener("pointerdown", event => {
      held = true;
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      const { j } = at(event);
      if (j > 0) this.columns[j].group.focus({ preventScroll: true });
      paint(event);
    });
    element.addEventListener("pointermove", event => {
      this.look(at(event).j);
      if (held) paint(event);
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { held = null; });
  }

  key(event, j) {
    const by = { ArrowUp: 0.05, ArrowRight: 0.05, ArrowDown: -0.05, ArrowLeft: -0.05, PageUp: 0.2, PageDown: -0.2, Home: -1, End: 1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // To the next multiple of a step, so that a dragged value comes back in line.
    const step = Math.abs(by), at = this.weights[j - 1] / step;
    this.move(j, Number(((by > 0 ? Math.floor(at + 1 + 1e-9) : Math.ceil(at - 1 - 1e-9)) * step).toFixed(2)));
  }

  move(j, weight) {
    const next = Math.min(1, Math.max(this.constructor.least, weight));
    if (next !== this.weights[j - 1]) this.set(() => { this.weights[j - 1] = next; });
  }

  set(change) {
    const before = [...this.weights];
    change();
    try {
      this.compute();
    } catch (fault) {
      if (!(fault instanceof statistics.Unsolved)) throw fault;
      this.weights = before;
      this.update();
      drawing.write(this.about, "This cannot be computed, so that nothing has changed. " + fault.message);
      this.host.announce(this.about.textContent);
      return;
    }
    this.update();
    this.host.announce(this.headline.textContent + " " + this.under.textContent);
  }

  look(j) {
    if (j === this.looked) return;
    this.looked = j;
    this.update();
  }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.width = Math.floor(this.bars.element.parentElement.clientWidth);
    this.update();
  }

  compute() {
    const key = this.weights.join();
    if (this.found?.key === key) return this.found;
    const same = this.stories.find(story => story.weights.join() === key);
    return this.found = { key, name: same?.key ?? null, fit: same?.fit ?? this.fitWith(this.weights) };
  }

  /* How many studies a published one stands for. */
  standsFor(i) { return 1 / (this.groups[i] ? this.weights[this.groups[i] - 1] : 1); }

  update() {
    const { measure, model } = this, { fit, name } = this.compute(), none = this.stories[0].fit, three = value => texts.significant(value, 3);
    this.preset.value = name;
    this.headline.textContent = `${measure.symbol} = ${measure.effect(fit.mean, fit.interval)} with these weights`;
    const done = this.y.reduce((sum, _, i) => sum + this.standsFor(i), 0), lost = Math.round(done - this.y.length);
    this.under.textContent = `Without selection ${measure.symbol} = ${measure.effect(none.mean, none.interval)}` + (model.isRandom ? (name === "none" ? `; τ² = ${three(none.tau2)}. ` : `; τ² goes from ${three(none.tau2)} to ${three(fit.tau2)}. `) : ". ")
      + (lost > 0 ? `If these weights were true, about ${texts.count(lost)} ${lost === 1 ? "study" : "studies"} would have been done and not published beside the ${texts.count(this.y.length)} that are.` : "With these weights next to nothing is lost.");
    this.showBars();
    this.showFunnel();
    this.showAbout();
    this.showTable();
  }

  showBars() {
    const { bars: plane, width, model, weights, looked } = this, { set } = drawing, n = model.cuts.length + 1, wide = width > 420;
    const shown = wide ? model.cuts.map((_, i) => i) : [1, 3, 5, 7, 9, 11];
    plane.frame(width, { minimum: 0, maximum: n, ticks: shown.map(i => ({ value: i + 1, text: texts.number(model.cuts[i], 3, false).replace(/0+$/, "") })), title: `one-sided p, for effects ${model.sign > 0 ? "above" : "below"} no effect` },
      { minimum: 0, maximum: 1, ticks: drawing.ticks(0, 1, 5), title: "weight" });
    if (!this.columns[0].group.parentNode) plane.element.append(...this.columns.map(column => column.group));
    this.columns.forEach(({ group, hit, bar, count }, j) => {
      const x = plane.x.at(j), wideness = plane.x.at(j + 1) - x, weight = j === 0 ? 1 : weights[j - 1], top = plane.y.at(weight), bottom = plane.y.at(0);
      set(hit, { x, y: plane.y.at(1), width: wideness, height: bottom - plane.y.at(1) });
      set(bar, { x: x + 1.5, y: top, width: wideness - 3, height: bottom - top });
      set(count, { x: x + wideness / 2, y: plane.y.at(1) - 8 });
      set(group, { class: "column" + (j === looked ? " looked" : "") + (j === 0 ? " fixed" : "") });
      if (j > 0) set(group, { "aria-valuenow": weight, "aria-valuetext": texts.number(weight, 2) });
    });
  }

  showFunnel() {
    const { funnel: plane, width, model, v } = this, { svg } = drawing, { minimum, maximum, title, ticks } = model.axis, { fit } = this.compute(), none = this.stories[0].fit;
    const largest = 1.08 * Math.sqrt(Math.max(...v));
    plane.frame(width, { minimum, maximum, title, ticks: drawing.ticksFor(ticks, width - 70) }, { minimum: largest, maximum: 0, ticks: drawing.ticks(0, largest, 5), title: "standard error" });
    const line = (name, at) => svg("line", { class: name, x1: plane.x.within(at), x2: plane.x.within(at), y1: plane.y.at(0), y2: plane.y.at(largest) });
    plane.layer("shapes").replaceChildren(line("null", model.nullValue), line("seen-line", none.mean), line("correct", fit.mean));
    const size = i => (this.y.length > 60 ? 2.6 : 3.6) * Math.sqrt(Math.min(40, this.standsFor(i)));
    const order = this.y.map((_, i) => i).sort((a, b) => size(b) - size(a) || a - b);
    plane.layer("points").replaceChildren(...order.map(i => svg("circle", {
      class: "stands" + (this.looked !== null && this.groups[i] === this.looked ? " highlighted" : ""), cx: plane.x.at(model.studies[i].y), cy: plane.y.at(Math.sqrt(v[i])), r: size(i)
    })));
    drawing.set(plane.element, { "aria-label": `Funnel plot of ${texts.studies(this.y.length)}. ${this.headline.textContent}; ${this.measure.text(none.mean)} without selection. A study with a small weight is drawn large, as it stands for others that were not published.` });
  }

  showAbout() {
    const { looked, model } = this;
    if (looked === null) {
      drawing.write(this.about, "Point at a bar, or move to one with the tab key, to see which studies have such a p.");
      return;
    }
    const own = model.studies.filter((_, i) => this.groups[i] === looked).map(study => study.label), weight = looked ? this.weights[looked - 1] : 1;
    drawing.write(this.about, `${this.interval(looked)}: weight ${texts.number(weight, 2)}${looked ? "" : ", to which the others are relative"}. ` + (own.length
      ? `${texts.studies(own.length)}, each standing for ${texts.number(1 / weight, 1)}: ${own.slice(0, 8).join("; ")}${own.length > 8 ? ` and ${texts.count(own.length - 8)} more` : ""}.` : "No study has such a p."));
  }

  showTable() {
    const { html } = drawing, { measure, model } = this, { fit, name } = this.compute();
    const rows = [...this.stories.map(story => ({ ...story, is: story.key === name })), ...(name === null ? [{ text: "your weights", fit, is: true }] : [])];
    const head = ["Selection", measure.symbol, `${model.levelText} interval`, ...(model.isRandom ? ["τ²"] : [])];
    this.table.replaceChildren(html("caption", null, "The mean under each story, by maximum likelihood with weights given."),
      html("thead", null, html("tr", null, ...head.map(text => html("th", { scope: "col" }, text)))),
      html("tbody", null, ...rows.map(row => html("tr", { class: row.is ? "highlighted" : null }, html("th", { scope: "row" }, row.text), html("td", null, measure.text(row.fit.mean)), html("td", null, measure.interval(row.fit.interval)),
        ...(model.isRandom ? [html("td", null, texts.significant(row.fit.tau2, 3))] : [])))));
  }
};
