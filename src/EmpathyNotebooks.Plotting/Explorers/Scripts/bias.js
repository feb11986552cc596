/* The publication-bias machine: what is lost, what the rest says, and what corrections make of it. */
page.explorers.bias = class {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.state = { ...model.start };
    this.seed = model.seed;
    this.token = 0;
    const { html } = drawing, { percent, count, number } = texts;
    const share = value => percent(value, 0);
    this.sliders = {
      positive: this.slider("positive", "published if positive, not significant", 0, 1, 0.05, share),
      negative: this.slider("negative", "published if of the wrong sign", 0, 1, 0.05, share),
      r: this.slider("r", "r, true mean correlation", 0, 0.6, 0.01, value => number(value, 2, false)),
      tau: this.slider("tau", "τ, standard deviation of true effects (Fisher’s z)", 0, 0.4, 0.01, value => number(value, 2)),
      k: this.slider("k", "k, studies done", 10, 200, 5, count),
      n: this.slider("n", "n, people in the middle study", 20, 300, 10, count),
      spread: this.slider("spread", "how much n differs (standard deviation of ln n)", 0, 1.2, 0.1, value => number(value, 1))
    };
    this.again = controls.button("Draw another literature", () => this.set(() => { this.seed = (this.seed + 1) % 2147483647; }));
    this.many = controls.button(`Run ${count(model.runs)} literatures`, () => this.running ? this.stop() : this.run());
    this.back = controls.button("Back to the start", () => this.set(() => {
      this.state = { ...model.start };
      this.seed = model.seed;
    }));
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    this.funnel = new drawing.Plane({ margin: { left: 48, right: 14, top: 10, bottom: 40 }, height: 360 });
    this.means = new drawing.Plane({ margin: { left: 48, right: 14, top: 10, bottom: 40 }, height: 360 });
    this.progress = html("p", { class: "note" });
    this.table = html("table", { class: "adjusted" });
    const picture = (title, plane, ...more) => html("div", { class: "picture" }, html("p", { class: "picture-title" }, title), plane.element, ...more);
    const key = (...parts) => html("p", { class: "key" }, ...parts.flatMap(([name, text]) => [html("span", { class: name }, text), " "]));
    this.element = html("div", { class: "bias" },
      html("div", { class: "sliders" }, ...Object.values(this.sliders).map(slider => slider.element)),
      html("div", { class: "choices" }, this.again, this.many, this.back),
      html("div", { class: "verdict" }, this.headline, this.under),
      html("div", { class: "pictures" },
        picture("The funnel, with what nobody sees", this.funnel, key(["key-dot", "published"], ["key-hollow", "lost"], ["key-truth", "truth"], ["key-seen", "mean as published"], ["key-region", "significant"])),
        picture("Corrections beside the truth", this.means, key(["key-dot", "this literature, with its 95% interval"], ["key-truth", "truth"], ["key-band", "90% of the run"], ["key-mean", "mean of the run"]), this.progress)),
      html("div", { class: "table-box" }, this.table));
    host.element.append(this.element);
    this.clear();
  }

  slider(name, label, minimum, maximum, step, text) {
    return new controls.Slider({
      label, minimum, maximum, step, page: (name === "k" || name === "n" ? 4 : 5) * step, value: this.state[name], text, snap: true, onInput: value => this.set(() => { this.state[name] = value; })
    });
  }

  set(change) {
    change();
    this.clear();
    this.update();
    this.host.announce(this.headline.textContent + " " + this.under.textContent);
  }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.width = Math.floor(this.funnel.element.parentElement.clientWidth);
    this.update();
  }

  /* Literature 0 is the one that is shown; a run draws the others. */
  draw(number) {
    const studies = bias.literature(this.state, this.seed, number), published = studies.filter(study => study.isPublished);
    return { studies, published, y: published.map(study => study.y), v: published.map(study => study.v) };
  }

  compute() {
    const key = JSON.stringify([this.seed, this.state]);
    if (this.shown?.key === key) return this.shown;
    const drawn = this.draw(0);
    const all = bias.random(drawn.studies.map(study => study.y), drawn.studies.map(study => study.v));
    return this.shown = { key, ...drawn, all, estimates: bias.estimates(drawn.y, drawn.v) };
  }

  update() {
    const { state, sliders } = this, { studies, published, estimates, all } = this.compute(), r = this.constructor.r, { count, percent } = texts;
    for (const [name, slider] of Object.entries(sliders)) slider.value = state[name];
    const [first] = estimates, share = list => list.filter(study => study.kind === "significant").length / list.length;
    this.headline.textContent = first.estimate === null
      ? `${count(published.length)} of ${count(studies.length)} studies are published: too few for a mean.`
      : `${count(published.length)} of ${count(studies.length)} studies are published. They say r = ${r(first.estimate)}; the truth is ${texts.number(state.r, 2, false)}.`;
    this.under.textContent = (published.length ? `Significant and positive: ${percent(share(studies), 0)} of the studies done, ${percent(share(published), 0)} of those published. ` : "")
      + `All studies, the lost ones too, would say r = ${r(all.estimate)} [${r(all.interval[0])}, ${r(all.interval[1])}].`;
    this.showFunnel();
    this.showMeans();
    this.showTable();
  }

  static r(z) { return texts.number(Math.tanh(z), 2, false); }

  showFunnel() {
    const { funnel: plane, width, state } = this, { studies, published, estimates } = this.compute(), { svg, round } = drawing;
    const largest = 1.06 * Math.max(...studies.map(study => Math.sqrt(study.v))), z = 1.959963984540054;
    const low = Math.min(-0.2, ...studies.map(study => study.y)), high = Math.max(0.2, ...studies.map(study => study.y)), room = 0.05 * (high - low);
    const ticks = [-0.9, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95].map(value => ({ value: Math.atanh(value), text: value === 0 ? "0" : texts.number(value, value === 0.95 ? 2 : 1, false) }));
    const bottom = drawing.ticks(0, largest, 5, false);
    plane.frame(width, { minimum: low - room, maximum: high + room, ticks: ticks.filter(tick => tick.value >= low - room && tick.value <= high + room), title: "Correlation r" },
      { minimum: largest, maximum: 0, ticks: bottom, title: "standard error" });
    const x = value => round(plane.x.within(value)), y = value => round(plane.y.at(value));
    const seen = estimates[0].estimate, vertical = (name, at) => svg("line", { class: name, x1: plane.x.within(at), x2: plane.x.within(at), y1: plane.y.at(0), y2: plane.y.at(largest) });
    const edge = Math.min(largest, (high + room) / z);
    plane.layer("shapes").replaceChildren(
      svg("path", { class: "significant-region", d: `M${x(0)} ${y(0)}L${x(z * edge)} ${y(edge)}L${x(high + room)} ${y(edge)}V${y(0)}Z` }),
      vertical("null", 0), vertical("truth-line", Math.atanh(state.r)), ...(seen === null ? [] : [vertical("seen-line", seen)]));
    const dot = study => svg("circle", { class: study.isPublished ? null : "lost", cx: plane.x.at(study.y), cy: plane.y.at(Math.sqrt(study.v)), r: studies.length > 100 ? 3 : 4 });
    plane.layer("points").replaceChildren(...studies.filter(study => !study.isPublished).map(dot), ...published.map(dot));
    const lost = kind => studies.filter(study => study.kind === kind && !study.isPublished).length;
    drawing.set(plane.element, {
      "aria-label": `Funnel plot of ${texts.count(studies.length)} studies, ${texts.count(published.length)} published. Lost: ${texts.count(lost("positive"))} positive but not significant, ${texts.count(lost("negative"))} of the wrong sign. Where it is shaded results are significant.`
    });
  }

  /* What the run has found of a method so far, on the scale of r. */
  summary(place) {
    const found = this.found[place], { r } = this.state;
    if (!found?.length) return null;
    const sorted = [...found].sort((a, b) => a - b), at = p => sorted[Math.round(p * (sorted.length - 1))];
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
    return { bias: mean - r, rmse: Math.sqrt(found.reduce((sum, each) => sum + (each - r) * (each - r), 0) / found.length), mean, low: at(0.05), high: at(0.95), without: this.done - found.length };
  }

  showMeans() {
    const { means: plane, width, state } = this, { estimates } = this.compute(), { svg } = drawing, { methods } = bias;
    const ends = estimates.filter(each => each.estimate !== null).flatMap(each => [each.estimate, ...each.interval].map(Math.tanh)).filter(value => Math.abs(value) < 0.95);
    const minimum = Math.max(-1, Math.floor(5 * Math.min(-0.1, state.r, ...ends)) / 5), maximum = Math.min(1, Math.ceil(5 * Math.max(0.3, state.r, ...ends)) / 5);
    const row = i => methods.length - i - 0.5;
    plane.frame(width, { minimum, maximum, ticks: drawing.ticks(minimum, maximum, width > 420 ? 7 : 4, false), title: "Mean correlation r" },
      { minimum: 0, maximum: methods.length, ticks: methods.map(({ name }, i) => ({ value: row(i), text: name })), title: "" });
    const within = value => plane.x.within(value), shapes = [], points = [];
    estimates.forEach(({ estimate, interval }, i) => {
      const y = plane.y.at(row(i)), run = this.summary(i);
      if (run) {
        shapes.push(svg("rect", { class: "run-band", x: within(run.low), y: y - 8, width: Math.max(1, within(run.high) - within(run.low)), height: 16 }),
          svg("line", { class: "run-mean", x1: within(run.mean), x2: within(run.mean), y1: y - 8, y2: y + 8 }));
      }
      if (estimate === null) points.push(svg("text", { class: "tick", x: within(maximum) - 4, y: y + 4, "text-anchor": "end" }, "none"));
      else {
        const [from, to, at] = [...interval, estimate].map(Math.tanh);
        points.push(svg("line", { class: "interval", x1: within(from), x2: within(to), y1: y, y2: y }));
        if (at >= minimum && at <= maximum) points.push(svg("circle", { cx: within(at), cy: y, r: 4.5 }));
      }
    });
    const x = plane.x.at(state.r), line = (name, at) => svg("line", { class: name, x1: at, x2: at, y1: plane.y.at(methods.length), y2: plane.y.at(0) });
    plane.layer("shapes").replaceChildren(...shapes, line("null", plane.x.at(0)), line("truth-line", x));
    plane.layer("points").replaceChildren(...points);
    drawing.set(plane.element, { "aria-label": `Means by ${methods.length} methods beside the truth, r = ${texts.number(state.r, 2, false)}; the table below has their numbers.` });
  }

  showTable() {
    const { html } = drawing, { r } = this.constructor, { estimates } = this.compute(), signed = value => texts.signed(value, 3, false) || ".000";
    const ran = this.done > 0;
    const head = html("thead", null, html("tr", null, ...["Method", "This literature", ...(ran ? ["Bias", "RMSE", "None"] : [])].map(text => html("th", { scope: "col" }, text))));
    const rows = estimates.map((each, i) => {
      const run = this.summary(i);
      const here = each.estimate === null ? "–" : texts.together(`${r(each.estimate)} [${each.interval.map(limit => Number.isFinite(limit) ? r(limit) : texts.number(limit)).join(", ")}]`);
      const cells = [here, ...(ran ? [run ? signed(run.bias) : "–", run ? texts.number(run.rmse, 3, false) : "–", texts.count(run ? run.without : this.done)] : [])], note = each.note ?? each.why;
      return html("tr", null, html("th", { scope: "row" }, bias.methods[i].name, note ? html("span", { class: "note" }, note) : ""), ...cells.map(text => html("td", null, text)));
    });
    this.table.replaceChildren(html("caption", null, `Truth: r = ${texts.number(this.state.r, 2, false)}. ` + (ran ? `Bias and root mean squared error (RMSE) over ${texts.count(this.done)} literatures; in how many a method had no estimate.` : "Run the literatures for bias and error.")), head, html("tbody", null, ...rows));
  }

  /* What a run found belongs to the settings it ran with. */
  clear() {
    this.token++;
    this.running = false;
    this.done = 0;
    this.found = bias.methods.map(() => []);
    this.showRun();
  }

  stop() {
    this.token++;
    this.running = false;
    this.showRun();
    this.host.announce(this.progress.textContent);
  }

  showRun() {
    const { done, running, model } = this, { count } = texts;
    drawing.write(this.many, running ? "Stop the run" : `Run ${count(model.runs)} literatures`);
    drawing.write(this.progress, done === 0 ? "Each row is a story of what happened; a run of many literatures says which is right here." : done < model.runs ? `${count(done)} of ${count(model.runs)} literatures${running ? " …" : ", stopped"}` : this.verdict());
  }

  verdict() {
    const all = bias.methods.map(({ name }, i) => ({ name, ...this.summary(i) })).filter(each => each.without !== undefined && each.without <= this.done / 2), best = key => all.reduce((least, each) => Math.abs(each[key]) < Math.abs(least[key]) ? each : least);
    if (!all.length) return `${texts.count(this.done)} literatures: hardly a method has an estimate.`;
    return `${texts.count(this.done)} literatures: as published, the mean is off by ${texts.signed(this.summary(0)?.bias ?? 0, 3, false) || ".000"}; least biased: ${best("bias").name}; least error: ${best("rmse").name}. Other settings have other answers.`;
  }

  /* In pieces, so that the page stays alive. */
  run() {
    this.clear();
    this.running = true;
    const token = this.token;
    const piece = () => {
      if (token !== this.token || !this.element.isConnected) return;
      const until = performance.now() + 30;
      do {
        const { y, v } = this.draw(++this.done);
        bias.estimates(y, v, false).forEach(({ estimate }, i) => { if (estimate !== null) this.found[i].push(Math.tanh(estimate)); });
      } while (this.done < this.model.runs && performance.now() < until);
      const isLast = this.done >= this.model.runs;
      if (isLast) this.running = false;
      this.showRun();
      this.showMeans();
      this.showTable();
      if (isLast) this.host.announce(this.progress.textContent);
      else setTimeout(piece, 0);
    };
    piece();
  }
};
