// The module WeftVulkan.
