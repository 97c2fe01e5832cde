#include <stdio.h>

const char* tea(void);
const char* milk(void);

int main(void) {
  printf("%s and %s\n", tea(), milk());
}
APTDIFF='may_differ = ["/var/cache/apt/**", "/var/lib/apt/**"]'

s apt-stages-collide <<'E'
title = "two stages of one file install with apt at the same time"
proves = ["cache/missing-sharing"]
holds = ["/usr/bin/tea", "/usr/bin/milk"]

[original]
fails = "Could not get lock"
