# Run by hand in this folder: Rscript multivariate.R (Debian packages r-cran-metafor, r-cran-ape, r-cran-jsonlite). Writes multivariate.json: small random designs for every
# structure of rma.mv() that the library has. Each is fitted by several optimisers with tight tolerances and the highest likelihood is kept, since single ones end early;
# what follows from the components is then computed with these held.
suppressPackageStartupMessages({library(metafor); library(ape); library(jsonlite)})
set.seed(20260117)

# nlminb() reports failure where it is asked for more than it can reach; a looser run then stands in. A search that wanders off is stopped.
controls <- list(list(optimizer = "nlminb", rel.tol = 1e-12), list(optimizer = "nlminb"), list(optimizer = "BFGS", reltol = 1e-13, maxit = 500))
best <- function(call) {
  fits <- lapply(controls, function(control) {
    setTimeLimit(cpu = 4, transient = TRUE)
    on.exit(setTimeLimit(cpu = Inf))
    tryCatch(suppressWarnings(do.call(rma.mv, c(call, list(control = control)))), error = function(e) NULL)
  })
  fits <- Filter(Negate(is.null), fits)
  if (length(fits) == 0) NULL else fits[[which.max(sapply(fits, function(f) as.numeric(logLik(f))))]]
}
number <- function(x) if (is.null(x) || length(x) == 0 || all(is.na(x))) NULL else as.numeric(x)
cases <- list()
keep <- function() write(toJSON(list(R = R.version.string, metafor = as.character(packageVersion("metafor")), cases = cases), digits = NA, auto_unbox = TRUE, null = "null", na = "null"), "multivariate.json")
add <- function(kind, d, call, ...) {
  call$data <- d
  fit <- best(call)
  message(kind, " ", length(cases), if (is.null(fit)) " without an answer")
  if (is.null(fit)) return(invisible())
  predicted <- if (fit$int.only && !fit$withG) predict(fit) else NULL
  cases[[length(cases) + 1]] <<- c(list(kind = kind, method = call$method, data = as.list(d)), list(...),
    list(beta = as.numeric(fit$beta), se = fit$se, QE = fit$QE, logLik = as.numeric(logLik(fit)), parameters = attr(logLik(fit), "df"),
         sigma2 = if (fit$withS) fit$sigma2 else NULL, tau2 = if (fit$withG) fit$tau2 else NULL, rho = if (fit$withG) fit$rho else NULL,
         gamma2 = if (fit$withH) fit$gamma2 else NULL, phi = if (fit$withH) fit$phi else NULL,
         pi_lb = number(predicted$pi.lb), pi_ub = number(predicted$pi.ub)))
}
# Clusters with some of d outcomes, times that differ, laboratories that cross clusters.
draw <- function(clusters, d, within = 0.7) {
  repeat {
    rows <- do.call(rbind, lapply(seq_len(clusters), function(s) {
      has <- which(runif(d) < within)
      if (length(has) == 0) has <- sample(d, 1)
      data.frame(study = paste0("S", s), outcome = letters[has], time = has, week = round(sort(runif(length(has), 0, 8)), 2), year = runif(1))
    }))
    counts <- table(rows$outcome)
    if (length(counts) == d && all(counts >= 3) && sum(table(rows$study) == d) >= 2) break
  }
  k <- nrow(rows)
  rows$lab <- sample(paste0("L", 1:4), k, TRUE)
  rows$vi <- exp(runif(k, log(0.002), log(0.06)))
  u <- rnorm(clusters, sd = sample(c(0, 0.1, 0.4), 1))[match(rows$study, unique(rows$study))]
  w <- rnorm(k, sd = sample(c(0, 0.1, 0.3), 1))
  rows$yi <- 0.3 + u + w + rnorm(k, sd = sqrt(rows$vi))
  rows$id <- seq_len(k)
  rows
}
V_of <- function(d, rho) { V <- outer(sqrt(d$vi), sqrt(d$vi)) * rho * outer(d$study, d$study, "=="); diag(V) <- d$vi; V }
methods <- c("REML", "ML")
# More designs with: Rscript multivariate.R 10
n <- as.integer(c(commandArgs(TRUE), 4)[1])

for (i in 1:n) {
  for (method in methods) for (struct in c("UN", "CS", "HCS", "DIAG")) {
    d <- draw(sample(6:10, 1), sample(2:3, 1)); rho <- sample(c(0, 0.5), 1)
    add("commonMean", d, list(yi = quote(yi), V = V_of(d, rho), random = ~ outcome | study, struct = struct, method = method), struct = struct, correlation = rho)
  }
  for (method in methods) {
    d <- draw(sample(4:8, 1), 2); rho <- sample(c(0.3, 0.6, 0.9), 1)
    add("gls", d, list(yi = quote(yi), V = V_of(d, rho), method = method), correlation = rho)
    add("glsModerator", d, list(yi = quote(yi), V = V_of(d, rho), mods = ~ year, method = method), correlation = rho)
  }
  for (method in methods) {
    d <- draw(sample(6:10, 1), 2); rho <- sample(c(0, 0.5), 1); V <- V_of(d, rho)
    held <- round(runif(1, -0.3, 0.9), 2); var <- round(runif(1, 0, 0.1), 3)
    add("fixed", d, list(yi = quote(yi), V = V, random = ~ outcome | study, struct = "UN", rho = held, method = method), struct = "UN", correlation = rho, heldRho = held)
    add("fixed", d, list(yi = quote(yi), V = V, random = ~ outcome | study, struct = "CS", tau2 = var, method = method), struct = "CS", correlation = rho, heldTau2 = var)
    add("fixed", d, list(yi = quote(yi), V = V, random = ~ outcome | study, struct = "HCS", tau2 = c(NA, var), method = method), struct = "HCS", correlation = rho, heldTau2OfB = var)
    add("fixed", d, list(yi = quote(yi), V = V, random = ~ outcome | study, struct = "DIAG", tau2 = c(NA, var), method = method), struct = "DIAG", correlation = rho, heldTau2OfB = var)
    add("fixedLevel", d, list(yi = quote(yi), V = V, random = ~ 1 | study/id, sigma2 = c(var, NA), method = method), correlation = rho, heldSigma2 = var)
  }
  for (method in methods) {
    rho <- sample(c(0, 0.5), 1)
    for (struct in c("AR", "HAR")) {
      d <- draw(sample(7:10, 1), sample(3:4, 1), 0.8)
      mods <- if (i %% 2 == 0) ~ 1 else ~ time
      add("time", d, list(yi = quote(yi), V = V_of(d, rho), mods = mods, random = ~ time | study, struct = struct, method = method), struct = struct, correlation = rho, moderator = i %% 2 == 1)
    }
    d <- draw(sample(7:10, 1), sample(3:4, 1), 0.8)
    add("time", d, list(yi = quote(yi), V = V_of(d, rho), mods = if (i %% 2 == 0) ~ 1 else ~ year, random = ~ week | study, struct = "CAR", method = method), struct = "CAR", correlation = rho,
        moderator = i %% 2 == 1)
  }
  for (method in methods) {
    for (structs in list(c("CS", "CS"), c("DIAG", "CS"), c("UN", "DIAG"), c("HCS", "AR"), c("CS", "CAR"))) {
      d <- draw(sample(8:12, 1), 2, 0.9)
      add("two", d, list(yi = quote(yi), V = V_of(d, 0), random = if (structs[2] %in% c("AR", "CAR")) list(~ outcome | study, ~ time | lab) else list(~ outcome | study, ~ outcome | lab),
                         struct = structs, method = method), struct = structs[1], second = structs[2], correlation = 0)
    }
    # Two effects an outcome and study, or single effects could not be told from what their outcomes do not share.
    d <- draw(sample(8:12, 1), 2, 0.9); d <- rbind(d, d); d$yi <- d$yi + rnorm(nrow(d), sd = 0.2); d$lab <- sample(d$lab); d$id <- seq_len(nrow(d))
    add("twoAndLevel", d, list(yi = quote(yi), V = V_of(d, 0), random = list(~ outcome | study, ~ outcome | lab, ~ 1 | id), struct = c("CS", "CS"), method = method), struct = "CS", second = "CS",
        correlation = 0)
  }
  for (method in methods) for (scale in c("cor", "cor0", "cov0", "none")) {
    d <- draw(sample(8:12, 1), 2, 0.8); s <- sample(5:8, 1)
    tree <- rcoal(s, paste0("sp", 1:s)); A <- vcv(tree) * runif(1, 0.5, 2)
    d$species <- sample(c(tree$tip.label, sample(tree$tip.label, nrow(d) - s, TRUE))); d$phylo <- d$species
    two <- i %% 2 == 0
    add("related", d, list(yi = quote(yi), V = V_of(d, 0), random = if (two) list(~ 1 | study, ~ 1 | species, ~ 1 | phylo) else list(~ 1 | study, ~ 1 | phylo),
                           R = list(phylo = A), Rscale = scale, method = method), correlation = 0, species = two, scale = scale, names = rownames(A), matrix = unname(A))
  }
  for (method in methods) {
    d <- draw(sample(6:10, 1), 2); rho <- sample(c(0, 0.5), 1); d$w <- round(runif(nrow(d), 0.2, 3), 2)
    add("weights", d, list(yi = quote(yi), V = V_of(d, rho), W = d$w, mods = if (i %% 2 == 0) ~ 1 else ~ year, random = ~ 1 | study/id, method = method), correlation = rho, moderator = i %% 2 == 1)
  }
  keep()
}
cat(length(cases), "cases\n")
