/* What a reader operates: native inputs, so that keyboard and screen reader work as everywhere. */
const controls = (() => {
  const { html, set } = drawing;

  const button = (text, onClick, attributes) => {
    const element = html("button", { type: "button", ...attributes }, text);
    element.addEventListener("click", onClick);
    return element;
  };

  /* One of a few: radio buttons that look like a switch. options: [{ value, text, title }] */
  function choice({ name, legend, options, value, onChange }) {
    const inputs = options.map(option => html("input", {
      type: "radio", name, value: option.value, checked: option.value === value, "aria-label": option.title
    }));
    const element = html("fieldset", { class: "choice" }, html("legend", null, legend), html("div", { class: "options" },
      ...options.map((option, i) => html("label", { title: option.title }, inputs[i], html("span", null, option.text)))));
    element.addEventListener("change", event => onChange(event.target.value));
    return {
      element,
      set value(next) { for (const input of inputs) input.checked = input.value === next; },
      set disabled(is) { element.disabled = is; }
    };
  }

  /*
   * A slider whose keys move by a step of its own, with marks along it. text says the value beside the label, spoken to a screen reader; with
   * box, a number box says it. Unless it snaps, its value may lie between two steps, as a mark does.
   */
  class Slider {
    constructor({ label, minimum, maximum, step, page, value, text, spoken, onInput, box = false, snap = false }) {
      Object.assign(this, { step, page, text, spoken: spoken ?? text, onInput });
      this.shown = [];
      this.width = 0;
      this.output = box ? null : html("output", { "aria-hidden": "true" });
      this.input = html("input", { type: "range", min: minimum, max: maximum, step: snap ? step : "any", "aria-label": label });
      this.marks = html("div", { class: "marks", "aria-hidden": "true" });
      this.box = box ? html("input", { type: "number", min: minimum, max: maximum, step, "aria-label": label + ", as a number" }) : null;
      this.element = html("div", { class: "slider" },
        html("div", { class: "slider-head" }, html("span", { class: "slider-label" }, label), this.output, this.box),
        html("div", { class: "track" }, this.input, this.marks));
      this.input.addEventListener("input", () => onInput(Number(this.input.value)));
      this.input.addEventListener("keydown", event => this.key(event));
      this.box?.addEventListener("input", () => {
        const typed = this.box.valueAsNumber;
        if (typed >= this.minimum && typed <= this.maximum) onInput(typed);
      });
      this.box?.addEventListener("change", () => { this.value = this.value; });
      this.value = value;
    }

    get minimum() { return Number(this.input.min); }

    get maximum() { return Number(this.input.max); }

    set maximum(value) { this.input.max = value; }

    get value() { return this.current; }

    set value(value) {
      this.current = value;
      this.input.value = value;
      set(this.input, { "aria-valuetext": this.spoken(value) });
      if (this.output) drawing.write(this.output, this.text(value));
      // What the reader is typing stays as it is while it means the same.
      if (this.box && (this.box.value === "" || Number(this.box.value) !== value)) this.box.value = Number(value.toFixed(4));
    }

    key(event) {
      const steps = {
        ArrowRight: this.step, ArrowUp: this.step, ArrowLeft: -this.step, ArrowDown: -this.step, PageUp: this.page, PageDown: -this.page,
        Home: -Infinity, End: Infinity
      };
      const by = steps[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      // To the next multiple of the step, so that a value between two of them comes back in line.
      const at = this.current / Math.abs(by);
      const next = Number.isFinite(by) ? (by > 0 ? Math.floor(at + 1 + 1e-9) : Math.ceil(at - 1 - 1e-9)) * Math.abs(by) : by;
      const digits = Math.max(0, Math.ceil(-Math.log10(this.step)) + 1);
      this.onInput(Math.min(this.maximum, Math.max(this.minimum, Number.isFinite(next) ? Number(next.toFixed(digits)) : next)));
    }

    /* marks: [{ value, text, to }]; with to, a band from one value to the other. A text that would overlap another stands a line lower. */
    mark(marks) {
      this.shown = marks;
      const share = value => Math.min(1, Math.max(0, (value - this.minimum) / (this.maximum - this.minimum)));
      const ends = [];
      this.marks.replaceChildren(...marks.map(({ value, to, text }) => {
        const at = share(value);
        if (to !== undefined) {
          const band = html("span", { class: "band" });
          band.style.cssText = `left:${at * 100}%;width:${(share(to) - at) * 100}%`;
          return band;
        }
        const label = html("span", null, text), mark = html("span", { class: "mark" }, label);
        const room = text.length * 6.4, x = at * this.width;
        const from = Math.max(-8, Math.min(this.width + 8 - room, x - room / 2));
        let line = ends.findIndex(end => end + 8 < from);
        if (line < 0) line = ends.length;
        ends[line] = from + room;
        mark.style.cssText = `left:${at * 100}%;--line:${line}`;
        label.style.cssText = `left:${drawing.round(from - x)}px;width:${drawing.round(room)}px`;
        return mark;
      }));
      this.marks.style.setProperty("--lines", Math.max(1, ends.length));
    }

    resize() {
      this.width = this.marks.clientWidth;
      this.mark(this.shown);
    }
  }

  /*
   * One stop of the tab key for many rows: arrows, Home, End and Page keys move between them. rows() gives the focusable elements in their
   * order; activate(row) answers Space and Enter.
   */
  function rove(container, rows, activate) {
    let current = null;
    const take = row => {
      if (current) current.tabIndex = -1;
      current = row;
      if (row) row.tabIndex = 0;
    };
    container.addEventListener("focusin", event => { if (rows().includes(event.target)) take(event.target); });
    container.addEventListener("keydown", event => {
      const all = rows(), at = all.indexOf(event.target);
      if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === " " || event.key === "Enter") {
        event.preventDefault();
        activate(event.target);
        return;
      }
      const to = {
        ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: all.length - 1
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      all[Math.min(all.length - 1, Math.max(0, to))].focus({ preventScroll: true });
    });
    return { start: () => take(rows()[0] ?? null) };
  }

  return { button, choice, Slider, rove };
})();
