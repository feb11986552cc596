# The R twin of an analysis: effects pooled (REML, test knha).
# It was written by EmpathyNotebooks. Each line at the end prints a number of R; the comment beside it is the number of EmpathyNotebooks.
# Scripts of this kind were compared with R 4.2.2, metafor 3.8-1.
library(metafor)

dat <- data.frame(
  study = c("Study 1", "Study 2", "Study 3", "Study 4", "Study 5", "Study 6", "Study 7", "Study 8", "Study 9", "Study 10",
    "Study 11", "Study 12"),
  yi = c(0.4, 0.22, 0.45, 0.08, 0.16, 0.02, 0.3, 0.52, 0.27, -0.05, 0.61, 0.33),
  vi = c(0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008),
  stringsAsFactors = FALSE)

# metafor stops looking for tau squared when it moves by less than 1e-5; control lets it go on, so that all digits agree.
fit <- rma(yi, vi, data = dat, method = "REML", test = "knha", level = 95,
  control = list(threshold = 1e-14, maxiter = 100000, stepadj = 0.5))
print(fit, digits = 8)

say <- function(what, value) cat(sprintf("%-50s %.12g\n", encodeString(what), value))
say("Intercept", fit$beta[[1]])  # 0.274529045107
say("Intercept: standard error", fit$se[[1]])  # 0.0573620265671
say("Intercept: degrees of freedom", fit$ddf[[1]])  # 11
say("Intercept: t", fit$zval[[1]])  # 4.78590212963
say("Intercept: p", fit$pval[[1]])  # 0.000566018425234
say("Intercept: lower limit", fit$ci.lb[[1]])  # 0.14827607588
say("Intercept: upper limit", fit$ci.ub[[1]])  # 0.400782014334
say("tau squared", fit$tau2)  # 0.0316353114993
say("tau squared: standard error", fit$se.tau2)  # 0.0163857242109
say("Q", fit$QE)  # 59.7586438949
say("Q: p", fit$QEp)  # 1.02801181482E-08
say("I squared", fit$I2 / 100)  # 0.834306877904
say("log-likelihood", as.numeric(logLik(fit)))  # 2.15316610527
say("AIC", AIC(fit))  # -0.30633221054
say("BIC", BIC(fit))  # 0.489458335057
say("prediction interval: lower limit", predict(fit)$pi.lb[[1]])  # -0.136800360993
say("prediction interval: upper limit", predict(fit)$pi.ub[[1]])  # 0.685858451207
