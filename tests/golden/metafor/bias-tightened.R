# Run by hand in this folder: Rscript bias-tightened.R (Debian packages r-cran-metafor, r-cran-jsonlite). Writes bias-tightened.json: the REML cases of regtest() and trimfill() in publication-bias.json, and the
# arcsine test with tau^2 of ../meta/bias-tests.json, again with a threshold of 1e-12 (metafor's own of 1e-5 leaves four digits of the statistics).
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-12, maxiter = 10000)
cases <- list()
for (name in c("molloy2014", "mcdaniel1994", "raudenbush1985", "bcg", "konstantopoulos2011", "hackshaw1998", "tannersmith2016", "normand1999")) {
  d <- read.csv(file.path("data", paste0(name, ".csv")))
  d <- d[!is.na(d$yi) & !is.na(d$vi), ]
  fit <- if (is.null(d$ni)) rma(d$yi, d$vi, control = tight) else rma(d$yi, d$vi, ni = d$ni, control = tight)
  for (p in c("sei", "vi", if (!is.null(d$ni)) c("ni", "ninv", "sqrtni", "sqrtninv"))) {
    r <- regtest(fit, predictor = p)
    cases[[length(cases) + 1]] <- list(dataset = name, test = "regtest", model = "rma", predictor = p, zval = r$zval, pval = r$pval, est = r$est, ci_lb = r$ci.lb, ci_ub = r$ci.ub)
  }
  for (e in c("L0", "R0", "Q0")) {
    r <- trimfill(fit, estimator = e, control = tight)
    cases[[length(cases) + 1]] <- list(dataset = name, test = "trimfill", estimator = e, method = "REML", k0 = r$k0, beta = c(r$beta), ci_lb = r$ci.lb, ci_ub = r$ci.ub, tau2 = r$tau2, filled = I(as.numeric(r$yi.f[r$fill])))
  }
}
tables <- read.csv("data/bcg-2x2.csv")
arcsine <- rma(measure = "AS", ai = ai, bi = bi, ci = ci, di = di, data = tables, test = "t", control = tight)
r <- regtest(arcsine)
cases[[length(cases) + 1]] <- list(dataset = "bcg-2x2", test = "regtest", model = "rma", predictor = "sei", zval = r$zval, pval = r$pval, est = r$est, ci_lb = r$ci.lb, ci_ub = r$ci.ub)
write_json(cases, "bias-tightened.json", digits = NA, auto_unbox = TRUE, null = "null")
