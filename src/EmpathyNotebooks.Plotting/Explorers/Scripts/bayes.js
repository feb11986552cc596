/* The Bayesian explorer: priors moved by sliders or by their handles; posteriors, Bayes factors and the forest follow. */
page.explorers.bayes = class {
  static families = [["halfNormal", "half-normal"], ["halfCauchy", "half-Cauchy"], ["exponential", "exponential"], ["uniform", "uniform"], ["inverseGamma", "inverse-gamma"]];

  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.measure = new texts.Measure(model.measure);
    this.y = model.studies.map(study => study.y);
    this.v = model.studies.map(study => study.v);
    this.state = { mu: { ...model.mu }, tau: { ...model.tau } };
    const { html } = drawing, number = value => texts.significant(value, 3);
    this.muFamily = controls.choice({
      name: host.name + "-mu", legend: "Prior of the mean μ", value: model.mu.family, onChange: family => this.set(() => { this.state.mu.family = family; }),
      options: [{ value: "normal", text: "normal", title: "normal prior of the mean" }, { value: "flat", text: "flat", title: "flat prior of the mean" }]
    });
    this.tauFamily = controls.choice({
      name: host.name + "-tau", legend: "Prior of heterogeneity τ", value: model.tau.family, onChange: family => this.set(() => { this.state.tau.family = family; }),
      options: this.constructor.families.map(([value, text]) => ({ value, text, title: text + " prior of heterogeneity" }))
    });
    const slider = (label, minimum, maximum, step, value, onInput) => new controls.Slider({ label, minimum, maximum, step, page: 10 * step, value, text: number, onInput: next => this.set(() => onInput(next)) });
    this.centre = slider("centre of the prior of μ", -model.mostCentre, model.mostCentre, model.step, model.mu.mean, value => { this.state.mu.mean = value; });
    this.deviation = slider("standard deviation of the prior of μ", model.step, model.mostDeviation, model.step, model.mu.sd, value => { this.state.mu.sd = value; });
    this.scale = slider("scale of the prior of τ", model.step, model.mostScale, model.step, model.tau.scale, value => { this.state.tau.scale = value; });
    this.back = controls.button("Back to the start", () => this.set(() => { this.state = { mu: { ...model.mu }, tau: { ...model.tau } }; }));
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    this.means = new drawing.Plane({ margin: { left: 44, right: 12, top: 12, bottom: 40 }, height: 260 });
    this.taus = new drawing.Plane({ margin: { left: 44, right: 12, top: 12, bottom: 40 }, height: 260 });
    this.forest = new drawing.Plane({ margin: { left: 16, right: 12, top: 8, bottom: 40 }, height: 300 });
    this.note = html("p", { class: "note" });
    const key = () => html("p", { class: "key" }, html("span", { class: "key-posterior" }, "posterior"), " ", html("span", { class: "key-prior" }, "prior"), " Drag a dot of the prior, or move the sliders.");
    const picture = (title, plane, ...more) => html("div", { class: "picture" }, html("p", { class: "picture-title" }, title), plane.element, ...more);
    this.element = html("div", { class: "bayes" },
      html("div", { class: "choices" }, this.muFamily.element, this.tauFamily.element, this.back),
      html("div", { class: "sliders" }, this.centre.element, this.deviation.element, this.scale.element),
      html("div", { class: "verdict" }, this.headline, this.under),
      html("div", { class: "pictures" }, picture("The mean μ", this.means, key()), picture("Heterogeneity τ", this.taus, key()), picture("Studies are drawn to the mean", this.forest, this.note)));
    host.element.append(this.element);
    this.handle(this.means, name => value => {
      if (name === "centre") this.state.mu.mean = Math.min(model.mostCentre, Math.max(-model.mostCentre, value));
      else this.state.mu.sd = Math.min(model.mostDeviation, Math.max(model.step, Math.abs(value - this.state.mu.mean)));
    });
    this.handle(this.taus, () => value => { this.state.tau.scale = Math.min(model.mostScale, Math.max(model.step, value)); });
  }

  /* A handle of a prior follows the pointer along the horizontal axis. The sliders do the same by keys. */
  handle(plane, move) {
    let held = null;
    plane.element.addEventListener("pointerdown", event => {
      const name = event.target.dataset?.handle;
      if (!name) return;
      held = move(name);
      plane.element.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    plane.element.addEventListener("pointermove", event => {
      if (!held) return;
      const { minimum, maximum, from, to } = plane.x;
      const value = minimum + (plane.pointer(event).x - from) / (to - from) * (maximum - minimum);
      this.set(() => held(Number(value.toPrecision(4))));
    });
    for (const end of ["pointerup", "pointercancel"]) plane.element.addEventListener(end, () => { held = null; });
  }

  set(change) {
    change();
    this.compute();
    this.update();
    this.host.announce(this.headline.textContent + " " + this.under.textContent);
  }

  compute() { this.fit = bayes.fit(this.y, this.v, { ...this.state, level: this.model.level }); }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.width = Math.floor(this.means.element.parentElement.clientWidth);
    if (!this.fit) this.compute();
    this.update();
    for (const slider of [this.centre, this.deviation, this.scale]) slider.resize();
  }

  static factor(log) {
    return log > Math.log(9999) ? "more than 9,999" : texts.significant(Math.exp(log), 3);
  }

  /* No stronger than the evidence: between 1/3 and 3 next to nothing. */
  static evidence(log, of) {
    if (Math.abs(log) <= Math.log(3)) return `The data hardly tell whether there is ${of} (BF = ${texts.significant(Math.exp(log), 3)}).`;
    return log > 0 ? `The data are ${this.factor(log)} times as likely with ${of} as without.` : `The data are ${this.factor(-log)} times as likely without ${of} as with it.`;
  }

  update() {
    const { fit, measure, state, model } = this;
    [this.muFamily.value, this.tauFamily.value] = [state.mu.family, state.tau.family];
    [this.centre.value, this.deviation.value, this.scale.value] = [state.mu.mean, state.mu.sd, state.tau.scale];
    for (const slider of [this.centre, this.deviation]) slider.input.disabled = state.mu.family === "flat";
    this.headline.textContent = `${measure.symbol} = ${measure.effect(fit.mean.median, [fit.mean.lower, fit.mean.upper])}`;
    const three = value => texts.number(value, 3);
    this.under.textContent = `Median and ${model.levelText} credible interval. τ = ${three(fit.tau.median)} [${three(fit.tau.lower)}, ${three(fit.tau.upper)}]; a new study ${measure.interval([fit.predictive.lower, fit.predictive.upper])}. `
      + (fit.effect === null ? "With a flat prior of μ there are no Bayes factors."
        : (model.hasNull ? this.constructor.evidence(fit.effect, "an effect") + " " : "") + this.constructor.evidence(fit.heterogeneity, "heterogeneity"));
    this.showMean();
    this.showTau();
    this.showForest();
  }

  curves(plane, { minimum, maximum, ticks, title }, posterior, prior, handles, label) {
    const { svg } = drawing, count = 160;
    const x = Array.from({ length: count + 1 }, (_, i) => minimum + (maximum - minimum) * i / count);
    const after = x.map(posterior), before = prior ? x.map(prior) : [];
    const peak = Math.max(...after.filter(Number.isFinite)), top = 1.08 * Math.min(Math.max(peak, ...before.filter(Number.isFinite)), 2 * peak);
    plane.frame(this.width, { minimum, maximum, ticks, title }, { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 4), title: "density" });
    const line = values => plane.path(x.map((at, i) => [at, Math.min(Number.isFinite(values[i]) ? values[i] : top, top)]));
    plane.layer("shapes").replaceChildren(
      svg("path", { class: "curve first", d: line(after) + `L${drawing.round(plane.x.at(maximum))} ${drawing.round(plane.y.at(0))}H${drawing.round(plane.x.at(minimum))}Z` }),
      ...(prior ? [svg("path", { class: "pooled-line", d: line(before) })] : []));
    // A handle that would lie beyond the picture waits at its edge.
    const edge = 0.01 * (maximum - minimum);
    plane.layer("handles").replaceChildren(...handles.map(({ name, at }) => ({ name, at: Math.min(maximum - edge, Math.max(minimum + edge, at)) })).map(({ name, at }) =>
      svg("circle", { class: "handle", "data-handle": name, cx: plane.x.at(at), cy: plane.y.within(Number.isFinite(prior(at)) ? prior(at) : top), r: 7 })));
    drawing.set(plane.element, { "aria-label": label });
  }

  showMean() {
    const { fit, model, state } = this, isFlat = state.mu.family === "flat", pixels = this.width - 60;
    const prior = isFlat ? null : x => Math.exp(bayes.muLogDensity(state.mu, x));
    this.curves(this.means, { ...model.meanAxis, ticks: drawing.ticksFor(model.meanAxis.ticks, pixels) }, fit.mean.density, prior,
      isFlat ? [] : [{ name: "centre", at: state.mu.mean }, { name: "deviation", at: state.mu.mean + state.mu.sd }], `Prior and posterior of the mean. ${this.headline.textContent}.`);
  }

  showTau() {
    const { fit, model, state } = this, prior = bayes.tauPriors[state.tau.family](state.tau.scale), { maximum } = model.tauAxis;
    this.curves(this.taus, { minimum: 0, maximum, title: model.tauAxis.title, ticks: drawing.ticks(0, maximum, this.width > 420 ? 7 : 4) }, fit.tau.density,
      t => Math.exp(t > 0 ? prior.logDensity(t) : prior.atZero), [{ name: "scale", at: state.tau.scale }], `Prior and posterior of heterogeneity. Median τ = ${texts.number(fit.tau.median, 3)}.`);
  }

  showForest() {
    const { forest: plane, fit, model, measure } = this, { svg, round } = drawing, k = this.y.length;
    const wide = this.element.dataset.size === "wide", width = wide ? Math.floor(plane.element.parentElement.clientWidth) : this.width;
    const space = k <= 30 ? 22 : k <= 90 ? 9 : 5, named = space >= 14, z = statistics.normalQuantile(0.5 + model.level / 2);
    plane.margin.left = named ? Math.min(190, Math.round(width * 0.3)) : 16;
    plane.height = Math.round(space * (k + 1.5) + 60);
    const axis = model.forestAxis;
    plane.frame(width, { ...axis, ticks: drawing.ticksFor(axis.ticks, width - plane.margin.left - 12) }, { minimum: -(k + 1.5), maximum: 0, ticks: [], title: "" });
    const bar = (name, lower, upper, y) => svg("path", { class: name, d: `M${round(plane.x.within(lower))} ${round(y)}H${round(plane.x.within(upper))}` });
    const lines = [], points = [], names = [], letters = Math.floor(plane.margin.left / 7) - 1;
    model.studies.forEach((study, i) => {
      const y = plane.y.at(-(i + 0.75)), below = y + Math.min(6, space / 2.4), { mean, sd } = fit.studies[i];
      lines.push(bar("found-line", study.lower, study.upper, y), bar("drawn-line", mean - z * sd, mean + z * sd, below));
      if (plane.x.contains(study.y)) points.push(svg("circle", { class: "found", cx: plane.x.at(study.y), cy: y, r: Math.min(4, space / 4) }));
      if (plane.x.contains(mean)) points.push(svg("circle", { cx: plane.x.at(mean), cy: below, r: Math.min(4, space / 4) }));
      if (named) names.push(svg("text", { class: "tick", x: 2, y: y + 6 }, study.label.length > letters ? study.label.slice(0, letters - 1) + "…" : study.label));
    });
    const y = plane.y.at(-(k + 0.9)), at = value => round(plane.x.within(value)), { lower, median, upper } = fit.mean;
    lines.push(svg("path", { class: "prediction", d: `M${at(fit.predictive.lower)} ${round(y)}H${at(fit.predictive.upper)}` }),
      svg("path", { class: "diamond", d: `M${at(lower)} ${round(y)}L${at(median)} ${round(y - 7)}L${at(upper)} ${round(y)}L${at(median)} ${round(y + 7)}Z` }));
    if (model.hasNull && plane.x.contains(0)) lines.unshift(svg("path", { class: "null", d: plane.path([[0, 0], [0, -(k + 1.5)]]) }));
    plane.layer("shapes").replaceChildren(...lines);
    plane.layer("points").replaceChildren(...points);
    plane.layer("labels").replaceChildren(...names);
    this.note.textContent = `Open: what a study found, with its ${model.levelText} confidence interval. Filled: its true effect, posterior mean with ${texts.number(z, 2)} standard deviations to each side. Diamond: the mean; bar: a new study.`;
    drawing.set(plane.element, { "aria-label": `Forest plot of ${texts.studies(k)}: ${this.headline.textContent}; ${this.note.textContent}` });
  }
};
