#include "CWeftKernels.h"
