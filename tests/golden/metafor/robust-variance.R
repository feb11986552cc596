# Run by hand in this folder: Rscript robust-variance.R (Debian packages r-cran-robumeta, r-cran-jsonlite). Writes robust-variance.json: robumeta's robu() with correlated and hierarchical
# weights, with and without small-sample corrections, for data sets of data/ and for small random designs: clusters of 1 to 6 effects, variances over two decades, moderators within and
# between clusters.
suppressPackageStartupMessages({library(robumeta); library(jsonlite)})
set.seed(4407)
num <- function(x) unname(as.numeric(x))
load <- function(name) read.csv(file.path("data", paste0(name, ".csv")), na.strings = c("NA", ""))
of <- function(f) list(b = num(f$reg_table$b.r), se = num(f$reg_table$SE), t = num(f$reg_table$t), df = rep(num(f$dfs), length.out = length(f$b.r)), p = num(f$reg_table$prob),
                       lb = num(f$reg_table$CI.L), ub = num(f$reg_table$CI.U), tau2 = num(f$mod_info$tau.sq), omega2 = num(f$mod_info$omega.sq), I2 = num(f$mod_info$I.2), clusters = f$N, k = f$M)
robu_of <- function(formula, d, kind, rho, small) suppressWarnings(robu(formula, data = d, studynum = cluster, var.eff.size = vi, modelweights = kind, rho = rho, small = small))
out <- list(R = R.version.string, robumeta = as.character(packageVersion("robumeta")))
sets <- list(list("tannersmith2016", "studyid", yi ~ 1), list("tannersmith2016", "studyid", yi ~ propmale + aget1), list("assink2016", "study", yi ~ 1), list("assink2016", "study", yi ~ year),
             list("konstantopoulos2011", "district", yi ~ 1), list("konstantopoulos2011", "district", yi ~ year))
out$datasets <- do.call(c, lapply(sets, function(s) do.call(c, lapply(c("CORR", "HIER"), function(kind) lapply(if (kind == "CORR") c(0, 0.8, 1) else 0.8, function(rho) {
  d <- load(s[[1]]); d$cluster <- d[[s[[2]]]]
  c(list(dataset = s[[1]], cluster = s[[2]], mods = deparse(s[[3]][[3]]), kind = kind, rho = rho), of(robu_of(s[[3]], d, kind, rho, TRUE)), list(large = of(robu_of(s[[3]], d, kind, rho, FALSE))))
})))))
designs <- list(); i <- 0
while (length(designs) < 200) {
  i <- i + 1
  J <- sample(4:10, 1); size <- pmin(6, 1 + rpois(J, 1.5)); k <- sum(size)
  d <- data.frame(cluster = rep(seq_len(J), size)); d$vi <- signif(exp(runif(k, log(0.004), log(0.4))), 4)
  d$yi <- round(rnorm(J, 0.3, sample(c(0.02, 0.4), 1))[d$cluster] + rnorm(k, 0, sqrt(d$vi + sample(c(0, 0.1), 1))), 4)
  d$x <- round(rnorm(k), 2); d$g <- round(rnorm(J), 2)[d$cluster]; d <- d[sample(k), ]
  kind <- if (i %% 2) "CORR" else "HIER"; rho <- sample(c(0, 0.4, 0.8, 1), 1)
  mods <- i %% 3; f <- list(yi ~ 1, yi ~ x, yi ~ g + x)[[mods + 1]]
  if (J <= mods + 1 || (kind == "HIER" && sum(size > 1) < 2)) next
  r <- try(robu_of(f, d, kind, rho, TRUE), silent = TRUE); if (inherits(r, "try-error") || anyNA(r$reg_table$SE)) next
  designs[[length(designs) + 1]] <- c(list(study = d$cluster, yi = d$yi, vi = d$vi, x = d$x, g = d$g, mods = mods, kind = kind, rho = rho), of(r))
}
out$random <- designs
writeLines(toJSON(out, digits = I(11), auto_unbox = TRUE, na = "null", null = "null"), "robust-variance.json")
