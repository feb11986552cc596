# Run by hand in this folder: Rscript battery.R (Debian packages r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite). Writes battery.json: of random designs with one to four effects a study, some with ties, tiny or huge
# variances or one sign, each row of a battery of analyses by metafor and clubSandwich themselves: all effects; averages (rho 0.5), lowest, highest; without effects whose interval lies outside the pooled one; without those
# that influence() marks; of low risk; three levels and CHE with CR2; trim and fill of averages. Variances of levels are polished by Newton steps on the exact REML score, since rma.mv() stops at some five digits.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})
tight <- list(threshold = 1e-14, maxiter = 10000, tol = 1e-14)
quiet <- function(x) suppressWarnings(suppressMessages(x))
nnt <- function(d, cer = 0.2) { p <- pnorm(d + qnorm(cer)) - cer; if (p == 0) NULL else 1 / p }
row <- function(f) {
  # Of the interval of tau^2 in closed terms: Q-profile to the last digit by uniroot().
  y <- as.numeric(f$yi); v <- f$vi; k <- length(y); w <- 1 / v; typical <- (k - 1) * sum(w) / (sum(w)^2 - sum(w^2))
  q <- function(t) { w <- 1 / (v + t); m <- sum(w * y) / sum(w); sum(w * (y - m)^2) }
  at <- function(p) { c <- qchisq(p, k - 1); if (q(0) < c) return(NA); up <- max(v) + var(y); while (q(up) > c) up <- up * 2; uniroot(function(t) q(t) - c, c(0, up), tol = 1e-15 * up, maxiter = 10000)$root }
  hi <- at(0.025); lo <- at(0.975); if (is.na(lo)) lo <- 0
  pi <- predict(f); i2 <- function(t) t / (t + typical)
  list(k = k, b = as.numeric(f$beta), se = f$se, lo = f$ci.lb, hi = f$ci.ub, p = f$pval, i2 = i2(f$tau2), i2lo = if (is.na(hi)) NULL else i2(lo), i2hi = if (is.na(hi)) NULL else i2(hi), pilo = pi$pi.lb, pihi = pi$pi.ub, nnt = nnt(as.numeric(f$beta)))
}
pool <- function(y, v) if (length(y) < 2) NULL else tryCatch(row(quiet(rma(y, v, method = "REML", test = "knha", control = tight))), error = function(e) { cat("no fit:", conditionMessage(e), "\n"); NULL })
polished <- function(d, R) {
  # The best of several starts, since rma.mv() can stop at a lower top; then Newton's method.
  y <- d$yi; n <- length(y); K <- list(outer(d$study, d$study, "==") * 1, diag(n)); X <- matrix(1, n, 1)
  ll <- function(s) { V <- s[1] * K[[1]] + s[2] * K[[2]] + R; W <- solve(V); e <- y - sum(W %*% y) / sum(W); -0.5 * (as.numeric(determinant(V)$modulus) + log(sum(W)) + sum(e * (W %*% e))) }
  score <- function(s) { V <- s[1] * K[[1]] + s[2] * K[[2]] + R; W <- solve(V); P <- W - W %*% X %*% t(X) %*% W / sum(W); e <- P %*% y
    list(P = P, g = sapply(K, function(k) -0.5 * sum(P * k) + 0.5 * sum(e * (k %*% e)))) }
  best <- NULL
  for (a in c(0, 1e-3, .1)) for (b in c(1e-6, 1e-3, .1)) { o <- optim(c(a, b), function(s) -ll(s), method = "L-BFGS-B", lower = 0, control = list(factr = 1, maxit = 1000)); if (is.null(best) || o$value < best$value) best <- o }
  s <- best$par; free <- s > 1e-7 * mean(diag(R)); s[!free] <- 0; stopifnot(all(score(s)$g[!free] < 1e-6))
  # Newton steps on the exact score with its Jacobian by central differences.
  if (any(free)) for (i in 1:60) {
    g <- score(s)$g[free]
    J <- sapply(which(free), function(a) { h <- rep(0, 2); h[a] <- 1e-4 * s[a]; (score(s + h)$g[free] - score(s - h)$g[free]) / (2e-4 * s[a]) })
    step <- solve(matrix(J, sum(free)), g); h <- 1; while (any(s[free] - h * step <= 0)) h <- h / 2
    s[free] <- s[free] - h * step; if (max(abs(h * step)) < 1e-15 * max(s)) break
  }
  if (any(free)) stopifnot(max(abs(score(s)$g[free] * s[free])) < 1e-9)
  s
}
levels3 <- function(d, R) tryCatch({
  if (length(unique(d$study)) == nrow(d) || length(unique(d$study)) < 2) return(NULL)
  s <- polished(d, R); f <- quiet(rma.mv(yi, R, random = ~ 1 | study / id, data = d, test = "t", sigma2 = s))
  ct <- coef_test(f, vcov = "CR2", cluster = d$study); b <- as.numeric(f$beta); se <- ct$SE; df <- ct$df_Satt; if (is.null(df)) df <- ct$df
  w <- 1 / diag(R); W <- diag(w); P <- W - W %*% matrix(1, nrow(d), nrow(d)) %*% W / sum(w); Ri <- solve(R); PR <- Ri - Ri %*% matrix(1, nrow(d), nrow(d)) %*% Ri / sum(Ri)
  h <- qt(0.975, df); spread <- sqrt(se^2 + sum(s)); typical <- (nrow(d) - 1) / sum(diag(PR))
  list(k = nrow(d), b = b, se = se, df = df, lo = b - h * se, hi = b + h * se, p = 2 * pt(-abs(b / se), df), i2 = sum(s) / (sum(s) + typical), pilo = b - h * spread, pihi = b + h * spread, nnt = nnt(b), s2 = s)
}, error = function(e) { cat("no fit:", conditionMessage(e), "\n"); NULL })
designs <- list()
for (seed in 1:60) {
  set.seed(seed); J <- sample(2:9, 1); m <- sample(1:4, J, replace = TRUE, prob = c(.4, .3, .2, .1)); study <- rep(seq_len(J), m); k <- length(study)
  kind <- c("plain", "ties", "tiny and huge", "one sign", "homogeneous")[seed %% 5 + 1]
  v <- round(exp(rnorm(k, -3, 0.6)), 4) + 0.001; y <- round(rnorm(J, 0.4, 0.35)[study] + rnorm(k, 0, 0.15) + rnorm(k, 0, sqrt(v)), 3)
  if (kind == "ties") { y <- round(y, 1); v <- round(v, 2) + 0.01 }
  if (kind == "tiny and huge") v <- v * 10^sample(c(-2, 0, 0, 1), k, replace = TRUE)
  if (kind == "one sign") y <- -abs(y)
  if (kind == "homogeneous") y <- round(0.3 + rnorm(k, 0, sqrt(v) / 3), 3)
  d <- data.frame(yi = y, vi = v, study = study, id = seq_len(k), low = sample(c(TRUE, FALSE), J, replace = TRUE, prob = c(.6, .4))[study])
  rows <- list(Overall = pool(y, v))
  if (max(m) > 1) {
    a <- aggregate(escalc(measure = "GEN", yi = yi, vi = vi, data = d), cluster = study, rho = 0.5)
    rows$Combined <- pool(a$yi, a$vi)
    pick <- function(which) unlist(lapply(split(seq_len(k), study), function(i) i[which(y[i])]))
    rows$Lowest <- pool(y[pick(which.min)], v[pick(which.min)]); rows$Highest <- pool(y[pick(which.max)], v[pick(which.max)])
    rows$ThreeLevel <- levels3(d, diag(v)); R <- outer(sqrt(v), sqrt(v)) * outer(study, study, "==") * 0.5; diag(R) <- v; rows$CorrelatedAndHierarchical <- levels3(d, R)
    adjust <- list(y = a$yi, v = a$vi)
  } else adjust <- list(y = y, v = v)
  if (k > 1) {
    o <- rows$Overall; z <- qnorm(0.975); keep <- !(y + z * sqrt(v) < o$lo | y - z * sqrt(v) > o$hi); rows$WithoutOutliers <- pool(y[keep], v[keep])
    if (k > 2) { f <- quiet(rma(y, v, method = "REML", control = tight)); i <- quiet(influence(f))$is.infl; i[is.na(i)] <- FALSE; rows$WithoutInfluential <- pool(y[!i], v[!i]); rows$infl <- which(i) }
    if (any(d$low)) rows$LowRiskOfBias <- pool(y[d$low], v[d$low])
  }
  designs[[seed]] <- list(seed = seed, kind = kind, yi = y, vi = v, study = study, low = d$low, rows = rows)
}
write_json(designs, "battery.json", digits = NA, auto_unbox = TRUE, null = "null")
for (n in c("Overall","Combined","Lowest","Highest","WithoutOutliers","WithoutInfluential","LowRiskOfBias","ThreeLevel","CorrelatedAndHierarchical")) cat(n, sum(sapply(designs, function(d) !is.null(d$rows[[n]]))), "\n")
