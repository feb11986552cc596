/* The heterogeneity explorer: Q and I² built up review by review, and what they say of how far true effects differ. */
page.explorers.heterogeneity = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    const { k, n, tau, reviews } = model;
    this.state = { k, n, tau };
    this.reviews = new simulation.Reviews(model.seed);
    this.count = reviews;
    this.found = [];
    const { html } = drawing, whole = value => texts.count(value);
    const sliders = this.slide({
      tau: ["τ, standard deviation of true effects (Fisher’s z)", 0, model.mostTau, 0.01, value => texts.number(value, 2)],
      n: ["n, people in each study", 10, model.mostPeople, 10, whole],
      k: ["k, studies of a review", 2, model.mostStudies, 1, whole]
    });
    const more = count => controls.button(`${texts.count(count)} more ${count === 1 ? "review" : "reviews"}`, () => this.act(() => { this.count = Math.min(model.mostReviews, this.count + count); }));
    this.more = [more(1), more(100), more(1000)];
    this.clear = controls.button("Begin again", () => this.act(() => {
      this.count = 1;
      this.found = [];
    }));
    const preset = ({ name, n: people, tau: spread }) => controls.button(`Review ${name}: n = ${texts.count(people)}, τ = ${texts.number(spread)}`, () => this.act(() => {
      Object.assign(this.state, { n: people, tau: spread });
      this.moved();
    }), { title: "Set n and τ to this" });
    this.qs = this.plane(280);
    this.shares = this.plane(280);
    this.bySize = this.plane(280);
    // The last texts below these axes are wide.
    for (const each of [this.shares, this.bySize]) each.margin.right = 22;
    this.spread = this.plane(280);
    this.measured = this.qs;
    this.table = html("table", { class: "comparison" });
    this.element = html("div", { class: "dependence heterogeneity" }, sliders,
      model.presets.length ? html("div", { class: "actions" }, html("span", { class: "note" }, "Reviews to compare:"), ...model.presets.map(preset)) : null, this.verdict, this.formulas,
      html("div", { class: "actions" }, ...this.more, this.clear),
      html("div", { class: "pictures" },
        this.picture("Q of simulated reviews", this.qs, this.key(["held", "a review"], ["correct", "chi-square, as if true effects were equal"], ["stretched", "what Q follows with this τ"], ["floor", "beyond it p < .05"])),
        this.picture("How far true effects differ", this.spread, this.key(["true", "true effects: where a new study lies"], ["found", "what studies of n people find"])),
        this.picture("I² of the same reviews", this.shares, this.key(["held", "a review"], ["floor", "its true value"])),
        this.picture("I² rises with n while τ stays", this.bySize, this.key(["correct", "this τ"]))),
      html("p", { class: "picture-title" }, "The last review drawn"), this.table);
    host.element.append(this.element);
  }

  act(change) {
    change();
    this.update();
    this.say();
  }

  moved() {
    this.found = [];
    this.count = Math.min(this.count, this.model.reviews);
  }

  review(number) {
    const { state, model } = this;
    return this.reviews.review(number, { mean: Math.atanh(model.r), tau: state.tau, variances: this.variances }).effects;
  }

  update() {
    const { state, model, count } = this;
    const at = heterogeneity.expected(state), mean = Math.atanh(model.r), z = statistics.normalQuantile(0.975);
    this.variances = new Array(state.k).fill(at.v);
    while (this.found.length < count) this.found.push(heterogeneity.brief(this.review(this.found.length), this.variances));
    const r = value => texts.number(Math.tanh(value), 2, false);
    const significant = this.found.filter(each => each.q > at.critical).length;
    this.tell(`τ = ${texts.number(state.tau)} in studies of ${texts.count(state.n)} people: I² is ${texts.percent(at.i2, 0)}.`,
      (state.tau === 0 ? `All true effects are r = ${texts.number(model.r, 2, false)}; what differs is chance.`
        : `The true effects of 95 of 100 studies lie from r = ${r(mean - z * state.tau)} to ${r(mean + z * state.tau)}. I² says which share of what differs is not chance; τ says how far true effects differ.`)
      + ` Q has ${texts.together("p < .05")} in ${texts.percent(significant / count, 0)} of ${texts.count(count)} ${count === 1 ? "review" : "reviews"} (expected ${texts.percent(at.power, 0)}).`);
    for (const button of this.more) button.disabled = count >= model.mostReviews;
    this.explain([
      ["I²", `τ² / (τ² + v) = ${texts.percent(at.i2)}`, `v = 1/(n − 3) = ${texts.significant(at.v, 3)}; larger studies make v smaller, and I² larger`],
      ["Q on average", `(k − 1)·(1 + τ²/v) = ${texts.number(at.q, 1)}`, `k − 1 = ${state.k - 1} if true effects are equal`],
      ["95% of true effects", `artanh(r) ± ${texts.number(z)}·τ`, state.tau === 0 ? "no width" : `from r = ${r(mean - z * state.tau)} to ${r(mean + z * state.tau)}; n is not in it`]
    ]);
    this.showQ(at);
    this.showShares(at);
    this.showBySize();
    this.showSpread(at, mean);
    this.showLast();
  }

  showQ(at) {
    const { qs: plane, state, found } = this;
    const { svg } = drawing, { bars, counted } = SliderExplorer, df = state.k - 1, bins = 40;
    const far = statistics.chiSquaredQuantile(0.999, df), maximum = Math.max(far, far * at.stretch, 1.02 * found.at(-1).q);
    const counts = counted(found.map(each => each.q), 0, maximum, bins), step = maximum / bins;
    const expected = stretch => Array.from({ length: 161 }, (_, i) => (i || 0.02) * maximum / 160)
      .map(q => [q, found.length * step * statistics.chiSquaredDensity(q / stretch, df) / stretch]);
    const equal = expected(1), now = expected(at.stretch);
    // With two studies the density has no top.
    const top = 1.1 * Math.max(...counts, Math.min(Math.max(...now.map(([, height]) => height)), 2 * Math.max(...counts)));
    plane.frame(this.width, { minimum: 0, maximum, ticks: drawing.ticks(0, maximum, this.width > 420 ? 8 : 5), title: "Q" }, { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 4), title: "Reviews" });
    const line = (name, points) => svg("path", { class: name, d: SliderExplorer.lineBelow(plane, points, top) });
    plane.layer("shapes").replaceChildren(...bars(plane, 0, maximum, counts, "bar-held"), svg("path", { class: "floor", d: plane.path([[at.critical, 0], [at.critical, top]]) }),
      line("stretched", now), line("correct", equal));
    plane.layer("points").replaceChildren(svg("circle", { class: "correct", cx: plane.x.at(found.at(-1).q), cy: plane.y.at(0), r: 5 }));
    drawing.set(plane.element, { "aria-label": `Histogram of Q of ${found.length} reviews with the chi-square density of ${df} degrees of freedom. The last review has Q = ${texts.number(found.at(-1).q)}.` });
  }

  showShares(at) {
    const { shares: plane, found } = this;
    const { svg } = drawing, { bars, counted } = SliderExplorer;
    const counts = counted(found.map(each => each.i2), 0, 1, 40), top = 1.1 * Math.max(...counts), sorted = found.map(each => each.i2).sort((a, b) => a - b);
    const percent = drawing.ticks(0, 1, 5).map(({ value }) => ({ value, text: texts.percent(value, 0) }));
    plane.frame(this.widthOf(plane), { minimum: 0, maximum: 1, ticks: percent, title: "I²" }, { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 4), title: "Reviews" });
    plane.layer("shapes").replaceChildren(...bars(plane, 0, 1, counts, "bar-held"), svg("path", { class: "floor", d: plane.path([[at.i2, 0], [at.i2, top]]) }));
    plane.layer("points").replaceChildren(svg("circle", { class: "correct", cx: plane.x.at(found.at(-1).i2), cy: plane.y.at(0), r: 5 }));
    const of = share => texts.percent(sorted[Math.round(share * (sorted.length - 1))], 0);
    drawing.set(plane.element, { "aria-label": `Histogram of I² of ${found.length} reviews: from ${of(0.05)} to ${of(0.95)} in the middle 90% of them, truly ${texts.percent(at.i2, 0)}.` });
  }

  showBySize() {
    const { bySize: plane, state, model } = this;
    const { svg } = drawing, width = this.widthOf(plane), sizes = Array.from({ length: model.mostPeople / 10 }, (_, i) => 10 * (i + 1));
    const i2 = n => heterogeneity.expected({ ...state, n }).i2, percent = drawing.ticks(0, 1, 5).map(({ value }) => ({ value, text: texts.percent(value, 0) }));
    plane.frame(width, { minimum: 0, maximum: model.mostPeople, ticks: drawing.ticks(0, model.mostPeople, width > 420 ? 8 : 4).map(({ value }) => ({ value, text: texts.count(value) })), title: "n, people in each study" },
      { minimum: 0, maximum: 1, ticks: percent, title: "I²" });
    plane.layer("shapes").replaceChildren(svg("path", { class: "correct", d: plane.path(sizes.map(n => [n, i2(n)])) }));
    plane.layer("points").replaceChildren(svg("circle", { class: "correct", cx: plane.x.at(state.n), cy: plane.y.at(i2(state.n)), r: 5 }));
    drawing.set(plane.element, { "aria-label": `I² by the size of studies with τ = ${texts.number(state.tau)}: ${[20, 100, 2000].map(n => `${texts.percent(i2(n), 0)} with ${texts.count(n)} people`).join(", ")}.` });
  }

  showSpread({ v }, mean) {
    const { spread: plane, state } = this;
    const { svg } = drawing, width = this.widthOf(plane), [minimum, maximum] = [-1.2, 1.7], steps = 240;
    const x = Array.from({ length: steps + 1 }, (_, i) => minimum + (maximum - minimum) * i / steps);
    plane.frame(width, { minimum, maximum, ticks: SliderExplorer.correlations(minimum, maximum, width - 60), title: "Correlation r" }, { minimum: 0, maximum: 1.08, ticks: [], title: "density" });
    // Each as high as the other, so that only the widths are compared. A point more at the mean, so that a thin one has its top.
    const bell = sd => [...x, mean, mean - sd / 2, mean + sd / 2].sort((a, b) => a - b).map(at => [at, Math.exp(-(((at - mean) / sd) ** 2) / 2)]);
    const closed = points => `${plane.path([[minimum, 0], ...points, [maximum, 0]])}Z`;
    const truth = state.tau === 0 ? svg("path", { class: "true-line", d: plane.path([[mean, 0], [mean, 1]]) }) : svg("path", { class: "true-curve", d: closed(bell(state.tau)) });
    plane.layer("shapes").replaceChildren(truth, svg("path", { class: "found-curve", d: plane.path(bell(Math.sqrt(state.tau ** 2 + v))) }), svg("path", { class: "null", d: plane.path([[0, 0], [0, 1.08]]) }));
    const below = state.tau === 0 ? 0 : statistics.normalCumulative(-mean / state.tau);
    drawing.set(plane.element, { "aria-label": `Distribution of true effects with τ = ${texts.number(state.tau)}, beside that of what studies find, which is ${texts.number(Math.sqrt(state.tau ** 2 + v))} wide. ${texts.percent(below)} of true effects lie below 0.` });
  }

  showLast() {
    const { found, state } = this, now = heterogeneity.full(this.review(found.length - 1), this.variances);
    const r = value => texts.number(Math.tanh(value), 2, false), three = value => texts.significant(value, 3);
    const interval = (text, [lower, upper]) => texts.together(`[${text(lower)}, ${text(upper)}]`), percent = value => texts.percent(value, 0), dash = "–", at = heterogeneity.expected(state);
    SliderExplorer.compare(this.table, "The last review: estimates with 95% intervals beside the true values", ["estimate", "95% interval", "true"], [
      ["Q", `${texts.number(now.q)} (df ${now.qDf}), ${texts.together(texts.probability(now.qP))}`, dash, `${texts.number(at.q, 1)} on average`],
      ["I²", percent(now.i2), interval(percent, now.i2Interval), percent(at.i2)],
      ["τ²", three(now.tau2), interval(three, now.tau2Interval), three(state.tau ** 2)],
      ["mean r", r(now.estimate), interval(r, now.ci), r(Math.atanh(this.model.r))],
      ["a new study", dash, `${interval(r, now.pi)} (prediction)`, interval(r, [-1, 1].map(side => Math.atanh(this.model.r) + side * statistics.normalQuantile(0.975) * state.tau))]
    ]);
  }
};
