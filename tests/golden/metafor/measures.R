# Run by hand in this folder: Rscript measures.R (metafor 5.0-1 or later for AUC; Debian package r-cran-jsonlite).
# Measures, pooled rates and ways back on random inputs, many of them small or at an edge, which the other files do not have: matched pairs, R squared, areas under
# the curve, partial and semi-partial correlations as reported, Mantel-Haenszel for rates, Freeman-Tukey proportions shown with the harmonic mean.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
set.seed(20261128)
pick <- function(n, from) from[sample.int(length(from), n, replace = TRUE)]
effects <- list()
add <- function(measure, inputs, vtype = "LS", add = 1/2, to = "only0") {
  zeros <- if (measure %in% c("R2", "ZR2", "AUC", "PCOR", "ZPCOR")) list() else list(add = add, to = to)
  r <- do.call(escalc, c(list(measure = measure, vtype = vtype), zeros, inputs))
  effects[[length(effects) + 1]] <<- list(measure = unbox(measure), vtype = unbox(vtype), add = unbox(add), to = unbox(to), inputs = inputs,
                                          yi = as.numeric(r$yi), vi = as.numeric(r$vi))
}
n <- 60
for (m in c("MPRR", "MPOR", "MPRD", "MPORC", "MPPETO")) for (to in c("only0", "all", "if0all")) {
  pairs <- list(ai = pick(n, c(0:5, 40)), bi = pick(n, c(0:5, 17.5, 90)), ci = pick(n, c(0:5, 31)), di = pick(n, c(0:5, 200)))
  pairs$di[pairs$ai + pairs$bi + pairs$ci + pairs$di == 0] <- 3
  add(m, pairs, add = pick(1, c(.25, .5)), to = to)
}
r2 <- list(r2i = runif(n)^2, ni = sample(8:400, n, replace = TRUE), mi = sample(1:5, n, replace = TRUE))
for (v in c("LS", "LS2", "AV")) add("R2", r2, v)
add("R2", list(fi = rexp(n, .3), ni = r2$ni, mi = r2$mi))
add("R2", list(fi = rexp(n, .3), ni = r2$ni, mi = r2$mi), "LS2")
add("ZR2", r2)
add("ZR2", list(fi = rexp(n, .3), ni = r2$ni, mi = r2$mi))
area <- list(ai = runif(n, .02, .98), n1i = sample(2:80, n, replace = TRUE), n2i = sample(2:80, n, replace = TRUE))
for (v in c("LS", "LS2")) add("AUC", area, v)
partial <- list(ri = runif(n, -.95, .95), ni = sample(12:200, n, replace = TRUE), mi = sample(1:6, n, replace = TRUE))
add("ZPCOR", partial)
add("PCOR", partial)

rates <- list()
for (i in 1:120) {
  k <- sample(1:8, 1)
  d <- list(x1i = pick(k, c(0, 0, 1, 2, 3.5, 8, 40)), t1i = pick(k, c(.5, 3, 90, 1344, 20000)), x2i = pick(k, c(0, 1, 1, 4, 11, 60)), t2i = pick(k, c(.25, 5, 80, 1988, 5e5)))
  for (m in c("IRR", "IRD")) for (correct in c(TRUE, FALSE)) {
    if (sum(d$x1i) == 0 || sum(d$x2i) == 0) next
    f <- suppressWarnings(do.call(rma.mh, c(list(measure = m, correct = correct), d)))
    rates[[length(rates) + 1]] <- list(inputs = d, measure = unbox(m), correct = unbox(correct), beta = unbox(f$beta[1]), se = unbox(f$se), ci_lb = unbox(f$ci.lb),
      ci_ub = unbox(f$ci.ub), pval = unbox(f$pval), QE = unbox(f$QE), QEp = unbox(f$QEp), k = unbox(f$k.yi), I2 = unbox(f$I2), MH = unbox(f$MH), MHp = unbox(f$MHp))
  }
}

shown <- list()
for (i in 1:40) {
  k <- sample(2:9, 1)
  ni <- pick(k, c(3, 8, 25, 110, 900, 15000))
  xi <- pmin(ni, pick(k, c(0, 0, 1, 4, 12, 1e9)))
  e <- escalc(measure = "PFT", xi = xi, ni = ni)
  f <- rma(yi, vi, data = e, method = "DL")
  p <- predict(f, transf = transf.ipft.hm, targs = list(ni = ni))
  shown[[i]] <- list(xi = xi, ni = ni, each = unclass(transf.ipft(as.numeric(e$yi), ni))[seq_len(k)], pred = unbox(p$pred), ci_lb = unbox(p$ci.lb), ci_ub = unbox(p$ci.ub),
                     pi_lb = unbox(p$pi.lb), pi_ub = unbox(p$pi.ub))
}
write(toJSON(list(R = unbox(R.version.string), metafor = unbox(as.character(packageVersion("metafor"))), effects = effects, rates = rates, shown = shown),
             digits = NA, na = "null", pretty = FALSE), "measures.json")
