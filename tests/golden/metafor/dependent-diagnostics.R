# Run by hand in this folder: Rscript dependent-diagnostics.R (Debian packages r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite). Writes dependent-diagnostics.json: residuals,
# leverages, weights, what clusters and single effects do, and robust predictions, of small designs drawn at random to be awkward: clusters of 1 to 6 effects, rows in any order, variances
# over three decades, variances of 0, moderators that few clusters carry, factors that cross. The variances are found by Newton steps on the exact score from several starts, since the
# optimisers of rma.mv() stop at six digits or so, and metafor is given them as fixed.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})
set.seed(7301)
out <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich")))
quiet <- function(x) suppressWarnings(suppressMessages(x))
held <- function(d, V, random, s2, mods, level = 95) quiet(rma.mv(yi, V, mods = mods, random = random, sigma2 = s2, data = d, test = "t", dfs = "contain", level = level, sparse = FALSE))
num <- function(x) unname(as.numeric(x))

# The maximum of the restricted likelihood of M = V + sum s2_j E_j: Newton steps on the score from several starts, bounded by 0.
pieces <- function(y, V, X, E, s2) {
  M <- V; for (j in seq_along(E)) M <- M + s2[j] * E[[j]]
  W <- chol2inv(chol(M)); A <- t(X) %*% W %*% X; P <- W - W %*% X %*% solve(A) %*% t(X) %*% W
  py <- drop(P %*% y); q <- lapply(E, function(e) drop(e %*% py)); PE <- lapply(E, function(e) P %*% e)
  n <- length(E); info <- matrix(0, n, n)
  for (a in 1:n) for (b in 1:n) info[a, b] <- drop(q[[a]] %*% P %*% q[[b]]) - 0.5 * sum(PE[[a]] * t(PE[[b]]))
  list(score = sapply(1:n, function(j) 0.5 * (sum(py * q[[j]]) - sum(diag(PE[[j]])))), info = info,
       ll = -0.5 * as.numeric(determinant(M)$modulus + determinant(A)$modulus + sum(y * py)))
}
climb <- function(y, V, X, E, s2) {
  now <- pieces(y, V, X, E, s2)
  for (i in 1:200) {
    free <- which(!(s2 <= 0 & now$score <= 0)); if (length(free) == 0) break
    info <- now$info[free, free, drop = FALSE]; least <- min(eigen(info, symmetric = TRUE)$values)
    if (least <= 0) info <- info + diag(length(free)) * (1e-6 - 1.5 * least)
    step <- solve(info, now$score[free]); size <- 1
    repeat { to <- s2; to[free] <- pmax(0, s2[free] + size * step); then <- pieces(y, V, X, E, to); if (size < 1e-8 || then$ll >= now$ll - 1e-12) break; size <- size / 2 }
    change <- max(abs(to - s2)); s2 <- to; now <- then; if (change < 1e-15) break
  }
  list(s2 = s2, ll = now$ll)
}
peak <- function(y, V, X, E) {
  starts <- as.matrix(expand.grid(rep(list(c(0.003, 0.1)), length(E)))); best <- NULL
  for (r in c(seq_len(nrow(starts)))) { c <- climb(y, V, X, E, starts[r, ]); if (is.null(best) || c$ll > best$ll) best <- c }
  unname(best$s2)
}

draw <- function(i) {
  J <- sample(4:9, 1)
  size <- pmin(6, 1 + rpois(J, sample(c(0.5, 1.5, 3), 1)))
  if (all(size == 1)) size[1] <- 2
  d <- data.frame(study = rep(seq_len(J), size))
  k <- nrow(d)
  d$vi <- signif(exp(runif(k, log(0.002), log(if (i %% 3 == 0) 2 else 0.08))), 4)
  d$yi <- round(rnorm(J, 0.3, 0.4)[d$study] + rnorm(k, 0, sqrt(d$vi + 0.02)), 4)
  d$x <- round(rnorm(k), 2)                             # varies within clusters
  d$g <- rbinom(J, 1, 0.4)[d$study]                     # between clusters, perhaps few
  d$c <- sample(1:3, k, replace = TRUE)                 # crosses clusters
  d <- d[sample(k), ]; d$row <- seq_len(k); rownames(d) <- NULL
  d
}
one <- function(i) {
  d <- draw(i); k <- nrow(d)
  rho <- sample(c(0, 0.3, 0.6, 0.9), 1)
  crossed <- i %% 7 == 0 && length(unique(d$c)) > 1
  mods <- if (i %% 4 == 0) ~ x else if (i %% 4 == 2 && length(unique(d$g)) == 2) ~ g + x else ~ 1
  X <- model.matrix(mods, d)
  if (k <= ncol(X) + 2 || qr(X)$rank < ncol(X)) return(NULL)
  V <- matrix(0, k, k)
  for (s in unique(d$study)) { w <- which(d$study == s); V[w, w] <- rho * tcrossprod(sqrt(d$vi[w])) }
  diag(V) <- d$vi
  random <- if (crossed) list(~ 1 | study, ~ 1 | row, ~ 1 | c) else list(~ 1 | study, ~ 1 | row)
  same <- function(f) outer(f, f, `==`) * 1
  E <- c(list(same(d$study), diag(k)), if (crossed) list(same(d$c)))
  # Variances that the moderators leave nothing of, or that cannot be told apart.
  P <- diag(k) - X %*% solve(t(X) %*% X) %*% t(X); parts <- sapply(E, function(e) c(P %*% e %*% P)); if (qr(parts)$rank < length(E)) return(NULL)
  s2 <- peak(d$yi, V, X, E)
  f <- held(d, V, random, s2, mods)
  r <- list(study = d$study, yi = d$yi, vi = d$vi, x = d$x, g = d$g, c = d$c, rho = rho, crossed = crossed, mods = deparse(mods), sigma2 = s2,
            beta = num(f$beta), resid = num(residuals(f)), pearson = num(residuals(f, type = "pearson")), cholesky = num(residuals(f, type = "cholesky")),
            hat = num(hatvalues(f)), diagonal = num(weights(f)) / 100)
  if (f$int.only) r$rowsum <- num(weights(f, type = "rowsum")) / 100
  st <- quiet(rstandard(f, cluster = study)); r$standardSe <- num(st$obs$se); r$standardX2 <- num(st$cluster$X2); r$clusters <- st$cluster$slab
  # Deleted with the variances kept: generalised least squares of the others. metafor's own functions, which take a second a design, agree for every twelfth.
  marginal <- function(s2) { M <- V; for (j in seq_along(E)) M <- M + s2[j] * E[[j]]; M }
  gls <- function(w, M) {
    if (length(w) < ncol(X) || qr(X[w, , drop = FALSE])$rank < ncol(X)) return(NULL)
    W <- solve(M[w, w, drop = FALSE]); A <- t(X[w, , drop = FALSE]) %*% W %*% X[w, , drop = FALSE]
    S <- solve(A); list(b = S %*% t(X[w, , drop = FALSE]) %*% W %*% d$yi[w], S = S)
  }
  all <- gls(seq_len(k), marginal(s2))
  delete <- function(groups, again = FALSE) {
    ids <- unique(groups); n <- length(ids); p <- ncol(X)
    res <- se <- rep(NA_real_, k); X2 <- cook <- ratio <- rep(NA_real_, n); dfb <- matrix(NA_real_, n, p)
    for (j in seq_along(ids)) {
      out <- which(groups == ids[j]); w <- which(groups != ids[j])
      theta <- s2
      if (again) {
        if (length(w) <= ncol(X) || qr(X[w, , drop = FALSE])$rank < ncol(X) || length(unique(d$study[w])) < 2 || (crossed && length(unique(d$c[w])) < 2)) next
        theta <- peak(d$yi[w], V[w, w], X[w, , drop = FALSE], lapply(E, function(e) e[w, w]))
      }
      M <- marginal(theta); g <- gls(w, M); if (is.null(g)) next; full <- gls(seq_len(k), M)
      C <- M[out, out, drop = FALSE] + X[out, , drop = FALSE] %*% g$S %*% t(X[out, , drop = FALSE])
      e <- d$yi[out] - X[out, , drop = FALSE] %*% g$b; res[out] <- e; se[out] <- sqrt(diag(C)); X2[j] <- t(e) %*% solve(C, e)
      change <- all$b - g$b; cook[j] <- t(change) %*% solve(all$S, change); dfb[j, ] <- change / sqrt(diag(full$S)); ratio[j] <- det(g$S) / det(all$S)
    }
    list(ids = ids, resid = res, se = se, X2 = X2, cook = cook, dfbetas = dfb, ratio = ratio)
  }
  r$cluster <- delete(d$study); r$single <- delete(d$row); r$single$X2 <- r$single$ids <- NULL
  if (i %% 6 == 1) r$anew <- delete(d$study, TRUE)
  if (i %% 12 == 5) {
    o <- order(r$cluster$ids); near <- function(a, b) stopifnot(all(is.na(a) == is.na(b)), max(c(0, abs(a - b)), na.rm = TRUE) < 1e-8)
    ru <- quiet(rstudent(f, cluster = study, reestimate = FALSE)); near(num(ru$obs$resid), r$cluster$resid); near(num(ru$obs$se), r$cluster$se); near(num(ru$cluster$X2), r$cluster$X2[o])
    near(num(quiet(cooks.distance(f, cluster = study, reestimate = FALSE))), r$cluster$cook[o])
    if (!anyNA(r$cluster$cook)) near(c(as.matrix(quiet(dfbetas(f, cluster = study, reestimate = FALSE)))), c(r$cluster$dfbetas[o, ]))
    r1 <- quiet(rstudent(f, reestimate = FALSE)); near(num(r1$resid), r$single$resid); near(num(r1$se), r$single$se)
    r$checked <- TRUE
  }
  # Robust predictions.
  if (!crossed) {
    rb <- quiet(try(robust(f, cluster = d$study, clubSandwich = TRUE), silent = TRUE))
    if (!inherits(rb, "try-error")) {
      at <- if (ncol(X) == 1) NULL else if (ncol(X) == 2) cbind(c(0, 0.7)) else cbind(c(0, 1), c(0.7, -0.4))
      p <- quiet(try(if (is.null(at)) predict(rb) else predict(rb, newmods = at), silent = TRUE))
      if (!inherits(p, "try-error")) r$robust <- list(pred = num(p$pred), se = num(p$se), df = num(p$ddf), ci_lb = num(p$ci.lb), ci_ub = num(p$ci.ub), pi_lb = num(p$pi.lb), pi_ub = num(p$pi.ub))
    }
    ra <- quiet(try(robust(f, cluster = d$study), silent = TRUE))
    if (!inherits(ra, "try-error")) {
      at <- if (ncol(X) == 1) NULL else if (ncol(X) == 2) cbind(c(0, 0.7)) else cbind(c(0, 1), c(0.7, -0.4))
      p <- quiet(if (is.null(at)) predict(ra) else predict(ra, newmods = at))
      r$robust1p <- list(pred = num(p$pred), se = num(p$se), df = num(p$ddf), ci_lb = num(p$ci.lb), ci_ub = num(p$ci.ub), pi_lb = num(p$pi.lb), pi_ub = num(p$pi.ub))
    }
  }
  r
}
designs <- list(); i <- 0
while (length(designs) < 240) { i <- i + 1; r <- one(i); if (!is.null(r)) designs[[length(designs) + 1]] <- r }
out$held <- designs

# Models of independent effects: rstandard() with the model's weights and with given ones.
out$independent <- lapply(1:60, function(i) {
  k <- sample(4:9, 1); d <- data.frame(yi = round(rnorm(k, 0.2, 0.5), 4), vi = signif(exp(runif(k, log(0.005), log(0.5))), 4), x = round(rnorm(k), 2))
  own <- i %% 3 == 0
  args <- list(d$yi, d$vi, method = if (i %% 4 == 1) "EE" else "DL")
  if (own) args$weights <- signif(runif(k, 0.2, 3), 3)
  if (i %% 2 == 0) args$mods <- cbind(x = d$x)
  f <- quiet(do.call(rma, args)); s <- rstandard(f)
  list(yi = d$yi, vi = d$vi, x = d$x, method = args$method, weights = args$weights, moderator = i %% 2 == 0, tau2 = f$tau2,
       resid = num(residuals(f)), pearson = num(residuals(f, type = "pearson")), cholesky = num(residuals(f, type = "cholesky")), se = num(s$se), z = num(s$z))
})

writeLines(toJSON(out, digits = I(11), auto_unbox = TRUE, na = "null", null = "null"), "dependent-diagnostics.json")
