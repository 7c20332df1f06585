// The module WeftRuntime.
