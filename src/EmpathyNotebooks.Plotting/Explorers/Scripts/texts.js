/* Numbers as texts, in the form of the C# StatisticText, and effects on the scale a reader knows. */
const texts = (() => {
  /* Halves go up, and .175, which is stored as a little less, counts as one: of the 15 digits that a number has, as in C#. */
  function fixed(value, digits) {
    const power = 10 ** digits, shifted = Number((Number(value.toPrecision(15)) * power).toPrecision(15));
    return shifted < 1e15 ? (Math.round(shifted) / power).toFixed(digits) : value.toFixed(digits);
  }

  function number(value, digits = 2, leadingZero = true) {
    if (value === Infinity) return "∞";
    if (value === -Infinity) return "−∞";
    let text = fixed(Math.abs(value), digits);
    if (!leadingZero && text.startsWith("0.")) text = text.slice(1);
    // A negative number that rounds to zero is printed as zero, without a sign.
    return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
  }

  /* With its sign, for changes. */
  function signed(value, digits, leadingZero) {
    const text = number(value, digits, leadingZero);
    return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
  }

  function significant(value, digits = 4) {
    if (value === 0 || !Number.isFinite(value)) return number(value, 0);
    const magnitude = Math.floor(Math.log10(Math.abs(value)));
    if (Math.abs(magnitude) > 9) {
      return value.toExponential(digits - 1).replace(/\.?0*e/, "E").replace(/-/g, "−");
    }
    return number(value, Math.min(15, Math.max(0, digits - 1 - magnitude)));
  }

  /* A tick that would have too many digits, as PlotAxis has it: with as many as tell steps of so many tens apart. */
  function inPowers(value, stepPower) {
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value)) + 1e-9) - stepPower);
    return value.toExponential(digits).replace(/(\.\d*?)0+e/, "$1e").replace(".e", "e").replace("e", "E").replace(/-/g, "−");
  }

  const probability = p => p < 0.001 ? "p < .001" : "p = " + number(p, 3, false);
  const percent = (fraction, digits = 1) => number(100 * fraction, digits) + "%";
  const count = value => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  const studies = k => count(k) + (k === 1 ? " study" : " studies");

  /* No line is to end within a number or an interval. */
  const together = text => text.replace(/ /g, "\u00a0");

  const squaredSine = y => Math.sin(Math.min(Math.max(y, 0), Math.PI / 2)) ** 2;

  /* The ways back that need a sample size or a person-time, as in Proportions.cs and Rates.cs. */
  const doubleArcsine = (y, n) => {
    const at = x => (Math.asin(Math.sqrt(x / (n + 1))) + Math.asin(Math.sqrt((x + 1) / (n + 1)))) / 2;
    if (y <= at(0)) return 0;
    if (y >= at(n)) return 1;
    const s = Math.sin(2 * y), u = s + (s - 1 / s) / n;
    return (1 - Math.cos(2 * y) * Math.sqrt(Math.max(0, 1 + u) / (1 + s) * (1 + (1 + s) / (s * n)))) / 2;
  };
  const freemanTukeyRate = (y, t) => y <= 0.5 / Math.sqrt(t) ? 0 : (y - 1 / (4 * t * y)) ** 2;

  /* From the scale that is pooled to the one shown, under the names that C# gives them. */
  const displays = {
    identity: y => y,
    tanh: Math.tanh,
    squaredTanh: y => Math.tanh(Math.max(0, y)) ** 2,
    exp: Math.exp,
    expUpTo1: y => Math.min(1, Math.exp(y)),
    logistic: y => 1 / (1 + Math.exp(-y)),
    squaredSine,
    doubleArcsine,
    freemanTukeyRate,
    positiveSquare: y => y <= 0 ? 0 : y * y,
    hakstianWhalen: y => 1 - Math.max(0, 1 - y) ** 3,
    bonett: y => -Math.expm1(-y)
  };

  /* An effect measure as C# describes it: { display, symbol, title, leadingZero, isRatio, digits, size }. */
  class Measure {
    constructor(description) {
      Object.assign(this, description);
      this.description = description;
      const display = displays[description.display];
      this.toDisplay = description.size ? y => display(y, description.size) : display;
    }

    /* What one study is shown with: its own size where the way back needs one. */
    of(study) { return this.size && study.size ? new Measure({ ...this.description, size: study.size }) : this; }

    /* A value of the scale shown. */
    toText(value, more = 0) { return number(value, this.digits + more, this.leadingZero); }

    /* A value of the pooled scale as the reader knows it. */
    text(value, more = 0) { return this.toText(this.toDisplay(value), more); }

    interval([lower, upper]) { return together("[" + this.text(lower) + ", " + this.text(upper) + "]"); }

    effect(value, interval) { return this.text(value) + "\u00a0" + this.interval(interval); }

    /* How far a value moved, to one more digit: a factor for ratios, a difference for all else. */
    change(from, to) {
      if (this.isRatio) return to === from ? "" : "×\u00a0" + number(Math.exp(to - from), this.digits + 1);
      return signed(this.toDisplay(to) - this.toDisplay(from), this.digits + 1, this.leadingZero);
    }
  }

  return { number, signed, significant, inPowers, probability, percent, count, studies, together, displays, Measure };
})();
