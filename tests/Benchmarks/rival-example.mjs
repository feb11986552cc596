// A plain DerSimonian-Laird and a plain Fisher scoring for REML, to show what rival.mjs expects of a module: dl(y, v) and reml(y, v).
export function dl(y, v) {
  let w = 0, wy = 0, w2 = 0;
  for (let i = 0; i < y.length; i++) { const a = 1 / v[i]; w += a; wy += a * y[i]; w2 += a * a; }
  let q = 0; const m = wy / w;
  for (let i = 0; i < y.length; i++) q += (y[i] - m) ** 2 / v[i];
  return Math.max(0, (q - y.length + 1) / (w - w2 / w));
}
export function reml(y, v) {
  let t = dl(y, v);
  for (let n = 0; n < 50; n++) {
    let w = 0, wy = 0, w2 = 0;
    for (let i = 0; i < y.length; i++) { const a = 1 / (v[i] + t); w += a; wy += a * y[i]; w2 += a * a; }
    const m = wy / w; let s = 0;
    for (let i = 0; i < y.length; i++) { const a = 1 / (v[i] + t); s += a * a * ((y[i] - m) ** 2 - v[i]); }
    const next = Math.max(0, s / w2 + 1 / w);
    if (Math.abs(next - t) < 1e-12) return next;
    t = next;
  }
  return t;
}
