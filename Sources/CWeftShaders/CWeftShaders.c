#include "CWeftShaders.h"
