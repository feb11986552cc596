/* One small layer for all that is drawn: elements, scales, and a plane with axes. Colours are classes that the style sheet fills. */
const drawing = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === false) node.removeAttribute(name);
      else node.setAttribute(name, value === true ? "" : typeof value === "number" ? round(value) : value);
    }
    return node;
  }

  /* Tenths of a pixel are enough. */
  const round = value => Number.isInteger(value) ? value : Math.round(value * 10) / 10;

  function fill(node, attributes, children) {
    set(node, attributes ?? {});
    node.append(...children.filter(child => child !== null));
    return node;
  }

  const html = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

  /* From values to pixels. */
  class Scale {
    constructor(minimum, maximum, from, to) {
      Object.assign(this, { minimum, maximum, from, to });
    }

    at(value) { return this.from + (value - this.minimum) / (this.maximum - this.minimum) * (this.to - this.from); }

    /* The same, for what may lie off the scale. */
    within(value) { return this.at(Math.min(this.maximum, Math.max(this.minimum, value))); }

    value(pixel) { return this.minimum + (pixel - this.from) / (this.to - this.from) * (this.maximum - this.minimum); }

    contains(value) { return value >= this.minimum && value <= this.maximum; }
  }

  /* Round numbers from minimum to maximum, at most about as many as asked for. */
  function ticks(minimum, maximum, most, leadingZero = true) {
    const least = (maximum - minimum) / most;
    const power = Math.floor(Math.log10(least));
    const factor = [1, 2, 5, 10].find(f => f * 10 ** power >= least * (1 - 1e-9));
    const step = factor * 10 ** power;
    const digits = Math.max(0, factor === 10 ? -power - 1 : -power);
    const result = [];
    for (let i = Math.ceil(minimum / step - 1e-9); i * step <= maximum + step * 1e-9; i++) {
      result.push({ value: i * step, text: i === 0 ? "0" : texts.number(i * step, digits, leadingZero) });
    }
    return result;
  }

  /* Of ticks laid out for several widths those for the widest that is not wider than this. */
  function ticksFor(sets, pixels) {
    return (sets.filter(s => s.pixels <= pixels).at(-1) ?? sets[0]).ticks;
  }

  /* A drawing with a horizontal and a vertical axis. Its layers, by name, lie in the order they are first asked for. */
  class Plane {
    constructor({ margin, height, className = "" }) {
      this.margin = margin;
      this.height = height;
      this.axes = svg("g", { class: "axes" });
      this.layers = new Map();
      this.element = svg("svg", { class: "plane " + className, role: "img" }, this.axes);
    }

    /* x and y: { minimum, maximum, ticks, title }. */
    frame(width, x, y) {
      const { margin, height } = this;
      this.width = width;
      this.x = new Scale(x.minimum, x.maximum, margin.left, width - margin.right);
      this.y = new Scale(y.minimum, y.maximum, height - margin.bottom, margin.top);
      set(this.element, { width, height, viewBox: `0 0 ${width} ${height}` });
      const parts = [];
      for (const tick of x.ticks) {
        const at = this.x.at(tick.value);
        parts.push(svg("line", { class: "grid", x1: at, x2: at, y1: margin.top, y2: height - margin.bottom }));
        parts.push(svg("text", { class: "tick", x: at, y: height - margin.bottom + 16, "text-anchor": "middle" }, tick.text));
      }
      for (const tick of y.ticks) {
        const at = this.y.at(tick.value);
        parts.push(svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: at, y2: at }));
        parts.push(svg("text", { class: "tick", x: margin.left - 6, y: at + 4, "text-anchor": "end" }, tick.text));
      }
      const middle = (margin.top + height - margin.bottom) / 2;
      parts.push(svg("line", { class: "axis", x1: margin.left, x2: width - margin.right, y1: height - margin.bottom, y2: height - margin.bottom }));
      if (x.title) {
        parts.push(svg("text", { class: "title", x: (margin.left + width - margin.right) / 2, y: height - 4, "text-anchor": "middle" }, x.title));
      }
      if (y.title) {
        parts.push(svg("text", { class: "title", x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${round(middle)})` }, y.title));
      }
      this.axes.replaceChildren(...parts);
    }

    layer(name) {
      if (!this.layers.has(name)) this.layers.set(name, this.element.appendChild(svg("g", { class: name })));
      return this.layers.get(name);
    }

    /* A line through points [x, y] in the units of the axes. */
    path(points, closed = false) {
      return points.map(([x, y], i) => (i ? "L" : "M") + round(this.x.at(x)) + " " + round(this.y.at(y))).join("") + (closed ? "Z" : "");
    }

    /* Where the pointer is, in pixels of the drawing. */
    pointer(event) {
      const box = this.element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }
  }

  return { html, svg, set, round, Scale, ticks, ticksFor, Plane };
})();
