/* Studies as points of a plane: the nearest to the pointer is the one meant. */
class MetaAnalysisPlane {
  constructor(explorer, margin, height) {
    this.explorer = explorer;
    this.plane = new drawing.Plane({ margin, height });
    this.shapes = this.plane.layer("shapes");
    const layer = this.plane.layer("points");
    this.points = new Map(explorer.studies.map(study => [study, layer.appendChild(drawing.svg("circle", {
      class: "study", r: explorer.studies.length > 60 ? 3.5 : 4.5, "data-study": study.index
    }))]));
    this.names = this.plane.layer("names");
    this.heading = drawing.html("p", { class: "picture-title" });
    this.note = drawing.html("p", { class: "note" });
    this.element = drawing.html("div", { class: "picture" }, this.heading, this.plane.element, this.note);
    const svg = this.plane.element;
    svg.addEventListener("pointermove", event => {
      const study = this.nearest(event);
      svg.classList.toggle("pointing", study !== null);
      explorer.highlight(study, this);
    });
    svg.addEventListener("pointerleave", () => explorer.highlight(null, this));
    svg.addEventListener("click", event => {
      const study = this.nearest(event);
      if (!study) return;
      explorer.toggle(study);
      explorer.highlight(study, this);
    });
  }

  nearest(event) {
    const pointer = this.plane.pointer(event);
    let best = null, least = 18;
    for (const [study, place] of this.places ?? []) {
      const distance = Math.hypot(place.x - pointer.x, place.y - pointer.y);
      if (distance < least) [best, least] = [study, distance];
    }
    return best;
  }

  resize() {
    this.width = Math.floor(this.element.clientWidth);
    this.frame?.();
    this.update();
  }

  /* place(study) gives [x, y] in the units of the axes, or null where a study has no point. */
  show(place) {
    const { plane } = this;
    this.places = new Map();
    for (const [study, circle] of this.points) {
      const at = place(study);
      circle.classList.toggle("out", !study.included);
      drawing.set(circle, { visibility: at ? null : "hidden" });
      if (!at) continue;
      const spot = { x: plane.x.within(at[0]), y: plane.y.within(at[1]) };
      drawing.set(circle, { cx: spot.x, cy: spot.y });
      this.places.set(study, spot);
    }
    this.nameHighlighted();
  }

  highlight(study) {
    this.shown?.classList.remove("highlighted");
    this.shown = study ? this.points.get(study) : null;
    if (this.shown) {
      this.shown.classList.add("highlighted");
      this.shown.parentNode.append(this.shown);
    }
    this.nameHighlighted();
  }

  nameHighlighted() {
    const study = this.explorer.highlighted, spot = study && this.places?.get(study);
    this.names.replaceChildren(...spot ? [this.name(study, spot)] : []);
  }

  name(study, spot) {
    const right = spot.x < this.width / 2;
    return drawing.svg("text", { x: spot.x + (right ? 9 : -9), y: Math.max(12, spot.y - 7), "text-anchor": right ? "start" : "end" },
      study.label.length > 34 ? study.label.slice(0, 33) + "…" : study.label);
  }
}

class MetaAnalysisFunnel extends MetaAnalysisPlane {
  constructor(explorer) {
    super(explorer, { left: 48, right: 12, top: 10, bottom: 40 }, 250);
    this.heading.textContent = "Funnel";
  }

  frame() {
    const { funnel } = this.explorer.model;
    const top = drawing.ticks(0, funnel.largestSe, 5);
    // Standard errors grow downwards.
    this.plane.frame(this.width, { minimum: funnel.minimum, maximum: funnel.maximum, ticks: drawing.ticksFor(funnel.ticks, this.width - 60), title: funnel.title },
      { minimum: -funnel.largestSe, maximum: 0, ticks: top.map(tick => ({ ...tick, value: -tick.value })), title: "Standard error" });
  }

  update() {
    if (!this.width) return;
    const { plane, explorer } = this;
    const { model: { funnel, level }, now } = explorer;
    const z = statistics.intervalQuantile(explorer.settings.level, null);
    const tip = [now.estimate, 0];
    // A limit ends where it leaves the axis.
    const foot = side => {
      const end = side < 0 ? funnel.minimum : funnel.maximum;
      const se = Math.min(funnel.largestSe, Math.abs(end - now.estimate) / z);
      return [now.estimate + side * z * se, -se];
    };
    this.shapes.replaceChildren(
      drawing.svg("path", { class: "limits", d: plane.path([foot(-1), tip, foot(1)]) }),
      drawing.svg("path", { class: "pooled-line", d: plane.path([tip, [now.estimate, -funnel.largestSe]]) }));
    this.show(study => [study.y, -Math.sqrt(study.v)]);
    const outside = explorer.included.filter(study => Math.abs(study.y - now.estimate) > z * Math.sqrt(study.v)).length;
    const text = `${outside} of ${texts.studies(now.k)} ${outside === 1 ? "lies" : "lie"} outside the dotted ${level} limits around the pooled effect.`;
    this.note.textContent = text;
    drawing.set(plane.element, { "aria-label": "Funnel plot, effect by standard error. " + text });
  }
}

class MetaAnalysisBaujat extends MetaAnalysisPlane {
  constructor(explorer) {
    super(explorer, { left: 48, right: 12, top: 10, bottom: 40 }, 250);
    this.heading.textContent = "Baujat";
  }

  update() {
    if (!this.width) return;
    const { plane, explorer } = this;
    const known = explorer.included.filter(study => study.baujat && study.baujat.influence !== null);
    const largest = of => Math.max(0, ...known.map(of)) * 1.08 || 1;
    const right = largest(study => study.baujat.heterogeneity), high = largest(study => study.baujat.influence);
    plane.frame(this.width, { minimum: 0, maximum: right, ticks: drawing.ticks(0, right, 6), title: "Contribution to heterogeneity" },
      { minimum: 0, maximum: high, ticks: drawing.ticks(0, high, 4), title: "Influence on the result" });
    this.show(study => known.includes(study) ? [study.baujat.heterogeneity, study.baujat.influence] : null);
    const far = study => Math.max(study.baujat.heterogeneity / right, study.baujat.influence / high);
    const first = known.length ? known.reduce((a, b) => far(b) > far(a) ? b : a) : null;
    const text = first ? `Furthest out: ${first.label}.`
      : explorer.included.some(study => study.baujat) ? "All effects are alike, so that the influence of no study is determined." : "Too few studies to leave one out.";
    this.note.textContent = text;
    drawing.set(plane.element, { "aria-label": "Baujat plot, contribution to heterogeneity by influence on the result. " + text });
  }
}
