/* The meta-analysis explorer: one state, recomputed whole at every change, and the views that show it. */
page.explorers.metaAnalysis = class {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.measure = new texts.Measure(model.measure);
    this.studies = model.studies.map((study, index) => ({ ...study, index, included: true }));
    this.order = this.studies.map(study => study.index);
    this.highlighted = null;
    this.settings = { ...model.settings };
    this.full = statistics.pool(this.effects(), this.variances(), this.settings);
    this.controls = new MetaAnalysisControls(this);
    this.result = new MetaAnalysisResult(this);
    this.forest = new MetaAnalysisForest(this);
    this.funnel = new MetaAnalysisFunnel(this);
    this.baujat = new MetaAnalysisBaujat(this);
    this.table = new MetaAnalysisTable(this);
    this.about = this.result.about;
    this.body = drawing.html("div", { class: "meta-analysis" }, this.controls.element, this.result.element,
      drawing.html("div", { class: "pictures" }, this.forest.element, this.funnel.element, this.baujat.element), this.table.element);
    host.element.append(this.body);
    this.views = [this.controls, this.result, this.forest, this.funnel, this.baujat, this.table];
    this.tell();
  }

  get included() { return this.studies.filter(study => study.included); }

  get isRandom() { return this.settings.method !== "EE"; }

  effects() { return this.included.map(study => study.y); }

  variances() { return this.included.map(study => study.v); }

  /* Everything that follows from the state, then every view. */
  update() {
    const y = this.effects(), v = this.variances();
    this.now = statistics.pool(y, v, this.settings);
    this.estimatedTau2 = this.settings.tau2 === null ? this.now.tau2 : statistics.tauSquared(this.settings.method, y, v);
    const baujat = statistics.baujat(y, v, this.settings, this.now);
    for (const study of this.studies) Object.assign(study, { weight: null, baujat: null });
    this.included.forEach((study, i) => Object.assign(study, { weight: this.now.weights[i], baujat: baujat?.[i] ?? null }));
    for (const view of this.views) view.update();
    this.tell();
  }

  resize(width) {
    this.width = width;
    // Beside a forest plot of few rows two pictures would stand over empty space.
    this.body.dataset.size = width < 560 ? "narrow" : width < 900 ? "middle" : this.studies.length < 10 ? "wide low" : "wide";
    if (!this.now) this.update();
    for (const view of this.views) view.resize?.();
  }

  change(settings, spoken) {
    const next = { ...this.settings, ...settings };
    const fewest = statistics.fewest(next), reason = `This model needs at least ${texts.studies(fewest)}`;
    if (this.studies.length < fewest) {
      this.controls.show();
      this.refuse(reason + ".");
      return;
    }
    const tooFew = this.included.length < fewest;
    const done = this.attempt(() => {
      this.settings = next;
      if (tooFew) this.studies.forEach(study => { study.included = true; });
    });
    if (done && tooFew) this.refuse(reason + ", so all are back.");
    else if (done) this.announce(spoken);
  }

  /* Changes the state and shows what follows. What the numbers do not allow is taken back, and the reader told. */
  attempt(change) {
    const { settings } = this, included = this.studies.map(study => study.included);
    try {
      change();
      this.update();
      return true;
    } catch (error) {
      if (!(error instanceof statistics.Unsolved)) throw error;
      this.settings = settings;
      this.studies.forEach((study, i) => { study.included = included[i]; });
      this.update();
      this.controls.show();
      this.refuse("This cannot be computed, so that nothing has changed. " + error.message);
      return false;
    }
  }

  toggle(study) {
    const fewest = statistics.fewest(this.settings);
    if (study.included && this.included.length <= fewest) {
      this.refuse(`${study.label} stays: this model needs at least ${texts.studies(fewest)}.`);
      return;
    }
    if (this.attempt(() => { study.included = !study.included; })) this.announce(study.label + (study.included ? " is back." : " is left out."));
  }

  includeAll() {
    if (this.attempt(() => this.studies.forEach(study => { study.included = true; }))) this.announce("All studies are back.");
  }

  reset() {
    this.settings = { ...this.model.settings };
    this.controls.show();
    this.includeAll();
  }

  sort(order) {
    this.order = order;
    this.forest.reorder();
    this.table.reorder();
  }

  highlight(study, from) {
    if (study === this.highlighted) return;
    this.highlighted = study;
    for (const view of this.views) view.highlight?.(study, view === from);
    this.tell();
  }

  /* What is known of the study pointed at, or what a reader can do. */
  tell() {
    const study = this.highlighted;
    if (!study) {
      drawing.write(this.about, "Point at a study to find it in every picture. A click, or the space bar on its row, leaves it out and takes it back.");
      return;
    }
    const parts = [`${this.measure.symbol} = ${this.measure.of(study).effect(study.y, study.interval)}`];
    if (study.n !== null) parts.push("n = " + texts.count(study.n));
    parts.push("v = " + texts.significant(study.v, 3));
    if (study.weight !== null) parts.push("weight " + texts.percent(study.weight));
    if (study.baujat) parts.push(`without it ${this.measure.symbol} = ${this.measure.text(study.baujat.without)}`);
    if (!study.included) parts.push("left out");
    this.about.replaceChildren(drawing.html("strong", null, study.label), " " + parts.map(texts.together).join(" · "));
  }

  refuse(reason) {
    drawing.write(this.about, reason);
    this.host.announce(reason);
  }

  announce(first) {
    this.host.announce(`${first} ${this.sentence()}.`.trim());
  }

  /* The model in words: Random effects, REML, Hartung-Knapp. */
  modelName({ method, test, tau2 }) {
    const tests = { z: "z", t: "t", hk: "Hartung-Knapp" };
    return [...method === "EE" ? ["Equal effects"] : ["Random effects", tau2 === null ? method : "τ² by hand"], tests[test]].join(", ");
  }

  /* The same for a row of the forest plot, where there is little room. */
  shortName({ method, test, tau2 }) {
    if (this.width < 560) return method === "EE" ? "Equal effects" : "Random effects";
    const tests = { z: "z", t: "t", hk: "HK" };
    return method === "EE" ? `Equal (${tests[test]})` : `Random (${tau2 === null ? method + ", " + tests[test] : "τ² by hand"})`;
  }

  pooledText() {
    const { measure, now, model } = this;
    return `${measure.symbol} = ${measure.text(now.estimate)}, ${model.level} CI ${measure.interval(now.ci)}`;
  }

  sentence() {
    const { now, measure } = this;
    return `${this.modelName(this.settings)}, ${now.k} of ${texts.studies(this.studies.length)}: ${this.pooledText()}`
      + (now.pi ? `, prediction interval ${measure.interval(now.pi)}` : "") + `, I² = ${texts.percent(now.i2)}`;
  }
};

/* Switches and the slider of tau². */
class MetaAnalysisControls {
  constructor(explorer) {
    this.explorer = explorer;
    const { host, settings } = explorer;
    // The estimator to come back to from equal effects.
    this.estimator = settings.method === "EE" ? "REML" : settings.method;
    this.model = controls.choice({
      name: host.name + "-model", legend: "Model", value: settings.method === "EE" ? "equal" : "random",
      options: [
        { value: "random", text: "Random", title: "Random effects: true effects differ with variance τ²" },
        { value: "equal", text: "Equal", title: "Equal effects: one true effect for all studies" }
      ],
      onChange: value => this.set({ method: value === "equal" ? "EE" : this.estimator, tau2: null })
    });
    this.method = controls.choice({
      name: host.name + "-estimator", legend: "Estimator of τ²", value: this.estimator,
      options: [
        { value: "REML", text: "REML", title: "Restricted maximum likelihood" },
        { value: "PM", text: "PM", title: "Paule and Mandel" },
        { value: "DL", text: "DL", title: "DerSimonian and Laird" }
      ],
      onChange: value => {
        this.estimator = value;
        this.set({ method: value, tau2: null });
      }
    });
    this.test = controls.choice({
      name: host.name + "-test", legend: "Test and intervals", value: settings.test,
      options: [
        { value: "hk", text: "Hartung-Knapp", title: "Hartung and Knapp: t with a scaled standard error" },
        { value: "t", text: "t", title: "Student's t with the usual standard error" },
        { value: "z", text: "z", title: "Normal distribution" }
      ],
      onChange: value => this.set({ test: value })
    });
    this.slider = new controls.Slider({
      label: "τ², the variance of true effects", minimum: 0, maximum: explorer.model.largestTau2, step: explorer.model.largestTau2 / 100,
      page: explorer.model.largestTau2 / 10, value: 0,
      text: value => `τ² = ${texts.significant(value, 3)}, τ = ${texts.significant(Math.sqrt(value), 3)}`,
      onInput: value => explorer.change({ tau2: value }, `τ² set to ${texts.significant(value, 3)}.`)
    });
    this.slider.element.append(drawing.html("p", { class: "note" }, `Shaded: its ${explorer.model.level} interval (Q-profile)`));
    this.back = controls.button("Back to the estimate", () => {
      this.set({ tau2: null });
      // The button cannot be pressed twice; whoever came by keyboard goes on at the slider.
      this.slider.input.focus();
    }, { class: "back" });
    this.reset = controls.button("Reset", () => explorer.reset(), { class: "reset", title: "All studies and the settings of the start" });
    this.element = drawing.html("div", { class: "controls" }, this.model.element, this.method.element, this.test.element,
      drawing.html("div", { class: "tau" }, this.slider.element, this.back), this.reset);
  }

  set(settings) {
    this.explorer.change(settings, "");
    this.show();
  }

  show() {
    const { settings } = this.explorer;
    if (settings.method !== "EE") this.estimator = settings.method;
    this.model.value = settings.method === "EE" ? "equal" : "random";
    this.method.value = this.estimator;
    this.test.value = settings.test;
  }

  resize() { this.slider.resize(); }

  update() {
    const { explorer, slider } = this;
    const { settings, isRandom, now, estimatedTau2 } = explorer;
    this.method.disabled = !isRandom;
    slider.input.disabled = !isRandom;
    this.back.disabled = settings.tau2 === null;
    slider.maximum = Math.max(explorer.model.largestTau2, estimatedTau2 * 1.25);
    slider.value = now.tau2;
    const marks = [];
    if (isRandom && now.k > 1) {
      const [value, to] = statistics.tauSquaredInterval(explorer.effects(), explorer.variances(), settings.level);
      marks.push({ value, to });
    }
    if (isRandom) marks.push({ value: estimatedTau2, text: "estimate " + texts.significant(estimatedTau2, 3) });
    slider.mark(marks);
  }
}

/* The result in large, and beside that of the start. */
class MetaAnalysisResult {
  constructor(explorer) {
    this.explorer = explorer;
    const { html } = drawing;
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    const names = [`${explorer.measure.symbol} (pooled)`, `${explorer.model.level} CI`, `${explorer.model.level} prediction interval`, "τ²", "I²", "Q", "k"];
    this.cells = names.map(() => ["now", "full model", "change"].map(() => html("td")));
    const rows = names.map((name, i) => html("tr", null, html("th", { scope: "row" }, name), ...this.cells[i]));
    // What is known of the study pointed at.
    this.about = html("p", { class: "about" });
    this.element = html("div", { class: "result" }, html("div", null, this.headline, this.under), html("table", { class: "comparison" },
      html("thead", null, html("tr", null, ...["", "now", "full model", "change"].map(text => text ? html("th", { scope: "col" }, text) : html("td")))), html("tbody", null, ...rows)), this.about);
  }

  update() {
    const { explorer } = this;
    const { now, full, measure, studies, model } = explorer;
    // What has no value that means no effect is tested against none.
    drawing.write(this.headline, explorer.pooledText() + (model.axis.nullValue === null ? "" : `, ${texts.together(texts.probability(now.p))}`));
    const left = studies.length - now.k;
    drawing.write(this.under, `${explorer.modelName(explorer.settings)}; ${left === 0 ? "all " + texts.studies(now.k)
      : `${now.k} of ${texts.studies(studies.length)}, ${left} left out`}. Full model: ${explorer.modelName(model.settings)}, all studies.${MetaAnalysisResult.onTau2(explorer.settings)}`);

    const width = ([lower, upper]) => measure.toDisplay(upper) - measure.toDisplay(lower);
    const dash = "–";
    const moved = text => /[1-9]/.test(text) ? text : dash;
    const wider = (a, b) => {
      if (!a || !b || measure.isRatio) return "";
      const by = width(a) - width(b), text = measure.toText(Math.abs(by), 1);
      return /[1-9]/.test(text) ? text + (by > 0 ? " wider" : " narrower") : dash;
    };
    [
      [measure.text(now.estimate), measure.text(full.estimate), moved(measure.change(full.estimate, now.estimate))],
      [measure.interval(now.ci), measure.interval(full.ci), wider(now.ci, full.ci)],
      [now.pi ? measure.interval(now.pi) : dash, full.pi ? measure.interval(full.pi) : dash, wider(now.pi, full.pi)],
      [now.pi ? texts.significant(now.tau2, 3) : dash, full.pi ? texts.significant(full.tau2, 3) : dash,
        now.pi && full.pi ? moved(texts.signed(now.tau2 - full.tau2, model.tau2Digits)) : ""],
      [texts.percent(now.i2), texts.percent(full.i2), moved(texts.signed(100 * (now.i2 - full.i2), 1) + "\u00a0points")],
      [MetaAnalysisResult.q(now), MetaAnalysisResult.q(full), moved(texts.signed(now.q - full.q, 2))],
      [texts.count(now.k), texts.count(full.k), moved(texts.signed(now.k - full.k, 0))]
    ].forEach((row, i) => row.forEach((text, j) => drawing.write(this.cells[i][j], text.replace(",\u00a0", ", "))));
  }

  /* Its standard error comes from how far apart the effects lie, so that a reader who moves the slider sees little happen. */
  static onTau2({ tau2, test }) {
    return tau2 === null || test !== "hk" ? "" : " Under Hartung-Knapp τ² by hand moves the weights and the prediction interval, but hardly the confidence interval, "
      + "whose width comes from how far apart the effects lie; with t or z it follows τ².";
  }

  static q(result) { return texts.together(`${texts.number(result.q)} (df ${result.qDf})`) + ", " + texts.together(texts.probability(result.qP)); }
}
