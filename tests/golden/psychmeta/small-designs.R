# Small random designs, written from the formulas of Schmidt & Hunter (2015, ch. 3 and 4) and Hunter, Schmidt & Le (2006), without any package: an independent second route.
# Rscript small-designs.R > small-designs.json
set.seed(20261129)
wm <- function(x, w) sum(x * w) / sum(w)
wv <- function(x, w) wm((x - wm(x, w))^2, w) * length(x) / (length(x) - 1)
num <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ","), "]")
case2 <- function(r, u) r / (u * sqrt(1 + r^2 * (1 / u^2 - 1)))
designs <- c()
for (d in 1:120) {
  k <- sample(2:9, 1)
  n <- if (d %% 3 == 0) sample(4:12, k, TRUE) else sample(15:900, k, TRUE)
  r <- round(runif(k, if (d %% 2) -.4 else .1, .7), 2)
  if (d %% 7 == 0) r[1] <- 0
  if (d %% 11 == 0) r[] <- r[1]
  rxx <- round(runif(k, .5, 1), 2); ryy <- round(runif(k, .4, 1), 2); u <- round(runif(k, .45, 1.1), 2)
  if (d %% 5 == 0) { rxx[] <- .8; u[] <- .7 }
  o <- r / (1 - 1 / (2 * n - 1))
  m <- wm(o, n); e <- (1 - m^2)^2 / (n - 1); v <- wv(o, n)
  out <- list(bare = c(m, v, wm(e, n)))
  for (kind in c("none", "direct", "indirect")) {
    # Each correlation is attenuated by numbers that are known; the correction undoes them one after the other.
    if (kind == "none") { rho <- o / sqrt(rxx * ryy); a <- rep(1, k); A0 <- sqrt(rxx * ryy) }
    if (kind == "direct") {
      qa <- sqrt(1 - u^2 * (1 - rxx)); x <- o / sqrt(ryy); rho <- case2(x, u) / qa; a <- 1 / (1 + o^2 * (1 / u^2 - 1)); A0 <- u * qa * sqrt(ryy)
    }
    if (kind == "indirect") {
      ut <- sqrt((u^2 - (1 - (1 - u^2 * (1 - rxx)))) / (1 - u^2 * (1 - rxx)))  # uT^2 = (uX^2 - (1 - rXXa)) / rXXa, Hunter, Schmidt & Le 2006
      x <- o / sqrt(rxx * ryy); rho <- case2(x, ut); a <- 1 / (1 + o^2 * (1 / ut^2 - 1)); A0 <- ut * sqrt(rxx * ryy)
    }
    A <- ifelse(o == 0, A0, o / rho)
    w <- n * A^2; ev <- e / A^2 * a^2
    M <- wm(rho, w); V <- wv(rho, w); E <- wm(ev, w)
    out[[kind]] <- c(M, V, E, max(0, V - E), sqrt(V / k), M + qt(.975, k - 1) * sqrt(V / k), M - qt(.9, k - 1) * sqrt(max(0, V - E)))
  }
  designs <- c(designs, sprintf('{"n":%s,"r":%s,"rxx":%s,"ryy":%s,"u":%s,"bare":%s,"none":%s,"direct":%s,"indirect":%s}', num(n), num(r), num(rxx), num(ryy), num(u), num(out$bare), num(out$none), num(out$direct), num(out$indirect)))
}
cat("[\n", paste(designs, collapse = ",\n"), "\n]\n", sep = "")
