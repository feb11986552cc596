/*
 * The mixed-effects regression y = x'β + u + e, as MetaRegression has it: tau² that the moderators leave, coefficients, tests, leverages. The search
 * for tau² is that of statistics.js, on sums of its own. Tests hold it to the library.
 */
const regression = (() => {
  /* Orthonormal columns Q of X = QR, by Gram and Schmidt done twice, and the inverse of R; null where a column depends on the others. */
  function orthonormal(X) {
    const p = X[0].length, columns = Array.from({ length: p }, (_, j) => X.map(row => row[j])), R = Array.from({ length: p }, () => new Array(p).fill(0));
    const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    for (let j = 0; j < p; j++) {
      const size = Math.sqrt(dot(columns[j], columns[j]));
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i < j; i++) {
          const along = dot(columns[i], columns[j]);
          R[i][j] += along;
          columns[j] = columns[j].map((value, row) => value - along * columns[i][row]);
        }
      }
      R[j][j] = Math.sqrt(dot(columns[j], columns[j]));
      if (!(R[j][j] > 1e-9 * size)) return null;
      columns[j] = columns[j].map(value => value / R[j][j]);
    }
    const inverse = R.map((_, i) => R.map((__, j) => i === j ? 1 / R[i][i] : 0));
    for (let j = 0; j < p; j++) {
      for (let i = j - 1; i >= 0; i--) {
        let sum = 0;
        for (let m = i + 1; m <= j; m++) sum += R[i][m] * inverse[m][j];
        inverse[i][j] = -sum / R[i][i];
      }
    }
    return { rows: X.map((_, i) => columns.map(column => column[i])), inverse };
  }

  /* The inverse of a symmetric positive matrix and the logarithm of its determinant, by Cholesky's L. */
  function invert(A) {
    const p = A.length, L = A.map(row => row.map(() => 0)), K = A.map(row => row.map(() => 0));
    let log = 0;
    for (let i = 0; i < p; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = A[i][j];
        for (let m = 0; m < j; m++) sum -= L[i][m] * L[j][m];
        if (i !== j) L[i][j] = sum / L[j][j];
        else if (sum > 0) L[i][i] = Math.sqrt(sum);
        else throw new statistics.Unsolved("The moderators cannot be told apart.");
      }
      log += 2 * Math.log(L[i][i]);
    }
    for (let j = 0; j < p; j++) {
      for (let i = j; i < p; i++) {
        let sum = i === j ? 1 : 0;
        for (let m = j; m < i; m++) sum -= L[i][m] * K[m][j];
        K[i][j] = sum / L[i][i];
      }
    }
    return { inverse: A.map((_, i) => A.map((__, j) => K.reduce((sum, row) => sum + row[i] * row[j], 0))), log };
  }

  const times = (A, B) => A.map(row => B[0].map((_, j) => row.reduce((sum, value, m) => sum + value * B[m][j], 0)));
  const apply = (A, x) => A.map(row => row.reduce((sum, value, j) => sum + value * x[j], 0));
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const trace = (A, B) => A.reduce((sum, row, i) => sum + row.reduce((inner, value, j) => inner + value * B[j][i], 0), 0);

  /* Σ f q q' over the rows q of Q. */
  const cross = (rows, factors) => rows[0].map((_, a) => rows[0].map((__, b) => rows.reduce((sum, row, i) => sum + factors[i] * row[a] * row[b], 0)));

  /* Weights 1/(v + tau²) and all that follows from them. */
  function solve({ y, v, rows }, tau2) {
    const w = v.map(each => 1 / (each + tau2));
    const { inverse, log } = invert(cross(rows, w));
    const gamma = apply(inverse, rows[0].map((_, a) => rows.reduce((sum, row, i) => sum + w[i] * row[a] * y[i], 0)));
    const residuals = y.map((value, i) => value - dot(rows[i], gamma));
    return { w, inverse, log, gamma, residuals, q: residuals.reduce((sum, e, i) => sum + w[i] * e * e, 0) };
  }

  /* The data as the searches of statistics.js take them. */
  function prepare(y, v, rows) {
    return {
      y, v, rows, skip: -1, k: y.length, parameters: rows[0].length, smallest: Math.min(...v), largest: Math.max(...v),
      sumsAt(tau2) {
        const { w, inverse, log, residuals, q } = solve(this, tau2), p = rows[0].length;
        const squares = cross(rows, w.map(each => each ** 2)), cubes = cross(rows, w.map(each => each ** 3));
        const u = residuals.map((e, i) => w[i] * e), MB = times(inverse, squares);
        const t = Array.from({ length: p }, (_, a) => rows.reduce((sum, row, i) => sum + w[i] * row[a] * u[i], 0));
        const w1 = w.reduce((sum, each) => sum + each, 0), w2 = dot(w, w);
        return {
          k: y.length, w1, q,
          yPPy: dot(u, u),
          yPPPy: u.reduce((sum, each, i) => sum + w[i] * each * each, 0) - dot(t, apply(inverse, t)),
          traceP: w1 - trace(inverse, squares),
          tracePP: w2 - 2 * trace(inverse, cubes) + trace(MB, MB),
          logInformation: log,
          resolution: 1e-14 * w1 / w2
        };
      }
    };
  }

  function tauSquared(method, data) {
    switch (method) {
      case "DL": return statistics.derSimonianLaird(data);
      case "PM": return statistics.generalizedQ(data, data.k - data.parameters);
      default: return statistics.restrictedMaximumLikelihood(data);
    }
  }

  /*
   * The regression on the rows of a design whose first column is 1; settings are { method, test, level }. Null where the design does not
   * tell its columns apart.
   */
  function fit(y, v, X, { method, test, level }) {
    const k = y.length, p = X[0].length, basis = orthonormal(X);
    if (!basis) return null;
    const { rows, inverse: back } = basis, data = prepare(y, v, rows);
    const tau2 = tauSquared(method, data), solved = solve(data, tau2);
    const scale = test === "hk" ? solved.q / (k - p) : 1, df = test === "z" ? null : k - p;
    const quantile = statistics.intervalQuantile(level, df);
    const estimates = apply(back, solved.gamma), covariance = times(times(back, solved.inverse), back[0].map((_, j) => back.map(row => row[j])));
    const p2 = t => df === null ? statistics.normalTwoSided(t) : statistics.studentTwoSided(t, df);
    const around = (estimate, se) => [estimate - quantile * se, estimate + quantile * se];
    const coefficients = estimates.map((estimate, j) => {
      const se = Math.sqrt(scale * covariance[j][j]), t = se > 0 ? estimate / se : 0;
      return { estimate, se, statistic: t, p: p2(t), ci: around(estimate, se) };
    });
    // All moderators together: F with Hartung-Knapp or t, else chi-square.
    const m = p - 1, some = estimates.slice(1), part = covariance.slice(1).map(row => row.slice(1));
    const wald = dot(some, apply(invert(part).inverse, some)) / scale;
    const total = tauSquared(method, prepare(y, v, X.map(() => [1 / Math.sqrt(k)])));
    const sum = solved.w.reduce((all, w) => all + w, 0);
    const qe = solve(data, 0).q;
    return {
      k, df, tau2, total, coefficients, qe, qeDf: k - p, qeP: statistics.chiSquaredUpper(qe, k - p),
      test: { statistic: df === null ? wald : wald / m, m, p: df === null ? statistics.chiSquaredUpper(wald, m) : statistics.fUpper(wald / m, m, df) },
      r2: total > 0 ? Math.max(0, (total - tau2) / total) : 0,
      weights: solved.w.map(w => w / sum),
      leverages: rows.map((row, i) => solved.w[i] * dot(row, apply(solved.inverse, row))),
      /* What is expected at a row of the design, with its interval and that of true effects there. */
      at(x) {
        const row = back[0].map((_, j) => back.reduce((all, line, i) => all + x[i] * line[j], 0)), estimate = dot(row, solved.gamma);
        const variance = scale * dot(row, apply(solved.inverse, row));
        return { estimate, ci: around(estimate, Math.sqrt(variance)), pi: around(estimate, Math.sqrt(variance + tau2)) };
      }
    };
  }

  return { fit };
})();
