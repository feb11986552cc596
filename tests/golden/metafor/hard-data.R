# Run by hand in this folder: Rscript hard-data.R (Debian packages r-cran-metafor, r-cran-jsonlite). Writes hard-data.json: awkward data
# sets with what metafor finds, with and without a moderator. Where it finds nothing, or its iterations end on a lower peak of the likelihood, that is kept as it is.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
set.seed(20260101)

methods <- c("DL", "HE", "HS", "HSk", "SJ", "PM", "PMM", "EB", "ML", "REML", "GENQ")
draw <- function(ratio, pattern, k) {
  v <- signif(exp((runif(k) - 0.5) * log(ratio)) * 0.05, 4)
  typical <- exp(mean(log(v)))
  noise <- rnorm(k, 0, sqrt(v))
  y <- switch(pattern,
    "no tau" = 0.3 + noise, "huge tau" = 1e3 * sqrt(typical) * rnorm(k), "equal" = rep(0.3, k), "millions" = 1e6 * rnorm(k),
    "outlier" = 0.3 + noise + c(50 * sqrt(typical), rep(0, k - 1)), "precise apart" = c(6 * sqrt(v[1]), -6 * sqrt(v[2]), noise[-(1:2)]))
  list(ratio = ratio, pattern = pattern, yi = signif(y, 5), vi = v, x = 2000 + ((0:(k - 1)) * 7) %% 11)
}
find <- function(d, method, moderator) {
  arguments <- list(yi = d$yi, vi = d$vi, method = method, control = list(threshold = 1e-12, maxiter = 10000, tol = 1e-15))
  if (method == "GENQ") arguments$weights <- 1 / (d$vi + mean(d$vi))
  if (moderator) arguments$mods <- d$x
  fit <- tryCatch(suppressWarnings(do.call(rma, arguments)), error = function(e) NULL)
  if (is.null(fit)) return(list(method = method, moderator = moderator))
  list(method = method, moderator = moderator, tau2 = fit$tau2, beta = c(fit$beta), se = fit$se,
       logLik = fitstats(fit, REML = method == "REML")["logLik:", 1])
}
cases <- list()
for (ratio in c(1, 1e2, 1e4, 1e8)) for (pattern in c("no tau", "huge tau", "equal", "millions", "outlier", "precise apart")) for (k in c(2, 3, 5, 12)) {
  d <- draw(ratio, pattern, k)
  d$fits <- c(lapply(methods, function(m) find(d, m, FALSE)), if (k > 3) lapply(methods, function(m) find(d, m, TRUE)))
  cases[[length(cases) + 1]] <- d
}
write(toJSON(list(R = R.version.string, metafor = as.character(packageVersion("metafor")), cases = cases), auto_unbox = TRUE, digits = NA, na = "null"),
      "hard-data.json")
found <- unlist(lapply(cases, function(d) sapply(d$fits, function(f) !is.null(f$tau2))))
cat(length(cases), "data sets,", length(found), "fits,", sum(!found), "without an answer\n")
