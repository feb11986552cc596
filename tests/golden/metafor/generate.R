# Run by hand in this folder: Rscript generate.R (Debian packages r-cran-metafor, r-cran-jsonlite).
# 1. Computes the univariate fits, Q-profile intervals and leave-one-out again and compares them with the reference files.
# 2. Writes tightened.json: results whose reference stopped early because of an optimiser's default tolerance.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

datasets <- c("molloy2014", "mcdaniel1994", "raudenbush1985", "bcg", "konstantopoulos2011", "hackshaw1998", "tannersmith2016", "normand1999")
# An empty cell is a value that is not known; read.csv() alone would make it a category of its own.
load <- function(name) read.csv(file.path("data", paste0(name, ".csv")), na.strings = c("NA", ""))
worst <- list()
compare <- function(what, ours, reference) {
  if (is.null(reference)) return(invisible())
  if (is.list(reference)) reference <- unlist(lapply(reference, function(r) if (is.null(r)) NA else r))
  if (length(reference) == 0 || all(is.na(reference))) return(invisible())
  stopifnot(length(ours) == length(reference))
  gap <- max(abs(ours - reference) / pmax(abs(reference), 1e-4), na.rm = TRUE)
  if (is.null(worst[[what]]) || gap > worst[[what]]) worst[[what]] <<- gap
}
summary_of <- function(fit) {
  p <- if (fit$int.only) predict(fit) else list()
  s <- fitstats(fit, REML = fit$method == "REML")
  list(tau2 = fit$tau2, se_tau2 = if (is.null(fit$se.tau2)) NA else fit$se.tau2, beta = c(fit$beta), se = fit$se, zval = fit$zval, pval = fit$pval,
       ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, QE = fit$QE, QEp = fit$QEp, I2 = fit$I2, H2 = fit$H2,
       logLik = s["logLik:", 1], AIC = s["AIC:", 1], BIC = s["BIC:", 1], AICc = s["AICc:", 1],
       pi_lb = if (is.null(p$pi.lb)) NA else p$pi.lb, pi_ub = if (is.null(p$pi.ub)) NA else p$pi.ub,
       vb = unname(vcov(fit)), QM = fit$QM, QMp = fit$QMp)
}
# As metafor 5.1 has it: also where the columns of the groups stand in for an intercept.
r_squared <- function(fit, d, case) {
  constant <- lm.fit(fit$X, rep(1, fit$k))
  if (max(abs(constant$residuals)) > 1e-9) return(NA)
  null <- suppressWarnings(rma(fit$yi, fit$vi, method = case$method, control = tight))$tau2
  if (null == 0) 0 else max(0, 100 * (null - fit$tau2) / null)
}

# The default of uniroot(), which PM uses, stops tau2 at 1.2e-4; Fisher scoring at 1e-5.
tight <- list(threshold = 1e-12, tol = 1e-15, maxiter = 10000)
tightened <- list()

reference <- fromJSON("fits.json", simplifyVector = FALSE)
for (case in reference) {
  d <- load(case$dataset)
  weights <- if (case$method == "GENQ") 1 / (d$vi + mean(d$vi)) else NULL
  arguments <- list(yi = d$yi, vi = d$vi, data = d, method = case$method, test = case$test, control = tight)
  if (!is.null(weights)) arguments$weights <- weights
  if (!is.null(case$mods)) arguments$mods <- as.formula(case$mods)
  # Missing moderators, an empty cell of an interaction, and knha with equal effects are what is asked for here.
  fit <- suppressWarnings(do.call(rma, arguments))
  s <- summary_of(fit)
  if (case$method %in% c("PM", "PMM")) {
    model <- if (is.null(case$mods)) "pooled" else "moderators"
    extra <- if (is.null(case$mods)) list() else list(mods = case$mods, R2 = r_squared(fit, d, case))
    tightened[[length(tightened) + 1]] <- c(list(dataset = case$dataset, model = model, method = case$method, test = case$test, k = fit$k), extra, s)
  } else {
    for (name in setdiff(names(s), c("pi_lb", "pi_ub", "vb"))) compare(paste("fits", name), s[[name]], case[[name]])
    if (!is.na(s$pi_lb)) {
      compare("fits pi_lb", s$pi_lb, case$predict$pi_lb)
      compare("fits pi_ub", s$pi_ub, case$predict$pi_ub)
    }
  }
}

for (case in fromJSON("heterogeneity-intervals.json", simplifyVector = FALSE)) {
  if (case$type != "QP" || !(case$method %in% c("DL", "ML", "REML"))) next
  ci <- confint(rma(yi, vi, data = load(case$dataset), method = case$method, control = tight), control = list(tol = 1e-14))$random
  for (i in 1:4) {
    compare("Q-profile lower", ci[i, 2], case$random[[i]]$ci.lb)
    compare("Q-profile upper", ci[i, 3], case$random[[i]]$ci.ub)
  }
}

for (case in fromJSON("influence.json", simplifyVector = FALSE)) {
  fit <- rma(yi, vi, data = load(case$dataset), method = case$method, control = tight)
  l <- leave1out(fit)
  for (i in seq_len(fit$k)) {
    compare("leave-one-out estimate", l$estimate[i], case$leave1out$estimate[[i]])
    compare("leave-one-out se", l$se[i], case$leave1out$se[[i]])
    compare("leave-one-out Q", l$Q[i], case$leave1out$Q[[i]])
    if (case$method != "EE") compare("leave-one-out tau2", l$tau2[i], case$leave1out$tau2[[i]])
  }
}

# The reference fitted these with the default threshold of 1e-5; the averages themselves are exact.
for (case in fromJSON("dependent-effects.json", simplifyVector = FALSE)) {
  if (case$model != "aggregate then REML") next
  fit <- rma(unlist(case$yi), unlist(case$vi), method = "REML", control = tight)
  tightened[[length(tightened) + 1]] <- c(list(dataset = case$dataset, model = "aggregate then REML", method = "REML", test = "z", k = fit$k,
                                               rho = case$rho), summary_of(fit))
}

write(toJSON(list(R = R.version.string, metafor = as.character(packageVersion("metafor")), cases = tightened),
             auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), "tightened.json")
cat("largest relative difference from the reference files:\n")
for (what in names(worst)) cat(sprintf("  %-26s %.1e\n", what, worst[[what]]))
