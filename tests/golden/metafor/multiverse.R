# Run by hand in this folder: Rscript multiverse.R (Debian packages r-cran-metafor, r-cran-jsonlite). Writes multiverse.json: a loop of metafor's rma() over a grid of choices on two real data sets,
# written for itself and not after any program: subset by a column x exclusion of outlying studies (|rstudent| > 1.96 in a REML model of the subset) x estimator x test x adjustment (none, trim and
# fill, PET-PEESE by weighted least squares). Then what the estimates come to: quantiles (type 7), shares, and, for the unadjusted ones, the shares of variance of each choice by lm() and anova() of the
# full factorial model of dummies (complete grid), and by tapply over what there is (incomplete grid).
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
tight <- list(threshold = 1e-14, maxiter = 1000, tol = 1e-14)
quiet <- function(x) suppressWarnings(suppressMessages(x))
pet_peese <- function(d) {
  if (nrow(d) < 3) return(NULL)
  s <- sqrt(d$vi)
  pet <- summary(lm(yi ~ s, data = d, weights = 1 / vi)); t1 <- pet$coefficients[1, ]; df <- pet$df[2]
  one <- pt(t1[3], df, lower.tail = FALSE)
  if (one < 0.05) { m <- summary(lm(yi ~ vi, data = d, weights = 1 / vi)); t1 <- m$coefficients[1, ] }
  h <- qt(0.975, df) * t1[2]
  unname(c(t1[1], t1[2], t1[1] - h, t1[1] + h, t1[4]))
}
# Trim and fill (L0) after Duval & Tweedie with every fit to the last digit, since trimfill() stops its own fits earlier; side and number of studies must be those of trimfill().
filled <- function(d, m, t, theirs) {
  control <- if (m %in% c("REML", "PM")) tight else list()
  turn <- if (theirs$side == "right") -1 else 1
  y <- turn * d$yi; o <- order(y); y <- y[o]; v <- d$vi[o]; k <- length(y); k0 <- 0
  repeat {
    keep <- seq_len(k - k0); centre <- as.numeric(rma(y[keep], v[keep], method = m, control = control)$beta)
    r <- rank(abs(y - centre), ties.method = "first"); S <- sum(r[y > centre]); n <- max(0, round((4 * S - k * (k + 1)) / (2 * k - 1)))
    if (n == k0) break
    k0 <- n
  }
  stopifnot(k0 == theirs$k0)
  far <- if (k0 > 0) (k - k0 + 1):k else integer(0)
  rma(turn * c(y, 2 * centre - y[far]), c(v, v[far]), method = m, test = t, control = control)
}
one <- function(file, column) {
  d <- read.csv(file.path("data", file)); d <- d[, c("yi", "vi", column)]; names(d)[3] <- "g"
  subsets <- c("all studies", unique(as.character(d$g))); rows <- list(); dropped <- list()
  for (s in subsets) {
    here <- if (s == "all studies") d else d[d$g == s, ]
    for (x in c("all studies", "without outlying")) {
      now <- here
      if (x == "without outlying") {
        if (nrow(here) < 3) { dropped[[length(dropped) + 1]] <- list(subset = s, studies = x, why = "few"); next }
        r <- quiet(rstudent(rma(yi, vi, data = here, method = "REML", control = tight)))$z
        now <- here[!(abs(r) > 1.96), ]
        if (nrow(now) == nrow(here)) { dropped[[length(dropped) + 1]] <- list(subset = s, studies = x, why = "same"); next }
      }
      for (m in c("REML", "DL", "PM", "HE", "HS", "SJ", "EE")) for (t in c("knha", "z", "t", "adhoc")) for (a in c("unadjusted", "trim and fill (L0)", "PET-PEESE")) {
        key <- list(subset = s, studies = x, estimator = m, test = t, adjustment = a)
        if (a == "PET-PEESE") {
          if (m != "REML" || t != "knha") next
          p <- pet_peese(now); if (is.null(p)) next
          rows[[length(rows) + 1]] <- c(key, list(b = p[1], se = p[2], lo = p[3], hi = p[4], p = p[5], tau2 = NA, k = nrow(now))); next
        }
        f <- quiet(try(rma(yi, vi, data = now, method = m, test = t, control = if (m %in% c("REML", "PM")) tight else list()), silent = TRUE)); if (inherits(f, "try-error")) next
        # With one study rma() has no test but z, and only equal effects.
        if (f$k == 1 && !(m == "EE" && t == "z")) next
        if (a != "unadjusted") { if (f$k < 3) next; f <- quiet(try(filled(now, m, t, trimfill(f)), silent = TRUE)); if (inherits(f, "try-error")) next }
        rows[[length(rows) + 1]] <- c(key, list(b = as.numeric(f$beta), se = f$se, lo = f$ci.lb, hi = f$ci.ub, p = f$pval, tau2 = if (m == "EE") NA else f$tau2, k = f$k))
      }
    }
  }
  t <- do.call(rbind, lapply(rows, function(r) as.data.frame(r)))
  main <- t[t$subset == "all studies" & t$adjustment == "unadjusted", ]
  shares <- function(t, y) {
    all <- sum((y - mean(y))^2)
    sapply(c("studies", "estimator", "test"), function(c) {
      others <- do.call(paste, t[setdiff(c("studies", "estimator", "test"), c)])
      c(share = sum((ave(y, t[[c]]) - mean(y))^2) / all, total = sum((y - ave(y, others))^2) / all)
    })
  }
  byVariance <- shares(main, main$b)
  # The same of the complete grid by an analysis of variance: main effects, and all terms that name a choice.
  if (length(unique(main$studies)) == 2) {
    full <- suppressWarnings(anova(lm(b ~ studies * estimator * test, data = main)))
    ss <- full[["Sum Sq"]]; names(ss) <- rownames(full)
    anova <- sapply(c("studies", "estimator", "test"), function(c) c(share = unname(ss[c]) / sum(ss), total = sum(ss[grepl(c, names(ss))]) / sum(ss)))
    stopifnot(max(abs(anova - byVariance)) < 1e-10)
  }
  m <- median(main$b); side <- if (m < 0) -1 else 1
  list(data = file, column = column, rows = t, dropped = dropped,
       main = list(n = nrow(main), quantiles = unname(quantile(main$b, c(0, .025, .25, .5, .75, .975, 1))), mean = mean(main$b), positive = mean(main$b > 0), significant = mean(main$p < .05 & sign(main$b) == side),
                   influence = apply(byVariance, 2, as.list)))
}
out <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), cases = list(one("bcg.csv", "alloc"), one("hackshaw1998.csv", "design"), one("molloy2014.csv", "controls")))
writeLines(toJSON(out, digits = 15, auto_unbox = TRUE, na = "null", dataframe = "rows"), "multiverse.json")
