# Run by hand in this folder: Rscript bias-designs.R [how many designs] [file] (Debian packages r-cran-metafor, r-cran-jsonlite). Writes bias-designs.json: small and awkward random designs of 3 to 12 studies with
# what metafor 3.8 finds by regtest(), ranktest(), trimfill() and tes(). What it refuses is null. Integrals and searches of tes() run at tight tolerances; uniroot() of its limits does not take one.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
count <- if (length(arguments) > 0) as.integer(arguments[1]) else 120
file <- if (length(arguments) > 1) arguments[2] else "bias-designs.json"
set.seed(20261129)
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-15)

design <- function(i) {
  k <- sample(3:12, 1)
  n <- sample(c(5:40, 80, 200, 1000), k, replace = TRUE)
  v <- switch(sample(6, 1), 1 / n, signif(4 / n, 2), signif(rexp(k) * 0.1 + 1e-3, 3), exp(rnorm(k, -3, 3)), sample(c(0.01, 0.04, 0.09), k, replace = TRUE), 10^sample(-6:2, k, replace = TRUE))
  tau <- sample(c(0, 0, 0.1, 1), 1)
  y <- switch(sample(6, 1), rnorm(k, 0.3, sqrt(v + tau^2)), rnorm(k, -0.2, sqrt(v + tau^2)), round(rnorm(k, 0.2, sqrt(v + tau^2)), 1), 0.1 + 2 * sqrt(v) + rnorm(k, 0, sqrt(v) / 2),
              abs(rnorm(k, 0.5, sqrt(v + tau^2))), rnorm(k, 2, 0.1 * sqrt(v)))
  y <- signif(y, 5); v <- signif(v, 6)
  if (k > 3 && runif(1) < 0.2) { y[2] <- y[1]; v[2] <- v[1] }
  list(yi = y, vi = v, ni = n, method = sample(c("EE", "DL", "HE", "SJ", "REML", "ML", "PM"), 1), test = sample(c("z", "t", "knha"), 1), mod = if (k > 5 && runif(1) < 0.3) round(rnorm(k), 2) else NULL)
}
or.null <- function(x) tryCatch(suppressWarnings(x), error = function(e) NULL)
finite <- function(x) if (length(x) == 1 && is.finite(x)) unname(x) else NULL

results <- lapply(seq_len(count), function(i) {
  d <- design(i)
  d$fit <- or.null(if (is.null(d$mod)) rma(d$yi, d$vi, ni = d$ni, method = d$method, test = d$test, control = tight) else rma(d$yi, d$vi, ni = d$ni, mods = d$mod, method = d$method, test = d$test, control = tight))
  if (is.null(d$fit)) return(NULL)
  fit <- d$fit; d$fit <- NULL
  d$egger <- list()
  for (p in c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")) for (m in c("rma", "lm")) {
    r <- or.null(regtest(fit, predictor = p, model = m))
    if (is.null(r) || !is.finite(r$zval)) next
    d$egger[[length(d$egger) + 1]] <- list(predictor = p, model = m, statistic = finite(r$zval), df = finite(r$ddf), p = finite(r$pval), est = finite(r$est), lower = finite(r$ci.lb), upper = finite(r$ci.ub))
  }
  r <- or.null(ranktest(fit))
  if (!is.null(r)) d$rank <- list(tau = finite(r$tau), p = finite(r$pval))
  if (is.null(d$mod)) {
    d$trimfill <- list()
    for (e in c("L0", "R0", "Q0")) for (s in c("", "left", "right")) {
      r <- or.null(if (s == "") trimfill(fit, estimator = e, test = d$test, control = tight) else trimfill(fit, side = s, estimator = e, test = d$test, control = tight))
      if (is.null(r)) next
      d$trimfill[[length(d$trimfill) + 1]] <- list(estimator = e, given = s, side = r$side, k0 = r$k0, se = finite(r$se.k0), p = finite(r$p.k0), beta = c(r$beta), lower = r$ci.lb, upper = r$ci.ub, tau2 = r$tau2,
        filled = c(r$yi.f[r$fill]), filledVariances = c(r$vi.f[r$fill]))
    }
    d$beta <- c(fit$beta)
  }
  d$tau2 <- fit$tau2
  d$tes <- list()
  for (a in c("two.sided", "greater", "less")) for (t in c("chi2", "binom", "exact")) {
    e <- sample(c("two.sided", "greater", "less"), 1)
    r <- or.null(tes(fit, alternative = a, test = t, tes.alternative = e, progbar = FALSE, rel.tol = 1e-11, subdivisions = 10000L, find.lim = fit$tau2 == 0))
    if (is.null(r) || !is.finite(r$pval)) next
    limits <- if (is.null(r$theta.lim)) c(NA, NA) else if (e == "two.sided") r$theta.lim else if (e == "greater") c(r$theta.lim, NA) else c(NA, r$theta.lim)
    d$tes[[length(d$tes) + 1]] <- list(alternative = a, test = t, excess = e, O = r$O, E = r$E, X2 = finite(r$X2), p = r$pval, power = if (t == "chi2") r$power else NULL, excessLimit = finite(limits[1]), deficitLimit = finite(limits[2]))
  }
  d
})
write_json(Filter(Negate(is.null), results), file, digits = I(12), auto_unbox = TRUE, null = "null", na = "null")
