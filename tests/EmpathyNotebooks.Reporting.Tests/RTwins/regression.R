# The R twin of an analysis: meta-regression (REML, test knha).
# It was written by EmpathyNotebooks. Each line at the end prints a number of R; the comment beside it is the number of EmpathyNotebooks.
# Scripts of this kind were compared with R 4.2.2, metafor 3.8-1.
library(metafor)

dat <- data.frame(
  study = c("Study 1", "Study 2", "Study 3", "Study 4", "Study 5", "Study 6", "Study 7", "Study 8", "Study 10", "Study 11",
    "Study 12"),
  yi = c(0.4, 0.22, 0.45, 0.08, 0.16, 0.02, 0.3, 0.52, -0.05, 0.61, 0.33),
  vi = c(0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.009, 0.011, 0.008),
  rater = c("client", "observer", "client", "client", "observer", "observer", "client", "client", "client", "observer",
    "client"),
  year = c(1998, 1998, 2001, 2001, 2003, 2003, 2006, 2009, 2011, 2014, 2016),
  stringsAsFactors = FALSE)

dat$x1 <- as.numeric(dat$rater == "observer")  # "rater: observer"
dat$x2 <- (dat$year - 2005.4545454545455)  # "year"
# metafor stops looking for tau squared when it moves by less than 1e-5; control lets it go on, so that all digits agree.
fit <- rma(yi, vi, mods = ~ x1 + x2, data = dat, method = "REML", test = "knha", level = 95,
  control = list(threshold = 1e-14, maxiter = 100000, stepadj = 0.5))
print(fit, digits = 8)

say <- function(what, value) cat(sprintf("%-50s %.12g\n", encodeString(what), value))
say("Intercept", fit$beta[[1]])  # 0.289419174277
say("Intercept: standard error", fit$se[[1]])  # 0.0853483882844
say("Intercept: degrees of freedom", fit$ddf[[1]])  # 8
say("Intercept: t", fit$zval[[1]])  # 3.39103268492
say("Intercept: p", fit$pval[[1]])  # 0.00948545435824
say("Intercept: lower limit", fit$ci.lb[[1]])  # 0.0926054379606
say("Intercept: upper limit", fit$ci.ub[[1]])  # 0.486232910594
say("rater: observer", fit$beta[[2]])  # -0.0360178463389
say("rater: observer: standard error", fit$se[[2]])  # 0.143509745005
say("rater: observer: degrees of freedom", fit$ddf[[1]])  # 8
say("rater: observer: t", fit$zval[[2]])  # -0.250978401067
say("rater: observer: p", fit$pval[[2]])  # 0.808156892394
say("rater: observer: lower limit", fit$ci.lb[[2]])  # -0.366951911763
say("rater: observer: upper limit", fit$ci.ub[[2]])  # 0.294916219086
say("year", fit$beta[[3]])  # 0.00690342357108
say("year: standard error", fit$se[[3]])  # 0.0116397801137
say("year: degrees of freedom", fit$ddf[[1]])  # 8
say("year: t", fit$zval[[3]])  # 0.593088830171
say("year: p", fit$pval[[3]])  # 0.569504438361
say("year: lower limit", fit$ci.lb[[3]])  # -0.019937957504
say("year: upper limit", fit$ci.ub[[3]])  # 0.0337448046462
say("moderators: F", fit$QM)  # 0.230265187168
say("moderators: p", fit$QMp)  # 0.79941002838
say("tau squared", fit$tau2)  # 0.0432354068123
say("tau squared: standard error", fit$se.tau2)  # 0.0247772241778
say("Q", fit$QE)  # 55.7775329633
say("Q: p", fit$QEp)  # 3.11668285765E-09
say("I squared", fit$I2 / 100)  # 0.878302129126
say("log-likelihood", as.numeric(logLik(fit)))  # 0.537713106531
say("AIC", AIC(fit))  # 6.92457378694
say("BIC", BIC(fit))  # 7.24233995366
