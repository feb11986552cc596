# Run by hand in this folder: Rscript conversions.R (Debian packages r-cran-metafor, r-cran-jsonlite). Writes conversions.json: statistics as papers
# report them, computed by R's own tests from raw data, beside the effect sizes that escalc() gets from the same data directly.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
out <- list()
add <- function(...) out[[length(out) + 1]] <<- list(...)
for (case in 1:4) {
  # Raw data without random numbers, so that the script gives the same everywhere.
  n <- c(24, 40, 61, 90)[case]; i <- seq_len(n)
  x <- sin(i * 1.7) + 0.3 * cos(i * 0.9); y <- c(0.4, -0.6, 0.15, 0.9)[case] * x + sin(i * 2.9 + 1) + 0.2 * cos(i * 5.3)
  ct <- cor.test(x, y); fit <- summary(lm(y ~ x)); z <- escalc("ZCOR", ri = ct$estimate, ni = n)
  add(kind = "correlation", n = n, r = unname(ct$estimate), t = unname(ct$statistic), F = unname(fit$fstatistic[1]), p = ct$p.value,
      pGreater = cor.test(x, y, alternative = "greater")$p.value, etaSquared = fit$r.squared, coefficient = fit$coefficients[2, 1], se = fit$coefficients[2, 2],
      beta = unname(coef(lm(scale(y) ~ scale(x)))[2]), fisherZ = c(z$yi), variance = c(z$vi))

  g <- i %% 3 == 0; n1 <- sum(g); n2 <- sum(!g); v <- y + c(0.8, -0.5, 0.2, 1.1)[case] * g
  tt <- t.test(v[g], v[!g], var.equal = TRUE); a <- summary(aov(v ~ g))[[1]]; b <- summary(lm(v ~ g))$coefficients[2, ]
  s <- escalc("SMD", m1i = mean(v[g]), sd1i = sd(v[g]), n1i = n1, m2i = mean(v[!g]), sd2i = sd(v[!g]), n2i = n2)
  m <- escalc("MD", m1i = mean(v[g]), sd1i = sd(v[g]), n1i = n1, m2i = mean(v[!g]), sd2i = sd(v[!g]), n2i = n2, vtype = "HO")
  add(kind = "difference", n1 = n1, n2 = n2, sign = sign(tt$statistic)[[1]], t = unname(tt$statistic), F = a[1, 4], p = tt$p.value,
      pGreater = t.test(v[g], v[!g], var.equal = TRUE, alternative = "greater")$p.value, etaSquared = a[1, 2] / sum(a[, 2]), sdY = sd(v),
      coefficient = unname(b[1]), se = unname(b[2]), difference = mean(v[g]) - mean(v[!g]), lower = tt$conf.int[1], upper = tt$conf.int[2],
      pooledSd = sqrt(((n1 - 1) * var(v[g]) + (n2 - 1) * var(v[!g])) / (n1 + n2 - 2)), g = c(s$yi), variance = c(s$vi))
  one <- t.test(v[g])
  add(kind = "mean", n = n1, mean = mean(v[g]), sd = sd(v[g]), se = sd(v[g]) / sqrt(n1), lower = one$conf.int[1], upper = one$conf.int[2])

  tab <- table(x > 0, y > 0)[2:1, 2:1]; chi <- chisq.test(tab, correct = FALSE)
  phi <- escalc("PHI", ai = tab[1, 1], bi = tab[1, 2], ci = tab[2, 1], di = tab[2, 2])
  add(kind = "table", a = tab[1, 1], b = tab[1, 2], c = tab[2, 1], d = tab[2, 2], n = sum(tab), chiSquared = unname(chi$statistic), phi = c(phi$yi))

  or <- escalc("OR", ai = tab[1, 1], bi = tab[1, 2], ci = tab[2, 1], di = tab[2, 2]); ci <- exp(c(or$yi) + c(-1, 1) * qnorm(0.95) * sqrt(c(or$vi)))
  add(kind = "interval", estimate = exp(c(or$yi)), lower = ci[1], upper = ci[2], p = 2 * pnorm(-abs(c(or$yi)) / sqrt(c(or$vi))), logOdds = c(or$yi), variance = c(or$vi),
      d = c(or$yi) * sqrt(3) / pi, dVariance = c(or$vi) * 3 / pi^2)
}
write(toJSON(list(R = R.version.string, metafor = as.character(packageVersion("metafor")), cases = out), auto_unbox = TRUE, digits = NA), "conversions.json")
