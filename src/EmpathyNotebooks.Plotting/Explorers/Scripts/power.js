/* The power explorer: how many studies of how many people find an effect, and what heterogeneity costs. */
page.explorers.power = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    this.state = { k: model.k, n: model.n, r: model.r, tau: model.tau };
    const whole = value => texts.count(value);
    const sliders = this.slide({
      k: ["k, studies", 2, model.mostStudies, 1, whole],
      n: ["n, people in each study", 10, 400, 10, whole],
      r: ["r, true mean correlation", 0.02, 0.6, 0.01, value => texts.number(value, 2, false)],
      tau: ["τ, standard deviation of true effects (Fisher’s z)", 0, 0.5, 0.01, value => texts.number(value, 2)]
    });
    this.measured = this.curves = this.plane(340, 48);
    this.element = drawing.html("div", { class: "dependence power" }, sliders, this.verdict, this.formulas,
      this.picture("Power by the number of studies", this.curves, this.key(["correct", "the mean, with this τ"], ["naive", "the mean, if true effects were equal"], ["floor", "Q finds this τ"])));
    host.element.append(this.element);
  }

  /* What the formulas take: the variance of a study of n people, tau², and the mean as Fisher's z. */
  static assumed({ k, n, r, tau }) { return { k, v: 1 / (n - 3), tau2: tau * tau, effect: Math.atanh(r) }; }

  /* A power as it is printed: never 1 or 0. */
  static words(value) { return value > 0.995 ? "> .99" : value < 0.005 ? "< .01" : texts.number(value, 2, false); }

  update() {
    const { state, model } = this;
    const { assumed, words } = this.constructor;
    const at = assumed(state), found = power.mean(at), needed = power.needed(at, model.target, model.mostTried);
    this.tell(`${texts.count(state.k)} studies of ${texts.count(state.n)} people find r = ${texts.number(state.r, 2, false)} with a power of ${words(found)}.`,
      `${needed === null ? `More than ${texts.count(model.mostTried)} studies` : `${texts.count(needed)} studies`} are needed for ${texts.percent(model.target, 0)}. One such study by itself has ${words(power.single(at))}. `
        + (state.tau === 0 ? "True effects are equal: Q finds a difference where there is none in 5% of cases." : `Q finds that true effects differ with a power of ${words(power.heterogeneity(at))}.`));
    this.showFormulas(at, found);
    this.showCurves(at, found);
  }

  showFormulas({ k, v, tau2, effect }, found) {
    const three = value => texts.significant(value, 3), { words } = this.constructor;
    const se = Math.sqrt((v + tau2) / k);
    this.explain([
      ["Standard error of the mean", `√((τ² + v) / k) = ${three(se)}`, `v = 1/(n − 3) = ${three(v)}; more people make v smaller, never τ²`],
      ["Hartung-Knapp", `t(${k - 1}) with λ = artanh(r) / SE = ${texts.number(effect / se, 2)}: ${words(found)}`, "the test that a random-effects analysis makes; exact for studies alike"],
      ["z with known τ²", words(power.known({ k, v, tau2, effect })), "as if τ² need not be estimated: too much with few studies"]
    ]);
  }

  showCurves(at, found) {
    const { curves: plane, model, state } = this;
    const { svg } = drawing;
    const counts = Array.from({ length: model.mostStudies - 1 }, (_, i) => i + 2);
    plane.frame(this.width, { minimum: 0, maximum: model.mostStudies, ticks: drawing.ticks(0, model.mostStudies, this.width > 420 ? 10 : 5), title: "Studies k" },
      { minimum: 0, maximum: 1, ticks: drawing.ticks(0, 1, 5, false), title: "Power" });
    const line = (name, of) => svg("path", { class: name, d: plane.path(counts.map(k => [k, of({ ...at, k })])) });
    plane.layer("shapes").replaceChildren(
      svg("path", { class: "null", d: plane.path([[0, model.target], [model.mostStudies, model.target]]) }),
      line("floor", power.heterogeneity), line("naive", each => power.mean({ ...each, tau2: 0 })), line("correct", power.mean));
    plane.layer("points").replaceChildren(svg("circle", { class: "correct", cx: plane.x.at(state.k), cy: plane.y.at(found), r: 5 }));
    const { words } = this.constructor;
    drawing.set(plane.element, {
      "aria-label": `Power by the number of studies. With ${state.k}: the mean ${words(found)}, if true effects were equal ${words(power.mean({ ...at, tau2: 0 }))}, Q ${words(power.heterogeneity(at))}.`
    });
  }
};
