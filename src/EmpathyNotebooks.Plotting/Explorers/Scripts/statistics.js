/*
 * The statistics of the explorers: distributions, tau squared, pooled effects. Formulas and safeguards are those of
 * EmpathyNotebooks.MetaAnalysis, and tests hold both to the same digits.
 */
const statistics = (() => {
  const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

  /* What ln Γ(z) is above (z - ½) ln z - z + ½ ln 2π; z at least 10. */
  function stirlingError(z) {
    let sum = 0;
    for (let i = STIRLING.length - 1; i >= 0; i--) sum = sum / (z * z) + STIRLING[i];
    return sum / z;
  }

  function lnGamma(z) {
    let product = 1;
    for (; z < 10; z++) product *= z;
    return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirlingError(z) - Math.log(product);
  }

  /* ln B(a, ½). The difference of two large logarithms of Γ is taken term by term. */
  function lnBetaHalf(a) {
    const difference = a < 10
      ? lnGamma(a + 0.5) - lnGamma(a)
      : a * Math.log1p(0.5 / a) + 0.5 * Math.log(a) - 0.5 + stirlingError(a + 0.5) - stirlingError(a);
    return 0.5 * Math.log(Math.PI) - difference;
  }

  /* The continued fraction b0 + a1/(b1 + a2/(b2 + ...)) by Lentz's method; term(n) gives [a, b]. */
  function continuedFraction(b0, term) {
    const tiny = 1e-300;
    let f = b0 || tiny, c = f, d = 0;
    for (let n = 1; n < 10000; n++) {
      const [a, b] = term(n);
      d = b + a * d || tiny;
      c = b + a / c || tiny;
      d = 1 / d;
      f *= c * d;
      if (Math.abs(c * d - 1) < 1e-16) break;
    }
    return f;
  }

  /* x^a e^-x / Γ(a) */
  function gammaFactor(a, x) {
    if (a < 10) return Math.exp(a * Math.log(x) - x - lnGamma(a));
    const u = (x - a) / a;
    return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-a * (u - Math.log1p(u)) - stirlingError(a));
  }

  function gammaSeries(a, x) {
    let term = 1 / a, sum = term;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return gammaFactor(a, x) * sum;
  }

  const gammaFraction = (a, x) => gammaFactor(a, x) / continuedFraction(x + 1 - a, n => [-n * (n - a), x + 2 * n + 1 - a]);

  /* The regularised incomplete gamma functions; tails are computed as tails, so that small ones keep their digits. */
  const gammaLower = (a, x) => x <= 0 ? 0 : x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
  const gammaUpper = (a, x) => x <= 0 ? 1 : x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);

  /* I_x(a, b) without its factor x^a (1-x)^b / B(a, b), for x below (a + 1)/(a + b + 2). */
  const betaFraction = (x, a, b) => 1 / (a * continuedFraction(1, n => {
    const m = n >> 1;
    const numerator = n % 2
      ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    return [numerator, 1];
  }));

  const normalDensity = z => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  const normalTwoSided = z => gammaUpper(0.5, z * z / 2);
  const normalCumulative = z => z < 0 ? normalTwoSided(z) / 2 : 1 - normalTwoSided(z) / 2;

  function studentTwoSided(t, df) {
    const tt = t * t;
    if (tt === 0) return 1;
    if (!Number.isFinite(tt)) return 0;
    const a = df / 2, x = df / (df + tt);
    const factor = Math.exp(-a * Math.log1p(tt / df) - 0.5 * Math.log1p(df / tt) - lnBetaHalf(a));
    return x < (a + 1) / (a + 2.5) ? factor * betaFraction(x, a, 0.5) : 1 - factor * betaFraction(tt / (df + tt), 0.5, a);
  }

  const studentDensity = (t, df) => Math.exp(-(df + 1) / 2 * Math.log1p(t * t / df) - lnBetaHalf(df / 2)) / Math.sqrt(df);

  const chiSquaredUpper = (x, df) => gammaUpper(df / 2, x / 2);
  const chiSquaredLower = (x, df) => gammaLower(df / 2, x / 2);
  const chiSquaredDensity = (x, df) => gammaFactor(df / 2, x / 2) / x;

  /* The tail of F, the incomplete beta function at the side where its fraction converges. */
  function fUpper(f, first, second) {
    if (!(f > 0)) return 1;
    const a = second / 2, b = first / 2, x = second / (second + first * f), y = first * f / (second + first * f);
    const factor = Math.exp(a * Math.log(x) + b * Math.log(y) - (lnGamma(a) + lnGamma(b) - lnGamma(a + b)));
    return x < (a + 1) / (a + b + 2) ? factor * betaFraction(x, a, b) : 1 - factor * betaFraction(y, b, a);
  }

  /* Newton's method: convergence is quadratic, so that a step this small is the last one needed. */
  function refine(x, next) {
    for (let i = 0; i < 200; i++) {
      const before = x;
      x = next(x);
      if (Math.abs(x - before) <= 1e-9 * Math.abs(x)) return next(x);
    }
    return x;
  }

  function normalQuantile(p) {
    const tail = Math.min(p, 1 - p);
    if (tail === 0.5) return 0;
    // Abramowitz & Stegun 26.2.23 to begin with.
    const t = Math.sqrt(-2 * Math.log(tail));
    const start = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    const z = refine(start, x => {
      const error = (normalTwoSided(x) / 2 - tail) / normalDensity(x);
      return x + error / (1 + x * error / 2);
    });
    return p < 0.5 ? -z : z;
  }

  /* In logarithms the tail of t is nearly a straight line. */
  function studentQuantile(p, df) {
    const target = 2 * Math.min(p, 1 - p);
    if (target === 1) return 0;
    const t = refine(Math.abs(normalQuantile(p)), x => {
      const tail = studentTwoSided(x, df);
      return x * Math.exp(Math.log(tail / target) * tail / (2 * x * studentDensity(x, df)));
    });
    return p < 0.5 ? -t : t;
  }

  function chiSquaredQuantile(p, df) {
    const c = 2 / (9 * df);
    const cube = 1 - c + normalQuantile(p) * Math.sqrt(c);
    // Wilson & Hilferty, or the leading term near 0.
    const start = cube > 0.3 ? df * cube ** 3 : 2 * Math.exp((Math.log(p) + lnGamma(df / 2 + 1)) / (df / 2));
    return refine(start, x => {
      if (p < 0.5) {
        const lower = chiSquaredLower(x, df);
        return x * Math.exp(Math.log(p / lower) * lower / (x * chiSquaredDensity(x, df)));
      }
      const upper = chiSquaredUpper(x, df);
      return Math.max(x / 2, x + Math.log(upper / (1 - p)) * upper / chiSquaredDensity(x, df));
    });
  }

  const quantiles = new Map();

  /* The quantile of the interval at a level: of t where there are degrees of freedom, else of z. */
  function intervalQuantile(level, df) {
    const key = level + "/" + df;
    if (!quantiles.has(key)) {
      const p = 1 - (1 - level) / 2;
      quantiles.set(key, df === null ? normalQuantile(p) : studentQuantile(p, df));
    }
    return quantiles.get(key);
  }

  /*
   * All studies but the one to skip. The most precise one, the pivot, is kept apart in all sums and the others are taken as differences from it:
   * however much it outweighs them, what they say about tau² is then not lost to rounding.
   */
  function prepare(y, v, skip = -1) {
    let pivot = -1, largest = 0;
    for (let i = 0; i < v.length; i++) {
      if (i === skip) continue;
      if (pivot < 0 || v[i] < v[pivot]) pivot = i;
      largest = Math.max(largest, v[i]);
    }
    return { y, v, skip, pivot, k: y.length - (skip < 0 ? 0 : 1), smallest: v[pivot], largest };
  }

  /* The sums of a model at tau²: those of a mean, or those that data of another model bring with them. */
  const sumsAt = (tau2, data) => data.sumsAt ? data.sumsAt(tau2) : sumsOfMean(tau2, data);

  /* Weights w = 1/(v + tau²), their mean, and powers of the residuals e. */
  function sumsOfMean(tau2, { y, v, skip, pivot, k }) {
    const origin = y[pivot], w0 = 1 / (v[pivot] + tau2);
    let r1 = 0, r2 = 0, r3 = 0, ry = 0;
    for (let i = 0; i < y.length; i++) {
      if (i === skip || i === pivot) continue;
      const w = 1 / (v[i] + tau2), ww = w * w;
      r1 += w;
      r2 += ww;
      r3 += ww * w;
      ry += w * (y[i] - origin);
    }
    const w1 = w0 + r1, shift = ry / w1, g0 = -w0 * shift;
    let q = g0 * -shift, yPPy = g0 * g0, lean = 0, spread = 0;
    for (let i = 0; i < y.length; i++) {
      if (i === skip || i === pivot) continue;
      const w = 1 / (v[i] + tau2), e = y[i] - origin - shift, g = w * e, wh = w * (g - g0);
      q += g * e;
      yPPy += g * g;
      lean += wh;
      spread += wh * (g - g0);
    }
    return {
      k, w1, q, yPPy,
      mean: origin + shift,
      yPPPy: spread - lean * lean / w1,
      traceP: (2 * w0 * r1 + Math.max(0, r1 * r1 - r2)) / w1,
      tracePP: (w1 * w1 * r2 - 2 * w1 * r3 + w0 * w0 * (r1 * r1 + 2 * r2) + r2 * r2) / (w1 * w1),
      // The smallest difference in tau² that rounding lets these sums tell.
      resolution: 1e-14 * w1 / (w0 * w0 + r2)
    };
  }

  /* What the numbers do not allow, as against a mistake of the script. */
  class Unsolved extends Error {}
  const FAILED = "The numbers are too large or too small for double precision.";

  function derSimonianLaird(data) {
    const { q, k, traceP } = sumsAt(0, data);
    return Math.max(0, (q - (k - (data.parameters ?? 1))) / traceP);
  }

  /* The tau² at which the generalised Q equals the target; 0 where Q at 0 is not above it. */
  function generalizedQ(data, target) {
    let s = sumsAt(0, data);
    if (s.q <= target) return 0;
    let tau2 = 0, low = 0, high = Infinity;
    for (let iteration = 0; iteration < 200; iteration++) {
      // Newton's step for 1/Q, which is nearly a straight line in tau².
      let next = tau2 + (s.q / target - 1) * s.q / s.yPPy;
      if (Math.abs(next - tau2) <= s.resolution || high - low <= s.resolution) return next;
      if (!(next > low && next < high)) next = high === Infinity ? 2 * tau2 + 1 / s.w1 : (low + high) / 2;
      if (!Number.isFinite(next)) break;
      tau2 = next;
      s = sumsAt(tau2, data);
      if (s.q > target) low = tau2;
      else high = tau2;
    }
    throw new Unsolved(FAILED);
  }

  function restrictedLogLikelihood(tau2, data) {
    const s = sumsAt(tau2, data);
    let logs = (s.logInformation ?? Math.log(s.w1)) + s.q;
    for (let i = 0; i < data.v.length; i++) if (i !== data.skip) logs += Math.log(data.v[i] + tau2);
    return -0.5 * logs;
  }

  /* A maximum of the restricted likelihood: Fisher scoring, sharpened to Newton's step where the curvature allows, in a bracket of the score's sign. */
  function climb(data, tau2, low, high, lowIsMaximum) {
    const start = low;
    for (let iteration = 1; iteration <= 500; iteration++) {
      const s = sumsAt(tau2, data);
      const score = (s.yPPy - s.traceP) / 2, expected = s.tracePP / 2, observed = s.yPPPy - s.tracePP / 2;
      if (!Number.isFinite(score) || !(expected > 0)) break;
      if (tau2 === start && score <= 0) return tau2;
      if (score > 0) low = tau2;
      else high = tau2;
      const isSlow = iteration > 50;
      let next = !isSlow ? tau2 + score / (observed > 0.01 * expected ? observed : expected)
        : high === Infinity ? (data.smallest + tau2) * SMALLEST_STEP - data.smallest : (low + high) / 2;
      if (Math.abs(next - tau2) <= s.resolution || high - low <= s.resolution) return Math.max(start, next);
      if (next <= start && low === start) {
        if (lowIsMaximum) return start;
        // The likelihood still rises at the lower end, so there is a maximum between it and here.
        next = start + (tau2 - start) / 2;
      } else if (!(next > low && next < high)) {
        next = high === Infinity ? 2 * tau2 + Math.sqrt(1 / expected) : (low + high) / 2;
      }
      tau2 = next;
    }
    throw new Unsolved(FAILED);
  }

  /* A second rise and fall within a step of v + tau² this small would be of no height. */
  const SMALLEST_STEP = 1.25;

  /* The next tau² above a maximum at which the likelihood rises, or null where it falls for ever; why it may step so far is said in LikelihoodSearch. */
  function walkUp(data, tau2) {
    for (let ratio = 1; ;) {
      tau2 = (data.smallest + tau2) * Math.max(SMALLEST_STEP, 1 / ratio) - data.smallest;
      const s = sumsAt(tau2, data);
      ratio = s.yPPy / s.traceP;
      if (tau2 >= s.q * (data.largest + tau2) || !Number.isFinite(ratio)) return null;
      if (ratio > 1) return tau2;
    }
  }

  /* The next tau² below a maximum at which the likelihood falls, or null where it rises from 0 on. */
  function walkDown(data, tau2) {
    for (let ratio = 1; tau2 > 0;) {
      tau2 = Math.max(0, (data.smallest + tau2) / Math.max(SMALLEST_STEP, ratio) - data.smallest);
      const s = sumsAt(tau2, data);
      ratio = s.yPPy / s.traceP;
      if (ratio < 1) return tau2;
    }
    return null;
  }

  /* The highest maximum: one is climbed from the DerSimonian-Laird estimate, and a walk to both sides finds any other. */
  function restrictedMaximumLikelihood(data) {
    const atZero = sumsAt(0, data), zeroIsMaximum = atZero.yPPy <= atZero.traceP;
    let best = climb(data, derSimonianLaird(data), 0, Infinity, zeroIsMaximum), height = null, found = best, from;
    const compare = () => {
      height ??= restrictedLogLikelihood(best, data);
      const other = restrictedLogLikelihood(found, data);
      if (other > height) [best, height] = [found, other];
    };
    while ((from = walkUp(data, found)) !== null) {
      found = climb(data, from, from, Infinity, false);
      compare();
    }
    found = best;
    while ((from = walkDown(data, found)) !== null) {
      found = climb(data, from, 0, from, zeroIsMaximum);
      compare();
    }
    return best;
  }

  /* tau² by metafor's abbreviation of the estimator; EE is the equal-effects model. */
  function tauSquared(method, y, v, skip) {
    const data = prepare(y, v, skip);
    switch (method) {
      case "EE": return 0;
      case "DL": return derSimonianLaird(data);
      case "PM": return generalizedQ(data, data.k - 1);
      case "REML": return restrictedMaximumLikelihood(data);
      default: throw new Error("There is no estimator " + method + ".");
    }
  }

  /* Estimate, standard error and tau²; what a refit without one study needs. A tau² given by hand is taken as it is. */
  function fit(y, v, { method, test, tau2 = null }, skip) {
    const variance = method === "EE" ? 0 : tau2 ?? tauSquared(method, y, v, skip);
    const s = sumsAt(variance, prepare(y, v, skip));
    const scale = test !== "hk" ? 1 : s.k > 1 ? s.q / (s.k - 1) : 1;
    return { k: s.k, tau2: variance, estimate: s.mean, se: Math.sqrt(scale / s.w1) };
  }

  /* How few studies the settings can do with. */
  const fewest = ({ method, test }) => method === "EE" && test === "z" ? 1 : 2;
  /* The pooled effect with all that belongs to it; y and v hold the studies included, settings are { method, test, level, tau2 }. */
  function pool(y, v, settings) {
    const { method, test, level } = settings;
    const { k, tau2, estimate, se } = fit(y, v, settings);
    const df = test === "z" ? null : k - 1;
    const statistic = estimate === 0 ? 0 : estimate / se;
    const around = sd => {
      const half = sd === 0 ? 0 : sd * intervalQuantile(level, df);
      return [estimate - half, estimate + half];
    };
    const weights = v.map(each => 1 / (each + tau2));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const qDf = k - 1;
    const atZero = sumsAt(0, prepare(y, v));
    const q = qDf > 0 ? atZero.q : 0;
    const typical = qDf > 0 ? qDf / atZero.traceP : 0;
    const random = method !== "EE";
    return {
      k, tau2, estimate, se, df, statistic,
      p: df === null ? normalTwoSided(statistic) : studentTwoSided(statistic, df),
      ci: around(se),
      pi: random ? around(Math.sqrt(se * se + tau2)) : null,
      weights: weights.map(w => w / total),
      q, qDf,
      qP: qDf > 0 ? chiSquaredUpper(q, qDf) : 1,
      i2: qDf === 0 ? 0 : random ? tau2 / (tau2 + typical) : q > qDf ? (q - qDf) / q : 0,
      h2: qDf === 0 ? 1 : random ? tau2 / typical + 1 : q / qDf
    };
  }

  /* The Q-profile interval of tau². */
  function tauSquaredInterval(y, v, level) {
    const data = prepare(y, v), df = data.k - 1, p = 1 - (1 - level) / 2;
    return [generalizedQ(data, chiSquaredQuantile(p, df)), generalizedQ(data, chiSquaredQuantile(1 - p, df))];
  }

  /* Q and tau² alone, for many simulated reviews. */
  const heterogeneity = (y, v, method) => ({ q: sumsAt(0, prepare(y, v)).q, tau2: tauSquared(method, y, v) });

  /* The coordinates of Baujat's plot; null where too few studies would be left. */
  function baujat(y, v, settings, full) {
    if (full.k - 1 < fewest(settings)) return null;
    return Array.from(y, (effect, i) => {
      const others = fit(y, v, settings, i);
      const residual = effect - full.estimate, moved = others.estimate - full.estimate;
      return {
        heterogeneity: residual * residual / (v[i] + full.tau2),
        influence: others.se > 0 ? moved * moved / (others.se * others.se) : null,
        without: others.estimate
      };
    });
  }

  return {
    Unsolved, lnGamma, normalDensity, normalTwoSided, normalCumulative, normalQuantile, studentTwoSided, studentQuantile,
    chiSquaredUpper, chiSquaredDensity, chiSquaredQuantile, fUpper, intervalQuantile, derSimonianLaird, generalizedQ, restrictedMaximumLikelihood, tauSquared, tauSquaredInterval, heterogeneity, fit, fewest, pool, baujat
  };
})();
