# Run by hand in this folder: Rscript sensitivity.R (Debian packages r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite). Writes sensitivity.json: what can be asked of any fit, of 140 small
# designs drawn at random to be awkward: 4 to 15 effects in clusters of 1 to 4, variances over two decades, variances of 0. Fits without each effect and each cluster, the first effects and
# clusters, predicted true effects and cluster means, Baujat's points, subgroups, prediction intervals. The variances are found by Newton steps on the exact score from several starts, since the
# optimisers of rma.mv() stop at six digits or so; everything else is written out, and metafor's own functions, given these variances as fixed, must agree for every tenth design.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})
set.seed(4217)
out <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich")))
quiet <- function(x) suppressWarnings(suppressMessages(x))
num <- function(x) unname(as.numeric(x))
near <- function(a, b, tol = 1e-8) stopifnot(length(a) == length(b), max(c(0, abs(a - b) / (1 + abs(b)))) < tol)

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
  for (r in seq_len(nrow(starts))) { c <- climb(y, V, X, E, starts[r, ]); if (is.null(best) || c$ll > best$ll) best <- c }
  unname(best$s2)
}

draw <- function() {
  repeat {
    J <- sample(3:7, 1); size <- sample(1:4, J, replace = TRUE, prob = c(4, 3, 2, 1)); k <- sum(size)
    if (k >= 4 && k <= 15 && any(size > 1)) break
  }
  d <- data.frame(study = rep(seq_len(J), size))
  d$vi <- signif(exp(runif(k, log(0.003), log(0.3))), 4)
  d$yi <- round(rnorm(J, 0.3, sample(c(0, 0.2, 0.5), 1))[d$study] + rnorm(k, 0, sqrt(d$vi + sample(c(0, 0.05), 1))), 4)
  d$x <- round(rnorm(k), 2)
  d$g <- sample(c("a", "b"), k, replace = TRUE)
  d$year <- sample(2000:2006, k, replace = TRUE)
  d <- d[sample(k), ]; d$row <- seq_len(k); rownames(d) <- NULL
  d
}
# What the model refuses: no rank, a level of one group, two levels with the same groups, variances of which the residuals say nothing or that they do not tell apart.
fit <- function(d, V, X, E) {
  k <- nrow(d)
  if (k <= ncol(X) || qr(X)$rank < ncol(X) || length(unique(d$study)) < 2) return(NULL)
  if (length(E) == 2 && length(unique(d$study)) == k) return(NULL)
  P <- diag(k) - X %*% solve(t(X) %*% X) %*% t(X); parts <- sapply(E, function(e) c(P %*% e %*% P))
  if (any(apply(parts, 2, function(c) max(abs(c))) < 1e-9) || qr(parts)$rank < length(E)) return(list(weak = TRUE))
  s2 <- peak(d$yi, V, X, E); M <- V; for (j in seq_along(E)) M <- M + s2[j] * E[[j]]
  W <- solve(M); S <- solve(t(X) %*% W %*% X); b <- S %*% t(X) %*% W %*% d$yi
  list(weak = FALSE, s2 = s2, b = drop(b), S = S, M = M, se = sqrt(diag(S)))
}
shown <- function(f) if (is.null(f)) NULL else if (f$weak) list(weak = TRUE) else list(weak = FALSE, sigma2 = f$s2, beta = num(f$b), se = num(f$se))

one <- function(i) {
  d <- draw(); k <- nrow(d); levels <- if (i %% 3 == 0) 1 else 2; rho <- c(0, 0.6)[1 + i %% 2]
  kind <- c("one", "one", "x", "g")[1 + i %% 4]
  X <- switch(kind, one = matrix(1, k, 1), x = cbind(1, d$x), g = if (length(unique(d$g)) == 2) cbind(1, (d$g == "b") * 1) else NULL)
  if (is.null(X)) return(NULL)
  V <- rho * outer(sqrt(d$vi), sqrt(d$vi)) * outer(d$study, d$study, `==`); diag(V) <- d$vi
  E <- list(outer(d$study, d$study, `==`) * 1, diag(k))[seq_len(levels)]
  on <- function(w) fit(d[w, ], V[w, w, drop = FALSE], X[w, , drop = FALSE], lapply(E, function(e) e[w, w, drop = FALSE]))
  all <- on(seq_len(k)); if (is.null(all) || all$weak) return(NULL)
  r <- list(study = d$study, yi = d$yi, vi = d$vi, x = d$x, g = d$g, year = d$year, rho = rho, levels = levels, kind = kind, sigma2 = all$s2, beta = num(all$b), se = num(all$se))
  ids <- unique(d$study); e <- drop(d$yi - X %*% all$b)
  deleted <- function(groups) lapply(unique(groups), function(v) on(which(groups != v)))
  points <- function(groups, fits) lapply(seq_along(unique(groups)), function(j) {
    w <- which(groups == unique(groups)[j]); f <- fits[[j]]; x <- colMeans(X[w, , drop = FALSE])
    list(q = drop(t(e[w]) %*% solve(all$M[w, w, drop = FALSE], e[w])), influence = if (is.null(f) || f$weak) NULL else drop((x %*% (all$b - f$b))^2 / (x %*% f$S %*% x)))
  })
  rows <- deleted(d$row); studies <- deleted(d$study)
  r$rows <- lapply(rows, shown); r$studies <- lapply(studies, shown); r$baujatRows <- points(d$row, rows); r$baujatStudies <- points(d$study, studies)
  o <- order(d$year); r$cumulRows <- lapply(seq_len(k), function(n) shown(on(o[1:n])))
  first <- unique(d$study[o]); r$cumulStudies <- lapply(seq_along(first), function(n) shown(on(o[order(match(d$study[o], first))][seq_len(sum(d$study %in% first[1:n]))])))
  # Predicted true effects and cluster means, with the variance of what is predicted around them.
  W <- solve(all$M); predicted <- function(C, G, at) {
    rest <- at - C %*% W %*% X; list(pred = num(at %*% all$b + C %*% W %*% e), se = sqrt(pmax(0, num(diag(G - C %*% W %*% t(C) + rest %*% all$S %*% t(rest))))))
  }
  G <- all$M - V; r$blup <- predicted(G, G, X)
  Z <- outer(ids, d$study, `==`) * 1; means <- (Z / rowSums(Z)) %*% X
  r$groups <- predicted(all$s2[1] * Z, all$s2[1] * diag(length(ids)), means)
  if (i %% 10 == 1 || i %% 10 == 2) {
    random <- if (levels == 2) list(~ 1 | study, ~ 1 | row) else list(~ 1 | study)
    f <- quiet(rma.mv(d$yi, V, mods = X, intercept = FALSE, random = random, sigma2 = all$s2, data = d, test = "t", dfs = "contain", sparse = FALSE))
    near(num(f$b), num(all$b)); near(f$se, num(all$se))
    if (all$s2[1] > 0) { u <- quiet(ranef(f)); if (!is.null(u)) near(u[[1]][match(ids, as.numeric(rownames(u[[1]]))), 1], r$groups$pred - num(means %*% all$b)) }
    if (kind == "one") { p <- quiet(predict(f)); r$pi <- c(p$pi.lb, p$pi.ub); r$ddf <- num(f$ddf) }
    r$checked <- TRUE
  }
  # Subgroups: each by itself, and one model with a mean each; the test between them by F and by HTZ.
  if (kind == "one" && length(unique(d$g)) == 2) {
    r$subgroups <- lapply(c("a", "b"), function(v) shown(on(which(d$g == v))))
    Xg <- cbind((d$g == "a") * 1, (d$g == "b") * 1); both <- fit(d, V, Xg, E)
    if (!is.null(both) && !both$weak) {
      r$common <- shown(both); c <- c(-1, 1); r$common$q <- drop((c %*% both$b)^2 / (c %*% both$S %*% c))
      random <- if (levels == 2) list(~ 1 | study, ~ 1 | row) else list(~ 1 | study)
      m <- quiet(try(rma.mv(d$yi, V, mods = ~ g, random = random, sigma2 = both$s2, data = d, sparse = FALSE), silent = TRUE))
      h <- if (inherits(m, "try-error")) m else quiet(try(Wald_test(m, constraints = constrain_zero(2), vcov = vcovCR(m, cluster = d$study, type = "CR2"), test = "HTZ"), silent = TRUE))
      if (!inherits(h, "try-error") && is.finite(h$Fstat) && h$df_denom > 0.5) r$common$htz <- list(f = h$Fstat, df = h$df_denom, p = h$p_val)
    }
  }
  # Independent effects: metafor's own functions.
  control <- list(threshold = 1e-12, maxiter = 10000)
  uni <- function(w = seq_len(k)) quiet(try(rma(d$yi[w], d$vi[w], mods = X[w, , drop = FALSE], intercept = FALSE, test = "knha", control = control), silent = TRUE))
  u <- uni()
  plain <- function(f) if (inherits(f, "try-error")) NULL else list(beta = num(f$b), se = num(f$se), tau2 = f$tau2)
  if (!inherits(u, "try-error")) {
    r$uni <- plain(u); b <- quiet(blup(u)); r$uni$blup <- list(pred = num(b$pred), se = num(b$se))
    r$uni$rows <- lapply(seq_len(k), function(j) { w <- setdiff(seq_len(k), j); if (length(w) <= ncol(X) || qr(X[w, , drop = FALSE])$rank < ncol(X)) NULL else plain(uni(w)) })
    r$uni$studies <- lapply(ids, function(v) { w <- which(d$study != v); if (length(w) <= ncol(X) || qr(X[w, , drop = FALSE])$rank < ncol(X)) NULL else plain(uni(w)) })
    inf <- quiet(try(influence(u), silent = TRUE))
    if (!inherits(inf, "try-error") && !anyNA(inf$inf$cook.d)) r$uni$influence <- list(cook = num(inf$inf$cook.d), dffits = num(inf$inf$dffits), ratio = num(inf$inf$cov.r), hat = num(inf$inf$hat), rstudent = num(inf$inf$rstudent), q = num(inf$inf$QE.del))
  }
  r
}
designs <- list(); i <- 0
while (length(designs) < 140) { i <- i + 1; r <- one(i); if (!is.null(r)) designs[[length(designs) + 1]] <- r }
out$designs <- designs
writeLines(toJSON(out, digits = I(11), auto_unbox = TRUE, na = "null", null = "null"), "sensitivity.json")
