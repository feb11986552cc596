/* The dependence explorer: how much less several effects of one sample say than as many independent ones. */
page.explorers.dependence = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    const { rho, m, samples, n, tau } = model;
    this.state = { rho, m, samples, n, tau };
    const whole = value => texts.count(value), two = value => texts.number(value, 2, false);
    const sliders = this.slide({
      rho: ["ρ, correlation of errors within a sample", 0, 1, 0.01, two],
      m: ["m, effects per sample", 1, model.mostEffects, 1, whole],
      samples: ["S, samples", 2, model.mostSamples, 1, whole],
      n: ["n, people in each sample", 10, 400, 10, whole],
      tau: ["τ, standard deviation of true effects", 0, 0.5, 0.01, value => texts.number(value, 2)]
    });
    this.measured = this.effects = this.plane(380, 40);
    this.curves = this.plane(300, 52);
    this.note = drawing.html("p", { class: "note" });
    this.element = drawing.html("div", { class: "dependence" }, sliders, this.verdict, this.formulas,
      drawing.html("div", { class: "pictures" },
        this.picture("Effects of one sample move together", this.effects, this.note),
        this.picture("More effects of the same samples help less and less", this.curves,
          this.key(["correct", "correct"], ["naive", "naive"], ["floor", "what no number of effects per sample gets below"]))));
    host.element.append(this.element);
  }

  /* Standard errors, the same as the C# model's. */
  static errors({ rho, m, samples, n, tau }) {
    const v = 1 / (n - 3), between = tau * tau;
    const naive = Math.sqrt((between + v) / (samples * m));
    const correct = Math.sqrt((between + v * (1 + (m - 1) * rho) / m) / samples);
    const ratio = correct / naive;
    return {
      v, naive, correct, ratio,
      floor: Math.sqrt((between + v * rho) / samples),
      icc: (between + rho * v) / (between + v),
      effective: samples * m / (ratio * ratio),
      coverage: 1 - statistics.normalTwoSided(statistics.normalQuantile(0.975) / ratio)
    };
  }

  /* What makes effects of one sample alike: its true effect, whatever rho is, and what their errors share. */
  static shared({ rho, m, tau }, v) {
    if (m === 1) return "With one effect per sample there is nothing to share.";
    const effect = `its true effect (variance τ² = ${texts.significant(tau * tau, 3)})`, errors = `a part of their errors (ρ·v = ${texts.significant(rho * v, 3)})`;
    if (rho === 0 && tau === 0) return "Effects of one sample share neither true effect nor errors.";
    if (rho === 0) return `Their errors do not correlate, but effects of one sample still share ${effect}.`;
    return tau === 0 ? `Effects of one sample share ${errors}.` : `Effects of one sample share ${effect} and ${errors}.`;
  }

  update() {
    const { state } = this;
    const errors = this.constructor.errors(state);
    const se = value => texts.significant(value, 3);
    this.tell(errors.ratio > 1.005
      ? `The naive standard error is ${texts.number(errors.ratio)} times too small: ${se(errors.naive)} instead of ${se(errors.correct)}.`
      : `Nothing depends here: both standard errors are ${se(errors.correct)}.`,
      `${texts.count(state.samples * state.m)} effects are worth ${texts.number(errors.effective, 1)} independent ones. `
        + `The naive 95% interval holds the true mean in ${texts.percent(errors.coverage)} of cases. ${this.constructor.shared(state, errors.v)}`);
    this.showFormulas(errors, se);
    this.showEffects(errors);
    this.showCurves(errors);
  }

  showFormulas({ v, naive, correct, ratio, icc }, se) {
    const two = value => texts.number(value, 2, false);
    const { samples, m } = this.state;
    this.explain([
      ["Naive, as if all were independent", `√((τ² + v) / (S·m)) = ${se(naive)}`, `v = 1/(n − 3) = ${se(v)}; S·m = ${samples * m}`],
      ["Correct", `√((τ² + v·(1 + (m − 1)·ρ) / m) / S) = ${se(correct)}`, "within a sample only the part of the errors that differs averages out, its true effect never does"],
      ["Ratio", `√(1 + (m − 1)·ICC) = ${texts.number(ratio)}`, `ICC = (τ² + ρ·v) / (τ² + v) = ${two(icc)}`]
    ]);
  }

  /* One row a sample: its effects, drawn from numbers that stay the same, and their mean; below, both intervals of the mean of all. */
  showEffects({ v, naive, correct }) {
    const { effects: plane, model, state } = this;
    const { svg, round } = drawing;
    const { samples, m, rho, tau } = state;
    const sd = Math.sqrt(v), z = statistics.normalQuantile(0.975);
    const rows = model.draws.slice(0, samples).map(([u, shared, ...own]) =>
      own.slice(0, m).map(e => model.mean + tau * u + sd * (Math.sqrt(rho) * shared + Math.sqrt(1 - rho) * e)));
    const means = rows.map(row => row.reduce((sum, y) => sum + y, 0) / m);
    const mean = means.reduce((sum, y) => sum + y, 0) / samples;
    const all = rows.flat(), reach = Math.max(...all.map(y => Math.abs(y - model.mean)), z * correct * 1.1) * 1.06;
    const space = Math.min(22, 330 / (samples + 3));
    plane.height = Math.round(Math.max(190, space * (samples + 3) + 52));
    const last = samples + 2.6;
    plane.frame(this.width, { minimum: model.mean - reach, maximum: model.mean + reach, ticks: drawing.ticks(model.mean - reach, model.mean + reach, this.width > 420 ? 8 : 5), title: "Effect, Fisher’s z" },
      { minimum: -last, maximum: 0, ticks: [], title: "Samples" });
    const radius = Math.min(4, space / 2.6);
    const marks = rows.flatMap((row, s) => {
      const y = plane.y.at(-(s + 0.6));
      return [
        svg("path", { class: "together", d: `M${round(plane.x.at(Math.min(...row)))} ${round(y)}H${round(plane.x.at(Math.max(...row)))}` }),
        ...row.map(effect => svg("circle", { class: "study", cx: plane.x.at(effect), cy: y, r: radius })),
        svg("path", { class: "mean", d: `M${round(plane.x.at(means[s]))} ${round(y - radius - 2)}V${round(y + radius + 2)}` })
      ];
    });
    const interval = (name, half, row) => {
      const y = plane.y.at(-(samples + row));
      return [
        svg("path", { class: name, d: `M${round(plane.x.within(mean - z * half))} ${round(y)}H${round(plane.x.within(mean + z * half))}m0 -4v8M${round(plane.x.within(mean - z * half))} ${round(y - 4)}v8` }),
        svg("circle", { class: name, cx: plane.x.at(mean), cy: y, r: 3.5 })
      ];
    };
    plane.layer("shapes").replaceChildren(svg("path", { class: "null", d: plane.path([[model.mean, 0], [model.mean, -last]]) }));
    plane.layer("points").replaceChildren(...marks, ...interval("correct", correct, 1), ...interval("naive", naive, 1.9));
    const text = `Each row is a sample with its ${m === 1 ? "effect" : texts.count(m) + " effects"}. Below: the mean of all with its correct and its naive 95% interval. The upright line is the true mean, 0.3.`;
    this.note.textContent = text;
    drawing.set(plane.element, { "aria-label": text });
  }

  showCurves({ floor, naive, correct }) {
    const { curves: plane, model, state } = this;
    const { svg } = drawing;
    const numbers = Array.from({ length: model.mostEffects }, (_, i) => i + 1);
    const at = numbers.map(m => this.constructor.errors({ ...state, m }));
    const top = at[0].correct * 1.12;
    plane.frame(this.width, { minimum: 0.7, maximum: model.mostEffects + 0.3, ticks: numbers.map(value => ({ value, text: String(value) })), title: "Effects per sample m" },
      { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 5), title: "Standard error" });
    const line = (name, of) => svg("path", { class: name, d: plane.path(numbers.map((m, i) => [m, of(at[i])])) });
    const now = [state.m, correct];
    plane.layer("shapes").replaceChildren(
      svg("path", { class: "floor", d: plane.path([[0.7, floor], [model.mostEffects + 0.3, floor]]) }),
      line("naive", each => each.naive), line("correct", each => each.correct),
      svg("path", { class: "gap", d: plane.path([now, [state.m, naive]]) }));
    plane.layer("points").replaceChildren(
      svg("circle", { class: "naive", cx: plane.x.at(state.m), cy: plane.y.at(naive), r: 5 }), svg("circle", { class: "correct", cx: plane.x.at(state.m), cy: plane.y.at(correct), r: 5 }));
    drawing.set(plane.element, {
      "aria-label": `Standard error by effects per sample. With ${state.m}: correct ${texts.significant(correct, 3)}, naive ${texts.significant(naive, 3)}; the correct one does not fall below ${texts.significant(floor, 3)}.`
    });
  }
};
