/*
 * A literature that is drawn and selected, and the means that correct for it. Formulas and safeguards are those of EmpathyNotebooks.MetaAnalysis, and tests hold both to the same digits.
 */
const bias = (() => {
  const { Unsolved } = statistics, { hazard, logUpper, root } = selection;
  const LEVEL = 0.95, LOG_ROOT = 0.9189385332046727, CRITICAL = 1.959963984540054;
  const unsolved = why => { throw new Unsolved(why); };

  /* A number in (0, 1) that hangs on its four places alone: the same study whatever the sliders say. The mixing is that of MurmurHash3. */
  function uniform(seed, literature, study, which) {
    let h = 0x9747b28c;
    for (const place of [seed, literature, study, which]) {
      let part = Math.imul(place, 0xcc9e2d51);
      part = Math.imul(part << 15 | part >>> 17, 0x1b873593);
      h ^= part;
      h = Math.imul(h << 13 | h >>> 19, 5) + 0xe6546b64;
    }
    h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
    h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
    return ((h ^ h >>> 16) >>> 0) / 4294967296 + 1 / 8589934592;
  }

  /* Two normal numbers, by Box and Muller. */
  function normals(seed, literature, study, which) {
    const radius = Math.sqrt(-2 * Math.log(uniform(seed, literature, study, which))), angle = 2 * Math.PI * uniform(seed, literature, study, which + 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }

  /*
   * All studies of a literature, published or lost, in Fisher's z. state: k studies; n, the middle number of people, and the standard deviation of its logarithm; the true mean r and tau;
   * and how likely a study is published whose result is positive but not significant, or of the wrong sign.
   */
  function literature(state, seed, number) {
    return Array.from({ length: state.k }, (_, i) => {
      const [trueEffect, error] = normals(seed, number, i, 0), [size] = normals(seed, number, i, 2);
      const n = Math.min(5000, Math.max(8, Math.round(state.n * Math.exp(state.spread * size)))), v = 1 / (n - 3);
      const y = Math.atanh(state.r) + state.tau * trueEffect + Math.sqrt(v) * error;
      const kind = y * Math.sqrt(n - 3) > CRITICAL ? "significant" : y > 0 ? "positive" : "negative";
      return { n, y, v, kind, isPublished: uniform(seed, number, i, 4) < { significant: 1, positive: state.positive, negative: state.negative }[kind] };
    });
  }

  /* The straight line by least squares with weights. */
  function line(y, w, x) {
    let weight = 0, sumX = 0, sumY = 0, squares = 0, spread = 0, product = 0, left = 0, all = 0;
    for (let i = 0; i < y.length; i++) {
      weight += w[i];
      sumX += w[i] * x[i];
      sumY += w[i] * y[i];
      squares += w[i] * x[i] * x[i];
      all += w[i] * y[i] * y[i];
    }
    const meanX = sumX / weight, meanY = sumY / weight;
    for (let i = 0; i < y.length; i++) {
      spread += w[i] * (x[i] - meanX) * (x[i] - meanX);
      product += w[i] * (x[i] - meanX) * (y[i] - meanY);
    }
    if (!(spread > 1e-14 * squares)) unsolved("Standard errors do not vary.");
    const slope = product / spread;
    for (let i = 0; i < y.length; i++) {
      const residual = y[i] - meanY - slope * (x[i] - meanX);
      left += w[i] * residual * residual;
    }
    return { intercept: meanY - slope * meanX, slope, variance: 1 / weight + meanX * meanX / spread, left, isExact: !(left > 1e-28 * all) };
  }

  const around = (estimate, se, df) => {
    const half = se * statistics.intervalQuantile(LEVEL, df);
    return { estimate, interval: [estimate - half, estimate + half] };
  };

  function random(y, v) {
    if (y.length < 2) unsolved("Fewer than two studies are published.");
    const { estimate, se, k } = statistics.fit(y, v, { method: "REML", test: "hk" });
    return around(estimate, se, k - 1);
  }

  /* The mean weighted by precision, its error by what is left. */
  function precise(y, v) {
    const k = y.length;
    if (k < 2) unsolved("Fewer than two studies are published.");
    let weight = 0, sum = 0, q = 0;
    for (let i = 0; i < k; i++) {
      weight += 1 / v[i];
      sum += y[i] / v[i];
    }
    const mean = sum / weight;
    for (let i = 0; i < k; i++) q += (y[i] - mean) * (y[i] - mean) / v[i];
    return around(mean, Math.sqrt(q / (k - 1) / weight), k - 1);
  }

  /* The same of studies with 80% power to find it; of all where fewer than two have. */
  function powered(y, v) {
    const all = precise(y, v), limit = Math.abs(all.estimate) / 2.8, rows = y.map((_, i) => i).filter(i => Math.sqrt(v[i]) <= limit);
    return rows.length < 2 ? { ...all, note: "falls back on UWLS" } : { ...precise(rows.map(i => y[i]), rows.map(i => v[i])), note: `${rows.length} of ${y.length} powered` };
  }

  const even = x => {
    const below = Math.floor(x), part = x - below;
    return part < 0.5 || part === 0.5 && below % 2 === 0 ? below : below + 1;
  };

  /* Trim and fill, L0, on the left: the mean with the mirror images of the effects trimmed. */
  function fill(y, v) {
    const k = y.length;
    if (k < 3) unsolved("Fewer than three studies are published.");
    const order = y.map((_, i) => i).sort((a, b) => y[a] - y[b] || a - b), ys = order.map(i => y[i]), vs = order.map(i => v[i]);
    let missing = 0, centre = 0;
    for (let round = 1; ; round++) {
      const left = k - missing;
      centre = left === 1 ? ys[0] : statistics.fit(ys.slice(0, left), vs.slice(0, left), { method: "REML", test: "z" }).estimate;
      const ranks = ys.map((_, i) => i).sort((a, b) => Math.abs(ys[a] - centre) - Math.abs(ys[b] - centre) || a - b).reduce((sum, i, rank) => sum + (ys[i] > centre ? rank + 1 : 0), 0);
      const next = Math.max(0, even((4 * ranks - k * (k + 1)) / (2 * k - 1)));
      if (next === missing) break;
      if (next >= k) unsolved("All studies would have to be trimmed.");
      if (round >= 100) unsolved("The number of missing studies does not come to rest.");
      missing = next;
    }
    const images = order.slice(k - missing);
    return {
      ...random([...y, ...images.map(i => 2 * centre - y[i])], [...v, ...images.map(i => v[i])]), note: `${missing} filled`,
      filled: images.map(i => ({ y: 2 * centre - y[i], v: v[i] }))
    };
  }

  /* Effects regressed on standard errors (PET) or variances (PEESE). */
  function regression(y, v, isPeese) {
    const df = y.length - 2;
    if (df < 1) unsolved("Fewer than three studies are published.");
    const found = line(y, v.map(each => 1 / each), isPeese ? v : v.map(Math.sqrt));
    if (found.isExact) unsolved("All effects lie exactly on the line.");
    const se = Math.sqrt(found.left / df * found.variance);
    return { ...around(found.intercept, se, df), t: found.intercept / se, df, slope: found.slope };
  }

  const pet = (y, v) => regression(y, v, false);
  const peese = (y, v) => regression(y, v, true);

  /* PEESE where PET's intercept is above 0, one-sided at .05; else PET. */
  function petPeese(y, v) {
    const first = pet(y, v), isAbove = first.t > 0 && statistics.studentTwoSided(first.t, first.df) / 2 < 0.05;
    return isAbove ? { ...peese(y, v), note: "takes PEESE" } : { ...first, note: "takes PET" };
  }

  /* The expected effect of a study without end. */
  function limit(y, v) {
    if (y.length < 3) unsolved("Fewer than three studies are published.");
    const tau2 = statistics.tauSquared("REML", y, v), tau = Math.sqrt(tau2);
    const found = line(y, v.map(each => 1 / (each + tau2)), v.map(each => each / (Math.sqrt(each + tau2) + tau)));
    return around(found.intercept, Math.sqrt(found.variance), null);
  }

  const stepped = cuts => (y, v) => {
    const found = selection.fit(y, v, cuts);
    return { ...around(found.mean, found.se, null), note: "weight" + (cuts.length > 1 ? "s " : " ") + found.weights.map(w => texts.number(w, 2)).join(", "), tau2: found.tau2, weights: found.weights };
  };

  /* The likelihood of p-uniform*: normal effects, each given on which side of significance it lies. */
  class Truncated {
    constructor(y, v) {
      const limit = v.map(each => CRITICAL * Math.sqrt(each)), width = Math.max(...y) - Math.min(...y) + Math.sqrt(Math.max(...v));
      const low = 1e-6 * Math.min(...v), high = 1e4 * width * width;
      Object.assign(this, { y, v, limit, width, isAbove: y.map((effect, i) => effect > limit[i]), grid: [0, ...Array.from({ length: 40 }, (_, i) => low * Math.pow(high / low, i / 39))] });
    }

    log(mu, tau2) {
      let sum = 0;
      for (let i = 0; i < this.y.length; i++) {
        const sd = Math.sqrt(this.v[i] + tau2), u = (this.limit[i] - mu) / sd, e = (this.y[i] - mu) / sd;
        sum -= e * e / 2 + LOG_ROOT + Math.log(sd) + logUpper(this.isAbove[i] ? u : -u);
      }
      return sum;
    }

    slope(mu, tau2) {
      let sum = 0;
      for (let i = 0; i < this.y.length; i++) {
        const eta = this.v[i] + tau2, sd = Math.sqrt(eta), e = (this.y[i] - mu) / sd, u = (this.limit[i] - mu) / sd;
        sum += (e * e - 1 + (this.isAbove[i] ? -hazard(u) : hazard(-u)) * u) / (2 * eta);
      }
      return sum;
    }

    /* The best μ at a τ²: the slope falls throughout. */
    muAt(tau2) {
      const { y, v, limit, isAbove, width } = this;
      let low = -Infinity, high = Infinity, step = width + Math.sqrt(tau2), mu = y.reduce((sum, each) => sum + each, 0) / y.length;
      for (let round = 0; round < 500; round++) {
        let slope = 0, curvature = 0;
        for (let i = 0; i < y.length; i++) {
          const eta = v[i] + tau2, sd = Math.sqrt(eta), u = (limit[i] - mu) / sd, h = hazard(isAbove[i] ? u : -u);
          slope += (y[i] - mu) / eta + (isAbove[i] ? -h : h) / sd;
          curvature -= (1 - h * (h - (isAbove[i] ? u : -u))) / eta;
        }
        if (slope === 0) return mu;
        if (slope > 0) low = mu;
        else high = mu;
        let next = mu - slope / curvature;
        if (!(next > low && next < high) || !Number.isFinite(next) || Math.abs(next - mu) > 4 * step) {
          next = low === -Infinity ? high - step : high === Infinity ? low + step : (low + high) / 2;
          step *= 2;
        }
        if (Math.abs(next - mu) <= 1e-15 * (Math.abs(mu) + width)) return next;
        mu = next;
      }
      return mu;
    }

    /* The τ² at the highest turn of a likelihood; endless where it is highest at the end of the grid. */
    turn(slope, likelihood) {
      const { grid } = this;
      let best = 0, highest = likelihood(0), before = slope(0);
      for (let i = 1; i < grid.length; i++) {
        const here = slope(grid[i]);
        if (before > 0 && here <= 0) {
          const at = root(slope, grid[i - 1], grid[i]), value = likelihood(at);
          if (value > highest) [best, highest] = [at, value];
        }
        before = here;
      }
      return before > 0 && likelihood(grid.at(-1)) > highest ? Infinity : best;
    }

    profile(mu) {
      const tau2 = this.turn(t => this.slope(mu, t), t => this.log(mu, t));
      return this.log(mu, tau2 === Infinity ? this.grid.at(-1) : tau2);
    }

    /* Where the profile of μ has fallen to a value; endless where it does not fall so far. */
    cross(estimate, least, side) {
      let step = 0.05 * this.width, inside = estimate, outside = estimate + side * step;
      for (let i = 0; this.profile(outside) > least; i++) {
        if (i > 30 || Math.abs(outside - estimate) > 1000 * this.width) return side * Infinity;
        step *= 1.6;
        [inside, outside] = [outside, outside + side * step];
      }
      return root(mu => this.profile(mu) - least, Math.min(inside, outside), Math.max(inside, outside));
    }
  }

  const HALF = CRITICAL * CRITICAL / 2;

  function truncated(y, v, hasInterval) {
    if (y.length < 2) unsolved("Fewer than two studies are published.");
    const model = new Truncated(y, v), tau2 = model.turn(t => model.slope(model.muAt(t), t), t => model.log(model.muAt(t), t));
    const count = model.isAbove.filter(is => is).length;
    if (tau2 === Infinity) unsolved(count === 0 ? "No published result is significant." : count === y.length ? "All published results are significant." : "The likelihood rises without end with τ².");
    const estimate = model.muAt(tau2), note = `${count} of ${y.length} significant`;
    if (!hasInterval) return { estimate, note };
    const least = model.log(estimate, tau2) - HALF;
    return { estimate, note, tau2, interval: [model.cross(estimate, least, -1), model.cross(estimate, least, 1)] };
  }

  /* In the order of their stories: none, small-study effects, precision, selection by p. */
  const methods = [
    { key: "published", name: "as published", mean: random },
    { key: "fill", name: "trim and fill", mean: fill },
    { key: "pet", name: "PET", mean: pet },
    { key: "peese", name: "PEESE", mean: peese },
    { key: "petPeese", name: "PET-PEESE", mean: petPeese },
    { key: "limit", name: "limit meta-analysis", mean: limit },
    { key: "uwls", name: "UWLS", mean: precise },
    { key: "waap", name: "WAAP", mean: powered },
    { key: "step", name: "selection, 1 step", mean: stepped([0.025]) },
    { key: "steps", name: "selection, 2 steps", mean: stepped([0.025, 0.5]) },
    { key: "pUniform", name: "p-uniform*", mean: truncated }
  ];

  /* The mean by every method, in Fisher's z, or why there is none. */
  function estimates(y, v, hasInterval = true) {
    return methods.map(({ key, mean }) => {
      try {
        return { key, ...mean(y, v, hasInterval) };
      } catch (fault) {
        if (!(fault instanceof Unsolved)) throw fault;
        return { key, estimate: null, why: fault.message };
      }
    });
  }

  return { literature, estimates, methods, random };
})();
