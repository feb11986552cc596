/*
 * The Bayesian random-effects model with flat and normal priors of the mean. Variables of integration and safeguards are those of
 * EmpathyNotebooks.MetaAnalysis, and tests hold both to the same digits.
 */
const bayes = (() => {
  const NEGLIGIBLE = 40, LOG_TWO_PI = Math.log(2 * Math.PI);

  /* Priors of τ by name and scale, with the logarithm of their density, its limit at 0 and the power by which it falls off. */
  const tauPriors = {
    halfNormal: s => ({ largest: Infinity, typical: s, atZero: Math.log(2 / Math.PI) / 2 - Math.log(s), logDensity: t => Math.log(2 / Math.PI) / 2 - Math.log(s) - t / s * (t / s) / 2 }),
    halfCauchy: s => ({ largest: Infinity, typical: s, atZero: Math.log(2 / (Math.PI * s)), logDensity: t => Math.log(2 / (Math.PI * s)) - Math.log(1 + t / s * (t / s)) }),
    exponential: s => ({ largest: Infinity, typical: s, atZero: -Math.log(s), logDensity: t => -Math.log(s) - t / s }),
    uniform: s => ({ largest: s, typical: s, atZero: -Math.log(s), logDensity: t => t <= s ? -Math.log(s) : -Infinity }),
    inverseGamma: s => ({ largest: Infinity, typical: s, atZero: -Infinity, logDensity: t => Math.log(s) - 2 * Math.log(t) - s / t })
  };

  const muLogDensity = (mu, x) => mu.family === "flat" ? 0 : -LOG_TWO_PI / 2 - Math.log(mu.sd) - (x - mu.mean) / mu.sd * ((x - mu.mean) / mu.sd) / 2;

  /* The variable in which τ is integrated. */
  function axisOf(family, prior, unit) {
    if (family === "uniform") {
      const toTau = x => prior.largest / (1 + Math.exp(-2 * Math.sinh(x)));
      return {
        toTau, fromTau: t => t >= prior.largest ? Infinity : Math.asinh((Math.log(t) - Math.log(prior.largest - t)) / 2),
        slope: x => toTau(x) / (1 + Math.exp(2 * Math.sinh(x))) * 2 * Math.cosh(x)
      };
    }
    if (family === "inverseGamma") {
      const toTau = x => unit * Math.exp(x);
      return { toTau, fromTau: t => Math.log(t / unit), slope: toTau };
    }
    const toTau = x => unit * Math.exp(x - Math.exp(-x));
    return {
      toTau, slope: x => toTau(x) * (1 + Math.exp(-x)),
      fromTau: t => {
        const target = Math.log(t / unit);
        let x = target > -1 ? target : -Math.log(-target);
        for (let i = 0; i < 60; i++) {
          const shrink = Math.exp(-x), step = (x - shrink - target) / (1 + shrink);
          x -= step;
          if (Math.abs(step) <= 1e-15 * (1 + Math.abs(x))) break;
        }
        return x;
      }
    };
  }

  const unsolved = () => { throw new statistics.Unsolved("The marginal likelihood did not settle: effects, variances or priors are too far apart."); };

  /* The trapezoidal rule with halved steps over everything from the first to the last value that counts. */
  function integrate(f, from, to) {
    const checked = x => {
      const value = f(x);
      if (Number.isNaN(value) || value === Infinity) unsolved();
      return value;
    };
    let step = 0.5, origin = from, logs = [];
    for (let x = from; x <= to + step || logs.length < 4; x += step) logs.push(checked(x));
    let best = Math.max(...logs);
    for (; logs.at(-1) > best - NEGLIGIBLE; best = Math.max(best, logs.at(-1))) {
      if (logs.length > 4000) unsolved();
      logs.push(checked(origin + logs.length * step));
    }
    const before = [];
    while ((before.length ? before.at(-1) : logs[0]) > best - NEGLIGIBLE) {
      if (before.length > 4000) unsolved();
      origin -= step;
      before.push(checked(origin));
      best = Math.max(best, before.at(-1));
    }
    logs = [...before.reverse(), ...logs];
    if (best === -Infinity) unsolved();
    const total = () => logs.reduce((sum, log) => sum + Math.exp(log - best), 0) * step;
    let sum = total();
    for (;;) {
      let first = 0, last = logs.length - 1;
      while (first < last && logs[first + 1] < best - NEGLIGIBLE) first++;
      while (last > first && logs[last - 1] < best - NEGLIGIBLE) last--;
      if (first === last) [first, last] = [Math.max(0, first - 1), Math.min(logs.length - 1, last + 1)];
      const finer = [];
      origin += first * step;
      step /= 2;
      for (let i = first; i <= last; i++) {
        if (i > first) finer.push(checked(origin + (2 * (i - first) - 1) * step));
        finer.push(logs[i]);
      }
      logs = finer;
      const unit = best;
      best = Math.max(...logs);
      sum *= Math.exp(unit - best);
      const next = total();
      if (Math.abs(next - sum) <= 1e-8 * next && logs.filter(log => log > best - 8).length >= 12) {
        return { origin, step, weights: logs.map(log => Math.exp(log - best) * step / next), log: best + Math.log(next) };
      }
      if (logs.length > 32768) unsolved();
      sum = next;
    }
  }

  const NODES = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975362];
  const WEIGHTS = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];
  const eight = f => NODES.reduce((sum, node, i) => sum + WEIGHTS[i] * (f((1 + node) / 2) + f((1 - node) / 2)), 0) / 2;
  const sineIntegrals = [0];

  /* A density at evenly spaced points, between them by the cardinal series. */
  function gridOf({ origin, step, weights }) {
    const n = weights.length;
    while (sineIntegrals.length < n) {
      const i = sineIntegrals.length;
      sineIntegrals.push(sineIntegrals[i - 1] + eight(u => Math.sin(Math.PI * (i - 1 + u)) / (Math.PI * (i - 1 + u))));
    }
    const cumulative = weights.map((_, i) => weights.reduce((sum, weight, j) => sum + weight * (0.5 + (i >= j ? sineIntegrals[i - j] : -sineIntegrals[j - i])), 0));
    const cardinal = place => {
      const nearest = Math.round(place), off = place - nearest;
      if (Math.abs(off) < 1e-9) return weights[nearest];
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (j % 2 ? -weights[j] : weights[j]) / (place - j);
      return (nearest % 2 ? -1 : 1) * Math.sin(Math.PI * off) / Math.PI * sum;
    };
    const below = place => {
      if (place <= 0) return 0;
      if (place >= n - 1) return 1;
      const panel = Math.floor(place), part = place - panel;
      return cumulative[panel] + part * eight(u => cardinal(panel + part * u));
    };
    return {
      quantile(p) {
        let low = 0, high = n - 1;
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if (cumulative[middle] <= p) low = middle;
          else high = middle;
        }
        let x = low + (p - cumulative[low]) / (cumulative[high] - cumulative[low]);
        for (let i = 0; i < 100; i++) {
          const off = below(x) - p;
          if (off < 0) low = x;
          else high = x;
          const next = x - off / cardinal(x);
          if (Math.abs(next - x) < 1e-12 * (1 + Math.abs(x))) return origin + step * next;
          x = next > low && next < high ? next : (low + high) / 2;
        }
        return origin + step * x;
      }
    };
  }

  /* A mixture of normal distributions: parts of [weight, mean, deviation]. */
  function mixtureOf(parts) {
    const mean = parts.reduce((sum, [w, m]) => sum + w * m, 0);
    const sd = Math.sqrt(parts.reduce((sum, [w, m, s]) => sum + w * (s * s + (m - mean) * (m - mean)), 0));
    const seen = parts.filter(([w]) => w > 1e-13);
    const density = x => seen.reduce((sum, [w, m, s]) => sum + w * statistics.normalDensity((x - m) / s) / s, 0);
    const tail = (x, sign) => seen.reduce((sum, [w, m, s]) => sum + w * statistics.normalCumulative(sign * (x - m) / s), 0);
    const [, start, scale] = seen.reduce((most, part) => part[0] > most[0] ? part : most);
    return {
      mean, sd, density, below: x => tail(x, 1), above: x => tail(x, -1),
      quantile(p) {
        let low = -Infinity, high = Infinity, step = scale, x = start + scale * statistics.normalQuantile(p);
        for (let i = 0; i < 400; i++) {
          const off = p <= 0.5 ? tail(x, 1) - p : 1 - p - tail(x, -1);
          if (off === 0) return x;
          if (off < 0) low = x;
          else high = x;
          let next = x - off / density(x);
          if (Math.abs(next - x) <= 1e-13 * (Math.abs(x) + scale)) return next;
          if (!(next > low && next < high)) {
            if (Number.isFinite(low) && Number.isFinite(high)) next = (low + high) / 2;
            else [next, step] = [off < 0 ? x + step : x - step, 2 * step];
          }
          if (next === x) return x;
          x = next;
        }
        return x;
      }
    };
  }

  /* The likelihood at a τ, averaged over the prior of the mean, and the posterior of the mean there; without mu the mean is 0. */
  function likelihoodOf(y, v, mu) {
    const all = v.reduce((sum, each) => sum + 1 / each, 0);
    const centre = mu ? y.reduce((sum, effect, i) => sum + effect / v[i], 0) / all : 0;
    const r = Array.from(y, effect => effect - centre), precision = mu?.family === "normal" ? 1 / (mu.sd * mu.sd) : 0;
    const offset = precision ? mu.mean - centre : 0, terms = mu?.family === "flat" ? y.length - 1 : y.length;
    return tau => {
      const tau2 = tau * tau;
      let a = precision, b = precision * offset, logs = 0, squares = 0;
      for (let i = 0; i < r.length; i++) {
        a += 1 / (v[i] + tau2);
        b += r[i] / (v[i] + tau2);
        logs += Math.log(v[i] + tau2);
      }
      const mean = mu ? b / a : 0;
      for (let i = 0; i < r.length; i++) squares += (r[i] - mean) * (r[i] - mean) / (v[i] + tau2);
      if (!mu) return { log: -(terms * LOG_TWO_PI + logs + squares) / 2 };
      squares += precision * (mean - offset) * (mean - offset);
      return { log: -(terms * LOG_TWO_PI + logs + squares + Math.log(a)) / 2 + (precision ? Math.log(precision) / 2 : 0), mean: mean + centre, variance: 1 / a };
    };
  }

  function posteriorOf(y, v, mu, tau) {
    const prior = tauPriors[tau.family](tau.scale), likelihood = likelihoodOf(y, v, mu);
    const least = Math.min(...v), most = Math.max(...v), low = Math.min(...y), high = Math.max(...y);
    let reach = Math.max(high - low, ...(mu ? [] : [Math.abs(high), Math.abs(low)]));
    if (mu?.family === "normal") reach = Math.max(reach, Math.abs(high - mu.mean), Math.abs(low - mu.mean));
    const unit = Math.min(Math.sqrt(least), prior.typical), axis = axisOf(tau.family, prior, unit);
    const end = axis.fromTau(30 * Math.max(Math.sqrt(most), reach, prior.typical));
    const rule = integrate(x => {
      const t = axis.toTau(x), slope = axis.slope(x);
      return t > 0 && slope > 0 && Number.isFinite(t * t) && Number.isFinite(slope) ? prior.logDensity(t) + likelihood(t).log + Math.log(slope) : -Infinity;
    }, axis.fromTau(0.05 * unit), tau.family === "uniform" ? Math.min(end, 4) : end);
    return { prior, likelihood, axis, rule, log: rule.log };
  }

  /* The whole model. mu: { family: flat or normal, mean, sd }; tau: { family, scale }. */
  function fit(y, v, { mu, tau, level }) {
    const { prior, likelihood, axis, rule, log } = posteriorOf(y, v, mu, tau), grid = gridOf(rule);
    const points = rule.weights.map((weight, i) => ({ weight, tau: axis.toTau(rule.origin + i * rule.step) })).filter(p => p.weight > 0 && p.tau > 0).map(p => ({ ...p, ...likelihood(p.tau) }));
    const tail = (1 - level) / 2, summary = d => ({ ...d, median: d.quantile(0.5), lower: d.quantile(tail), upper: d.quantile(1 - tail) });
    const isProper = mu.family === "normal";
    return {
      mean: summary(mixtureOf(points.map(p => [p.weight, p.mean, Math.sqrt(p.variance)]))),
      predictive: summary(mixtureOf(points.map(p => [p.weight, p.mean, Math.sqrt(p.variance + p.tau * p.tau)]))),
      tau: summary({
        quantile: p => axis.toTau(grid.quantile(p)),
        density: t => t > prior.largest ? 0 : Math.exp((t > 0 ? prior.logDensity(t) : prior.atZero) + likelihood(t).log - log)
      }),
      studies: Array.from(y, (effect, i) => {
        let mean = 0, square = 0;
        for (const p of points) {
          const share = v[i] / (v[i] + p.tau * p.tau), m = effect + share * (p.mean - effect);
          mean += p.weight * (m - effect);
          square += p.weight * ((m - effect) * (m - effect) + share * p.tau * p.tau + share * share * p.variance);
        }
        return { mean: effect + mean, sd: Math.sqrt(square - mean * mean) };
      }),
      logMarginal: isProper ? log : null,
      effect: isProper ? log - posteriorOf(y, v, null, tau).log : null,
      heterogeneity: isProper ? log - likelihood(0).log : null
    };
  }

  return { fit, tauPriors, muLogDensity };
})();
