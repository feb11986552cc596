# Bootstrap intervals by R's boot from replicates that stand beside them: Rscript boot-ci.R > boot-ci.json
suppressPackageStartupMessages({library(boot); library(jsonlite)})
weighted <- function(d, i) { y <- d$y[i]; v <- d$v[i]; w <- 1/v; m <- sum(w*y)/sum(w); c(m, sum(w^2*(y-m)^2)/sum(w)^2) }
variance <- function(d, i) { y <- d$y[i]; n <- length(y); s <- var(y); c(s, (mean((y-mean(y))^4) - s^2*(n-3)/(n-1))/n) }
one <- function(name, y, v, statistic, R, seed, levels) {
  set.seed(seed)
  d <- data.frame(y = y, v = v)
  b <- boot(d, statistic, R = R)
  L <- empinf(b, type = "jack", index = 1)
  cis <- lapply(levels, function(level) {
    ci <- suppressWarnings(boot.ci(b, conf = level, type = c("basic", "perc", "bca", "stud"), L = L))
    list(level = level, percentile = tail(ci$percent[1, ], 2), basic = tail(ci$basic[1, ], 2), bca = tail(ci$bca[1, ], 2), studentised = tail(ci$student[1, ], 2))
  })
  list(name = name, replicates = R, estimate = b$t0[1], variance = b$t0[2], t = b$t[, 1], variances = b$t[, 2], influence = as.numeric(L),
       bias = mean(b$t[, 1]) - b$t0[1], standardError = sd(b$t[, 1]), intervals = cis)
}
y <- c(0.31, 0.08, 0.45, 0.20, 0.52, 0.38, -0.10, 0.27, 0.66, 0.15, 0.33, 0.41)
v <- c(0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.030, 0.008, 0.050, 0.007, 0.004, 0.020)
cases <- list(
  one("weighted mean", y, v, weighted, 999, 1, c(0.9, 0.95, 0.99)),
  one("weighted mean", y, v, weighted, 500, 2, c(0.8, 0.95)),
  one("variance", exp(3*y), v, variance, 1000, 3, c(0.5, 0.9, 0.95)),
  one("variance", exp(3*y[1:6]), v[1:6], variance, 300, 4, c(0.9, 0.95, 0.98)))
cat(toJSON(list(boot = as.character(packageVersion("boot")), R = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE))
