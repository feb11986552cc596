/*
 * Selection by p-values: step functions whose weights are given or estimated. Starts, steps and safeguards are those of EmpathyNotebooks.MetaAnalysis, and tests hold both to the
 * same digits.
 */
const selection = (() => {
  const { Unsolved } = statistics;
  const ROOT = 0.3989422804014327, LOG_ROOT = 0.9189385332046727, FAR = 4, PARTS = 32;
  const unsolved = why => { throw new Unsolved(why); };

  const density = x => ROOT * Math.exp(-x * x / 2);
  const knots = Array.from({ length: FAR * PARTS + 1 }, (_, i) => statistics.normalTwoSided(i / PARTS) / 2);

  /* Φ(-x)/φ(x) far out, by its continued fraction. */
  function mills(x) {
    if (x === Infinity) return 0;
    let tail = x;
    for (let i = x > 20 ? 8 : 26; i > 0; i--) tail = x + i / tail;
    return 1 / tail;
  }

  /* Φ(-x) with the digits of a tail: from the nearest knot by Taylor's series, whose terms are Hermite polynomials. */
  function upper(x) {
    if (x < 0) return 1 - upper(-x);
    if (x >= FAR) return density(x) * mills(x);
    const i = Math.round(x * PARTS), at = i / PARTS, d = x - at;
    let before = 1, here = at, factor = d, sum = d;
    for (let n = 2; n < 10; n++) {
      factor *= -d / n;
      sum += here * factor;
      [before, here] = [here, at * here - (n - 1) * before];
    }
    return knots[i] - density(at) * sum;
  }

  const logUpper = x => x < -1 ? Math.log1p(-upper(-x)) : x < FAR ? Math.log(upper(x)) : -x * x / 2 - LOG_ROOT + Math.log(mills(x));
  const hazard = x => x < FAR ? density(x) / upper(x) : 1 / mills(x);

  /* A root between two points of different sign, by Ridders' method: each round at least halves the bracket. */
  function root(f, low, high) {
    let atLow = f(low), atHigh = f(high), last = Infinity;
    if (atLow === 0) return low;
    if (atHigh === 0) return high;
    if (!(atLow < 0 !== atHigh < 0)) unsolved("There is no root where one was looked for.");
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2, at = f(middle), width = Math.sqrt(at * at - atLow * atHigh);
      if (at === 0 || !(width > 0)) return middle;
      const x = middle + (middle - low) * (atLow > atHigh ? at : -at) / width;
      if (Math.abs(x - last) <= 4e-16 * Math.abs(x)) return x;
      last = x;
      const here = f(x);
      if (here === 0) return x;
      if (at < 0 !== here < 0) [low, atLow, high, atHigh] = [middle, at, x, here];
      else if (atLow < 0 !== here < 0) [high, atHigh] = [x, here];
      else [low, atLow] = [x, here];
    }
    return last;
  }

  /* L with LL' = a in its lower half; false where a is not positive definite. */
  function cholesky(a, n) {
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++) {
        let sum = a[i * n + j];
        for (let m = 0; m < j; m++) sum -= a[i * n + m] * a[j * n + m];
        if (i > j) a[i * n + j] = sum / a[j * n + j];
        else if (sum > 0 && Number.isFinite(sum)) a[j * n + j] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }

  function solve(l, b, n) {
    for (let i = 0; i < n; i++) {
      for (let m = 0; m < i; m++) b[i] -= l[i * n + m] * b[m];
      b[i] /= l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let m = i + 1; m < n; m++) b[i] -= l[m * n + i] * b[m];
      b[i] /= l[i * n + i];
    }
    return b;
  }

  /* The likelihood of effects of which large ones are selected. cuts: of one-sided p, rising; given: the weights after the first, or null where they are estimated. */
  class StepLikelihood {
    constructor(y, v, cuts, given) {
      const z = cuts.map(cut => -statistics.normalQuantile(cut)), m = cuts.length;
      this.group = Array.from(y, (effect, i) => {
        const p = upper(effect / Math.sqrt(v[i]));
        let j = 0;
        while (j < m && p > cuts[j]) j++;
        return j;
      });
      this.bounds = Float64Array.from({ length: y.length * m }, (_, at) => Math.sqrt(v[Math.floor(at / m)]) * z[at % m]);
      Object.assign(this, { y, v, m, free: given ? 0 : m, fixed: given?.map(Math.log) ?? null, counts: Array.from({ length: m + 1 }, (_, j) => this.group.filter(g => g === j).length) });
    }

    /* At (μ, τ², the logarithms of free weights): the log-likelihood, with slope and curvature if asked. */
    evaluate(at, gradient, hessian) {
      const { y, v, m, free, bounds, group } = this, n = 2 + free, mu = at[0], tau2 = at[1], theta = this.fixed ?? at.slice(2), weights = [1, ...theta.map(Math.exp)];
      const first = new Float64Array(3 * (m + 1)), total = new Float64Array(5);
      gradient?.fill(0);
      hessian?.fill(0);
      let sum = 0;
      for (let i = 0; i < y.length; i++) {
        const eta = v[i] + tau2, sd = Math.sqrt(eta), e = y[i] - mu;
        total.fill(0);
        let tail = 0, f = 0, u = 0;
        for (let j = 0; j <= m; j++) {
          const aboveTail = tail, aboveF = f, above = u;
          if (j < m) {
            u = (bounds[i * m + j] - mu) / sd;
            // Above the middle tails of the upper end, below it those of the lower one, so that a difference keeps its digits.
            tail = u > 0 ? upper(u) : -upper(-u);
            f = density(u);
          } else tail = f = u = 0;
          const wasAbove = j > 0 && above > 0;
          const probability = j === 0 ? (u > 0 ? tail : 1 + tail) : j === m ? (wasAbove ? 1 - aboveTail : -aboveTail) : u > 0 ? tail - aboveTail : wasAbove ? 1 + tail - aboveTail : tail - aboveTail;
          const own1 = f - aboveF, own2 = u * f - above * aboveF, w = weights[j];
          total[0] += w * probability;
          total[1] += w * own1;
          total[2] += w * own2;
          if (hessian) {
            total[3] += w * ((u * u - 1) * f - (above * above - 1) * aboveF);
            total[4] += w * ((u * u - 3) * u * f - (above * above - 3) * above * aboveF);
          }
          first[3 * j] = w * probability;
          first[3 * j + 1] = w * own1;
          first[3 * j + 2] = w * own2;
        }
        const a = total[0], g = group[i];
        if (!(a > 0)) return -Infinity;
        sum += (g ? theta[g - 1] : 0) - 0.5 * (Math.log(2 * Math.PI * eta) + e * e / eta) - Math.log(a);
        if (!gradient) continue;
        const h1 = total[1] / a, h2 = total[2] / a;
        gradient[0] += e / eta - h1 / sd;
        gradient[1] += 0.5 * (e * e / eta - 1 - h2) / eta;
        for (let j = 1; j <= free; j++) gradient[1 + j] += (g === j ? 1 : 0) - first[3 * j] / a;
        if (!hessian) continue;
        const h3 = total[3] / a, h4 = total[4] / a;
        hessian[0] += (-1 - h2 + h1 * h1) / eta;
        hessian[n] += (-e / sd - 0.5 * (h3 - h1 * h2)) / (eta * sd);
        hessian[n + 1] += (0.5 - e * e / eta - 0.25 * (h4 - h2 * h2)) / (eta * eta);
        for (let j = 1; j <= free; j++) {
          const g0 = first[3 * j] / a, row = (1 + j) * n;
          hessian[row] -= (first[3 * j + 1] / a - g0 * h1) / sd;
          hessian[row + 1] -= 0.5 * (first[3 * j + 2] / a - g0 * h2) / eta;
          for (let l = 1; l <= j; l++) hessian[row + 1 + l] += g0 * first[3 * l] / a - (l === j ? g0 : 0);
        }
      }
      if (hessian) for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) hessian[j * n + i] = hessian[i * n + j];
      return Number.isFinite(sum) ? sum : -Infinity;
    }
  }

  /* Newton's step among what is not held, damped until it climbs; false where it had to be. */
  function newton(gradient, hessian, held, at, step) {
    const n = gradient.length, factor = new Float64Array(n * n);
    let isNewton = true;
    for (let damping = 0; ;) {
      for (let i = 0; i < n; i++) {
        step[i] = held[i] ? 0 : gradient[i];
        for (let j = 0; j <= i; j++) factor[i * n + j] = held[i] || held[j] ? (i === j ? 1 : 0) : -hessian[i * n + j];
        if (!held[i]) factor[i * n + i] += damping * Math.max(Math.abs(hessian[i * n + i]), 1e-300);
      }
      if (cholesky(factor, n)) {
        solve(factor, step, n);
        if (!held[1] && at[1] <= 0 && step[1] < 0) {
          held[1] = true;
          continue;
        }
        return isNewton;
      }
      isNewton = false;
      damping = damping === 0 ? 1e-3 : damping * 8;
      if (damping > 1e12) {
        step.fill(0);
        return false;
      }
    }
  }

  function isRunaway(at, size) {
    return at[1] > 1e6 * size * size || Math.abs(at[0]) > 300 * size || at.slice(2).some(theta => Math.abs(theta) > 40);
  }

  /* Climbs from a start; null where it leads to the maximum known. */
  function climb(likelihood, start, known, size, isRandom) {
    const n = start.length, step = new Float64Array(n);
    let at = Array.from(start), gradient = new Float64Array(n), hessian = new Float64Array(n * n), settled = 0;
    let value = likelihood.evaluate(at, gradient, hessian);
    if (value === -Infinity) return null;
    for (let iteration = 1; iteration <= 300; iteration++) {
      const held = at.map((x, j) => j === 1 && (!isRandom || x <= 0 && gradient[1] <= 0));
      const isNewton = newton(gradient, hessian, held, at, step);
      const promise = gradient.reduce((sum, g, j) => sum + g * step[j], 0);
      const point = runaway => ({ at, value, gradient, hessian, held, isRunaway: runaway });
      if (known && isNewton && promise < 0.2 && Math.abs(value + promise / 2 - known.value) < 0.02 + 0.2 * promise && isNear(at, known)) return null;
      if (isNewton && promise < 1e-9 * (1 + Math.abs(value))) settled++;
      if (promise <= 1e-22 * (1 + Math.abs(value)) && isNewton || settled > 4) return point(isRunaway(at, size));
      let moved = false;
      for (let share = 1; share > 1e-12; share /= share > 0.2 ? 2 : 4) {
        const trial = at.map((x, j) => held[j] ? x : j === 1 ? Math.max(0, x + share * step[j]) : x + share * step[j]);
        const next = likelihood.evaluate(trial);
        if (next > value || settled > 0 && next >= value - 1e-13 * (1 + Math.abs(value))) {
          [at, gradient, hessian, moved] = [trial, new Float64Array(n), new Float64Array(n * n), true];
          value = likelihood.evaluate(at, gradient, hessian);
          break;
        }
      }
      if (!moved) return point(isRunaway(at, size) || promise > 1e-6 * (1 + Math.abs(value)) && !isNewton);
      if (isRunaway(at, size)) return point(true);
    }
    return { at, value, gradient, hessian, held: at.map(() => false), isRunaway: true };
  }

  function isNear(at, known) {
    const n = at.length;
    let distance = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) distance -= (at[i] - known.at[i]) * known.hessian[i * n + j] * (at[j] - known.at[j]);
      if (known.held[i] && at[i] > 0 && -known.gradient[i] * at[i] > 0.01) return false;
    }
    return Math.abs(distance) < 0.5;
  }

  /* Starts that lead to the maxima there can be: selection of either strength, one or no heterogeneity. */
  function startsOf({ y, v, free }, isRandom) {
    const mean = tau2 => {
      let w = 0, wy = 0;
      for (let i = 0; i < y.length; i++) {
        w += 1 / (v[i] + tau2);
        wy += y[i] / (v[i] + tau2);
      }
      return wy / w;
    };
    const centre = mean(0), k = y.length, typical = v.reduce((sum, each) => sum + each, 0) / k;
    const spread = y.reduce((sum, each) => sum + (each - centre) * (each - centre), 0) / k;
    const taus = isRandom ? [Math.max(spread - typical, 0.05 * typical), 0, 4 * spread] : [0];
    return (free ? [0, -1.6, 1.1, -3.2] : [0]).flatMap((level, l) => (l > 1 ? taus.slice(0, 1) : taus).map(tau2 => [mean(tau2) * (l === 1 || l === 3 ? 0.5 : 1), tau2, ...Array(free).fill(level)]));
  }

  /* The variances of the estimates that are not held; null where the likelihood is flat. */
  function variancesOf({ hessian, held }) {
    const n = held.length, scale = held.map((is, i) => is ? 0 : 1 / Math.sqrt(-hessian[i * n + i])), scaled = new Float64Array(n * n);
    if (scale.some((each, i) => !held[i] && !(each > 0 && Number.isFinite(each)))) return null;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) scaled[i * n + j] = held[i] || held[j] ? (i === j ? 1 : 0) : -hessian[i * n + j] * scale[i] * scale[j];
    if (!cholesky(scaled, n)) return null;
    for (let i = 0; i < n; i++) if (scaled[i * n + i] < 1e-5) return null;
    return held.map((_, i) => solve(scaled, held.map((__, j) => i === j ? 1 : 0), n)[i] * scale[i] * scale[i]);
  }

  /* The maximum of a step selection model: mean, its standard error, τ² and weights, effects above 0 being the ones selected. */
  function fit(y, v, cuts, given = null, isRandom = true) {
    const likelihood = new StepLikelihood(y, v, cuts, given), { counts, free } = likelihood;
    if (y.length < 2 + (isRandom ? 1 : 0) + free) unsolved("There are too few studies.");
    const p = j => texts.number(cuts[j], 3, false).replace(/0+$/, "");
    const words = j => j === 0 ? `p up to ${p(0)}` : j === cuts.length ? `p above ${p(j - 1)}` : `p between ${p(j - 1)} and ${p(j)}`;
    const empty = free ? counts.indexOf(0) : -1;
    if (empty >= 0) unsolved(`No published study has ${words(empty)}.`);
    const size = Math.max(...y.map(Math.abs)) + Math.sqrt(Math.max(...v));
    let best = null, runaway = null;
    for (const start of startsOf(likelihood, isRandom)) {
      const point = climb(likelihood, start, best, size, isRandom);
      if (!point) continue;
      if (point.isRunaway) {
        if (!runaway || point.value > runaway.value) runaway = point;
      } else if (!best || point.value > best.value) best = point;
    }
    if (!best || runaway && runaway.value > best.value + 1e-7 * (1 + Math.abs(best.value))) unsolved("The likelihood has no maximum.");
    const variances = variancesOf(best), n = best.at.length;
    const isFlat = free && best.at.every((x, i) => i < 2 || -best.hessian[i * n + i] * Math.max(1, x * x) < 1e-8);
    if (!variances || isFlat) unsolved("The likelihood is flat: other means with other weights fit as well.");
    return { mean: best.at[0], se: Math.sqrt(variances[0]), tau2: best.at[1], weights: given ?? best.at.slice(2).map(Math.exp), logLikelihood: best.value, counts, groups: likelihood.group };
  }

  return { density, upper, logUpper, hazard, root, fit };
})();
