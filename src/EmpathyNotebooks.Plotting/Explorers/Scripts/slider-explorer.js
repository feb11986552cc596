/* What explorers with sliders, a verdict in words and formulas share. update() of each shows what follows from the state. */
class SliderExplorer {
  constructor(host, model) {
    this.host = host;
    this.model = model;
    const { html } = drawing;
    this.headline = html("p", { class: "headline" });
    this.under = html("p", { class: "under" });
    this.verdict = html("div", { class: "verdict" }, this.headline, this.under);
    this.formulas = html("dl", { class: "formulas" });
    this.sliders = {};
  }

  /* Sliders by the name of their value in the state: [label, minimum, maximum, step, text, more]. Gives the box they stand in. */
  slide(sliders) {
    for (const [name, [label, minimum, maximum, step, text, more]] of Object.entries(sliders)) {
      this.sliders[name] = new controls.Slider({
        label, minimum, maximum, step, page: step * 10, value: this.state[name], text, snap: true, ...more,
        onInput: value => {
          this.state[name] = value;
          this.moved(name);
          this.update();
          this.say();
        }
      });
    }
    return drawing.html("div", { class: "sliders" }, ...Object.values(this.sliders).map(slider => slider.element));
  }

  /* What else a moved slider changes. */
  moved() {}

  say() { this.host.announce(this.headline.textContent + " " + this.under.textContent); }

  resize(width) {
    this.element.dataset.size = width >= 680 ? "wide" : "narrow";
    this.width = this.widthOf(this.measured);
    this.update();
  }

  widthOf(plane) { return Math.floor(plane.element.parentElement.clientWidth); }

  /* The verdict, and every slider where the state has it. */
  tell(headline, under) {
    for (const [name, slider] of Object.entries(this.sliders)) slider.value = this.state[name];
    drawing.write(this.headline, headline);
    drawing.write(this.under, under);
  }

  /* Rows of [name, formula, what stands in it]. */
  explain(rows) {
    const { html } = drawing;
    this.formulas.replaceChildren(...rows.flatMap(([name, formula, where]) => [html("dt", null, name), html("dd", null, html("span", { class: "formula-line" }, formula), html("span", { class: "note" }, where))]));
  }

  picture(title, plane, ...more) { return drawing.html("div", { class: "picture" }, drawing.html("p", { class: "picture-title" }, title), plane.element, ...more); }

  /* What the marks of a picture stand for: [class, text]. */
  key(...parts) { return drawing.html("p", { class: "key" }, ...parts.flatMap(([name, text]) => [drawing.html("span", { class: "key-" + name }, text), " "])); }

  plane(height, left = 44) { return new drawing.Plane({ margin: { left, right: 14, top: 12, bottom: 40 }, height }); }

  /* Ticks of an axis in Fisher's z, named by the correlations they are: as many as stand clear of one another. */
  static correlations(minimum, maximum, pixels) {
    const sets = [[0.2, 0.4, 0.6, 0.8, 0.9], [0.2, 0.4, 0.6, 0.8], [0.3, 0.6, 0.8], [0.5, 0.8], [0.6]];
    const ticks = sets.map(set => [...set.map(r => -r).reverse(), 0, ...set].map(r => ({ value: Math.atanh(r), text: r === 0 ? "0" : texts.number(r, 1, false) }))
      .filter(({ value }) => value >= minimum && value <= maximum));
    const clear = each => each.every(({ value }, i) => i === 0 || (value - each[i - 1].value) / (maximum - minimum) * pixels >= 26);
    return ticks.find(clear) ?? ticks.at(-1);
  }

  /* A line through points whose x ascends, as far as it lies below the top; where it leaves and comes back it reaches the top. */
  static lineBelow(plane, points, top) {
    const parts = [];
    points.forEach((point, i) => {
      const before = points[i - 1], inside = point[1] <= top, wasInside = before && before[1] <= top;
      const crossing = () => [before[0] + (top - before[1]) / (point[1] - before[1]) * (point[0] - before[0]), top];
      if (inside && !wasInside) parts.push(before && Number.isFinite(before[1]) ? [crossing()] : []);
      if (inside) parts.at(-1).push(point);
      else if (wasInside && Number.isFinite(point[1])) parts.at(-1).push(crossing());
    });
    return parts.map(part => plane.path(part)).join("");
  }

  /* How many of the values lie in each of so many bins of equal width; what lies beyond the ends counts with the bin at its end. */
  static counted(values, minimum, maximum, bins) {
    const counts = new Array(bins).fill(0);
    for (const value of values) counts[Math.min(bins - 1, Math.max(0, Math.floor((value - minimum) / (maximum - minimum) * bins)))]++;
    return counts;
  }

  /* Bars of a histogram on a plane that is framed, from one height to another. */
  static bars(plane, minimum, maximum, counts, name, from = null) {
    const width = (maximum - minimum) / counts.length;
    return counts.flatMap((count, i) => {
      if (count === 0) return [];
      const left = plane.x.at(minimum + i * width), right = plane.x.at(minimum + (i + 1) * width), base = from?.[i] ?? 0;
      const top = plane.y.at(base + count);
      return [drawing.svg("rect", { class: name, x: left + 0.5, y: top, width: Math.max(0.5, right - left - 1), height: Math.max(0, plane.y.at(base) - top) })];
    });
  }

  /* A table that compares: heads, and rows of [name, ...cells]. */
  static compare(table, caption, heads, rows) {
    const { html } = drawing;
    table.replaceChildren(html("caption", { class: "voice" }, caption), html("thead", null, html("tr", null, html("td"), ...heads.map(head => html("th", { scope: "col" }, head)))),
      html("tbody", null, ...rows.map(([name, ...cells]) => html("tr", null, html("th", { scope: "row" }, name), ...cells.map(cell => html("td", null, cell.replace(",\u00a0", ", ")))))));
  }
}
