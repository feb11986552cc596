/* Guess the correlation: points, a guess, the truth, and how the guesses go. */
page.explorers.guess = class extends SliderExplorer {
  constructor(host, model) {
    super(host, model);
    this.random = new simulation.Philox(model.seed);
    this.state = { guess: 0, n: model.n };
    this.restart();
    const { html } = drawing, r = value => texts.number(value, 2, false);
    const sliders = this.slide({
      guess: ["Your guess of r", -1, 1, 0.01, r, { page: 0.1, box: true, spoken: value => "r = " + r(value) }],
      n: ["n, points of a round", 10, 500, 10, value => texts.count(value)]
    });
    this.check = controls.button("Check my guess", () => this.reveal(), { class: "check" });
    this.next = controls.button("Next round", () => this.goOn());
    this.again = controls.button("Start over", () => {
      this.restart();
      this.update();
      this.sliders.guess.input.focus();
      this.say();
    });
    this.table = html("table", { class: "comparison" });
    this.score = html("p", { class: "note score" });
    this.measured = this.points = this.plane(360, 40);
    this.record = this.plane(300, 44);
    this.element = html("div", { class: "dependence guess" }, sliders, html("div", { class: "actions" }, this.check, this.next, this.again), this.verdict,
      html("div", { class: "pictures" }, this.picture("The points", this.points),
        html("div", null, this.table, this.picture("Your guesses against the truth", this.record, this.score))));
    host.element.append(this.element);
  }

  restart() {
    this.number = 0;
    this.history = [];
    this.begin();
  }

  begin() {
    this.state.guess = 0;
    this.isRevealed = false;
    this.draw();
  }

  draw() { this.round = simulation.round(this.random, this.number, this.state.n); }

  moved(name) { if (name === "n") this.draw(); }

  goOn() {
    this.number++;
    this.begin();
    this.update();
    this.sliders.guess.input.focus();
    this.say();
  }

  reveal() {
    if (this.isRevealed) return;
    this.isRevealed = true;
    this.history.push({ guess: this.state.guess, r: this.round.r });
    this.update();
    this.next.focus();
    this.host.announce(`${this.headline.textContent} ${this.under.textContent} ${this.score.textContent}`);
  }

  /* What a correlation means: the share of those in the upper half of x who are in the upper half of y, of a bivariate normal distribution. */
  static half(r) { return 0.5 + Math.asin(r) / Math.PI; }

  static miss(guess, r) {
    const by = texts.number(Math.abs(guess - r), 2, false), two = value => texts.number(value, 2, false);
    if (!/[1-9]/.test(by)) return "Your guess is right to the hundredth.";
    const how = guess * r < 0 ? "in the other direction" : Math.abs(guess) > Math.abs(r) ? "too strong" : "too weak";
    return `Your guess of ${two(guess)} is off by ${by}, ${how}.`;
  }

  /* How the guesses went: mean miss, how many within .10, and how they go with the truth. */
  static tally(history) {
    const count = history.length, two = value => texts.number(value, 2, false);
    if (count === 0) return "No guess yet.";
    const misses = history.map(({ guess, r }) => Math.abs(guess - r)), mean = misses.reduce((sum, each) => sum + each, 0) / count;
    const strength = history.reduce((sum, { guess, r }) => sum + Math.abs(guess) - Math.abs(r), 0) / count;
    const close = misses.filter(each => each <= 0.1).length;
    const lean = Math.abs(strength) < 0.005 ? "" : ` On average they are ${two(Math.abs(strength))} too ${strength > 0 ? "strong" : "weak"}.`;
    const goes = count < 3 ? NaN : simulation.correlation(history.map(each => each.guess), history.map(each => each.r));
    return `${texts.count(count)} ${count === 1 ? "guess" : "guesses"}: off by ${two(mean)} on average, ${texts.count(close)} within .10.${lean}`
      + (Number.isFinite(goes) ? ` Guesses and truth correlate ${two(goes)}.` : "");
  }

  update() {
    const { state, round, isRevealed, number } = this;
    const two = value => texts.number(value, 2, false), { half, miss } = this.constructor;
    if (isRevealed) {
      this.tell(`The points have r = ${two(round.r)}. ${miss(state.guess, round.r)}`,
        `They were drawn from a population with ρ = ${two(round.rho)}: ${texts.count(state.n)} points show it with a standard error of about ${two((1 - round.rho ** 2) / Math.sqrt(state.n - 1))}.`);
    } else {
      this.tell(`Round ${texts.count(number + 1)}: how strongly do these ${texts.count(state.n)} points correlate?`,
        `Move the slider, then check. Your guess r = ${two(state.guess)} would mean that of 100 people in the upper half of x ${texts.number(100 * half(state.guess), 0)} are in the upper half of y; without a correlation 50.`);
    }
    this.check.disabled = isRevealed;
    this.next.disabled = !isRevealed;
    for (const slider of Object.values(this.sliders)) {
      slider.input.disabled = isRevealed;
      if (slider.box) slider.box.disabled = isRevealed;
    }
    const truth = text => isRevealed ? text(round.r) : "?";
    SliderExplorer.compare(this.table, "What the guess and the points mean", ["your guess", "the points"], [
      ["r", two(state.guess), truth(two)],
      ["shared variance r²", texts.percent(state.guess ** 2), truth(r => texts.percent(r * r))],
      ["of 100 in the upper half of x, in the upper half of y", texts.number(100 * half(state.guess), 0), truth(r => texts.number(100 * half(r), 0))]
    ]);
    this.showPoints();
    this.showRecord();
  }

  showPoints() {
    const { points: plane, round, isRevealed, state } = this;
    const { svg } = drawing;
    const edge = 1.05 * Math.max(...round.x.map(Math.abs), ...round.y.map(Math.abs)), ticks = drawing.ticks(-edge, edge, this.width > 420 ? 8 : 5);
    plane.height = Math.min(430, this.width);
    plane.frame(this.width, { minimum: -edge, maximum: edge, ticks, title: "x (standard deviations)" }, { minimum: -edge, maximum: edge, ticks, title: "y (standard deviations)" });
    const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
    const mx = mean(round.x), my = mean(round.y);
    const slope = round.r * Math.sqrt(round.y.reduce((sum, y) => sum + (y - my) ** 2, 0) / round.x.reduce((sum, x) => sum + (x - mx) ** 2, 0));
    // The line of a strong correlation leaves the square above or below before it does at its sides.
    const ends = [-1, 1].map(side => {
      const x = side * edge, y = my + slope * (x - mx);
      return Math.abs(y) <= edge ? [x, y] : [mx + (Math.sign(y) * edge - my) / slope, Math.sign(y) * edge];
    });
    plane.layer("lines").replaceChildren(...isRevealed ? [svg("path", { class: "regression", d: plane.path(ends) })] : []);
    plane.layer("points").replaceChildren(...round.x.map((x, i) => svg("circle", { cx: plane.x.at(x), cy: plane.y.at(round.y[i]), r: state.n > 200 ? 2.4 : 3.5 })));
    drawing.set(plane.element, { "aria-label": `Scatter of ${state.n} points` + (isRevealed ? ` with r = ${texts.number(round.r, 2, false)} and their regression line.` : "; their correlation is to be guessed.") });
  }

  showRecord() {
    const { record: plane, history } = this;
    const { svg } = drawing, width = this.widthOf(plane), ticks = drawing.ticks(-1, 1, 4, false);
    plane.height = Math.min(300, width);
    plane.frame(width, { minimum: -1, maximum: 1, ticks, title: "True r" }, { minimum: -1, maximum: 1, ticks, title: "Your guess" });
    plane.layer("shapes").replaceChildren(svg("path", { class: "limits", d: plane.path([[-1, -1], [1, 1]]) }),
      ...history.map(({ guess, r }) => svg("path", { class: "gap", d: plane.path([[r, r], [r, guess]]) })));
    plane.layer("points").replaceChildren(...history.map(({ guess, r }, i) =>
      svg("circle", { class: this.isRevealed && i === history.length - 1 ? "correct" : "earlier", cx: plane.x.at(r), cy: plane.y.at(guess), r: 5 })));
    const tally = this.constructor.tally(history);
    drawing.write(this.score, tally);
    drawing.set(plane.element, { "aria-label": "Guesses against the truth. " + tally });
  }
};
