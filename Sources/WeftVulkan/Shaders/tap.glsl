// Where a convolution's windows lie; TRANSPOSED is the gradient's direction.

/// Where an output coordinate's tap lies in the input; -1 outside of it.
int tap(int o, int k, int stride, int dilation, int pad, int size) {
    int i;
    if (TRANSPOSED != 0) {
        i = o + pad - k * dilation;
        i = i >= 0 && i % stride == 0 ? i / stride : -1;
    } else {
        i = o * stride + k * dilation - pad;
    }
    return i < size ? max(i, -1) : -1;
}
