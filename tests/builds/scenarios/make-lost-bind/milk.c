const char* milk(void) { return "milk"; }
