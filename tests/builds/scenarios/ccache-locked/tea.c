const char* tea(void) { return "tea"; }
