/* One small layer for all that is drawn: elements, scales, and a plane with axes. Colours are classes that the style sheet fills. */
const drawing = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /* Numbers in a drawing are pixels, and tenths of them enough. What stays the same is not written, so that nothing is laid out again for it. */
  function set(node, attributes) {
    const isDrawing = node.namespaceURI === SVG;
    for (const [name, value] of Object.entries(attributes)) {
      const text = value === true ? "" : String(isDrawing && typeof value === "number" ? round(value) : value);
      if (value === null || value === false) node.removeAttribute(name);
      else if (node.getAttribute(name) !== text) node.setAttribute(name, text);
    }
    return node;
  }

  function write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  const round = value => Number.isInteger(value) ? value : Math.round(value * 10) / 10;

  function fill(node, attributes, children) {
    set(node, attributes ?? {});
    node.append(...children.filter(child => child !== null));
    return node;
  }

  /* JupyterLab takes keys for its notebook wherever its selectors find the element in focus, unless that element itself says this. */
  const keepsKeys = element => element.matches("a, button, input, select, textarea, summary, [tabindex]");

  function html(name, attributes, ...children) {
    const element = fill(document.createElement(name), attributes, children);
    return keepsKeys(element) ? set(element, { "data-lm-suppress-shortcuts": true }) : element;
  }

  const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

  /* As many elements as there are descriptions, those of the last time first; making new ones costs more than changing them. */
  function reuse(parent, name, descriptions, nodes = []) {
    while (nodes.length > descriptions.length) nodes.pop().remove();
    while (nodes.length < descriptions.length) nodes.push(parent.appendChild(svg(name)));
    descriptions.forEach(({ text, ...attributes }, i) => {
      set(nodes[i], { transform: null, ...attributes });
      if (text !== undefined) write(nodes[i], text);
    });
    return nodes;
  }

  /* From values to pixels. */
  class Scale {
    constructor(minimum, maximum, from, to) {
      Object.assign(this, { minimum, maximum, from, to });
    }

    at(value) { return this.from + (value - this.minimum) / (this.maximum - this.minimum) * (this.to - this.from); }

    /* The same, for what may lie off the scale. */
    within(value) { return this.at(Math.min(this.maximum, Math.max(this.minimum, value))); }

    contains(value) { return value >= this.minimum && value <= this.maximum; }
  }

  /* Round numbers from minimum to maximum, at most about as many as asked for. */
  function ticks(minimum, maximum, most, leadingZero = true) {
    const least = (maximum - minimum) / most;
    const power = Math.floor(Math.log10(least));
    const factor = [1, 2, 5, 10].find(f => f * 10 ** power >= least * (1 - 1e-9));
    const step = factor * 10 ** power;
    const stepPower = factor === 10 ? power + 1 : power, digits = Math.max(0, -stepPower);
    const hasPowers = digits > 5 || Math.max(-minimum, maximum) >= 1e7;
    const result = [];
    for (let i = Math.ceil(minimum / step - 1e-9); i * step <= maximum + step * 1e-9; i++) {
      const text = hasPowers ? texts.inPowers(i * step, stepPower) : texts.number(i * step, digits, leadingZero);
      result.push({ value: i * step, text: i === 0 ? "0" : text });
    }
    return result;
  }

  /* Of ticks laid out for several widths those for the widest that is not wider than this. */
  function ticksFor(sets, pixels) {
    return (sets.filter(s => s.pixels <= pixels).at(-1) ?? sets[0]).ticks;
  }

  /* The diamond of a mean and its interval around the height y, so high to either side; an end beyond the scale is cut off, with an arrow. */
  function diamond(x, interval, estimate, y, high) {
    const middle = x.within(estimate);
    const ends = interval.map((limit, i) => {
      const sign = i ? 1 : -1, edge = x.within(limit);
      if (x.contains(limit) || sign * (edge - middle) < 10) return { tip: `L${round(edge)} ${round(y)}`, arrow: "" };
      const cut = edge - sign * 8, half = high * (1 - (cut - middle) / (x.at(limit) - middle));
      const [first, second] = [-sign, sign].map(side => `L${round(cut)} ${round(y - side * sign * half)}`);
      return { tip: i ? second + first : first + second, arrow: `M${round(edge)} ${round(y)}L${round(edge - sign * 6)} ${round(y - 5)}v10Z` };
    });
    return `M${round(middle)} ${round(y + high)}${ends[0].tip}L${round(middle)} ${round(y - high)}${ends[1].tip}Z${ends[0].arrow}${ends[1].arrow}`;
  }

  /* A line between two values at a height; where it leaves the scale, an arrow. */
  function span(x, [lower, upper], y = 0) {
    const a = round(x.within(lower)), b = round(x.within(upper)), at = round(y);
    return `M${a} ${at}H${b}` + (lower < x.minimum ? `M${a + 5} ${at - 3.5}L${a} ${at}L${a + 5} ${at + 3.5}` : "") + (upper > x.maximum ? `M${b - 5} ${at - 3.5}L${b} ${at}L${b - 5} ${at + 3.5}` : "");
  }

  /* A drawing with a horizontal and a vertical axis. Its layers, by name, lie in the order they are first asked for. */
  class Plane {
    constructor({ margin, height }) {
      this.margin = margin;
      this.height = height;
      this.axes = svg("g", { class: "axes" });
      this.layers = new Map();
      this.element = svg("svg", { class: "plane", role: "img" }, this.axes);
    }

    /* x and y: { minimum, maximum, ticks, title }. */
    frame(width, x, y) {
      const { height } = this;
      // The labels of the vertical axis, and its title before them, have the room they need.
      const margin = { ...this.margin, left: Math.max(this.margin.left, 27 + 7 * Math.max(...y.ticks.map(tick => tick.text.length))) };
      this.width = width;
      this.x = new Scale(x.minimum, x.maximum, margin.left, width - margin.right);
      this.y = new Scale(y.minimum, y.maximum, height - margin.bottom, margin.top);
      set(this.element, { width, height, viewBox: `0 0 ${width} ${height}` });
      const { left, top } = margin, right = width - margin.right, bottom = height - margin.bottom;
      const middle = (top + bottom) / 2;
      this.lines = reuse(this.axes, "line", [
        ...x.ticks.map(tick => ({ class: "grid", x1: this.x.at(tick.value), x2: this.x.at(tick.value), y1: top, y2: bottom })),
        ...y.ticks.map(tick => ({ class: "grid", x1: left, x2: right, y1: this.y.at(tick.value), y2: this.y.at(tick.value) })),
        { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }
      ], this.lines);
      this.labels = reuse(this.axes, "text", [
        ...x.ticks.map(tick => ({ class: "tick", x: this.x.at(tick.value), y: bottom + 16, "text-anchor": "middle", text: tick.text })),
        ...y.ticks.map(tick => ({ class: "tick", x: left - 6, y: this.y.at(tick.value) + 4, "text-anchor": "end", text: tick.text })),
        { class: "title", x: (left + right) / 2, y: height - 4, "text-anchor": "middle", text: x.title },
        { class: "title", x: 12, y: middle, "text-anchor": "middle", text: y.title, transform: `rotate(-90 12 ${round(middle)})` }
      ], this.labels);
    }

    layer(name) {
      if (!this.layers.has(name)) this.layers.set(name, this.element.appendChild(svg("g", { class: name })));
      return this.layers.get(name);
    }

    /* A line through points [x, y] in the units of the axes. */
    path(points) {
      return points.map(([x, y], i) => (i ? "L" : "M") + round(this.x.at(x)) + " " + round(this.y.at(y))).join("");
    }

    /* Where the pointer is, in pixels of the drawing. */
    pointer(event) {
      const box = this.element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }
  }

  return { html, svg, set, write, round, Scale, ticks, ticksFor, diamond, span, Plane };
})();
