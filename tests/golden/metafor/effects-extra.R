# Run by hand in this folder: Rscript effects-extra.R (Debian packages r-cran-metafor 3.8, r-cran-jsonlite).
# Effect sizes and pooled tables that the reference files do not have, for measures whose formulas are the same in metafor 3.8 and 5.1:
# further variance formulas, rules for zero cells over a data set, the average effect in the variance, transformations and their inverses,
# Mantel-Haenszel and Peto with zero cells, without continuity correction, and Breslow-Day.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
one <- function(x) lapply(x, unbox)

groups <- list(m1i = c(10.2, 5, 101), sd1i = c(2.1, 1.5, 15), n1i = c(25, 10, 200), m2i = c(8.9, 6.2, 95), sd2i = c(2.6, 3.3, 11), n2i = c(28, 14, 150))
tables <- list(ai = c(12, 4, 0, 7), bi = c(88, 119, 20, 0), ci = c(25, 11, 5, 3), di = c(75, 128, 18, 9))
pair <- list(m1i = c(24, 10), m2i = c(21, 12), sd1i = c(5, 2), sd2i = c(6, 3), ni = c(30, 18), ri = c(.7, .4))
cors <- list(ri = c(.28, .31, -.45, .02, .9), ni = c(45, 110, 12, 300, 25))
rates <- list(x1i = c(7, 8, 0), t1i = c(1344, 1600, 900), x2i = c(11, 0, 3), t2i = c(1988, 1461, 870))
shares <- list(xi = c(12, 0, 44), ni = c(60, 33, 44))
effects <- list()
add <- function(measure, inputs, vtype = "LS", add = 1/2, to = "only0") {
  # Only what is asked for is passed: measures that zeros do not harm add nothing unless told to.
  zeros <- if (add == 1/2 && to == "only0") list() else list(add = add, to = to)
  r <- do.call(escalc, c(list(measure = measure, vtype = vtype), zeros, inputs))
  effects[[length(effects) + 1]] <<- list(measure = unbox(measure), vtype = unbox(vtype), add = unbox(add), to = unbox(to), inputs = inputs,
                                          yi = as.numeric(r$yi), vi = as.numeric(r$vi))
}
for (v in c("HO")) add("MD", groups, v)
for (v in c("LS", "UB", "LS2", "AV")) { add("SMD", groups, v); add("SMD1", groups[c("m1i", "n1i", "m2i", "sd2i", "n2i")], v) }
for (v in c("ST", "CS")) { add("RPB", groups, v); add("PHI", tables, v) }
for (v in c("LS2")) { add("SMCC", pair, v); add("SMCR", pair[c("m1i", "m2i", "sd1i", "ni", "ri")], v) }
for (v in c("AV")) { add("COR", cors, v); add("UCOR", cors, v) }
for (m in c("RR", "OR", "RD", "PBIT", "YUQ", "YUY", "PETO", "OR2DN", "OR2DL")) for (to in c("all", "if0all", "only0")) add(m, tables, add = 0.25, to = to)
add("RD", tables, "UB", add = 0.25, to = "all")
for (m in c("IRR", "IRD")) for (to in c("all", "if0all", "only0")) add(m, rates, add = 0.25, to = to)
for (m in c("PR", "PLN", "PLO")) for (to in c("all", "if0all", "only0")) add(m, shares, add = 0.25, to = to)
add("PR", shares, "UB", add = 0.25, to = "all")
for (m in c("IRLN", "IR")) for (to in c("all", "if0all")) add(m, list(xi = c(12, 0), ti = c(600, 330)), add = 0.25, to = to)
add("SMD", list(ti = c(2.2, -1), n1i = c(30, 12), n2i = c(28, 9)))

inverse <- list(
  pft = list(y = c(.1, .3, .469691805917237, .9, 1.4), n = c(60, 60, 60, 60, 60), p = transf.ipft(c(.1, .3, .469691805917237, .9, 1.4), 60)),
  irft = list(y = c(.03, .1, .144308685338053), t = c(600, 600, 600), rate = transf.iirft(c(.03, .1, .144308685338053), 600)),
  cles = list(d = c(-.5, 0, 1.41 * sqrt(2)), cles = transf.dtocles(c(-.5, 0, 1.41 * sqrt(2)))),
  logit = list(y = c(-1.2, .4), p = transf.ilogit(c(-1.2, .4))),
  abt = list(y = c(.9, 1.9), alpha = transf.iabt(c(.9, 1.9))), ahw = list(y = c(.26, .47), alpha = transf.iahw(c(.26, .47))))

fits <- list()
pool <- function(name, d, correct) {
  for (m in c("OR", "RR", "RD")) {
    f <- rma.mh(ai, bi, ci, di, data = d, measure = m, correct = correct)
    fits[[length(fits) + 1]] <<- one(list(data = name, model = "MH", measure = m, correct = correct, beta = f$beta[1], se = f$se, ci_lb = f$ci.lb,
      ci_ub = f$ci.ub, pval = f$pval, QE = f$QE, QEp = f$QEp, df = f$k.yi - 1, I2 = f$I2, CO = f$CO, COp = f$COp, MH = f$MH, MHp = f$MHp,
      BD = f$BD, BDp = f$BDp, TA = f$TA, TAp = f$TAp))
  }
  f <- rma.peto(ai, bi, ci, di, data = d)
  fits[[length(fits) + 1]] <<- one(list(data = name, model = "Peto", measure = "PETO", correct = correct, beta = f$beta[1], se = f$se,
    ci_lb = f$ci.lb, ci_ub = f$ci.ub, pval = f$pval, QE = f$QE, QEp = f$QEp, df = f$k.yi - 1, I2 = f$I2))
}
sparse <- data.frame(ai = c(0, 2, 5, 0, 1), bi = c(20, 40, 33, 30, 12), ci = c(5, 6, 4, 0, 1), di = c(18, 33, 41, 25, 14))
for (correct in c(TRUE, FALSE)) { pool("bcg", read.csv("data/bcg-2x2.csv"), correct); pool("sparse", sparse, correct) }

write(toJSON(list(R = unbox(R.version.string), metafor = unbox(as.character(packageVersion("metafor"))), effects = effects, inverse = inverse,
                  sparse = as.list(sparse), fits = fits), digits = NA, na = "null", pretty = 1), "effects-extra.json")
