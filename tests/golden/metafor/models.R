# Run by hand in this folder: Rscript models.R (Debian packages r-cran-metafor, r-cran-jsonlite). Writes models.json: references for what the
# other files do not have. Iterations are tight, so that the tests need no looser tolerance than rounding.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

datasets <- c("molloy2014", "mcdaniel1994", "raudenbush1985", "bcg", "konstantopoulos2011", "hackshaw1998", "tannersmith2016", "normand1999")
load <- function(name) read.csv(file.path("data", paste0(name, ".csv")), na.strings = c("NA", ""))
tight <- list(threshold = 1e-14, tol = 1e-15, maxiter = 10000)
out <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")))
row <- function(fit, ...) {
  s <- fitstats(fit, REML = fit$method == "REML")
  c(list(...), list(k = fit$k, tau2 = fit$tau2, se_tau2 = if (is.null(fit$se.tau2)) NA else fit$se.tau2, beta = c(fit$beta), se = fit$se,
                    zval = fit$zval, pval = fit$pval, ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, logLik = s["logLik:", 1]))
}

# Two-step DerSimonian-Laird: tau2 by metafor's GENQ with the weights 1/(vi + tau2 of DL), the mean with inverse variances.
out$twoStep <- lapply(datasets, function(name) {
  d <- load(name)
  first <- rma(yi, vi, data = d, method = "DL")$tau2
  second <- rma(yi, vi, data = d, method = "GENQ", weights = 1 / (vi + first))
  fit <- rma(yi, vi, data = d, tau2 = second$tau2, method = "DL")
  list(dataset = name, tau2 = second$tau2, se_tau2 = second$se.tau2, beta = c(fit$beta), se = fit$se)
})

# The ad hoc variant of Hartung-Knapp.
out$adHoc <- do.call(c, lapply(datasets, function(name) lapply(c("DL", "REML"), function(method)
  row(rma(yi, vi, data = load(name), method = method, test = "adhoc", control = tight), dataset = name, method = method))))

# Weights of one's own: here the square roots of the inverse variances.
out$weights <- do.call(c, lapply(datasets, function(name) do.call(c, lapply(c("EE", "DL", "REML", "GENQ"), function(method)
  lapply(c("z", "knha"), function(test) {
    d <- load(name)
    row(suppressWarnings(rma(yi, vi, data = d, weights = 1 / sqrt(d$vi), method = method, test = test, control = tight)),
        dataset = name, method = method, test = test)
  })))))

# Kenward & Roger (1997) in matrix form, written from the paper, for V = diag(vi) + tau2 I: no package has it for known sampling variances.
kenward_roger <- function(yi, vi, X, tau2) {
  V <- diag(vi + tau2); Vi <- solve(V); Phi <- solve(t(X) %*% Vi %*% X)
  G <- Vi - Vi %*% X %*% Phi %*% t(X) %*% Vi
  W <- 1 / (sum(diag(G %*% G)) / 2)                 # inverse of the expected information of tau2
  P <- -t(X) %*% Vi %*% Vi %*% X
  Q <- t(X) %*% Vi %*% Vi %*% Vi %*% X
  adjusted <- Phi + 2 * Phi %*% (W * (Q - P %*% Phi %*% P)) %*% Phi   # V is linear in tau2, so the term of its curvature is 0
  beta <- Phi %*% t(X) %*% Vi %*% yi
  test <- function(L) {
    l <- nrow(L)
    Theta <- t(L) %*% solve(L %*% Phi %*% t(L)) %*% L
    T <- Theta %*% Phi %*% P %*% Phi
    A1 <- W * sum(diag(T))^2
    A2 <- W * sum(diag(T %*% T))
    B <- (A1 + 6 * A2) / (2 * l)
    g <- ((l + 1) * A1 - (l + 4) * A2) / ((l + 2) * A2)
    c1 <- g / (3 * l + 2 * (1 - g)); c2 <- (l - g) / (3 * l + 2 * (1 - g)); c3 <- (l + 2 - g) / (3 * l + 2 * (1 - g))
    E <- 1 / (1 - A2 / l)
    V <- 2 / l * (1 + c1 * B) / ((1 - c2 * B)^2 * (1 - c3 * B))
    rho <- V / (2 * E^2)
    m <- 4 + (l + 2) / (l * rho - 1)
    lambda <- m / (E * (m - 2))
    F <- lambda / l * c(t(L %*% beta) %*% solve(L %*% adjusted %*% t(L)) %*% (L %*% beta))
    list(F = F, df1 = l, df2 = m, p = pf(F, l, m, lower.tail = FALSE))
  }
  p <- ncol(X)
  single <- lapply(seq_len(p), function(j) test(diag(p)[j, , drop = FALSE]))
  list(beta = c(beta), se = sqrt(diag(adjusted)), df = sapply(single, `[[`, "df2"), pval = sapply(single, `[[`, "p"),
       omnibus = if (p > 1) test(diag(p)[-1, , drop = FALSE]) else NULL)
}
formulas <- list(list("bcg", "~ ablat + year"), list("raudenbush1985", "~ setting + weeks"), list("mcdaniel1994", "~ type + struct"),
                 list("molloy2014", "~ quality"))
out$kenwardRoger <- c(
  lapply(datasets, function(name) {
    d <- load(name)
    fit <- rma(yi, vi, data = d, control = tight)
    c(list(dataset = name, mods = NA, tau2 = fit$tau2), kenward_roger(fit$yi, fit$vi, fit$X, fit$tau2))
  }),
  lapply(formulas, function(f) {
    d <- load(f[[1]])
    fit <- suppressWarnings(rma(yi, vi, mods = as.formula(f[[2]]), data = d, control = tight))
    c(list(dataset = f[[1]], mods = f[[2]], tau2 = fit$tau2), kenward_roger(fit$yi, fit$vi, fit$X, fit$tau2))
  }))

# ---- What is asked of a meta-regression.
regressions <- list(list("bcg", "~ ablat + year"), list("raudenbush1985", "~ setting + weeks"), list("mcdaniel1994", "~ type + struct"),
                    list("mcdaniel1994", "~ type * struct"), list("tannersmith2016", "~ factor(sexmix) + propmale"))
fit_of <- function(f, ...) suppressWarnings(rma(yi, vi, mods = as.formula(f[[2]]), data = load(f[[1]]), control = tight, ...))
out$regression <- do.call(c, lapply(regressions, function(f) lapply(c("z", "knha"), function(test) {
  fit <- fit_of(f, test = test)
  frame <- model.frame(as.formula(f[[2]]), load(f[[1]]))
  terms <- attr(model.matrix(as.formula(f[[2]]), frame), "assign")[!fit$coef.na]
  columns <- lapply(seq_len(max(terms)), function(t) which(terms == t))
  tests <- lapply(columns, function(b) { a <- anova(fit, btt = b); list(QM = a$QM, p = a$QMp) })
  p <- predict(fit)
  list(dataset = f[[1]], mods = f[[2]], test = test, vif = unname(sapply(vif(fit)$vif, function(v) v$vif)),
       gvif = unname(sapply(vif(fit, btt = columns)$vif, function(v) v$vif)), terms = tests,
       pred = p$pred, se = p$se, ci_lb = p$ci.lb, ci_ub = p$ci.ub, pi_lb = p$pi.lb, pi_ub = p$pi.ub)
})))

out$predict <- lapply(c("z", "t", "knha"), function(test) {
  p <- predict(fit_of(list("bcg", "~ ablat + year"), test = test), newmods = c(30, 1970))
  list(test = test, pred = p$pred, se = p$se, ci_lb = p$ci.lb, ci_ub = p$ci.ub, pi_lb = p$pi.lb, pi_ub = p$pi.ub)
})

# Codings and curves, each by its design: the coefficients follow.
d <- load("mcdaniel1994"); d <- d[complete.cases(d[, c("type", "struct")]), ]
b <- load("bcg"); m <- load("molloy2014")
coded <- function(name, what, X, data) {
  fit <- rma(data$yi, data$vi, mods = X, intercept = FALSE, test = "knha", control = tight)
  list(dataset = name, what = what, beta = c(fit$beta), se = fit$se, QM = fit$QM)
}
spline <- function(x, t) {  # Harrell's restricted cubic spline, from the formula in his book
  k <- length(t); pos <- function(u) pmax(u, 0)^3
  cbind(x, sapply(1:(k - 2), function(j) (pos(x - t[j]) - pos(x - t[k - 1]) * (t[k] - t[j]) / (t[k] - t[k - 1]) +
                                          pos(x - t[k]) * (t[k - 1] - t[j]) / (t[k] - t[k - 1])) / (t[k] - t[1])^2))
}
out$codings <- list(
  coded("mcdaniel1994", "sum", model.matrix(~ type + struct, d, contrasts.arg = list(type = "contr.sum", struct = "contr.sum")), d),
  coded("mcdaniel1994", "reference s", model.matrix(~ relevel(factor(type), "s"), d), d),
  coded("bcg", "centred, scaled", model.matrix(~ scale(ablat) + I(year - 1970), b), b),
  coded("bcg", "quadratic", model.matrix(~ I(ablat - mean(ablat)) + I((ablat - mean(ablat))^2), b), b),
  coded("bcg", "alloc * ablat", model.matrix(~ alloc * I(ablat - mean(ablat)), b), b),
  coded("molloy2014", "spline 4", cbind(1, spline(m$meanage, quantile(m$meanage, c(.05, .35, .65, .95)))), m),
  coded("molloy2014", "spline at 30 45 55", cbind(1, spline(m$meanage, c(30, 45, 55))), m))

# Marginal means and their differences by the rows that define them.
out$marginal <- lapply(c("z", "knha"), function(test) {
  fit <- fit_of(list("bcg", "~ alloc + ablat"), test = test)
  at <- mean(b$ablat)
  L <- rbind(c(1, 0, 0, at), c(1, 1, 0, at), c(1, 0, 1, at))
  D <- rbind(L[2, ] - L[1, ], L[3, ] - L[1, ], L[3, ] - L[2, ])
  ask <- function(X) { a <- anova(fit, X = X); list(estimate = c(a$Xb), se = c(a$se), p = c(a$pval)) }
  list(test = test, means = ask(L), differences = c(ask(D), list(holm = p.adjust(ask(D)$p, "holm"))))
})

out$likelihoodRatio <- lapply(list(list("bcg", "~ ablat + year", "~ ablat"), list("bcg", "~ ablat + year", "~ 1"),
                                   list("raudenbush1985", "~ setting + weeks", "~ weeks")), function(f) {
  a <- anova(fit_of(list(f[[1]], f[[2]]), method = "ML"), fit_of(list(f[[1]], f[[3]]), method = "ML"))
  list(dataset = f[[1]], full = f[[2]], reduced = f[[3]], LRT = a$LRT, df = a$parms.f - a$parms.r, p = a$pval)
})

out$regressionWeights <- lapply(c("EE", "REML", "GENQ"), function(method) {
  d <- load("bcg")
  fit <- suppressWarnings(rma(yi, vi, mods = ~ ablat + year, data = d, weights = 1 / sqrt(d$vi), method = method, test = "knha", control = tight))
  list(method = method, tau2 = fit$tau2, beta = c(fit$beta), se = fit$se, QM = fit$QM, R2 = fit$R2, logLik = fitstats(fit, REML = method == "REML")["logLik:", 1])
})

# Every estimator with moderators; fits.json has six of them.
out$regressionEstimators <- lapply(c("HE", "HS", "HSk", "SJ", "PMM", "GENQ"), function(method) {
  d <- load("bcg")
  weights <- if (method == "GENQ") 1 / (d$vi + mean(d$vi)) else NULL
  fit <- do.call(rma, c(list(yi = d$yi, vi = d$vi, mods = ~ ablat + year, data = d, method = method, control = tight), list(weights = weights)[!is.null(weights)]))
  list(method = method, tau2 = fit$tau2, se_tau2 = fit$se.tau2, beta = c(fit$beta), se = fit$se)
})

# ---- Diagnostics with moderators.
out$diagnostics <- lapply(list(list("bcg", "~ ablat + year", "REML", "z"), list("bcg", "~ ablat + year", "EE", "z"), list("bcg", "~ ablat", "DL", "knha"),
                               list("raudenbush1985", "~ setting + weeks", "REML", "knha"), list("molloy2014", "~ quality + factor(design)", "REML", "z")), function(f) {
  fit <- fit_of(list(f[[1]], f[[2]]), method = f[[3]], test = f[[4]])
  inf <- influence(fit)
  pdf(NULL); bj <- baujat(fit); invisible(dev.off())
  bl <- if (f[[3]] == "EE") NULL else blup(fit)
  list(dataset = f[[1]], mods = f[[2]], method = f[[3]], test = f[[4]], rstudent = inf$inf$rstudent, dffits = inf$inf$dffits, cook_d = inf$inf$cook.d,
       cov_r = inf$inf$cov.r, tau2_del = inf$inf$tau2.del, QE_del = inf$inf$QE.del, hat = inf$inf$hat, weight = inf$inf$weight,
       dfbs = unname(lapply(seq_len(fit$p), function(j) inf$dfbs[[j]])), is_infl = inf$is.infl,
       blup = if (is.null(bl)) NULL else list(pred = bl$pred, se = bl$se, pi_lb = bl$pi.lb, pi_ub = bl$pi.ub), baujat = list(x = bj$x, y = bj$y))
})

# A study whose moderator value is its own cannot be left out; weights of one's own.
out$diagnosticsWeights <- list({
  d <- load("bcg")
  fit <- rma(yi, vi, data = d, weights = 1 / sqrt(d$vi), control = tight)
  inf <- influence(fit)
  list(rstudent = inf$inf$rstudent, dffits = inf$inf$dffits, cook_d = inf$inf$cook.d, cov_r = inf$inf$cov.r, hat = inf$inf$hat, weight = inf$inf$weight,
       dfbs = inf$dfbs[[1]])
})

out$cumulative <- lapply(c("z", "knha"), function(test) {
  fit <- rma(yi, vi, data = b, control = tight, test = test)
  cu <- suppressWarnings(cumul(fit, order = b$year))
  list(test = test, order = order(b$year), estimate = cu$estimate, se = cu$se, ci_lb = cu$ci.lb, ci_ub = cu$ci.ub, Q = cu$Q, tau2 = cu$tau2, I2 = cu$I2)
})

# ---- Intervals.
# The distribution of a sum of weighted chi squares by Ruben's series (1962), as in Farebrother's AS 204.
ruben <- function(q, lambda) {
  beta <- 0.90625 * min(lambda); n <- length(lambda)
  a <- sqrt(prod(beta / lambda)); lost <- 1 - a; cs <- a; g <- c(); k <- 0
  sum <- a * pchisq(q / beta, n); ratio <- 1 - beta / lambda
  while (lost > 1e-14 && k < 20000) {
    k <- k + 1
    g[k] <- base::sum(ratio^k)
    cs[k + 1] <- base::sum(g[k:1] * cs[1:k]) / (2 * k)
    lost <- lost - cs[k + 1]
    add <- cs[k + 1] * pchisq(q / beta, n + 2 * k)
    sum <- sum + add
    if (k > 20 && add < 1e-17 && lost * pchisq(q / beta, n + 2 * k) < 1e-14) break
  }
  sum
}
generalized_q <- function(yi, vi, X, a, level = 0.95) {
  A <- diag(a); P <- A - A %*% X %*% solve(t(X) %*% A %*% X) %*% t(X) %*% A
  Q <- c(t(yi) %*% P %*% yi); k <- length(yi); p <- ncol(X)
  lower_tail <- function(tau2) {
    S <- diag(sqrt(vi + tau2))
    ruben(Q, eigen(S %*% P %*% S, symmetric = TRUE, only.values = TRUE)$values[1:(k - p)])
  }
  limit <- function(target) {  # the lower tail falls in tau2
    if (lower_tail(0) < target) return(0)
    high <- 1; while (lower_tail(high) > target) high <- 2 * high
    uniroot(function(t) lower_tail(t) - target, c(0, high), tol = 1e-14, maxiter = 1000)$root
  }
  c(limit(1 - (1 - level) / 2), limit((1 - level) / 2))
}
out$generalizedQ <- c(
  do.call(c, lapply(datasets, function(name) lapply(c("inverse variance", "inverse standard error", "equal"), function(w) {
    d <- load(name)
    a <- switch(w, "inverse variance" = 1 / d$vi, "inverse standard error" = 1 / sqrt(d$vi), rep(1, nrow(d)))
    ci <- generalized_q(d$yi, d$vi, cbind(rep(1, nrow(d))), a)
    list(dataset = name, mods = NA, weights = w, ci_lb = ci[1], ci_ub = ci[2])
  }))),
  lapply(list(list("bcg", "~ ablat + year"), list("raudenbush1985", "~ setting + weeks")), function(f) {
    fit <- fit_of(f)
    ci <- generalized_q(fit$yi, fit$vi, fit$X, 1 / fit$vi)
    list(dataset = f[[1]], mods = f[[2]], weights = "inverse variance", ci_lb = ci[1], ci_ub = ci[2])
  }))

out$regressionIntervals <- do.call(c, lapply(list(list("bcg", "~ ablat + year"), list("bcg", "~ ablat"), list("raudenbush1985", "~ setting + weeks")),
  function(f) lapply(list(list("QP", "REML"), list("PL", "REML"), list("PL", "ML")), function(t) {
    ci <- suppressWarnings(confint(fit_of(f, method = t[[2]]), type = t[[1]], control = list(tol = 1e-14)))$random
    list(dataset = f[[1]], mods = f[[2]], type = t[[1]], method = t[[2]], lower = unname(ci[, 2]), upper = unname(ci[, 3]))
  })))

out$higginsPrediction <- lapply(datasets, function(name) {
  p <- predict(rma(yi, vi, data = load(name), control = tight), pi.type = "riley")
  list(dataset = name, pi_lb = p$pi.lb, pi_ub = p$pi.ub)
})

# Henmi & Copas by metafor's own function, with an integrate() and a uniroot() that do not stop early.
hc_tight <- getFromNamespace("hc.rma.uni", "metafor")
environment(hc_tight) <- list2env(list(integrate = function(f, lower, upper) stats::integrate(f, lower, upper, rel.tol = 1e-12, subdivisions = 2000)),
                                  parent = environment(hc_tight))
out$henmiCopas <- lapply(datasets, function(name) {
  h <- hc_tight(rma(yi, vi, data = load(name), method = "DL"), control = list(tol = 1e-14))
  list(dataset = name, beta = c(h$beta), se = h$se, ci_lb = c(h$ci.lb), ci_ub = c(h$ci.ub))
})

# Nagashima's prediction interval without its randomness: tau2 at 400 equal steps of its confidence distribution, and the mixture's quantiles
# by numerical integration over t.
out$nagashima <- lapply(c("normand1999", "bcg", "molloy2014"), function(name) {
  d <- load(name); k <- nrow(d); w <- 1 / d$vi
  P <- diag(w) - outer(w, w) / sum(w); Q <- c(t(d$yi) %*% P %*% d$yi)
  tail <- function(tau2) { S <- diag(sqrt(d$vi + tau2)); ruben(Q, eigen(S %*% P %*% S, symmetric = TRUE, only.values = TRUE)$values[1:(k - 1)]) }
  steps <- 400; u <- (seq_len(steps) - 0.5) / steps
  tau2 <- sapply(u, function(p) {
    if (tail(0) <= 1 - p) return(0)
    high <- 1; while (tail(high) > 1 - p) high <- 2 * high
    uniroot(function(t) tail(t) - (1 - p), c(0, high), tol = 1e-10)$root
  })
  W <- sapply(tau2, function(t) 1 / (d$vi + t)); sw <- colSums(W); mu <- colSums(W * d$yi) / sw
  se <- sqrt(colSums(W * (outer(d$yi, mu, "-"))^2) / (k - 1) / sw)
  tq <- qt((seq_len(2000) - 0.5) / 2000, k - 1)
  cdf <- function(x) mean(sapply(seq_len(steps), function(j) if (tau2[j] == 0) mean(mu[j] - se[j] * tq <= x) else mean(pnorm((x - mu[j] + se[j] * tq) / sqrt(tau2[j])))))
  q <- function(p) uniroot(function(x) cdf(x) - p, c(-10, 10), tol = 1e-8)$root
  list(dataset = name, pi_lb = q(0.025), pi_ub = q(0.975))
})

# ---- Subgroups: one fit a group and the test between them; one tau2 for all.
out$subgroups <- do.call(c, lapply(list(list("bcg", "alloc"), list("raudenbush1985", "setting"), list("mcdaniel1994", "type"), list("hackshaw1998", "design")),
  function(f) lapply(c("z", "knha"), function(test) {
    d <- load(f[[1]]); d$g <- factor(d[[f[[2]]]]); d <- d[!is.na(d$g), ]
    fits <- lapply(levels(d$g), function(l) rma(yi, vi, data = d[d$g == l, ], control = tight, test = test))
    between <- rma(sapply(fits, coef), sapply(fits, function(m) m$se^2), method = "EE")
    common <- rma(yi, vi, mods = ~ g - 1, data = d, control = tight, test = test)
    moderator <- rma(yi, vi, mods = ~ g, data = d, control = tight, test = test)
    list(dataset = f[[1]], column = f[[2]], test = test, levels = levels(d$g),
         separate = list(tau2 = sapply(fits, `[[`, "tau2"), beta = sapply(fits, coef), se = sapply(fits, `[[`, "se"), QB = between$QE, p = between$QEp),
         common = list(tau2 = common$tau2, beta = c(common$beta), se = common$se, QM = moderator$QM, p = moderator$QMp))
  })))

# ---- Location-scale models. nlminb() stops early, so Newton steps with numerical derivatives bring the last digits.
polish <- function(fit) {
  X <- fit$X; reml <- fit$method == "REML"
  q <- qr(fit$Z); Z <- qr.Q(q); back <- solve(qr.R(q))   # orthonormal columns, so that numerical derivatives are exact in any units
  ll <- function(alpha) {
    w <- 1 / (fit$vi + exp(c(Z %*% alpha))); XWX <- t(X) %*% (w * X); beta <- solve(XWX, t(X) %*% (w * fit$yi))
    rss <- sum(w * (fit$yi - X %*% beta)^2)
    v <- -0.5 * ((if (reml) fit$k - ncol(X) else fit$k) * log(2 * pi) - sum(log(w)) + rss)
    if (reml) v <- v - 0.5 * (determinant(XWX)$modulus - determinant(crossprod(X))$modulus)
    c(v)
  }
  alpha <- c(qr.R(q) %*% fit$alpha)
  for (i in 1:5) alpha <- alpha - solve(numDeriv::hessian(ll, alpha), numDeriv::grad(ll, alpha))
  va <- back %*% solve(-numDeriv::hessian(ll, alpha)) %*% t(back)
  w <- 1 / (fit$vi + exp(c(Z %*% alpha))); vb <- solve(t(X) %*% (w * X))
  value <- ll(alpha); alpha <- c(back %*% alpha)
  list(alpha = alpha, se_alpha = sqrt(diag(va)), beta = c(vb %*% t(X) %*% (w * fit$yi)), vb = vb, logLik = value,
       QS = if (length(alpha) > 1) c(t(alpha[-1]) %*% solve(va[-1, -1]) %*% alpha[-1]) else NA)
}
out$locationScale <- do.call(c, lapply(list(
  list("bcg", "~ ablat", "~ year"), list("mcdaniel1994", NULL, "~ struct"), list("konstantopoulos2011", NULL, "~ I(year - 1990)"),
  list("raudenbush1985", "~ weeks", "~ 1"), list("tannersmith2016", "~ factor(sexmix)", "~ aget1")), function(f)
  do.call(c, lapply(c("REML", "ML"), function(method) lapply(c("z", "knha"), function(test) {
    d <- load(f[[1]])
    arguments <- list(yi = d$yi, vi = d$vi, data = d, method = method, test = test, scale = as.formula(f[[3]]))
    if (!is.null(f[[2]])) arguments$mods <- as.formula(f[[2]])
    fit <- suppressWarnings(do.call(rma, arguments))
    s <- polish(fit)
    scale <- if (test == "knha") {
      w <- 1 / (fit$vi + exp(c(fit$Z %*% s$alpha))); sum(w * (fit$yi - fit$X %*% s$beta)^2) / (fit$k - fit$p)
    } else 1
    c(list(dataset = f[[1]], mods = f[[2]], scale = f[[3]], method = method, test = test, k = fit$k, metafor_alpha = c(fit$alpha), metafor_beta = c(fit$beta),
           metafor_se_alpha = fit$se.alpha, metafor_se = fit$se), s[c("alpha", "se_alpha", "beta", "logLik", "QS")], list(se = sqrt(scale * diag(s$vb))))
  })))))

write(toJSON(out, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE), "models.json")
