// There is nothing to call: LD_PRELOAD loads the library into a command, and environment variables configure it; see README.md.
