// Nothing to call: the library is loaded into a command by LD_PRELOAD and told what to do by environment variables; see README.md.
