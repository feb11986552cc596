# Selection models of random small designs, metafor 3.8 (Debian packages r-cran-metafor, r-cran-jsonlite): Rscript selmodel-random.R > selmodel-random.json
suppressMessages(library(metafor))
library(jsonlite)
set.seed(20261129)
types <- c("stepfun", "stepfun", "stepfun", "beta", "halfnorm", "negexp", "logistic", "power")
cases <- list()
for (i in 1:120) {
  k <- sample(5:14, 1)
  vi <- 10^runif(k, -3, -0.5)
  mu <- runif(1, -0.2, 0.5)
  tau2 <- sample(c(0, 0.02, 0.2), 1)
  yi <- round(rnorm(k, mu, sqrt(vi + tau2)), 3)
  type <- sample(types, 1)
  steps <- if (type == "stepfun") sample(list(0.025, 0.05, c(0.025, 0.5), 0.5), 1)[[1]] else NULL
  side <- if (type == "beta") "greater" else sample(c("greater", "less", "two.sided"), 1)
  method <- sample(c("ML", "ML", "EE"), 1)
  args <- list(type = type, alternative = side, skiphes = TRUE)
  if (!is.null(steps)) args$steps <- steps
  args$x <- suppressWarnings(rma(yi, vi, method = method, control = list(maxiter = 10000)))
  fit <- try(suppressWarnings(do.call(selmodel, args)), silent = TRUE)
  results <- if (inherits(fit, "try-error")) NULL else
    list(beta = c(fit$beta), tau2 = fit$tau2, delta = fit$delta, loglik = c(logLik(fit)), LRT = fit$LRT)
  cases[[i]] <- list(yi = yi, vi = vi, type = type, steps = steps, alternative = side, method = method, results = results)
}
cat(toJSON(cases, digits = I(17), auto_unbox = TRUE, null = "null", na = "null"))
