#include <stdio.h>

const char* tea(void);
const char* milk(void);

int main(void) { printf("%s and %s\n", tea(), milk()); }
