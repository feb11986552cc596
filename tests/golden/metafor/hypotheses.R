# Run by hand in this folder: Rscript hypotheses.R (metafor 5.0-1 or later for DLIT, SJIT and collapse; Debian package r-cran-jsonlite).
# On random data: linear hypotheses with a right-hand side, collapsed cumulative fits, the iterated DerSimonian-Laird and Sidik-Jonkman estimators.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
set.seed(512)
draw <- function(k) list(yi = rnorm(k, .2, .5), vi = 10^runif(k, -3, 0))
hypotheses <- lapply(1:40, function(i) {
  k <- sample(5:14, 1); d <- draw(k); d$x1 <- rnorm(k); d$x2 <- sample(1900:2000, k)
  test <- if (i %% 2) "z" else "t"
  f <- rma(yi, vi, mods = ~ x1 + x2, data = as.data.frame(d), method = "DL", test = test)
  X <- rbind(c(1, round(rnorm(1), 2), 1950), c(0, 1, round(rnorm(1), 2))); rhs <- round(rnorm(2, 0, .4), 2)
  a <- anova(f, X = X, rhs = rhs)
  c(d, list(test = unbox(test), a = X[1, ], b = X[2, ], rhs = rhs, zval = as.numeric(a$zval), pval = as.numeric(a$pval), QM = unbox(as.numeric(a$QM)), QMp = unbox(as.numeric(a$QMp))))
})
cumulative <- lapply(1:40, function(i) {
  k <- sample(4:12, 1); d <- draw(k); d$year <- sample(2001:2005, k, replace = TRUE)
  f <- rma(yi, vi, data = as.data.frame(d), method = "DL")
  u <- cumul(f, order = d$year, collapse = TRUE)
  c(d, list(estimate = as.numeric(u$estimate), se = as.numeric(u$se), tau2 = as.numeric(u$tau2)))
})
iterated <- lapply(1:60, function(i) {
  d <- draw(sample(3:12, 1))
  one <- function(method) tryCatch({ f <- rma(d$yi, d$vi, method = method, control = list(threshold = 1e-13, maxiter = 50000)); list(tau2 = unbox(f$tau2), se = unbox(f$se.tau2)) }, error = function(e) unbox(NA))
  c(d, list(DLIT = one("DLIT"), SJIT = one("SJIT")))
})
write(toJSON(list(R = unbox(R.version.string), metafor = unbox(as.character(packageVersion("metafor"))), hypotheses = hypotheses, cumulative = cumulative, iterated = iterated),
             digits = NA, na = "null"), "hypotheses.json")
