// Elementary functions in polynomials of our own: the precision that Vulkan guarantees for exp, tanh and pow
// is too low, and software drivers use it to the full.

#define INFINITY uintBitsToFloat(0x7f800000u)

/// e^x to about 1 ulp; 0 and infinity outside float's range, NaN for NaN.
float exactExp(float x) {
    float bounded = min(max(x, -104.0), 89.0);
    float n = floor(bounded * 1.44269504 + 0.5);
    float r = bounded - n * 0.693359375;
    r = r + n * 2.12194440e-4;
    float p = 1.9875691500e-4;
    p = p * r + 1.3981999507e-3;
    p = p * r + 8.3334519073e-3;
    p = p * r + 4.1665795894e-2;
    p = p * r + 1.6666665459e-1;
    p = p * r + 5.0000001201e-1;
    p = p * r * r + r + 1.0;
    // In two factors, so that results near either end of the range keep a legal exponent.
    int whole = int(n);
    int half1 = whole >> 1;
    p = p * intBitsToFloat((half1 + 127) << 23) * intBitsToFloat((whole - half1 + 127) << 23);
    return x != x ? x : p;
}

float sigmoid(float x) { return 1.0 / (1.0 + exactExp(-x)); }

float exactTanh(float x) {
    float t = abs(x);
    float s = x * x;
    float p = -5.70498872745e-3;
    p = p * s + 2.06390887954e-2;
    p = p * s - 5.37397155531e-2;
    p = p * s + 1.33314422036e-1;
    p = p * s - 3.33332819422e-1;
    float near = p * s * x + x;
    float far = 1.0 - 2.0 / (exactExp(2.0 * t) + 1.0);
    far = x < 0.0 ? -far : far;
    return t < 0.625 ? near : (x != x ? x : far);
}

float exactErf(float x) {
    float t = abs(x);
    float s = x * x;
    float far = -1.72853470e-5 * t + 3.83197126e-4;
    float u = -3.88396438e-3 * t + 2.42546219e-2;
    far = far * s + u;
    far = far * t - 1.06777877e-1;
    far = far * t - 6.34846687e-1;
    far = far * t - 1.28717512e-1;
    far = far * t - t;
    far = 1.0 - exactExp(far);
    far = t > 4.0 ? 1.0 : far;
    far = x < 0.0 ? -far : far;
    float near = -5.96761703e-4;
    near = near * s + 4.99119423e-3;
    near = near * s - 2.67681349e-2;
    near = near * s + 1.12819925e-1;
    near = near * s - 3.76125336e-1;
    near = near * s + 1.28379166e-1;
    near = near * x + x;
    return t > 0.927734375 ? far : (x != x ? x : near);
}

/// ln(1 + x) for x >= 0, exact near 0 where 1 + x rounds.
float log1p(float x) {
    float u = 1.0 + x;
    float d = u - 1.0;
    return d == 0.0 ? x : (x > 1.0e30 ? log(x) : log(u) * (x / d));
}

/// x^y as C has it for finite operands: common exponents exactly, negative bases for integral exponents.
float exactPow(float x, float y) {
    if (y == 0.0) return 1.0;
    if (y == 1.0) return x;
    if (y == 2.0) return x * x;
    if (y == 3.0) return x * x * x;
    if (y == 0.5) return sqrt(x);
    if (y == -1.0) return 1.0 / x;
    if (x == 0.0) return y > 0.0 ? 0.0 : INFINITY;
    float size = exactExp(y * log(abs(x)));
    if (x > 0.0) return size;
    if (floor(y) != y) return uintBitsToFloat(0x7fc00000u);
    return mod(y, 2.0) == 0.0 ? size : -size;
}

/// sin(x + quarter pi/2), for |x| up to some 10^4; `quarter` 1 makes a cosine of it.
float shiftedSine(float x, int quarter) {
    float n = floor(x * 0.636619772 + 0.5);
    // pi/2 in three parts, so that the product with n is exact in each.
    float r = x - n * 1.5703125;
    r = r - n * 4.837512969970703125e-4;
    r = r - n * 7.54978995489188216e-8;
    float s = r * r;
    float sine = ((-1.9515295891e-4 * s + 8.3321608736e-3) * s - 1.6666654611e-1) * s * r + r;
    float cosine = ((2.443315711809948e-5 * s - 1.388731625493765e-3) * s + 4.166664568298827e-2) * s * s
        - 0.5 * s + 1.0;
    int turn = (int(n) + quarter) & 3;
    float value = (turn & 1) == 0 ? sine : cosine;
    value = turn > 1 ? -value : value;
    return abs(x) < INFINITY ? value : uintBitsToFloat(0x7fc00000u);
}

/// The arc tangent to about 2 ulp: reduced to |x| below tan(pi/8).
float exactAtan(float x) {
    float t = abs(x);
    float base = t > 2.414213562 ? 1.5707963268 : (t > 0.4142135624 ? 0.7853981634 : 0.0);
    float r = t > 2.414213562 ? -1.0 / t : (t > 0.4142135624 ? (t - 1.0) / (t + 1.0) : t);
    float s = r * r;
    float p = 8.05374449538e-2;
    p = p * s - 1.38776856032e-1;
    p = p * s + 1.99777106478e-1;
    p = p * s - 3.33329491539e-1;
    float value = base + (p * s * r + r);
    value = x < 0.0 ? -value : value;
    return x != x ? x : value;
}

/// The arc sine to about 2 ulp; NaN outside of [-1, 1].
float exactAsin(float x) {
    float t = abs(x);
    bool outer = t > 0.5;
    float s = outer ? 0.5 * (1.0 - t) : t * t;
    float r = outer ? sqrt(s) : t;
    float p = 4.2163199048e-2;
    p = p * s + 2.4181311049e-2;
    p = p * s + 4.5470025998e-2;
    p = p * s + 7.4953002686e-2;
    p = p * s + 1.6666752422e-1;
    p = p * s * r + r;
    p = outer ? 1.5707963268 - 2.0 * p : p;
    float value = x < 0.0 ? -p : p;
    return t <= 1.0 ? value : uintBitsToFloat(0x7fc00000u);
}

/// The arc cosine, exact near 1 where pi/2 - asin would cancel.
float exactAcos(float x) {
    if (x > 0.5) return 2.0 * exactAsin(sqrt(0.5 * (1.0 - x)));
    return 1.5707963268 - exactAsin(x);
}

/// ln(1 + x) for x > -1 of any sign, exact near 0.
float log1pSigned(float x) {
    float u = 1.0 + x;
    float d = u - 1.0;
    return d == 0.0 ? x : (abs(x) > 1.0e30 ? log(x) : log(u) * (x / d));
}

float exactSinh(float x) {
    float t = abs(x);
    float s = x * x;
    float near = (((2.7557319e-6 * s + 1.9841269841e-4) * s + 8.3333333333e-3) * s + 1.6666666667e-1) * s * x + x;
    float e = exactExp(t - 0.6931471806);
    float far = e - 0.25 / e;
    return t < 1.0 ? near : (x < 0.0 ? -far : far);
}

float exactCosh(float x) {
    float e = exactExp(abs(x) - 0.6931471806);
    return e + 0.25 / e;
}

float exactAsinh(float x) {
    float t = abs(x);
    float value = t > 1.0e18 ? log(t) + 0.6931471806 : log1p(t + t * t / (1.0 + sqrt(1.0 + t * t)));
    return x < 0.0 ? -value : value;
}

float exactAcosh(float x) {
    float d = x - 1.0;
    return x > 1.0e18 ? log(x) + 0.6931471806 : log1p(d + sqrt(d * (d + 2.0)));
}

float exactAtanh(float x) { return 0.5 * log1pSigned(2.0 * x / (1.0 - x)); }
