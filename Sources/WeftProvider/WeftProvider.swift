// The module WeftProvider.
