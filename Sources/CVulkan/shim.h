#pragma once
// Types and function pointer types alone: the loader is opened at run time.
#define VK_NO_PROTOTYPES 1
#include <vulkan/vulkan.h>
