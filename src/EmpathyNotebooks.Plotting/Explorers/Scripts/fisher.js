/* The explorer of Fisher's z: a correlation on its own scale and on the one on which studies scatter alike. */
page.explorers.fisher = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    this.state = { r: model.r, n: model.n };
    const { number } = this.constructor;
    const sliders = this.slide({
      r: ["r, true correlation", -0.95, 0.95, 0.01, number],
      n: ["n, people in each study", 5, 200, 1, value => texts.count(value)]
    });
    this.curve = this.plane(280);
    this.onR = this.plane(280, 26);
    this.onZ = this.plane(280, 26);
    this.measured = this.curve;
    this.element = drawing.html("div", { class: "dependence fisher" }, sliders, this.verdict, this.formulas,
      drawing.html("div", { class: "pictures" },
        this.picture("From r to Fisher’s z", this.curve, this.key(["floor", "95 of 100 studies"])),
        this.picture("What studies find, as r", this.onR, this.key(["true", "studies of n people"], ["floor", "95 of 100"])),
        this.picture("The same studies, as z", this.onZ, this.key(["true", "studies of n people"], ["found", "bell curve with SD 1/√(n − 3)"], ["floor", "95 of 100"]))));
    host.element.append(this.element);
  }

  static number(value) { return texts.number(value, 2, false); }

  update() {
    const { state } = this, { number } = this.constructor, z = Math.atanh(state.r);
    const moments = fisher.moments(state), range = fisher.range(state), se = 1 / Math.sqrt(state.n - 3);
    const [lower, upper] = range.r, interval = (text, [low, high]) => texts.together(`[${text(low)}, ${text(high)}]`), three = value => texts.number(value, 3);
    this.tell(`r = ${number(state.r)} is z = ${three(z)}. Around it, about 95 of 100 studies of ${texts.count(state.n)} people find between ${number(lower)} and ${number(upper)}.`,
      `As r that is ${number(state.r - lower)} down and ${number(upper - state.r)} up, and the results ${this.constructor.leaning(moments.r.skewness)}. As z it is ${three(range.half)} to either side, wherever r lies, and the results ${this.constructor.leaning(moments.z.skewness)}.`);
    this.explain([
      ["Fisher’s z", `½·ln((1 + r) / (1 − r)) = ${three(z)}`, "the scale is stretched near its ends"],
      ["Standard error of z", `1/√(n − 3) = ${three(se)}`, `r is not in it; exactly it is ${three(moments.z.sd)}`],
      ["About 95 of 100 studies", `z ± ${texts.number(statistics.normalQuantile(0.975))}·${three(se)} = ${interval(value => texts.number(value), range.z)}`, `as r ${interval(number, range.r)}; the interval of a study that finds ${number(state.r)} is made in the same way`],
      ["Skewness", `of r ${texts.number(moments.r.skewness)}, of z ${texts.number(moments.z.skewness)}`, "0 where results scatter alike to both sides"]
    ]);
    this.showCurve(z, range);
    this.showR(moments, range);
    this.showZ(z, se, moments, range);
  }

  /* To which side the results lean, in words. */
  static leaning(skewness) {
    const much = Math.abs(skewness);
    return much < 0.005 ? "scatter alike to both sides" : `${much < 0.15 ? "hardly lean" : "lean"}, with their long tail ${skewness < 0 ? "below" : "above"} (skewness ${texts.number(skewness)})`;
  }

  static get rAxis() { return { minimum: -1, maximum: 1, ticks: drawing.ticks(-1, 1, 4, false) }; }

  static get zAxis() { return { minimum: -3, maximum: 3, ticks: drawing.ticks(-3, 3, 6) }; }

  showCurve(z, range) {
    const { curve: plane, state } = this, { svg } = drawing, { rAxis, zAxis, number } = this.constructor;
    plane.frame(this.width, { ...rAxis, title: "r" }, { ...zAxis, title: "z" });
    const line = (name, ...points) => svg("path", { class: name, d: plane.path(points) });
    const curve = Array.from({ length: 121 }, (_, i) => -3 + i / 20).map(at => [Math.tanh(at), at]);
    const guide = (r, at) => line("floor", [-1, at], [r, at], [r, -3]);
    const shown = at => Math.max(-3, Math.min(3, at));
    plane.layer("shapes").replaceChildren(line("correct", ...curve), line("null", [state.r, -3], [state.r, z]), line("null", [-1, z], [state.r, z]), ...range.r.map((r, i) => guide(r, shown(range.z[i]))));
    plane.layer("points").replaceChildren(svg("circle", { class: "correct", cx: plane.x.at(state.r), cy: plane.y.at(z), r: 5 }));
    drawing.set(plane.element, { "aria-label": `Fisher’s z as a curve over r. ${number(state.r)} stands at ${texts.number(z, 3)}.` });
  }

  /* A density on [0, 1]: only its shape is compared. */
  static area(plane, axis, points) {
    const top = Math.max(...points.map(([, height]) => height));
    const shown = points.filter(([at]) => at >= axis.minimum && at <= axis.maximum).map(([at, height]) => [at, height / top]);
    return { top, path: drawing.svg("path", { class: "true-curve", d: `${plane.path([[shown[0][0], 0], ...shown, [shown.at(-1)[0], 0]])}Z` }) };
  }

  showR({ r: { sd, skewness } }, range) {
    const { onR: plane, state } = this, { svg } = drawing, { rAxis, area, number } = this.constructor;
    plane.frame(this.widthOf(plane), { ...rAxis, title: "Correlation r of a study" }, { minimum: 0, maximum: 1.08, ticks: [], title: "density" });
    const density = fisher.densityOfZ(state), middle = Math.atanh(state.r), reach = 5 / Math.sqrt(state.n - 3);
    const points = Array.from({ length: 241 }, (_, i) => middle - reach + i * reach / 120).map(z => [Math.tanh(z), density(z) * Math.cosh(z) ** 2]);
    const upright = (name, r) => svg("path", { class: name, d: plane.path([[r, 0], [r, 1.08]]) });
    plane.layer("shapes").replaceChildren(area(plane, rAxis, points).path, upright("null", state.r), ...range.r.map(r => upright("floor", r)));
    drawing.set(plane.element, { "aria-label": `Density of the correlations that studies of ${texts.count(state.n)} people find around ${number(state.r)}: standard deviation ${texts.number(sd, 3)}, skewness ${texts.number(skewness)}.` });
  }

  showZ(z, se, { z: { sd, skewness } }, range) {
    const { onZ: plane, state } = this, { svg } = drawing, { zAxis, area } = this.constructor;
    plane.frame(this.widthOf(plane), { ...zAxis, title: "Fisher’s z of a study" }, { minimum: 0, maximum: 1.08, ticks: [], title: "density" });
    const density = fisher.densityOfZ(state), grid = Array.from({ length: 241 }, (_, i) => z + (i - 120) / 24 * se), shape = area(plane, zAxis, grid.map(at => [at, density(at)]));
    const upright = (name, at) => svg("path", { class: name, d: plane.path([[at, 0], [at, 1.08]]) });
    const bell = grid.filter(at => at >= -3 && at <= 3).map(at => [at, Math.min(1.08, statistics.normalDensity((at - z) / se) / se / shape.top)]);
    plane.layer("shapes").replaceChildren(shape.path, svg("path", { class: "found-curve", d: plane.path(bell) }), upright("null", z), ...range.z.filter(at => Math.abs(at) <= 3).map(at => upright("floor", at)));
    drawing.set(plane.element, { "aria-label": `Density of their Fisher’s z around ${texts.number(z, 3)}, beside the bell curve with the standard deviation ${texts.number(se, 3)}: standard deviation ${texts.number(sd, 3)}, skewness ${texts.number(skewness)}.` });
  }
};
