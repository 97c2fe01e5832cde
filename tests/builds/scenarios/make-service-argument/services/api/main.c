#include <stdio.h>

int main(void) { puts("api"); }
