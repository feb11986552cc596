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

write(toJSON(out, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE), "models.json")
