# Run by hand in this folder: Rscript small-corrections.R (Debian packages r-cran-metafor 3.8, r-cran-clubsandwich 0.5.8, r-cran-jsonlite). Writes small-corrections.json: corrections for small-study effects of 240 random
# small designs of independent effects (base R's lm, and sums and full matrices as the papers define them) and of 120 with effects that share samples (rma.mv with variances given, clubSandwich). Variances are known or
# have a closed form (DL), so that no search blurs the last digits. All data are random numbers.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})

line <- function(y, v, x) {
  m <- if (is.null(x)) lm(y ~ 1, weights = 1 / v) else lm(y ~ x, weights = 1 / v)
  s <- summary(m)
  ci <- confint(m)
  list(coef = unname(coef(m)), se = unname(s$coefficients[, 2]), p = unname(s$coefficients[, 4]), lower = unname(ci[, 1]), upper = unname(ci[, 2]), phi = s$sigma^2)
}

# Radial plots as Ruecker et al. (2011) define them, y / s = a + b / s + e with e of variance 1, by lm of y on s - tau with weights 1 / s^2: its intercept is b + tau a, and nothing cancels where tau2 dwarfs all variances.
limit <- function(y, v) {
  k <- length(y)
  tau2 <- rma(y, v, method = "DL")$tau2; tau <- sqrt(tau2)
  plot <- function(y, t2) { x <- v / (sqrt(v + t2) + sqrt(t2)); lm(y ~ x, weights = 1 / (v + t2)) }
  random <- plot(y, tau2)
  a <- coef(random)[[2]]; b0 <- coef(random)[[1]]
  s <- sqrt(v + tau2)
  shrunken <- tau / s * y + v / (s * (s + tau)) * (b0 - tau * a)
  last <- plot(shrunken, 0)
  resid <- sum(residuals(plot(y, 0))^2 / v)
  Q <- sum((y - weighted.mean(y, 1 / v))^2 / v)
  radial <- lm(I(shrunken / sqrt(v)) ~ I(1 / sqrt(v)))
  list(tau2 = tau2, estimates = c(b0, coef(last)[[1]], weighted.mean(shrunken, 1 / v)),
       se = sqrt(c(summary(random)$cov.unscaled[1, 1], summary(last)$cov.unscaled[1, 1], 1 / sum(1 / v))), q = c(Q, Q - resid, resid), g2 = if (tau2 == 0) 0 else 1 - summary(radial)$r.squared)
}

# A weighted mean with robust errors for weights of the user, with full matrices (as robumeta 2.1 defines them).
robust <- function(y, v, w, cl) {
  k <- length(y); X <- matrix(1, k, 1); W <- diag(w, k); M <- 1 / sum(w); H <- X %*% t(X) %*% W * M
  phi <- ave(v, cl); Phi <- diag(phi, k); mu <- sum(w * y) / sum(w); e <- y - mu
  parts <- lapply(unique(cl), function(c) {
    i <- which(cl == c)
    I <- diag(k)[i, , drop = FALSE] - H[i, , drop = FALSE]
    B <- eigen(I %*% Phi %*% t(I), symmetric = TRUE)
    A <- sqrt(phi[i[1]]) * B$vectors %*% diag(ifelse(B$values > 1e-12 * phi[i[1]], 1 / sqrt(pmax(B$values, 1e-300)), 0), length(i)) %*% t(B$vectors)
    list(score = sum(w[i] * (A %*% e[i])) * M, g = t(I) %*% A %*% w[i] * M, plain = sum(w[i] * e[i]) * M)
  })
  G <- sapply(parts, function(p) p$g); P <- t(G) %*% G; J <- length(parts)
  c(mean = mu, se = sqrt(sum(sapply(parts, function(p) p$score^2))), df = sum(diag(P))^2 / sum(P^2), se1 = sqrt(J / (J - 1) * sum(sapply(parts, function(p) p$plain^2))))
}

mathur <- function(y, v, cl, ratios = c(1, 3, 25)) {
  affirm <- y / sqrt(v) > qnorm(.975)
  if (!any(affirm) || all(affirm)) return(NULL)
  tau2 <- rma(y, v, method = "DL")$tau2
  w <- 1 / (v + tau2)
  n <- !affirm
  # The ratio that moves the mean to q, by the root of its definition.
  q <- signif(quantile(y, .4, names = FALSE), 3)
  at <- function(r) { u <- ifelse(affirm, 1, r) * w; sum(u * y) / sum(u) - q }
  lo <- at(1); hi <- at(1e12)
  ratio <- if (lo <= 0) "there" else if (hi >= 0) "none" else exp(uniroot(function(l) at(exp(l)), c(0, log(1e12)), tol = 1e-14)$root)
  fixed <- sapply(ratios, function(r) { u <- ifelse(affirm, 1, r) / v; c(sum(u * y) / sum(u), sqrt(sum(u^2 * v)) / sum(u)) })
  list(tau2 = tau2, affirm = sum(affirm), corrected = lapply(ratios, function(r) unname(robust(y, v, ifelse(affirm, 1, r) * w, cl))), fixed = t(fixed),
       worst = if (sum(n) == 1) c(y[n], sqrt(v[n])) else if (length(unique(cl[n])) > 1) unname(robust(y[n], v[n], w[n], cl[n])) else sum(w[n] * y[n]) / sum(w[n]), q = q, ratio = ratio)
}

independent <- function(seed) {
  set.seed(seed)
  k <- sample(3:12, 1)
  # Variances alike, decades apart, tied in two sizes, or one far off; effects rounded (ties), of one sign, or beyond all sense.
  v <- switch(sample(4, 1), runif(k, .01, .08), 10^runif(k, -5, 1), sample(c(.01, .04, .041), k, replace = TRUE), c(1e-6, runif(k - 1, .01, .1)))
  v <- signif(v, 3)
  y <- switch(sample(4, 1), round(rnorm(k, .3, .3), 2), round(abs(rnorm(k, .4, .2)), 1), signif(.1 + 1.5 * sqrt(v) + rnorm(k) * sqrt(v), 4), signif(rnorm(k, 0, 50), 3))
  if (max(v) / min(v) < 1 + 1e-6 || length(unique(y)) < 3) return(NULL)
  cl <- sample(max(2, k - 3), k, replace = TRUE)
  if (length(unique(cl)) < 2) return(NULL)
  uwls <- line(y, v, NULL)
  ok <- sqrt(v) <= abs(uwls$coef) / 2.8
  if (sum(ok) > 1 && length(unique(y[ok])) < 2) return(NULL)
  pet <- line(y, v, sqrt(v)); peese <- line(y, v, v)
  list(seed = seed, y = y, v = v, cl = cl, pet = pet, peese = peese, uwls = uwls, adequate = sum(ok), waap = if (sum(ok) > 1) line(y[ok], v[ok], NULL), limit = limit(y, v), mathur = mathur(y, v, seq_len(k)), clustered = mathur(y, v, cl))
}

dependent <- function(seed) {
  set.seed(seed)
  J <- sample(3:8, 1)
  cl <- rep(seq_len(J), sample(1:4, J, replace = TRUE, prob = c(4, 3, 2, 1)))
  k <- length(cl)
  if (k < 5) return(NULL)
  v <- signif(switch(sample(3, 1), runif(k, .01, .08), 10^runif(k, -4, 0), (10^runif(J, -3, -1))[cl] * runif(k, .9, 1.1)), 3)
  y <- round(rnorm(k, .3, .25), 3)
  es <- seq_len(k)
  rho <- sample(c(0, .3, .6), 1); sigma2 <- signif(c(runif(1, 0, .06), runif(1, 0, .03)), 3)
  V <- rho * outer(sqrt(v), sqrt(v)) * outer(cl, cl, "=="); diag(V) <- v
  fit <- function(x, W) {
    m <- if (is.null(x)) { if (W) rma.mv(y, V, W = solve(V), random = ~ 1 | cl/es, sigma2 = sigma2) else rma.mv(y, V, random = ~ 1 | cl/es, sigma2 = sigma2) }
      else if (W) rma.mv(y, V, W = solve(V), mods = ~ x, random = ~ 1 | cl/es, sigma2 = sigma2) else rma.mv(y, V, mods = ~ x, random = ~ 1 | cl/es, sigma2 = sigma2)
    vr <- vcovCR(m, cluster = cl, type = "CR2")
    t <- coef_test(m, vcov = vr, test = "Satterthwaite")
    list(beta = c(m$beta), model_se = m$se, se = t$SE, df = t$df, p = t$p_Satt)
  }
  list(seed = seed, y = y, v = v, cl = cl, rho = rho, sigma2 = sigma2, iscw = fit(NULL, TRUE), pet = fit(sqrt(v), FALSE), peese = fit(v, FALSE), pet_iscw = fit(sqrt(v), TRUE), peese_iscw = fit(v, TRUE))
}

collect <- function(f, n) {
  found <- list(); seed <- 0
  while (length(found) < n) { seed <- seed + 1; one <- f(seed); if (!is.null(one)) found[[length(found) + 1]] <- one }
  found
}
# One design a line.
lines <- function(designs) paste(sapply(designs, function(d) toJSON(d, digits = I(15), auto_unbox = TRUE, null = "null")), collapse = ",\n")
writeLines(paste0("{\"independent\":[\n", lines(collect(independent, 240)), "\n],\n\"dependent\":[\n", lines(collect(dependent, 120)), "\n]}"), "small-corrections.json")
