# The R twin of an analysis: multilevel model (REML, test t).
# It was written by EmpathyNotebooks. Each line at the end prints a number of R; the comment beside it is the number of EmpathyNotebooks.
# Scripts of this kind were compared with R 4.2.2, metafor 3.8-1, clubSandwich 0.5.8.
library(metafor)
library(clubSandwich)

dat <- data.frame(
  study = c("Study 1", "Study 2", "Study 3", "Study 4", "Study 5", "Study 6", "Study 7", "Study 8", "Study 9", "Study 10",
    "Study 11", "Study 12"),
  yi = c(0.4, 0.22, 0.45, 0.08, 0.16, 0.02, 0.3, 0.52, 0.27, -0.05, 0.61, 0.33),
  vi = c(0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008),
  sample = c("A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"),
  stringsAsFactors = FALSE)

# The covariance of sampling errors: correlated within clusters, independent between them.
R <- 0.6 * outer(dat$sample, dat$sample, "==")
diag(R) <- 1
V <- R * sqrt(outer(dat$vi, dat$vi))
dat$level1 <- match(dat$sample, unique(dat$sample))  # "sample"
dat$level2 <- (function(x) match(x, unique(x)))(paste(dat$level1, seq_len(nrow(dat))))  # "(each effect)"
# The search of metafor begins near the estimates here, for from its own start it can stop at a lower peak of the likelihood. About six digits of variances agree, more of coefficients.
fit <- rma.mv(yi, V, data = dat, method = "REML", test = "t", level = 95, random = list(~ 1 | level1, ~ 1 | level2), dfs = "contain",
  control = list(sigma2.init = c(7E-05, 0.032)))
print(fit, digits = 8)

# Cluster-robust inference. clubSandwich has p and limits by Satterthwaite.
robust <- coef_test(fit, vcov = "CR2", cluster = dat$sample, test = "Satterthwaite")
limits <- conf_int(fit, vcov = "CR2", cluster = dat$sample, test = "Satterthwaite", level = 0.95)
print(robust, digits = 8)

say <- function(what, value) cat(sprintf("%-50s %.12g\n", encodeString(what), value))
say("Intercept", fit$beta[[1]])  # 0.280628147812
say("Intercept: standard error", fit$se[[1]])  # 0.0588849359427
say("Intercept: degrees of freedom", fit$ddf[[1]])  # 7
say("Intercept: t", fit$zval[[1]])  # 4.76570354234
say("Intercept: p", fit$pval[[1]])  # 0.00204588337612
say("Intercept: lower limit", fit$ci.lb[[1]])  # 0.141387400229
say("Intercept: upper limit", fit$ci.ub[[1]])  # 0.419868895396
say("sigma squared, sample", fit$sigma2[[1]])  # 0
say("sigma squared, (each effect)", fit$sigma2[[2]])  # 0.0322357017903
say("Q", fit$QE)  # 87.9391420286
say("Q: p", fit$QEp)  # 4.2197648109E-14
say("log-likelihood", as.numeric(logLik(fit)))  # 2.15360208349
say("AIC", AIC(fit))  # 1.69279583302
say("BIC", BIC(fit))  # 2.88648165142
say("prediction interval: lower limit", predict(fit)$pi.lb[[1]])  # -0.166174080579
say("prediction interval: upper limit", predict(fit)$pi.ub[[1]])  # 0.727430376204
say("Intercept: robust standard error", robust$SE[[1]])  # 0.0564874330442
say("Intercept: robust t", robust$tstat[[1]])  # 4.96797486961
say("Intercept: robust degrees of freedom", robust$df_Satt[[1]])  # 6.31331296211
say("Intercept: robust p", robust$p_Satt[[1]])  # 0.00218868441858
say("Intercept: robust lower limit", limits$CI_L[[1]])  # 0.144054229533
say("Intercept: robust upper limit", limits$CI_U[[1]])  # 0.417202066092
