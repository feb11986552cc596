# Times metafor on the data of the benchmarks: the best of a few runs, in milliseconds of processor time, one line each: what, a tab, the time. Run by the table (README), or by hand in this folder:
# Rscript metafor.R DRAWN.csv [all]; "all" adds what takes minutes. Debian: r-cran-metafor, r-cran-clubsandwich. DRAWN.csv has the numbers of DependentBenchmarks, which the table writes.
arguments <- commandArgs(TRUE)
suppressPackageStartupMessages(library(metafor))
processor <- function(f) sum(system.time(f())[c("user.self", "sys.self")])
time <- function(what, f, times, n = 1) cat(sprintf("%s\t%.4f\n", what, 1000 / n * min(replicate(times, processor(function() for (i in seq_len(n)) f())))))
d <- read.csv("../golden/metafor/data/mcdaniel1994.csv")
for (k in c(16, 82, 160, 1000)) {
  s <- d[(seq_len(k) - 1) %% nrow(d) + 1, ]
  for (method in c("DL", "REML")) time(paste(method, k), function() rma(yi, vi, data = s, method = method), if (k < 1000) 5 else 2, if (k < 1000) 10 else 1)
}
s <- d[1:20, ]
cat(sprintf("100,000 fits of 20\t%.1f\n", 1e5 * 1000 / 100 * min(replicate(3, processor(function() for (i in 1:100) rma(yi, vi, data = s))))))
fit <- rma(yi, vi, data = d)
time("leave-one-out 160", function() leave1out(fit), 1)
time("influence 160", function() influence(fit), 1)
time("Q-profile 160", function() confint(fit), 3)
k2011 <- read.csv("../golden/metafor/data/konstantopoulos2011.csv")
time("three levels 56", function() rma.mv(yi, vi, random = ~ 1 | district/school, data = k2011), 3, 3)
if (length(arguments) > 0) {
  e <- read.csv(arguments[1])
  time("three levels drawn", function() rma.mv(yi, vi, random = ~ 1 | study/sample/effect, data = e), 1)
  if ("all" %in% arguments) {
    V <- vcalc(vi, cluster = sample, obs = effect, rho = 0.6, data = e)
    time("CHE", function() rma.mv(yi, V, random = ~ 1 | sample/effect, data = e), 1)
    che <- rma.mv(yi, V, random = ~ 1 | sample/effect, data = e)
    time("CR2", function() clubSandwich::coef_test(che, vcov = "CR2", cluster = e$sample), 1)
    time("crossed", function() rma.mv(yi, vi, random = list(~ 1 | sample/effect, ~ 1 | rater), data = e), 1)
  }
}
