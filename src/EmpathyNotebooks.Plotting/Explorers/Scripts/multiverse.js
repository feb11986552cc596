/* The multiverse explorer: the reader ticks which options are allowed, and the specification curve follows. */
page.explorers.multiverse = class {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.measure = new texts.Measure(model.measure);
    this.allowed = model.choices.map(choice => [...choice.allowed]);
    const { html } = drawing, { count } = texts;
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    this.curve = new drawing.Plane({ margin: { left: 200, right: 14, top: 10, bottom: 34 }, height: 300 });
    this.about = html("p", { class: "about" });
    this.look = new controls.Slider({
      label: "A specification, from the smallest estimate to the largest", minimum: 1, maximum: 2, step: 1, page: 10, value: 1, snap: true, text: value => `${count(value)} of ${count(this.found?.order.length ?? 1)}`,
      spoken: value => this.describe(value - 1), onInput: value => this.point(value - 1)
    });
    this.rows = [];
    const choices = model.choices.map((choice, c) => this.choice(choice, c));
    this.back = controls.button("Back to the start", () => this.set(() => { this.allowed = model.choices.map(choice => [...choice.allowed]); }));
    this.element = html("div", { class: "multiverse" },
      html("div", { class: "verdict" }, this.headline, this.under),
      html("div", { class: "picture" }, html("p", { class: "picture-title" }, `${this.measure.symbol} of every specification, with its ${model.levelText} interval`), this.curve.element,
        html("p", { class: "key" }, html("span", { class: "key-significant" }, "significant"), " ", html("span", { class: "key-other" }, "not significant"), " ", html("span", { class: "key-seen" }, "median"))),
      html("div", { class: "sliders" }, this.look.element), this.about,
      html("div", { class: "choices" }, this.back), ...choices);
    host.element.append(this.element);
    const follow = event => {
      const { order } = this.found, { x } = this.curve;
      if (!order.length) return;
      this.point(Math.min(order.length - 1, Math.max(0, Math.floor((this.curve.pointer(event).x - x.from) / (x.to - x.from) * order.length))));
    };
    this.curve.element.addEventListener("pointermove", follow);
    this.curve.element.addEventListener("pointerdown", follow);
  }

  /* One row an option: what is ticked, and beside it which specifications take it. */
  choice({ name, reason, isApart, options }, c) {
    const { html, svg } = drawing;
    const rows = options.map((option, o) => {
      const input = html("input", { type: isApart ? "radio" : "checkbox", name: `${this.host.name}-${c}`, "aria-label": `${name}: ${option}` }), median = html("span", { class: "median" });
      input.addEventListener("change", () => this.set(() => {
        if (isApart) this.allowed[c] = options.map((_, other) => other === o);
        else this.allowed[c][o] = input.checked;
      }));
      const path = svg("path", { class: "taken" }), at = svg("line", { class: "at" }), strip = svg("svg", { class: "strip", "aria-hidden": "true", height: 22 }, path, at);
      this.rows.push({ c, o, input, median, path, at, strip });
      return html("div", { class: "option" }, html("label", null, input, html("span", { class: "option-name" }, option), median), strip);
    });
    return html("fieldset", { class: "decision" }, html("legend", null, name), html("p", { class: "note" }, reason + (isApart ? " Results are never averaged over these options: one at a time." : "")), ...rows);
  }

  set(change) {
    change();
    this.compute();
    this.update();
    this.host.announce(this.headline.textContent + " " + this.under.textContent);
  }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.width = width;
    this.curve.margin.left = width >= 680 ? 240 : 150;
    this.element.style.setProperty("--label", `${this.curve.margin.left}px`);
    if (!this.found) this.compute();
    this.update();
    this.look.resize();
  }

  /* The specifications that the allowed options come to, by their estimates, each with the first combination that leads to it. */
  compute() {
    const { places, values, choices } = this.model, digits = choices.map(() => 0), first = new Map(), before = this.found?.order[this.at];
    for (let n = 0; n < places.length; n++) {
      if (places[n] >= 0 && digits.every((digit, c) => this.allowed[c][digit]) && !first.has(places[n])) first.set(places[n], [...digits]);
      for (let c = choices.length - 1; c >= 0; c--) {
        digits[c]++;
        if (digits[c] < choices[c].options.length) break;
        digits[c] = 0;
      }
    }
    const order = [...first.keys()].sort((a, b) => values[a] - values[b] || a - b);
    this.found = { order, digits: order.map(place => first.get(place)), ...this.constructor.summary(order, this.model) };
    const same = order.indexOf(before);
    this.at = same >= 0 ? same : Math.floor((order.length - 1) / 2);
  }

  /* Median, range and shares, as the library's MultiversePart has them. */
  static summary(order, { values, significant, nullValue, direction }) {
    const n = order.length, sorted = order.map(place => values[place]), none = nullValue ?? 0;
    if (!n) return null;
    const quantile = p => {
      const at = p * (n - 1), low = Math.floor(at);
      return at === low ? sorted[low] : sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
    };
    const side = direction || (sorted[(n - 1) >> 1] + sorted[n >> 1] - 2 * none < 0 ? -1 : 1);
    return {
      median: quantile(0.5), low: sorted[0], high: sorted[n - 1], side, positive: sorted.filter(value => value > none).length / n,
      significant: order.filter(place => significant[place] === "1" && Math.sign(values[place] - none) === side).length / n
    };
  }

  describe(i) {
    const { found, model, measure } = this;
    if (!found?.order.length) return "";
    const place = found.order[i], { lower, upper, counts, significant, choices, unused } = model;
    const interval = lower[place] === null || upper[place] === null ? "" : ` ${measure.interval([lower[place], upper[place]])}`;
    const taken = choices.map((choice, c) => `${choice.name}: ${(unused[place] >> c) % 2 ? "not used" : choice.options[found.digits[i][c]]}`);
    return `${texts.count(i + 1)} of ${texts.count(found.order.length)}: ${measure.symbol} = ${measure.text(model.values[place])}${interval}, k = ${texts.count(counts[place])}, ${significant[place] === "1" ? "" : "not "}significant. ${taken.join("; ")}.`;
  }

  point(i) {
    if (i === this.at) return;
    this.at = i;
    this.showPoint();
  }

  update() {
    const { found, measure, model } = this, { order } = found, { percent, count } = texts, whole = share => percent(share, 0);
    for (const { c, o, input } of this.rows) input.checked = this.allowed[c][o];
    if (order.length) {
      this.headline.textContent = `${count(order.length)} ${order.length === 1 ? "specification" : "specifications"}: median ${measure.symbol} = ${measure.text(found.median)}, from ${measure.text(found.low)} to ${measure.text(found.high)}.`;
      this.under.textContent = (model.nullValue === null ? "" : `${whole(found.positive)} lie above no effect; ${whole(found.significant)} are significant at ${model.alphaText} and ${found.side > 0 ? "above" : "below"} it. `)
        + "All rest on the same studies: the range is no confidence interval.";
    } else {
      const empty = model.choices.filter((_, c) => !this.allowed[c].includes(true)).map(choice => choice.name);
      this.headline.textContent = "No specification is left.";
      this.under.textContent = empty.length ? `Tick an option of ${empty.join(", ")}.` : "The options ticked contradict one another, or have no estimate.";
    }
    this.look.input.disabled = !order.length;
    this.look.maximum = Math.max(1, order.length);
    this.look.page = Math.max(1, Math.round(order.length / 20));
    this.showCurve();
    this.showOptions();
    this.showPoint();
  }

  showCurve() {
    const { curve: plane, width, model, found } = this, { order } = found, { svg, round } = drawing, { lower, upper, values, significant } = model, n = Math.max(1, order.length);
    const { minimum, maximum } = model.axis;
    plane.frame(width, { minimum: 0, maximum: n, ticks: order.length ? drawing.ticks(0, n, width > 680 ? 8 : 4).filter(tick => Number.isInteger(tick.value)).map(tick => ({ ...tick, text: texts.count(tick.value) })) : [], title: "specifications by their estimates" },
      { minimum, maximum, ticks: drawing.ticksFor(model.axis.ticks, 200), title: "" });
    // No more than a specification a pixel: those between would cover one another.
    const most = Math.min(order.length, Math.floor(plane.x.to - plane.x.from)), drawn = Array.from({ length: most }, (_, b) => Math.floor((b + 0.5) * order.length / most));
    const at = i => round(plane.x.at(i + 0.5)), y = value => round(plane.y.within(value));
    const path = (wanted, of) => drawn.filter(i => (significant[order[i]] === "1") === wanted).map(i => of(i, order[i])).join("");
    const bar = (i, place) => lower[place] === null || upper[place] === null ? "" : `M${at(i)} ${y(lower[place])}V${y(upper[place])}`, dot = (i, place) => `M${at(i)} ${y(values[place])}h.01`;
    const dense = most > 150 ? " dense" : most < 80 ? " few" : "", level = (name, value) => svg("line", { class: name, x1: plane.x.from, x2: plane.x.to, y1: plane.y.at(value), y2: plane.y.at(value) });
    plane.layer("shapes").replaceChildren(
      svg("path", { class: "bars-other" + dense, d: path(false, bar) }), svg("path", { class: "bars-significant" + dense, d: path(true, bar) }),
      ...(model.nullValue === null ? [] : [level("null", model.nullValue)]), ...(order.length ? [level("seen-line", found.median)] : []),
      svg("path", { class: "dots-other" + dense, d: path(false, dot) }), svg("path", { class: "dots-core" + dense, d: path(false, dot) }), svg("path", { class: "dots-significant" + dense, d: path(true, dot) }));
    drawing.set(plane.element, { "aria-label": `Specification curve. ${this.headline.textContent} ${this.under.textContent}` });
  }

  showOptions() {
    const { found, measure, model } = this, { order, digits } = found, { from, to } = this.curve.x, width = to - from, { set, round } = drawing;
    const bins = Math.max(1, Math.min(order.length, Math.floor(width / 3))), size = width / bins;
    for (const { c, o, path, strip, median } of this.rows) {
      const takes = i => digits[i][c] === o && !((model.unused[order[i]] >> c) % 2), own = [], count = new Float64Array(bins), all = new Float64Array(bins);
      for (let i = 0; i < order.length; i++) {
        const bin = Math.min(bins - 1, Math.floor((i + 0.5) * bins / order.length));
        all[bin]++;
        if (!takes(i)) continue;
        count[bin]++;
        own.push(model.values[order[i]]);
      }
      let d = "";
      for (let bin = 0; bin < bins; bin++) if (count[bin]) d += `M${round(bin * size)} 20h${round(Math.max(0.7, size - 0.4))}v${round(-18 * count[bin] / all[bin])}h${round(-Math.max(0.7, size - 0.4))}z`;
      set(strip, { width: Math.floor(width), viewBox: `0 0 ${Math.floor(width)} 22` });
      set(path, { d });
      const middle = own.length ? (own[(own.length - 1) >> 1] + own[own.length >> 1]) / 2 : null;
      drawing.write(median, middle === null ? "–" : measure.text(middle));
    }
  }

  showPoint() {
    const { curve: plane, found, at, model } = this, { svg } = drawing, { order } = found;
    this.look.value = Math.max(1, at + 1);
    drawing.write(this.about, order.length ? this.describe(at) : "");
    const x = order.length ? plane.x.at(at + 0.5) : -10;
    plane.layer("pointer").replaceChildren(...(order.length ? [svg("line", { class: "at", x1: x, x2: x, y1: plane.y.from, y2: plane.y.to }), svg("circle", { class: "pointed", cx: x, cy: plane.y.within(model.values[order[at]]), r: 5 })] : []));
    for (const row of this.rows) drawing.set(row.at, { x1: x - plane.x.from, x2: x - plane.x.from, y1: 0, y2: 22 });
  }
};
