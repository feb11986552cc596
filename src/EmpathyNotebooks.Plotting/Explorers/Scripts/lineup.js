/* The funnel line-up: twenty funnels, one of them real. Pick, then reveal. */
page.explorers.lineup = class {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    this.picked = null;
    this.revealed = null;
    const { html, svg } = drawing;
    this.panels = model.funnels.map((funnel, i) => {
      const picture = svg("svg", { class: "plane", "aria-hidden": "true" });
      const input = html("input", { type: "radio", name: host.name + "-pick", value: i, "aria-label": `Funnel ${i + 1}` });
      const number = html("span", { class: "panel-number" }, String(i + 1));
      return { input, picture, number, element: html("label", { class: "panel" }, input, number, picture) };
    });
    this.task = html("p", { class: "headline" }, "Which funnel is the real one?");
    this.under = html("p", { class: "under" }, "Nineteen are drawn from N(μ, τ² + v) with μ and τ² of the fit and the variances v of the studies, so without any bias; each around its own pooled effect. "
      + "Pick the one that looks most different, then reveal.");
    this.button = controls.button("Reveal", () => this.reveal(), { class: "reveal" });
    this.button.disabled = true;
    this.verdict = html("p", { class: "verdict", tabindex: "-1" });
    this.grid = html("fieldset", { class: "panels" }, html("legend", { class: "voice" }, "Pick a funnel"), ...this.panels.map(panel => panel.element));
    this.grid.addEventListener("change", event => this.pick(Number(event.target.value)));
    this.element = html("div", { class: "lineup" }, this.task, this.under, this.grid, html("div", { class: "answer" }, this.button, this.verdict));
    host.element.append(this.element);
  }

  resize(width) {
    this.element.dataset.size = width >= 700 ? "wide" : "narrow";
    for (const [i, panel] of this.panels.entries()) this.draw(panel, this.model.funnels[i]);
  }

  draw({ element, picture }, funnel) {
    const { model } = this;
    const { svg, round, Scale } = drawing;
    const width = Math.floor(element.clientWidth), height = Math.round(width * 0.72);
    const x = new Scale(model.minimum, model.maximum, 5, width - 5), y = new Scale(0, model.largestSe, 6, height - 5);
    drawing.set(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    const z = statistics.intervalQuantile(model.level, null);
    const point = (value, se) => `${round(x.within(value))} ${round(y.at(se))}`;
    const foot = side => {
      const end = side < 0 ? model.minimum : model.maximum;
      const se = Math.min(model.largestSe, Math.abs(end - funnel.estimate) / z);
      return point(funnel.estimate + side * z * se, se);
    };
    picture.replaceChildren(
      svg("path", { class: "limits", d: `M${foot(-1)}L${point(funnel.estimate, 0)}L${foot(1)}` }),
      svg("path", { class: "pooled-line", d: `M${point(funnel.estimate, 0)}L${point(funnel.estimate, model.largestSe)}` }),
      svg("g", { class: "points" }, ...funnel.effects.map((effect, i) => svg("circle", { class: "study", cx: x.at(effect), cy: y.at(model.se[i]), r: funnel.effects.length > 60 ? 1.7 : 2.3 }))));
  }

  pick(index) {
    if (this.revealed !== null) return;
    this.picked = index;
    this.button.disabled = false;
    this.button.textContent = `Reveal; I pick ${index + 1}`;
  }

  /* The position that fits the seal: FNV-1a of seed and position. */
  real() {
    const seal = text => {
      let hash = 2166136261;
      for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
      return (hash >>> 0).toString(16).padStart(8, "0");
    };
    return this.panels.findIndex((_, i) => seal(`${this.model.seed}/${i}`) === this.model.answer);
  }

  reveal() {
    const real = this.revealed = this.real();
    const isRight = real === this.picked;
    this.panels.forEach(({ element, input, number }, i) => {
      element.classList.toggle("real", i === real);
      element.classList.toggle("wrong", i === this.picked && !isRight);
      input.disabled = true;
      if (i === real) number.textContent = `${i + 1}: real`;
      else if (i === this.picked) number.textContent = `${i + 1}: your pick`;
    });
    const text = isRight
      ? `Right: funnel ${real + 1} is the real one. Had nothing but chance and heterogeneity shaped it, you would have picked it with probability 1/20, so p = .05: `
        + "evidence that it differs from unbiased ones. Bias is one reason, effects that go with study size another."
      : `Funnel ${real + 1} is the real one, not ${this.picked + 1}. It did not stand out from nineteen unbiased ones. That is no proof that there is no bias: few studies hide it well.`;
    this.verdict.replaceChildren(text, " ", drawing.html("span", { class: "note" },
      "The test counts only if you had not seen the real funnel before (Buja et al., 2009; Kossmeier, Tran & Voracek, 2019)."));
    this.button.disabled = true;
    this.button.textContent = "Revealed";
    this.verdict.focus();
    this.host.announce(text);
  }
};
