# Run by hand in this folder: Rscript small-sample-robust.R (Debian packages r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite). Writes small-sample-robust.json:
# cluster-robust inference by clubSandwich for 420 random small designs of two to seven clusters, among them clusters of one effect, categories that one cluster alone has, and as
# many coefficients as clusters. All variances are known or have a closed form (EE, DL, sigma2 given), so that no search blurs the last digits.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})

# Satterthwaite's degrees of freedom by their definition with full matrices, for independent effects: A = D'B^-1/2 D without the null space of B, P_ij = g_i' Phi g_j.
definition <- function(X, phi, cl) {
  k <- length(phi); Phi <- diag(phi); W <- diag(1 / phi); M <- solve(t(X) %*% W %*% X); IH <- diag(k) - X %*% M %*% t(X) %*% W
  G <- lapply(sort(unique(cl)), function(c) {
    i <- which(cl == c); D <- diag(sqrt(phi[i]), length(i))
    B <- D %*% (Phi[i, i, drop = FALSE] - X[i, , drop = FALSE] %*% M %*% t(X[i, , drop = FALSE])) %*% D
    e <- eigen((B + t(B)) / 2, symmetric = TRUE)
    keep <- e$values > 1e-10 * max(phi[i])^2
    A <- D %*% e$vectors %*% diag(ifelse(keep, 1 / sqrt(pmax(e$values, 1e-300)), 0), length(i)) %*% t(e$vectors) %*% D
    t(IH[i, , drop = FALSE]) %*% t(A) %*% W[i, i, drop = FALSE] %*% X[i, , drop = FALSE] %*% M
  })
  sapply(seq_len(ncol(X)), function(q) { g <- sapply(G, function(z) z[, q]); P <- t(g) %*% Phi %*% g; sum(diag(P))^2 / sum(P^2) })
}

one <- function(seed) {
  set.seed(seed)
  J <- sample(2:7, 1, prob = c(1, 2, 3, 3, 3, 2))
  sizes <- sample(1:4, J, replace = TRUE, prob = c(5, 3, 2, 1))
  cl <- rep(seq_len(J), sizes)
  k <- length(cl)
  if (k < 3) return(NULL)
  kind <- sample(c("none", "cat", "x", "cat+x", "0+cat", "0+cat+x"), 1, prob = c(1, 3, 2, 3, 1.5, 1.5))
  # A category belongs to clusters or to effects; the rarest is often in one cluster, often in one effect. x likewise, and often 0 but in one place.
  levels <- sample(2:3, 1, prob = c(3, 1))
  letter <- if (runif(1) < .6) sample(letters[seq_len(levels)], J, replace = TRUE, prob = c(4, 2, 1)[seq_len(levels)])[cl] else
    sample(letters[seq_len(levels)], k, replace = TRUE, prob = c(5, 2, 1)[seq_len(levels)])
  x <- switch(sample(3, 1), round(rnorm(J), 1)[cl], round(rnorm(k), 1), as.numeric(seq_len(k) == sample(k, 1)))
  # Every third design has variances three decades apart.
  v <- signif(if (seed %% 3 == 0) 10^runif(k, -3.5, -.5) else runif(k, .01, .08), 3)
  y <- round(rnorm(k, .3, .25), 3)
  order <- sample(k)
  d <- data.frame(y, v, cl, cat = letter, x)[order, ]
  formula <- as.formula(paste("~", if (kind == "none") "1" else gsub("\\+", " + ", kind)))
  if (grepl("cat", kind) && length(unique(d$cat)) < 2) return(NULL)
  X <- model.matrix(formula, d)
  p <- ncol(X)
  if (k <= p || qr(X)$rank < p) return(NULL)
  model <- sample(c("EE", "DL", "MV"), 1)
  d$es <- seq_len(k)
  rho <- 0; sigma2 <- c(0, 0)
  fit <- if (model == "MV") {
    rho <- sample(c(0, .5, .8), 1); sigma2 <- signif(c(runif(1, 0, .05), runif(1, 0, .03)), 3)
    V <- rho * outer(sqrt(d$v), sqrt(d$v)) * outer(d$cl, d$cl, "=="); diag(V) <- d$v
    rma.mv(y, V, mods = X, intercept = FALSE, random = ~ 1 | cl/es, sigma2 = sigma2, data = d)
  } else suppressWarnings(rma(y, v, mods = X, intercept = FALSE, method = model, data = d))
  robust <- lapply(c("CR0", "CR1", "CR1p", "CR2"), function(type) {
    if (type == "CR1p" && J <= p) return(NULL)
    vr <- vcovCR(fit, cluster = d$cl, type = type)
    list(type = type, se = sqrt(pmax(0, diag(as.matrix(vr)))))
  })
  vr <- vcovCR(fit, cluster = d$cl, type = "CR2")
  test <- tryCatch(coef_test(fit, vcov = vr, test = "Satterthwaite"), error = function(e) NULL)
  which <- if (kind %in% c("cat", "x", "cat+x") && p > 1) 2:p else seq_len(p)
  wald <- tryCatch(Wald_test(fit, constraints = constrain_zero(which, reg_ex = FALSE), vcov = vr, test = "HTZ"), error = function(e) NULL)
  list(seed = seed, model = model, kind = kind, rho = rho, sigma2 = sigma2, y = d$y, v = d$v, cl = d$cl, cat = d$cat, x = d$x, beta = c(fit$beta), model_se = fit$se,
       robust = Filter(Negate(is.null), robust),
       df = if (is.null(test)) NULL else test$df_Satt, p = if (is.null(test)) NULL else test$p_Satt,
       df_definition = if (model == "MV") NULL else definition(X, d$v + fit$tau2, d$cl),
       wald = if (is.null(wald)) NULL else list(F = wald$Fstat, df1 = wald$df_num, df2 = wald$df_denom, p = wald$p_val))
}

designs <- list(); seed <- 0
while (length(designs) < 420) { seed <- seed + 1; d <- one(seed); if (!is.null(d)) designs <- c(designs, list(d)) }

# The same effects in other units.
units <- lapply(c(1, 1e-6), function(scale) {
  d <- data.frame(y = c(.35, .10, .52, .28, .60, .05) * sqrt(scale), v = c(.03, .02, .04, .01, .05, .03) * scale, cl = c(1, 1, 2, 2, 3, 3))
  list(scale = scale, se = sqrt(diag(as.matrix(vcovCR(rma(y, v, data = d, method = "EE"), cluster = d$cl, type = "CR2")))))
})
writeLines(toJSON(list(R = R.version.string, metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich")),
                       designs = designs, units = units), auto_unbox = TRUE, digits = NA, null = "null", na = "null"), "small-sample-robust.json")
