/* The correlation explorer: one r, as points and in four other words. */
page.explorers.correlation = class {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    const { html } = drawing;
    this.slider = new controls.Slider({
      label: "Correlation r", minimum: -0.99, maximum: 0.99, step: 0.01, page: 0.1, value: model.r, box: true,
      text: r => this.r(r), spoken: r => "r = " + this.r(r), onInput: r => this.set(r)
    });
    this.slider.shown = model.marks.map(mark => ({ value: mark.r, text: mark.label }));
    const sources = html("ul", { class: "sources" }, ...model.marks.map(mark => html("li", null,
      controls.button(mark.label, () => this.set(mark.r), { title: "Set r to this" }), " ", html("b", null, mark.text), html("span", { class: "note" }, mark.citation))));
    this.plane = new drawing.Plane({ margin: { left: 40, right: 12, top: 12, bottom: 40 }, height: 400 });
    this.lines = this.plane.layer("lines");
    const points = this.plane.layer("points");
    this.points = model.x.map(() => points.appendChild(drawing.svg("circle", { r: 3.5 })));
    this.counts = this.plane.layer("names");
    this.cards = [this.variance(), this.difference(), this.language(), this.success()];
    this.element = html("div", { class: "correlation" }, this.slider.element, model.marks.length ? sources : null,
      html("div", { class: "pictures" }, html("div", { class: "picture" }, this.plane.element),
        html("div", { class: "cards" }, ...this.cards.map(card => card.element))));
    host.element.append(this.element);
    this.value = model.r;
  }

  r(value) { return texts.number(value, Math.abs(value * 100 - Math.round(value * 100)) > 1e-9 ? 3 : 2, false); }

  set(r) {
    this.value = r;
    this.update();
    this.host.announce(`r = ${this.r(r)}: ${this.cards.map(card => card.said).join("; ")}.`);
  }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.slider.resize();
    this.width = Math.floor(this.plane.element.parentElement.clientWidth);
    this.plane.height = Math.min(430, this.width);
    const { edge, xName, yName } = this.model;
    const ticks = drawing.ticks(-edge, edge, 6);
    this.plane.frame(this.width, { minimum: -edge, maximum: edge, ticks, title: xName + " (standard deviations)" },
      { minimum: -edge, maximum: edge, ticks, title: yName + " (standard deviations)" });
    this.model.x.forEach((x, i) => drawing.set(this.points[i], { cx: this.plane.x.at(x) }));
    this.update();
  }

  update() {
    const { plane, model, value: r } = this;
    this.slider.value = r;
    const share = Math.sqrt(1 - r * r);
    // Both parts are standardised and do not correlate, so that the points correlate exactly r.
    const y = model.x.map((x, i) => r * x + share * model.rest[i]);
    y.forEach((value, i) => drawing.set(this.points[i], { cy: plane.y.within(value) }));
    const middle = median(y), half = y.length / 2;
    const both = model.x.filter((x, i) => x > model.xMedian && y[i] > middle).length;
    const { svg } = drawing, { x: across, y: up } = plane;
    this.lines.replaceChildren(
      svg("line", { class: "limits", x1: across.at(model.xMedian), x2: across.at(model.xMedian), y1: up.from, y2: up.to }),
      svg("line", { class: "limits", x1: across.from, x2: across.to, y1: up.at(middle), y2: up.at(middle) }),
      svg("path", { class: "regression", d: plane.path([-1, 1].map(side => [side * model.edge, side * model.edge * r])) }));
    const corner = (right, top, count) => svg("text", {
      x: right ? across.to - 4 : across.from + 4, y: top ? up.to + 14 : up.from - 6, "text-anchor": right ? "end" : "start"
    }, `${count} (${texts.percent(count / half, 0)})`);
    this.counts.replaceChildren(corner(true, true, both), corner(false, false, both), corner(false, true, half - both), corner(true, false, half - both));
    drawing.set(plane.element, {
      "aria-label": `Scatter of ${y.length} constructed points with r = ${this.r(r)}: of ${half} above the median of ${model.xName}, ${both} are above the median of ${model.yName}.`
    });
    for (const card of this.cards) card.show(r);
  }

  /* A number, what it means, and a small picture. show(r) brings all up to date; said is the number in words. */
  card(name, draw) {
    const { html } = drawing;
    const number = html("p", { class: "number" }), words = html("p", { class: "note" });
    const svg = drawing.svg("svg", { viewBox: "0 0 220 64", width: 220, height: 64, "aria-hidden": "true" });
    const card = {
      element: html("div", { class: "card" }, html("p", { class: "picture-title" }, name), number, svg, words),
      show: r => {
        const shown = draw(r);
        number.textContent = shown.number;
        words.textContent = shown.words;
        svg.replaceChildren(...shown.marks);
        card.said = `${name} ${shown.number}`;
      }
    };
    return card;
  }

  variance() {
    return this.card("Shared variance r²", r => ({
      number: texts.percent(r * r),
      words: `of the variance of ${this.model.yName} goes with ${this.model.xName}`,
      marks: bar(22, r * r)
    }));
  }

  difference() {
    return this.card("Standardized difference d", r => {
      const d = 2 * r / Math.sqrt(1 - r * r), reach = Math.max(3.2, Math.abs(d) / 2 + 2.6);
      const curve = centre => {
        const points = Array.from({ length: 61 }, (_, i) => -reach + 2 * reach * i / 60)
          .map(z => `${drawing.round(110 + 105 * z / reach)} ${drawing.round(60 - 52 * statistics.normalDensity(z - centre) / statistics.normalDensity(0))}`);
        return `M5 60L${points.join("L")}L215 60Z`;
      };
      return {
        number: texts.number(d),
        words: `between two equally large groups whose membership correlates r with ${this.model.yName}; between the halves of a split at the median it is less, ${texts.number(2 * r * Math.sqrt(2 / Math.PI) / Math.sqrt(1 - 2 * r * r / Math.PI))}`,
        marks: [drawing.svg("path", { class: "curve first", d: curve(-d / 2) }), drawing.svg("path", { class: "curve second", d: curve(d / 2) })]
      };
    });
  }

  language() {
    return this.card("Common-language effect size", r => {
      const share = 0.5 + Math.asin(r) / Math.PI;
      return {
        number: texts.percent(share),
        words: `of pairs in which the one higher in ${this.model.xName} is also higher in ${this.model.yName}; as many of those above the median of ${this.model.xName} are above that of ${this.model.yName}; 50% is chance (Dunlap, 1994)`,
        marks: [...bar(22, share), drawing.svg("line", { class: "null", x1: 110, x2: 110, y1: 14, y2: 50 })]
      };
    });
  }

  success() {
    return this.card("Binomial effect size display", r => {
      const high = 0.5 + r / 2;
      return {
        number: `${texts.percent(high, 0)} and ${texts.percent(1 - high, 0)}`,
        words: `succeed in two equal groups, if the correlation is one between group and success, each with two values only, and half of all succeed (Rosenthal & Rubin, 1982)`,
        marks: [...bar(6, high), ...bar(36, 1 - high)]
      };
    });
  }
};

/* A share of a bar of full width, 20 pixels high. */
function bar(top, share) {
  return [drawing.svg("rect", { class: "bar", x: 5, y: top, width: 210, height: 20 }), drawing.svg("rect", { class: "bar-share", x: 5, y: top, width: 210 * share, height: 20 })];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length / 2;
  return (sorted[half - 1] + sorted[half]) / 2;
}
