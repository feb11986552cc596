/* The measurement explorer: what error and a shared method do to a correlation. */
page.explorers.measurement = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    this.state = { rho: model.rho, rxx: model.rxx, ryy: model.ryy, share: model.share };
    const { number } = this.constructor;
    const sliders = this.slide({
      rho: ["ρ, correlation of what was meant", 0, 0.6, 0.01, number],
      rxx: ["reliability of the first rating", 0.4, 1, 0.01, number],
      ryy: ["reliability of the second rating", 0.4, 1, 0.01, number],
      share: ["m, share of variance that the method gives to both", 0, 0.5, 0.01, value => texts.percent(value, 0)]
    });
    this.measured = this.lines = this.plane(340, 48);
    this.element = drawing.html("div", { class: "dependence measurement" }, sliders, this.verdict, this.formulas,
      this.picture("What is seen, by what is there", this.lines, this.key(["correct", "with these sliders"], ["naive", "with perfect measures of separate methods"], ["floor", this.published()])));
    host.element.append(this.element);
  }

  static number(value) { return texts.number(value, 2, false); }

  published() { return `r = ${this.constructor.number(this.model.observed)}${this.model.name ? `, ${this.model.name}` : ""}`; }

  update() {
    const { state, model } = this, { number } = this.constructor;
    const seen = measurement.seen(state), behind = measurement.behind(model.observed, state);
    this.tell(`Where ρ = ${number(state.rho)} is there, r = ${number(seen)} is seen.`,
      behind === null ? `With these measures no ρ gives ${number(model.observed)}.` : `Behind ${number(model.observed)} would stand ρ = ${number(behind)}${behind < 0 ? ": the shared method alone gives more" : ""}.`);
    this.explain([
      ["Error makes it smaller", `ρ·√(rxx·ryy) = ${number(state.rho * Math.sqrt(state.rxx * state.ryy))}`, "errors of the one rating have nothing to do with those of the other"],
      ["A shared method adds", `m + (1 − m)·${number(state.rho * Math.sqrt(state.rxx * state.ryy))} = ${number(seen)}`, `with ρ = 0 it would be ${number(state.share)}`]
    ]);
    this.showLines(seen, behind);
  }

  showLines(seen, behind) {
    const { lines: plane, state, model } = this, { svg } = drawing, { number } = this.constructor;
    const top = 0.8;
    plane.frame(this.width, { minimum: 0, maximum: 0.6, ticks: drawing.ticks(0, 0.6, 6, false), title: "ρ, what is there" }, { minimum: 0, maximum: top, ticks: drawing.ticks(0, top, 4, false), title: "r, what is seen" });
    const ends = [0, 0.6];
    const line = (name, of) => svg("path", { class: name, d: plane.path(ends.map(rho => [rho, of(rho)])) });
    plane.layer("shapes").replaceChildren(line("floor", () => model.observed), line("naive", rho => rho), line("correct", rho => measurement.seen({ ...state, rho })));
    const points = [[state.rho, seen, "correct"]];
    if (behind !== null && behind >= 0 && behind <= 0.6) points.push([behind, model.observed, "floor"]);
    plane.layer("points").replaceChildren(...points.map(([rho, r, name]) => svg("circle", { class: name, cx: plane.x.at(rho), cy: plane.y.at(r), r: 5 })));
    drawing.set(plane.element, { "aria-label": `The correlation that is seen, by the one that is there. ${number(state.rho)} is seen as ${number(seen)}.${behind === null ? "" : ` ${this.published()} would be ${number(behind)}.`}` });
  }
};
