/* The sampling explorer: studies drawn around a true mean, both models, shrinkage, and how often intervals hold the truth. */
page.explorers.sampling = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    const { r, tau, k, n, large, reviews } = model;
    this.state = { r, tau, k, n, large };
    this.reviews = new simulation.Reviews(model.seed);
    this.number = 0;
    this.drawn = k;
    this.repeats = reviews;
    this.found = [];
    const { html } = drawing, whole = value => texts.count(value);
    const sliders = this.slide({
      r: ["r, true mean correlation", 0, 0.6, 0.01, value => texts.number(value, 2, false)],
      tau: ["τ, standard deviation of true effects (Fisher’s z)", 0, 0.5, 0.01, value => texts.number(value, 2)],
      k: ["k, studies of a review", 2, model.mostStudies, 1, whole],
      n: ["n, people in each study", 10, 400, 10, whole]
    });
    this.sizes = controls.choice({
      name: host.name + "-sizes", legend: "Sizes of studies", value: large ? "one" : "alike",
      options: [{ value: "alike", text: "all of n", title: "all studies of n people" }, { value: "one", text: `one of ${texts.count(model.largest)}`, title: `one study of ${texts.count(model.largest)} people, the others of n` }],
      onChange: value => this.act(() => { this.state.large = value === "one"; }, true)
    });
    this.one = controls.button("Draw one more study", () => this.act(() => { this.drawn++; }));
    this.all = controls.button("Draw all", () => this.act(() => { this.drawn = this.state.k; }));
    const fresh = controls.button("New review", () => this.act(() => { this.begin(this.state.k); }));
    const stepwise = controls.button("New review, study by study", () => this.act(() => { this.begin(1); }));
    const puzzle = controls.button(`Puzzle: one study of ${texts.count(model.largest)} and nineteen of 50`, () => this.act(() => {
      Object.assign(this.state, { k: 20, n: 50, large: true });
      this.drawn = 20;
    }, true));
    const more = count => controls.button(`${texts.count(count)} more reviews`, () => this.act(() => { this.repeats = Math.min(model.mostReviews, this.repeats + count); }));
    this.more = [more(100), more(1000)];
    this.forest = this.plane(360, 74);
    this.measured = this.forest;
    this.histogram = this.plane(260, 44);
    this.note = html("p", { class: "note" });
    this.table = html("table", { class: "comparison" });
    this.element = html("div", { class: "dependence sampling" }, sliders, html("div", { class: "actions" }, this.sizes.element, puzzle),
      html("div", { class: "actions" }, this.one, this.all, fresh, stepwise), this.verdict,
      html("div", { class: "pictures" },
        this.picture("One review", this.forest, this.key(["truth", "true effect"], ["observed", "found, with its 95% interval"], ["blup", "drawn to the mean"], ["floor", "true mean"]), this.note),
        html("div", null, this.picture("Many such reviews: where random effects put the mean", this.histogram,
          this.key(["held", "interval holds the true mean"], ["missed", "interval misses it (Hartung-Knapp)"], ["equal", "equal effects"])),
        html("div", { class: "actions" }, ...this.more), this.table)));
    host.element.append(this.element);
  }

  get mean() { return Math.atanh(this.state.r); }

  begin(drawn) {
    this.number = (this.number + 1) % this.model.mostReviews;
    this.drawn = drawn;
  }

  /* A press of a button. Another design begins its own count of reviews. */
  act(change, isOther = false) {
    change();
    if (isOther) this.moved();
    this.update();
    this.say();
  }

  moved(name) {
    if (name === "k") this.drawn = this.state.k;
    this.found = [];
    // As many reviews as can follow a slider.
    this.repeats = Math.min(this.repeats, this.model.reviews);
  }

  update() {
    const { state, model, mean } = this, { tau } = state;
    this.variances = sampling.variances(state, model.largest);
    this.found.push(...sampling.repeat(this.reviews, this.found.length, this.repeats, mean, tau, this.variances));
    const { truths, effects } = this.reviews.review(this.number, { mean, tau, variances: this.variances });
    const v = this.variances.slice(0, this.drawn), y = effects.slice(0, this.drawn);
    this.now = { truths: truths.slice(0, this.drawn), y, v, ...sampling.analyse(y, v) };
    const { equal, random } = this.now;
    const said = fit => `r = ${this.constructor.r(fit.estimate)} ${this.constructor.interval(fit.ci)}`;
    const found = random === null ? `One study: ${said(equal)}.` : `Random effects: ${said(random)}. Equal effects: ${said(equal)}.`;
    this.tell(`${found} The true mean is ${this.constructor.r(mean)}.`, this.words());
    this.sizes.value = state.large ? "one" : "alike";
    this.one.disabled = this.all.disabled = this.drawn >= state.k;
    for (const button of this.more) button.disabled = this.repeats >= model.mostReviews;
    this.showForest();
    this.showRepeats();
  }

  static r(z) { return texts.number(Math.tanh(z), 2, false); }

  static interval([lower, upper]) { return texts.together(`[${this.r(lower)}, ${this.r(upper)}]`); }

  /* What the models do with the studies: weights, and how far studies are drawn to the mean. */
  words() {
    const { state, model, drawn, now: { equal, random, v } } = this;
    const drawnText = `${texts.count(drawn)} of ${texts.studies(state.k)} drawn.`;
    if (random === null) return drawnText + " With one study nothing can be said of how true effects differ.";
    const pull = i => texts.percent(v[i] / (v[i] + random.tau2), 0);
    const tau = `τ is estimated as ${texts.number(Math.sqrt(random.tau2))}, and is ${texts.number(state.tau)}.`;
    return state.large && drawn > 1
      ? `${drawnText} The study of ${texts.count(model.largest)} has ${texts.percent(equal.weights[0], 0)} of the weight under equal effects and ${texts.percent(random.weights[0], 0)} under random effects. ${tau} Its own effect is drawn ${pull(0)} of the way to the mean, those of the others ${pull(1)}.`
      : `${drawnText} ${tau} Each study is drawn ${pull(0)} of the way to the mean.`;
  }

  showForest() {
    const { forest: plane, state, mean, drawn, now } = this;
    const { svg, round } = drawing;
    // As wide as the design needs, whatever this review drew.
    const rows = state.k + 3.4, space = Math.min(22, 420 / rows), reach = Math.max(0.6, 2.4 * state.tau + 3.2 / Math.sqrt(state.n - 3));
    plane.margin.left = this.width > 420 ? 110 : 66;
    plane.height = Math.round(space * rows + 52);
    const [minimum, maximum] = [mean - reach, mean + reach];
    plane.frame(this.width, { minimum, maximum, ticks: SliderExplorer.correlations(minimum, maximum, this.width - plane.margin.left), title: "Correlation r" }, { minimum: -rows, maximum: 0, ticks: [], title: "" });
    const z = statistics.normalQuantile(0.975), shapes = [], points = [], names = [];
    const name = (text, y) => names.push(svg("text", { class: "tick", x: plane.margin.left - 8, y: y + 4, "text-anchor": "end" }, text));
    now.y.forEach((effect, i) => {
      const y = plane.y.at(-(i + 0.7)), half = z * Math.sqrt(now.v[i]), size = Math.min(4, space / 3);
      shapes.push(svg("path", { class: "found-line", d: drawing.span(plane.x, [effect - half, effect + half], y) }));
      if (plane.x.contains(effect)) points.push(svg("circle", { class: "observed", cx: plane.x.at(effect), cy: y, r: size }));
      if (plane.x.contains(now.truths[i])) points.push(svg("path", { class: "truth", d: `M${round(plane.x.at(now.truths[i]))} ${round(y - Math.max(3, space * 0.38))}v${round(Math.max(6, space * 0.76))}` }));
      if (now.blups && plane.x.contains(now.blups[i])) points.push(svg("rect", { class: "blup", x: plane.x.at(now.blups[i]) - size * 0.8, y: y - size * 0.8, width: size * 1.6, height: size * 1.6 }));
      const people = Math.round(1 / now.v[i]) + 3;
      if (space >= 12 || i === 0 && state.large) name("n = " + texts.count(people), y);
    });
    const diamond = (fit, css, text, row) => {
      const y = plane.y.at(-(state.k + row));
      shapes.push(svg("path", { class: css, d: drawing.diamond(plane.x, fit.ci, fit.estimate, y, Math.min(7, space * 0.45)) }));
      name(text, y);
    };
    shapes.unshift(svg("path", { class: "limits", d: plane.path([[mean, 0], [mean, -rows]]) }));
    diamond(now.equal, "diamond equal", this.width > 420 ? "Equal effects" : "Equal", 1.2);
    if (now.random) diamond(now.random, "diamond", this.width > 420 ? "Random effects" : "Random", 2.5);
    plane.layer("shapes").replaceChildren(...shapes);
    plane.layer("points").replaceChildren(...points);
    plane.layer("labels").replaceChildren(...names);
    drawing.write(this.note, drawn < state.k ? `${texts.count(state.k - drawn)} more to come.` : "Diamonds: the pooled means with their 95% intervals, by z under equal effects, by Hartung and Knapp under random effects.");
    drawing.set(plane.element, { "aria-label": `Review of ${drawn} simulated studies. ${this.headline.textContent}` });
  }

  showRepeats() {
    const { histogram: plane, found, mean } = this;
    const { svg } = drawing, { bars, counted, correlations } = SliderExplorer, width = this.widthOf(plane);
    const reach = Math.max(0.05, ...found.map(each => Math.abs(each.random - mean)), ...found.map(each => Math.abs(each.equal - mean))) * 1.02;
    const [minimum, maximum] = [mean - reach, mean + reach], bins = 31;
    const held = counted(found.filter(each => each.holds[2]).map(each => each.random), minimum, maximum, bins);
    const missed = counted(found.filter(each => !each.holds[2]).map(each => each.random), minimum, maximum, bins);
    const equal = counted(found.map(each => each.equal), minimum, maximum, bins);
    const top = 1.08 * Math.max(...equal, ...held.map((count, i) => count + missed[i]));
    const narrow = correlations(minimum, maximum, width), ticks = narrow.length > 2 ? narrow
      : drawing.ticks(Math.tanh(minimum), Math.tanh(maximum), 5, false).map(({ value, text }) => ({ value: Math.atanh(value), text }));
    plane.frame(width, { minimum, maximum, ticks, title: "Pooled correlation r" }, { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 4), title: "Reviews" });
    const step = (maximum - minimum) / bins;
    plane.layer("shapes").replaceChildren(...bars(plane, minimum, maximum, held, "bar-held"), ...bars(plane, minimum, maximum, missed, "bar-missed", held),
      svg("path", { class: "equal-line", d: plane.path(equal.flatMap((count, i) => [[minimum + i * step, count], [minimum + (i + 1) * step, count]])) }),
      svg("path", { class: "limits", d: plane.path([[mean, 0], [mean, top]]) }));
    const names = ["Equal effects, z", "Random effects, z", "Random effects, Hartung-Knapp"];
    const rows = names.map((name, i) => {
      const { share, lower, upper } = simulation.share(found.filter(each => each.holds[i]).length, found.length);
      return [name, texts.percent(share), texts.together(`[${texts.percent(lower)}, ${texts.percent(upper)}]`), texts.number(found.reduce((sum, each) => sum + each.widths[i], 0) / found.length)];
    });
    SliderExplorer.compare(this.table, `How often the 95% interval held the true mean in ${found.length} reviews`, [`held the true mean, of ${texts.count(found.length)}`, "95% interval of that share", "mean width (z)"], rows);
    drawing.set(plane.element, { "aria-label": `Histogram of ${found.length} pooled means. ${rows.map(([name, share]) => `${name}: ${share} of intervals hold the true mean`).join("; ")}.` });
  }
};
