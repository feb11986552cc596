/* What measurement does to a correlation: error of both ratings, and a method that they share. Held against MeasurementArtifacts. */
const measurement = (() => {
  const attenuation = ({ rxx, ryy }) => Math.sqrt(rxx * ryy);

  /* The correlation that is seen of rho. */
  function seen({ rho, rxx, ryy, share }) { return share + (1 - share) * rho * attenuation({ rxx, ryy }); }

  /* The rho behind an observed correlation; null where none from -1 to 1 gives it. */
  function behind(observed, { rxx, ryy, share }) {
    const rho = (observed - share) / ((1 - share) * attenuation({ rxx, ryy }));
    return Math.abs(rho) <= 1 ? rho : null;
  }

  return { seen, behind };
})();
