# Run by hand in this folder: Rscript metafor.R (Debian packages r-cran-metafor, r-cran-clubsandwich). Times metafor on the data of UnivariateBenchmarks and on
# drawn numbers of the size of DependentBenchmarks; the best of a few runs, in milliseconds.
suppressPackageStartupMessages({library(metafor); library(clubSandwich)})
d <- read.csv("../golden/metafor/data/mcdaniel1994.csv")
time <- function(what, f, times) cat(sprintf("%-40s %10.1f ms\n", what, 1000 * min(replicate(times, system.time(f())[["elapsed"]]))))
repeated <- function(what, f, n) cat(sprintf("%-40s %10.2f ms\n", what, 1000 / n * min(replicate(5, system.time(for (i in 1:n) f())[["elapsed"]]))))
for (k in c(16, 82, 160, 1000)) {
  s <- d[(seq_len(k) - 1) %% nrow(d) + 1, ]
  for (method in c("DL", "REML")) repeated(paste(method, k), function() rma(yi, vi, data = s, method = method), if (k < 1000) 20 else 1)
}
fit <- rma(yi, vi, data = d, method = "REML")
time("leave-one-out REML 160", function() leave1out(fit), 1)
time("Q-profile 160", function() confint(fit), 3)

set.seed(1)
samples <- 113; each <- pmax(1, 4 + (0:(samples - 1)) %% 5); sample <- rep(seq_len(samples), each); study <- (sample - 1) %/% 3
e <- data.frame(sample, study, effect = seq_along(sample), rater = sample(8, length(sample), TRUE), vi = rep(1 / sample(20:199, samples, TRUE), each))
e$yi <- 0.28 + rnorm(38, 0, sqrt(0.02))[e$study + 1] + rnorm(samples, 0, sqrt(0.02))[e$sample] + rnorm(nrow(e), 0, 0.1) + rnorm(nrow(e), 0, sqrt(e$vi))
cat(nrow(e), "effects\n")
time("three levels", function() rma.mv(yi, vi, random = ~ 1 | study/sample/effect, data = e), 1)
V <- vcalc(vi, cluster = sample, obs = effect, rho = 0.6, data = e)
time("CHE", function() rma.mv(yi, V, random = ~ 1 | sample/effect, data = e), 1)
che <- rma.mv(yi, V, random = ~ 1 | sample/effect, data = e)
time("CR2", function() coef_test(che, vcov = "CR2", cluster = e$sample), 1)
time("crossed", function() rma.mv(yi, vi, random = list(~ 1 | sample/effect, ~ 1 | rater), data = e), 1)
