/* The power of tests of k studies alike, as in the library: noncentral t, the normal distribution, and Q. */
const power = (() => {
  const ALPHA = 0.05;
  const criticals = new Map();

  /* What |t| or |z| must exceed; df null for z. */
  function critical(df) {
    if (!criticals.has(df)) criticals.set(df, statistics.intervalQuantile(1 - ALPHA, df));
    return criticals.get(df);
  }

  /* How often an estimate this many standard errors from no effect lies beyond the limit, on either side. */
  const normal = (distance, limit) => Math.min(1, statistics.normalCumulative(distance - limit) + statistics.normalCumulative(-distance - limit));

  /* The same of (Z + λ)/s with s² = χ²/df: averaged over ln s by the trapezoidal rule, the density divided by its own sum. */
  function student(lambda, df, limit) {
    const step = Math.min(0.12, 0.35 / Math.sqrt(df), 0.5 / (1 + Math.min(Math.abs(lambda), 60)));
    let rate = 0, all = 0;
    for (let side = -1; side <= 1; side += 2) {
      for (let i = side < 0 ? 1 : 0; ; i++) {
        const u = side * i * step, log = df * (u - Math.expm1(2 * u) / 2);
        if (log < -42) break;
        const density = Math.exp(log);
        all += density;
        rate += density * normal(lambda, limit * Math.exp(u));
      }
    }
    return rate / all;
  }

  /* Hartung and Knapp's test of the mean, exact for studies alike whatever is estimated of tau². */
  const mean = ({ k, v, tau2, effect }) => student(effect / Math.sqrt((v + tau2) / k), k - 1, critical(k - 1));

  /* z with a tau² that is known. */
  const known = ({ k, v, tau2, effect }) => normal(effect / Math.sqrt((v + tau2) / k), critical(null));

  /* One study by itself, without heterogeneity. */
  const single = ({ v, effect }) => normal(effect / Math.sqrt(v), critical(null));

  const chiSquared = new Map();

  /* Cochran's test of heterogeneity. */
  function heterogeneity({ k, v, tau2 }) {
    if (!chiSquared.has(k)) chiSquared.set(k, statistics.chiSquaredQuantile(1 - ALPHA, k - 1));
    return statistics.chiSquaredUpper(chiSquared.get(k) * v / (v + tau2), k - 1);
  }

  /* The fewest studies with which the test of the mean has the power; null where not even the most have. */
  function needed(state, target, most) {
    let low = 1, high = 2;
    while (mean({ ...state, k: high }) < target) {
      if (high >= most) return null;
      [low, high] = [high, Math.min(2 * high, most)];
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (mean({ ...state, k: middle }) < target) low = middle;
      else high = middle;
    }
    return high;
  }

  return { mean, known, single, heterogeneity, needed };
})();
