# Run by hand in this folder: Rscript generate-dependent.R (Debian packages r-cran-metafor, r-cran-metadat, r-cran-clubsandwich, r-cran-jsonlite).
# Writes dependent-tightened.json: models with dependent effects whose variances are polished by Newton steps on the exact score until nothing
# moves, since the optimisers behind rma.mv() stop at 1e-6 or so; what follows from the variances is then computed by metafor and clubSandwich with
# the variances held. Also writes the data sets of metadat that the other scripts do not use.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(metadat); library(jsonlite)})

# --- data -----------------------------------------------------------------------------------------------------------------------------------
keep <- function(d, name) write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
keep(data.frame(dat.assink2016[c("study", "esid", "id", "yi", "vi", "pubstatus", "year", "deltype")]), "assink2016")
keep(data.frame(dat.berkey1998[c("trial", "author", "year", "ni", "outcome", "yi", "vi", "v1i", "v2i")]), "berkey1998")
craft <- data.frame(dat.craft2003[c("study", "ni", "sport", "ri", "var1", "var2")])
craft <- craft[!(craft$study %in% craft$study[is.na(craft$ri)]), ] # one study has no correlations of its own
craft$yi <- atanh(craft$ri); craft$vi <- 1 / (craft$ni - 3)
keep(craft, "craft2003")
ishak <- reshape(data.frame(dat.ishak2007), direction = "long", idvar = "study",
                 v.names = c("yi", "vi"), varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
ishak <- ishak[order(match(ishak$study, dat.ishak2007$study), ishak$time), c("study", "time", "yi", "vi")]
ishak <- ishak[!is.na(ishak$yi), ]
ishak$study <- gsub("[ ,&]+", " ", ishak$study)
keep(ishak, "ishak2007")
load <- function(name) read.csv(file.path("data", paste0(name, ".csv")), na.strings = c("NA", ""))

# --- exact maximum ----------------------------------------------------------------------------------------------------------------------------
indicator <- function(f) { f <- factor(f); m <- model.matrix(~ f - 1); if (nlevels(f) == 1) m <- matrix(1, length(f), 1); m }
pieces <- function(y, V, X, Z, s2, method) {
  M <- V; for (j in seq_along(Z)) M <- M + s2[j] * tcrossprod(Z[[j]])
  W <- chol2inv(chol(M)); B <- chol2inv(chol(t(X) %*% W %*% X)); P <- W - W %*% X %*% B %*% t(X) %*% W
  T <- if (method == "REML") P else W
  py <- drop(P %*% y); E <- lapply(Z, tcrossprod); q <- lapply(E, function(e) drop(e %*% py))
  score <- sapply(seq_along(Z), function(j) 0.5 * (sum(py * q[[j]]) - sum(T * E[[j]])))
  info <- matrix(NA, length(Z), length(Z))
  for (i in seq_along(Z)) for (j in seq_along(Z)) info[i, j] <- drop(q[[i]] %*% P %*% q[[j]]) - 0.5 * sum((T %*% E[[i]]) * t(T %*% E[[j]]))
  ll <- -0.5 * (determinant(M)$modulus + sum(y * py) + (length(y) - if (method == "REML") ncol(X) else 0) * log(2 * pi))
  if (method == "REML") ll <- ll + 0.5 * determinant(t(X) %*% X)$modulus - 0.5 * determinant(t(X) %*% W %*% X)$modulus
  list(score = score, info = info, ll = as.numeric(ll))
}
polish <- function(y, V, X, Z, s2, method, fixed = integer(0)) {
  s2[s2 < 1e-8] <- 0
  if (length(fixed) > 0) s2[-fixed][s2[-fixed] == 0] <- 1e-5
  for (i in 1:200) {
    now <- pieces(y, V, X, Z, s2, method)
    free <- setdiff(which(!(s2 <= 0 & now$score <= 0)), fixed)
    if (length(free) == 0) return(s2)
    info <- now$info[free, free, drop = FALSE]
    if (min(eigen(info, symmetric = TRUE)$values) <= 0) info <- info + diag(length(free)) * (1e-9 - 1.5 * min(eigen(info, symmetric = TRUE)$values))
    step <- solve(info, now$score[free]); size <- 1
    repeat {
      to <- s2; to[free] <- pmax(0, s2[free] + size * step)
      if (size < 1e-6 || pieces(y, V, X, Z, to, method)$ll >= now$ll - 1e-10) break
      size <- size / 2
    }
    change <- max(abs(to - s2)); s2 <- to
    if (change < 1e-15) break
  }
  s2
}
profile_ci <- function(y, V, X, Z, s2, method, j, level = 0.95) {
  target <- pieces(y, V, X, Z, s2, method)$ll - qchisq(level, 1) / 2
  above <- function(x) { at <- s2; at[j] <- x; at <- polish(y, V, X, Z, at, method, fixed = j); pieces(y, V, X, Z, at, method)$ll - target }
  high <- max(2 * s2[j], 0.01); while (above(high) > 0) high <- 2 * high
  lower <- if (s2[j] == 0 || above(0) >= 0) 0 else uniroot(above, c(0, s2[j]), tol = 1e-13)$root
  c(lower, uniroot(above, c(s2[j], high), tol = 1e-13)$root)
}
# Without these clubSandwich finds neither formula nor data again.
fit_mv <- function(d, V, random, groups, mods = ~ 1, method = "REML", ...) {
  X <- model.matrix(mods, d); Z <- lapply(groups, indicator)
  first <- rma.mv(yi, V, mods = mods, random = random, data = d, method = method, sparse = FALSE)
  s2 <- polish(d$yi, V, X, Z, first$sigma2, method)
  fit <- rma.mv(yi, V, mods = mods, random = random, data = d, method = method, sigma2 = s2, ...)
  list(fit = fit, s2 = s2, X = X, Z = Z, reached = as.numeric(logLik(first)))
}
row_of <- function(r, ...) {
  fit <- r$fit
  c(list(...), list(k = fit$k, sigma2 = r$s2, nlevels = fit$s.nlevels, beta = c(fit$beta), se = fit$se, zval = fit$zval, pval = fit$pval,
                    ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, ddf = if (is.null(fit$ddf) || all(is.na(fit$ddf))) NULL else unname(fit$ddf), QM = fit$QM, QMdf = fit$QMdf, QMp = fit$QMp,
                    QE = fit$QE, logLik = as.numeric(logLik(fit)), reached = r$reached, vb = unname(vcov(fit))))
}
robust_of <- function(fit, cluster, types = c("CR0", "CR1", "CR1p", "CR2")) {
  lapply(setNames(types, types), function(type) {
    test <- if (type == "CR2") "Satterthwaite" else if (type == "CR1p") "naive-tp" else "naive-t"
    t <- coef_test(fit, vcov = type, cluster = cluster, test = test)
    df <- if ("df_Satt" %in% names(t)) t$df_Satt else if ("df_t" %in% names(t)) t$df_t else t$df_tp
    p <- if ("p_Satt" %in% names(t)) t$p_Satt else if ("p_t" %in% names(t)) t$p_t else t$p_tp
    list(se = t$SE, df = df, p = p, vb = unname(as.matrix(vcovCR(fit, type = type, cluster = cluster))[, , drop = FALSE]))
  })
}
wald_of <- function(fit, cluster, which) {
  w <- Wald_test(fit, constraints = constrain_zero(which), vcov = "CR2", cluster = cluster, test = "HTZ")
  list(which = which, F = w$Fstat, df1 = w$df_num, df2 = w$df_denom, p = w$p_val)
}
out <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich")))

# --- 1. the cases of dependent-effects.json ---------------------------------------------------------------------------------------------------
reference <- list()
for (name in c("konstantopoulos2011", "tannersmith2016")) {
  d <- load(name); d$outer <- if (name == "konstantopoulos2011") d$district else d$studyid; d$row <- seq_len(nrow(d))
  for (case in list(list("three-level (outer/row)", "REML", NA), list("three-level (outer/row)", "ML", NA), list("two-level (outer)", "REML", NA),
                    list("CHE", "REML", 0.4), list("CHE", "REML", 0.6), list("CHE", "REML", 0.8))) {
    V <- if (is.na(case[[3]])) diag(d$vi) else vcalc(vi, cluster = outer, obs = row, rho = case[[3]], data = d)
    two <- case[[1]] == "two-level (outer)"
    r <- fit_mv(d, V, if (two) ~ 1 | outer else ~ 1 | outer/row, if (two) list(d$outer) else list(d$outer, d$row), method = case[[2]])
    p <- predict(r$fit)
    W <- solve(V); P <- W - W %*% r$X %*% solve(t(r$X) %*% W %*% r$X) %*% t(r$X) %*% W; typical <- (nrow(d) - 1) / sum(diag(P))
    u <- ranef(r$fit)
    reference[[length(reference) + 1]] <- c(row_of(r, dataset = name, model = case[[1]], method = case[[2]], rho = case[[3]]), list(
      pi_lb = p$pi.lb, pi_ub = p$pi.ub, I2 = r$s2 / (sum(r$s2) + typical),
      interval = lapply(seq_along(r$s2), function(j) profile_ci(d$yi, V, r$X, r$Z, r$s2, case[[2]], j)),
      ranef = list(intrcpt = u[[1]]$intrcpt, se = u[[1]]$se, names = rownames(u[[1]])),
      robust = robust_of(r$fit, d$outer)))
  }
}
out$reference <- reference

# --- 2. further multilevel models: moderators, three nested levels, crossed factors, contained degrees of freedom ----------------------------
a <- load("assink2016")
further <- list()
add <- function(name, r, ...) further[[length(further) + 1]] <<- c(row_of(r, name = name), list(...))
for (method in c("REML", "ML")) {
  for (rho in c(0, 0.6)) {
    V <- if (rho == 0) diag(a$vi) else vcalc(vi, cluster = study, obs = esid, rho = rho, data = a)
    r <- fit_mv(a, V, ~ 1 | study/esid, list(a$study, a$id), mods = ~ deltype + year, method = method, test = "t", dfs = "contain")
    add(paste("deltype + year", method, rho), r, robust = robust_of(r$fit, a$study), wald = wald_of(r$fit, a$study, 2:3), wald3 = wald_of(r$fit, a$study, 2:4))
  }
}
V <- diag(a$vi)
r <- fit_mv(a, V, list(~ 1 | study/esid, ~ 1 | deltype), list(a$study, a$id, a$deltype))
add("crossed deltype", r, interval = lapply(1:3, function(j) profile_ci(a$yi, V, r$X, r$Z, r$s2, "REML", j)))
k <- load("konstantopoulos2011")
# Years cross districts only in part and tie most of them together.
r <- fit_mv(k, diag(k$vi), list(~ 1 | district/school, ~ 1 | year), list(k$district, k$study, k$year))
u <- ranef(r$fit)
add("crossed year", r, ranef = lapply(unname(u), function(x) list(intrcpt = x$intrcpt, se = x$se)))
# Three nested levels: districts are put into four regions for the purpose.
k$region <- k$district %% 4
r <- fit_mv(k, diag(k$vi), ~ 1 | region/district/study, list(k$region, k$district, k$study), method = "ML")
add("three nested levels", r)
out$further <- further

# Cook's distances by cluster, variances estimated anew and held.
r <- fit_mv(a, vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = a), ~ 1 | study/esid, list(a$study, a$id), mods = ~ year)
V <- vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = a)
cook <- sapply(unique(a$study), function(s) {
  keep <- a$study != s; d <- a[keep, ]
  w <- fit_mv(d, V[keep, keep], ~ 1 | study/esid, list(d$study, d$id), mods = ~ year)
  difference <- c(r$fit$beta) - c(w$fit$beta); drop(t(difference) %*% solve(vcov(r$fit)) %*% difference)
})
held <- cooks.distance(r$fit, cluster = a$study, reestimate = FALSE)
out$cook <- list(reestimated = cook, held = unname(held), names = unique(a$study))

# Likelihood-ratio test, against a model without the lower level.
full <- fit_mv(a, diag(a$vi), ~ 1 | study/esid, list(a$study, a$id)); reduced <- fit_mv(a, diag(a$vi), ~ 1 | study, list(a$study))
out$anova <- list(LRT = 2 * (as.numeric(logLik(full$fit)) - as.numeric(logLik(reduced$fit))))

# --- 3. sampling covariance -------------------------------------------------------------------------------------------------------------------
i <- load("ishak2007")
upper <- function(V) V[upper.tri(V, diag = TRUE)]
a$half <- ifelse(a$esid %% 2 == 1, "odd", "even")
cases <- list(ar = vcalc(vi, cluster = study, time1 = time, phi = 0.9, data = i),
  subgroup = vcalc(vi, cluster = study, subgroup = half, obs = esid, rho = 0.6, data = a),
  kinds = vcalc(vi, cluster = study, type = deltype, obs = esid, rho = c(0.7, 0.4), data = a))
out$covariance <- lapply(cases, function(V) { n <- which(V != 0 & upper.tri(V), arr.ind = TRUE); list(row = n[, 1], col = n[, 2], value = V[n]) })
c3 <- load("craft2003")
R <- rcalc(ri ~ var1 + var2 | study, ni = ni, data = c3, rtoz = TRUE)
n <- which(R$V != 0 & upper.tri(R$V), arr.ind = TRUE)
stopifnot(max(abs(R$dat$yi - c3$yi)) < 1e-12)
out$covariance$rcalc <- list(row = unname(n[, 1]), col = unname(n[, 2]), value = R$V[n])
# Autoregressive errors in a model.
r <- fit_mv(i, cases$ar, ~ 1 | study/time, list(i$study, paste(i$study, i$time)), mods = ~ time)
out$ar <- row_of(r)

# --- 4. robust inference for independent-effects models ---------------------------------------------------------------------------------------
t <- load("tannersmith2016"); tight <- list(threshold = 1e-14, maxiter = 10000)
pooled <- rma(yi, vi, data = t, method = "REML", control = tight); slope <- rma(yi, vi, mods = ~ aget1 + propmale, data = t, method = "REML", control = tight)
dl <- rma(yi, vi, data = t, method = "DL"); ee <- rma(yi, vi, data = t, method = "EE")
used <- t$studyid[slope$not.na]
out$univariate <- list(pooled = robust_of(pooled, t$studyid), dl = robust_of(dl, t$studyid), ee = robust_of(ee, t$studyid),
  slope = robust_of(slope, used), wald = wald_of(slope, used, 2:3))

# --- 5. multivariate random effects -----------------------------------------------------------------------------------------------------------
b <- load("berkey1998")
Vb <- vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = b)
strict <- list(optimizer = "nlminb", rel.tol = 1e-10) # any stricter and it reports that it did not converge
out$multivariate <- list()
for (struct in c("UN", "CS", "HCS", "DIAG")) for (method in c("REML", "ML")) {
  m <- rma.mv(yi, Vb, mods = ~ outcome - 1, random = ~ outcome | trial, struct = struct, data = b, method = method, control = strict)
  out$multivariate[[length(out$multivariate) + 1]] <- list(struct = struct, method = method, beta = c(m$beta), se = m$se, tau2 = m$tau2,
    rho = m$rho, G = unname(m$G), logLik = as.numeric(logLik(m)), QE = m$QE, vb = unname(vcov(m)),
    robust = if (struct == "UN") robust_of(m, b$trial) else NULL, ranef = ranef(m)[[1]]$intrcpt)
}

# --- 6. cluster wild bootstrap: all 2^7 patterns of signs -------------------------------------------------------------------------------------
s <- k[k$district %in% c(11, 12, 18, 27, 56, 58, 71), ]; s$late <- as.numeric(s$year >= 1995)
plain_F <- function(y, fixed = NULL) {
  d <- s; d$yi <- y; X <- model.matrix(~ year, d); Z <- list(indicator(d$district), indicator(d$study))
  s2 <- if (is.null(fixed)) {
    # From several starts, so that the highest maximum is found.
    tries <- lapply(list(c(0.05, 0.05), c(0.5, 0.01), c(0.01, 0.5), c(1e-4, 1e-4)), function(x) polish(d$yi, diag(d$vi), X, Z, x, "REML"))
    tries[[which.max(sapply(tries, function(x) pieces(d$yi, diag(d$vi), X, Z, x, "REML")$ll))]]
  } else fixed
  W <- solve(diag(d$vi) + s2[1] * tcrossprod(Z[[1]]) + s2[2] * tcrossprod(Z[[2]])); B <- solve(t(X) %*% W %*% X); beta <- B %*% t(X) %*% W %*% y
  g <- rowsum(X * drop(W %*% (y - X %*% beta)), d$district); S <- B %*% crossprod(g) %*% B
  list(F = beta[2]^2 / S[2, 2], s2 = s2)
}
null <- fit_mv(s, diag(s$vi), ~ 1 | district/study, list(s$district, s$study))
fitted0 <- rep(c(null$fit$beta), nrow(s)); e0 <- s$yi - fitted0; observed <- plain_F(s$yi); district <- as.integer(factor(s$district, unique(s$district)))
patterns <- as.matrix(expand.grid(rep(list(c(1, -1)), 7)))
refit <- apply(patterns, 1, function(w) plain_F(fitted0 + w[district] * e0)$F)
heldF <- apply(patterns, 1, function(w) plain_F(fitted0 + w[district] * e0, observed$s2)$F)
out$bootstrap <- list(F = observed$F, p = mean(refit >= observed$F * (1 - 1e-7)), pHeld = mean(heldF >= observed$F * (1 - 1e-7)))

write(toJSON(out, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = FALSE), "dependent-tightened.json")
cat("largest gain in log-likelihood over the optimiser's:", max(sapply(c(reference, further), function(r) r$logLik - r$reached)), "\n")
