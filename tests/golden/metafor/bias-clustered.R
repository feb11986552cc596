# Run by hand in this folder: Rscript bias-clustered.R (Debian packages r-cran-metafor, r-cran-clubsandwich, r-cran-jsonlite). Writes bias-clustered.json: tests of asymmetry where effects share samples. Multilevel
# and CHE models with the predictor, and least squares with weights 1/v, each with CR2; rank test and trim and fill of averages by inverse variance.
suppressPackageStartupMessages({library(metafor); library(clubSandwich); library(jsonlite)})
cases <- list()
for (name in c("tannersmith2016", "konstantopoulos2011")) {
  d <- read.csv(file.path("data", paste0(name, ".csv")))
  d <- d[!is.na(d$yi) & !is.na(d$vi), ]
  d$cluster <- if (name == "tannersmith2016") d$studyid else d$district
  d$row <- seq_len(nrow(d)); d$x <- sqrt(d$vi)
  for (rho in c(0, 0.6)) for (predictor in c("sei", "vi")) {
    d$x <- if (predictor == "sei") sqrt(d$vi) else d$vi
    V <- vcalc(vi, cluster = cluster, obs = row, data = d, rho = rho)
    fit <- rma.mv(yi, V, mods = ~ x, random = ~ 1 | cluster/row, data = d, control = list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 20000))
    test <- coef_test(fit, vcov = "CR2", cluster = d$cluster)
    cases[[length(cases) + 1]] <- list(dataset = name, model = "rma", rho = rho, predictor = predictor, estimate = test$beta, se = test$SE, t = test$tstat, df = test$df, p = test$p_Satt)
  }
  for (predictor in c("sei", "vi")) {
    d$x <- if (predictor == "sei") sqrt(d$vi) else d$vi
    fit <- rma(yi, vi, mods = ~ x, data = d, method = "EE")
    test <- coef_test(fit, vcov = "CR2", cluster = d$cluster)
    cases[[length(cases) + 1]] <- list(dataset = name, model = "lm", predictor = predictor, estimate = test$beta, se = test$SE, t = test$tstat, df = test$df, p = test$p_Satt)
  }
  e <- escalc(yi = yi, vi = vi, data = d)
  a <- aggregate(e, cluster = cluster, struct = "CS", rho = 0.6)
  fit <- rma(yi, vi, data = a, test = "knha", control = list(threshold = 1e-12, maxiter = 10000))
  # Rounding alone tells the variances of two clusters of tannersmith2016 apart, by 3e-18: they are ties.
  r <- suppressWarnings(ranktest(as.numeric(a$yi), signif(a$vi, 13)))
  cases[[length(cases) + 1]] <- list(dataset = name, model = "rank", rho = 0.6, tau = unname(r$tau), p = r$pval)
  for (estimator in c("L0", "R0", "Q0")) {
    # Q0 has no number where too many ranks lie on one side.
    f <- tryCatch(suppressWarnings(trimfill(fit, estimator = estimator, test = "knha", control = list(threshold = 1e-12, maxiter = 10000))), error = function(e) NULL)
    if (is.null(f)) next
    cases[[length(cases) + 1]] <- list(dataset = name, model = "trimfill", rho = 0.6, estimator = estimator, k0 = f$k0, side = f$side, beta = c(f$beta), lower = f$ci.lb, upper = f$ci.ub)
  }
}
write_json(cases, "bias-clustered.json", digits = NA, auto_unbox = TRUE, null = "null")
