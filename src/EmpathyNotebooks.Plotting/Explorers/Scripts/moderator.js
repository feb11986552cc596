/* The moderator explorer: a meta-regression whose studies can be moved. Dragging and the sliders of the chosen study do the same. */
page.explorers.moderator = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    this.measure = new texts.Measure(model.measure);
    this.studies = model.studies.map((study, index) => ({ ...study, index, start: { x: study.x, y: study.y } }));
    this.start = this.compute();
    this.chosen = this.studies.reduce((best, study) => this.start.leverages[study.index] > this.start.leverages[best.index] ? study : best);
    this.state = { x: this.chosen.x, y: this.chosen.y };
    const { html } = drawing;
    this.select = html("select", { "aria-label": "Study to move" }, ...this.studies.map(study => html("option", { value: study.index }, study.label)));
    this.select.addEventListener("change", () => {
      this.choose(this.studies[Number(this.select.value)]);
      this.say();
    });
    const sliders = this.slide({
      x: [model.name, model.x.minimum, model.x.maximum, model.x.step, value => this.named(value), { snap: model.categories.length > 0 }],
      y: [`${this.measure.symbol}, effect of the study`, model.y.minimum, model.y.maximum, model.y.step, value => this.measure.text(value), { snap: false }]
    });
    this.back = controls.button("Put it back", () => this.restore([this.chosen]));
    this.allBack = controls.button("Put all back", () => this.restore(this.studies));
    this.measured = this.bubbles = this.plane(400, 48);
    this.table = html("table", { class: "comparison" });
    this.note = html("p", { class: "note" });
    this.element = html("div", { class: "dependence moderator" },
      html("div", { class: "actions" }, html("label", { class: "slider-label" }, "Study to move ", this.select), this.back, this.allBack), sliders, this.verdict,
      html("div", { class: "pictures" }, this.picture("Drag a study", this.bubbles, this.key(["correct", "expected"], ["band", `its ${model.level} interval`], ["old", "where the line was"], ["chosen", "chosen study"], ["from", "where it was"]), this.note), this.table));
    host.element.append(this.element);
    this.listen();
  }

  /* A moderator as the reader knows it. */
  named(value) { return this.model.categories.length ? this.model.categories[value] : String(Number(value.toPrecision(4))).replace("-", "−"); }

  row(x) {
    const { categories, centre, unit } = this.model;
    return categories.length ? [1, ...categories.slice(1).map((_, i) => x === i + 1 ? 1 : 0)] : [1, (x - centre) / unit];
  }

  compute() { return regression.fit(this.studies.map(study => study.y), this.studies.map(study => study.v), this.studies.map(study => this.row(study.x)), this.model.settings); }

  choose(study) {
    this.chosen = study;
    this.refused = "";
    this.update();
  }

  moved() { this.move(this.chosen, this.state); }

  /* Moves a study, unless the regression could then not be computed: the last study of a category stays in it. */
  move(study, { x, y }) {
    const before = { x: study.x, y: study.y };
    Object.assign(study, { x, y });
    this.refused = "";
    try {
      if (this.compute()) return;
      this.refused = "It stays: without it the moderator would have one value too few.";
    } catch (error) {
      if (!(error instanceof statistics.Unsolved)) throw error;
      this.refused = "It stays: " + error.message;
    }
    Object.assign(study, before);
  }

  restore(studies) {
    // Together, since on the way one category might be empty.
    for (const study of studies) Object.assign(study, study.start);
    this.refused = "";
    this.update();
    this.say();
  }

  listen() {
    const { element } = this.bubbles;
    let held = null;
    const nearest = event => {
      const { x, y } = this.bubbles.pointer(event);
      const far = study => Math.hypot(this.bubbles.x.within(this.across(study)) - x, this.bubbles.y.within(study.y) - y);
      const best = this.studies.reduce((a, b) => far(b) < far(a) ? b : a);
      return far(best) < 24 ? best : null;
    };
    element.addEventListener("pointerdown", event => {
      held = nearest(event);
      if (!held) return;
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      this.choose(held);
    });
    element.addEventListener("pointermove", event => {
      if (!held) {
        element.classList.toggle("pointing", nearest(event) !== null);
        return;
      }
      const at = this.bubbles.pointer(event), { model } = this;
      const value = (scale, pixels, { minimum, maximum }) => Math.min(maximum, Math.max(minimum, scale.minimum + (pixels - scale.from) / (scale.to - scale.from) * (scale.maximum - scale.minimum)));
      const x = value(this.bubbles.x, at.x, model.x);
      this.move(held, { x: model.categories.length ? Math.round(x) : Number(x.toPrecision(4)), y: Number(value(this.bubbles.y, at.y, model.y).toPrecision(4)) });
      this.update();
      this.say();
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { held = null; });
  }

  /* Where a study stands across: those of a category beside one another, by their number. */
  across(study) {
    if (!this.model.categories.length) return study.x;
    const alike = this.studies.filter(each => each.x === study.x), at = alike.indexOf(study);
    return study.x + (alike.length < 2 ? 0 : 0.5 * (at / (alike.length - 1) - 0.5));
  }

  /* The coefficient in the headline: the slope, or the difference of the first category from the one it is compared with. */
  words(fit) {
    const { model } = this, three = value => texts.significant(value, 3), interval = ([lower, upper]) => texts.together(`[${three(lower)}, ${three(upper)}]`);
    const scale = model.measure.display === "identity" ? "" : ` (${model.scale})`;
    if (model.categories.length > 2) {
      const { statistic, m, p } = fit.test;
      return `${model.name}: ${fit.df === null ? `χ²(${m})` : `F(${m}, ${fit.df})`} = ${texts.number(statistic)}, ${texts.together(texts.probability(p))}.`;
    }
    const { estimate, ci, p } = fit.coefficients[1];
    return `${model.categories.length ? `${model.categories[1]} less ${model.categories[0]}` : "Slope of " + model.coefficient}${scale}: b = ${three(estimate)} ${interval(ci)}, ${texts.together(texts.probability(p))}.`;
  }

  update() {
    const { model, chosen, start, measure } = this, fit = this.fit = this.compute();
    this.state = { x: chosen.x, y: chosen.y };
    const three = value => texts.significant(value, 3), leverage = texts.number(fit.leverages[chosen.index]);
    const isMoved = chosen.x !== chosen.start.x || chosen.y !== chosen.start.y, count = this.studies.filter(study => study.x !== study.start.x || study.y !== study.start.y).length;
    this.tell(this.words(fit), `τ² = ${three(fit.tau2)} is left, R² = ${texts.percent(fit.r2)}. ${chosen.label}: leverage ${leverage} of at most 1, ${texts.number(model.coefficients / this.studies.length)} on average.`
      + (count === 0 ? " No study has been moved." : ` ${texts.studies(count)} moved: not the data any more.`) + (this.refused ? " " + this.refused : ""));
    this.select.value = String(chosen.index);
    this.back.disabled = !isMoved;
    this.allBack.disabled = count === 0;
    const span = ([lower, upper]) => texts.together(`[${three(lower)}, ${three(upper)}]`);
    const names = model.names, each = (name, of) => [name, of(fit), of(start)];
    SliderExplorer.compare(this.table, "The regression now and as it was", ["now", "as it was"], [
      ...names.flatMap((name, i) => [each(name, f => three(f.coefficients[i].estimate)), each(`${model.level} CI`, f => span(f.coefficients[i].ci)), each("p", f => texts.probability(f.coefficients[i].p).replace("p = ", "").replace("p ", ""))]),
      ...names.length > 2 ? [each(fit.df === null ? "χ² of all" : "F of all", f => `${texts.number(f.test.statistic)}, ${texts.probability(f.test.p)}`)] : [],
      each("τ² left", f => three(f.tau2)), each("R²", f => texts.percent(f.r2)), each(`QE (df ${fit.qeDf})`, f => `${texts.number(f.qe)}, ${texts.probability(f.qeP)}`),
      each("leverage of the chosen study", f => texts.number(f.leverages[chosen.index]))
    ]);
    drawing.write(this.note, `${chosen.label}: ${model.name} ${this.named(chosen.x)}, ${measure.symbol} = ${measure.text(chosen.y)}, weight ${texts.percent(fit.weights[chosen.index])}`
      + (isMoved ? `; in the data ${this.named(chosen.start.x)} and ${measure.text(chosen.start.y)}.` : "."));
    this.showBubbles();
  }

  showBubbles() {
    const { bubbles: plane, model, fit, start, chosen } = this;
    const { svg } = drawing, isCategory = model.categories.length > 0;
    const { minimum, maximum } = model.y, room = isCategory ? 0.5 : 0.04 * (model.x.maximum - model.x.minimum);
    const letters = Math.floor((this.width - 60) / model.categories.length / 7), short = text => text.length > letters ? text.slice(0, Math.max(1, letters - 1)) + "…" : text;
    plane.frame(this.width, {
      minimum: model.x.minimum - room, maximum: model.x.maximum + room, title: model.name,
      ticks: isCategory ? model.categories.map((text, value) => ({ value, text: short(text) })) : drawing.ticks(model.x.minimum, model.x.maximum, this.width > 420 ? 8 : 5)
    }, { minimum, maximum, ticks: drawing.ticksFor(model.y.ticks, plane.height - 52), title: model.y.title });
    const clip = value => Math.min(maximum, Math.max(minimum, value));
    const places = isCategory ? model.categories.map((_, i) => [i - 0.36, i + 0.36]) : [[model.x.minimum, model.x.maximum]];
    const shapes = places.flatMap(([from, to]) => {
      const xs = isCategory ? [from, to] : Array.from({ length: 61 }, (_, i) => from + (to - from) * i / 60);
      const at = f => xs.map(x => ({ x, ...f.at(this.row(isCategory ? Math.round((from + to) / 2) : x)) })), now = at(fit), old = at(start);
      const band = now.map(each => [each.x, clip(each.ci[1])]).concat(now.map(each => [each.x, clip(each.ci[0])]).reverse());
      const inside = points => points.filter(each => each.estimate >= minimum && each.estimate <= maximum).map(each => [each.x, each.estimate]);
      return [svg("path", { class: "band-area", d: plane.path(band) + "Z" }), svg("path", { class: "old-line", d: plane.path(inside(old)) }), svg("path", { class: "correct", d: plane.path(inside(now)) })];
    });
    if (model.nullValue !== null && model.nullValue > minimum && model.nullValue < maximum) shapes.unshift(svg("path", { class: "null", d: plane.path([[model.x.minimum - room, model.nullValue], [model.x.maximum + room, model.nullValue]]) }));
    if (chosen.x !== chosen.start.x || chosen.y !== chosen.start.y) {
      const from = { ...chosen, ...chosen.start };
      shapes.push(svg("path", { class: "moved-line", d: plane.path([[from.x, clip(from.y)], [this.across(chosen), clip(chosen.y)]]) }),
        svg("circle", { class: "moved-from", cx: plane.x.at(from.x), cy: plane.y.within(from.y), r: 5 }));
    }
    plane.layer("shapes").replaceChildren(...shapes);
    const heaviest = Math.max(...fit.weights), largest = this.studies.length > 60 ? 8 : 13;
    const bubble = study => svg("circle", { class: study === chosen ? "study chosen" : "study", cx: plane.x.within(this.across(study)), cy: plane.y.within(study.y), r: Math.max(2.5, largest * Math.sqrt(fit.weights[study.index] / heaviest)) });
    plane.layer("points").replaceChildren(...this.studies.filter(study => study !== chosen).map(bubble), bubble(chosen));
    drawing.set(plane.element, { "aria-label": `Bubble plot of ${texts.studies(this.studies.length)} against ${model.name}. ${this.headline.textContent}` });
  }
};
