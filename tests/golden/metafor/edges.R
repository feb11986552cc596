# Run by hand in this folder: Rscript edges.R (metafor 3.8-1; Debian packages r-cran-metafor, r-cran-jsonlite).
# Small cases at the edge of a method: the fewest studies, other levels. Mutation testing found them without a reference.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-14, maxiter = 10000)

# Henmi & Copas by metafor's own function, with an integrate() and a uniroot() that do not stop early, as in models.R.
hc_tight <- getFromNamespace("hc.rma.uni", "metafor")
environment(hc_tight) <- list2env(list(integrate = function(f, lower, upper) stats::integrate(f, lower, upper, rel.tol = 1e-12, subdivisions = 2000)),
                                  parent = environment(hc_tight))
five <- list(yi = c(0.31, 0.12, 0.45, 0.20, -0.30), vi = c(0.010, 0.022, 0.015, 0.012, 0.008))
henmiCopas <- lapply(list(list(yi = c(0.10, 0.65), vi = c(0.010, 0.022), level = 0.95), c(five, level = 0.95), c(five, level = 0.80), c(five, level = 0.50)), function(d) {
  h <- hc_tight(rma(d$yi, d$vi, method = "DL", level = 100 * d$level), control = list(tol = 1e-14))
  list(yi = d$yi, vi = d$vi, level = unbox(d$level), beta = unbox(c(h$beta)), se = unbox(h$se), tau2 = unbox(h$tau2), ci_lb = unbox(c(h$ci.lb)), ci_ub = unbox(c(h$ci.ub)))
})

# The fewest studies that the interval of Higgins, Thompson and Spiegelhalter takes: t with one degree of freedom.
higgins <- lapply(list(list(yi = c(0.10, 0.65, 0.20), vi = c(0.010, 0.022, 0.015))), function(d) {
  fit <- rma(d$yi, d$vi, control = tight)
  p <- predict(fit, pi.type = "riley")
  c(d, list(tau2 = unbox(fit$tau2), pi_lb = unbox(p$pi.lb), pi_ub = unbox(p$pi.ub)))
})

# Ratios of means without the correction of their bias, which metafor 3.8 does not know and later versions have as correct = TRUE.
ratios <- lapply(list(
  list(measure = "ROM", args = list(m1i = 3.1, sd1i = 1.2, n1i = 14, m2i = 4.4, sd2i = 2.1, n2i = 23)),
  list(measure = "CVR", args = list(m1i = 3.1, sd1i = 1.2, n1i = 14, m2i = 4.4, sd2i = 2.1, n2i = 23)),
  list(measure = "ROMC", args = list(m1i = 3.1, sd1i = 1.2, m2i = 4.4, sd2i = 2.1, ni = 17, ri = 0.43)),
  list(measure = "CVRC", args = list(m1i = 3.1, sd1i = 1.2, m2i = 4.4, sd2i = 2.1, ni = 17, ri = 0.43))), function(m) {
  e <- do.call(escalc, c(list(measure = m$measure), m$args))
  c(list(measure = unbox(m$measure), yi = unbox(c(e$yi)), vi = unbox(c(e$vi))), lapply(m$args, unbox))
})

# Trim and fill: metafor's number and standard error, NaN where its variance is below 0, and the rounds it takes, counted by hand.
rounds <- function(y, v, estimator) {
  k <- length(y); missing <- 0; count <- 0
  repeat {
    count <- count + 1; kept <- seq_len(k - missing); centre <- sum(y[kept] / v[kept]) / sum(1 / v[kept])
    r <- sign(y - centre) * rank(abs(y - centre), ties.method = "first"); above <- sum(r[r > 0])
    found <- max(0, round(if (estimator == "L0") (4 * above - k * (k + 1)) / (2 * k - 1) else k - max(-r) - 1))
    if (found == missing) return(list(count = count, centre = centre))
    missing <- found
  }
}
skewed <- list(yi = c(0.02, 0.10, 0.15, 0.20, 0.35, 0.50, 0.70, 1.00, 1.40), vi = c(.01, .02, .015, .03, .04, .05, .08, .09, .12))
trimfills <- lapply(list(c(skewed, estimator = "L0"), c(skewed, estimator = "R0"), list(yi = 0:2, vi = c(1, 1, 1), estimator = "L0"), list(yi = c(-2, -1, 0.05), vi = c(1, 1, .001), estimator = "L0")), function(d) {
  filled <- suppressWarnings(trimfill(rma(d$yi, d$vi, method = "EE"), side = "left", estimator = d$estimator)); r <- rounds(d$yi, d$vi, d$estimator)
  list(yi = d$yi, vi = d$vi, estimator = unbox(d$estimator), k0 = unbox(filled$k0), se = unbox(filled$se.k0), rounds = unbox(r$count), centre = unbox(r$centre))
})

write(toJSON(list(R = unbox(R.version.string), metafor = unbox(as.character(packageVersion("metafor"))), henmiCopas = henmiCopas, higgins = higgins, ratios = ratios, trimfill = trimfills), digits = NA, na = "null"), "edges.json")
